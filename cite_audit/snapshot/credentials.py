"""The archive.org keys: from the environment or the keyring, never from a file or a flag, never shown.

They are sent over verified https only, to the archive that saves: `web.archive.org`, or one that the command line or a
variable names. No file names their owner, not even a trusted one: it may serve many runs, and the keys are of this one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import field
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import urlsplit

from cite_audit.frozen_record import frozen_record

# pairs of variables that are looked at, in this order: ours, then those of archive.org's own tool
KEY_VARIABLES = (
    ("CITE_AUDIT_ARCHIVE_ACCESS", "CITE_AUDIT_ARCHIVE_SECRET"),
    ("IA_ACCESS_KEY_ID", "IA_SECRET_ACCESS_KEY"),
)
OWNER = "web.archive.org"
KEYRING_SERVICE = "cite-audit"  # in the keyring, user name “archive.org”, password “access:secret”


@frozen_record
class ArchiveKeys:
    """A pair of S3-like keys of archive.org; its text shows neither."""

    access: str = field(repr=False)
    secret: str = field(repr=False)

    @property
    def authorization(self) -> str:
        return f"LOW {self.access}:{self.secret}"


def find_keys(environment: Mapping[str, str] = os.environ) -> ArchiveKeys | None:
    """The keys of this user, or None for anonymous capturing."""
    for access, secret in KEY_VARIABLES:
        if environment.get(access) and environment.get(secret):
            return ArchiveKeys(environment[access].strip(), environment[secret].strip())
    return _keys_from_keyring()


class HostBypass(Protocol):
    """A proxy, with the two things that matter for keys."""

    def bypasses_host(self, host: str, port: int) -> bool:
        """Whether requests to this host do not go to the proxy."""


def keep_back(base: str, connect_to: Mapping[str, str], proxy: HostBypass | None, *, is_named: bool) -> str:
    """Why no keys are sent to the archive at `base`; empty where they are.

    `is_named`: whether the command line or a variable names it.

    Plain http is for a literal address of this machine (127.0.0.1, [::1]) that is asked without a proxy and not
    mapped to another machine: archives under test.
    """
    parts = urlsplit(base)
    if not is_named and parts.netloc.lower() != OWNER:
        return f"no keys are sent to {parts.hostname or base}, which a file names: if they are its own, say --wayback"
    if parts.scheme == "https":
        return ""
    host, port = parts.hostname or "", parts.port or 80
    mapped = connect_to.get(f"{host}:{port}", "").rpartition(":")[0]
    proxied = proxy is not None and not proxy.bypasses_host(host, port)
    if parts.scheme == "http" and _is_loopback(host) and _is_loopback(mapped or host) and not proxied:
        return ""
    return f"no keys are sent to {host or base}: they go out over https alone"


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:
        return False


def _keys_from_keyring() -> ArchiveKeys | None:
    try:
        import keyring  # type: ignore[import-not-found,unused-ignore]

        access, _, secret = (keyring.get_password(KEYRING_SERVICE, "archive.org") or "").partition(":")
    except Exception:  # no keyring, a locked one, or none that works here: no keys
        return None
    return ArchiveKeys(access, secret) if access and secret else None
