"""The archive.org keys: from the environment or the keyring, never from a file or a flag, never shown."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

# pairs of variables that are looked at, in this order: ours, then those of archive.org's own tool
VARIABLES = (
    ("CITE_AUDIT_ARCHIVE_ACCESS", "CITE_AUDIT_ARCHIVE_SECRET"),
    ("IA_ACCESS_KEY_ID", "IA_SECRET_ACCESS_KEY"),
)
SERVICE = "cite-audit"  # in the keyring, user name “archive.org”, password “access:secret”


@dataclass(frozen=True, slots=True)
class Keys:
    """A pair of S3-like keys of archive.org; its text shows neither."""

    access: str = field(repr=False)
    secret: str = field(repr=False)

    @property
    def authorization(self) -> str:
        return f"LOW {self.access}:{self.secret}"


def keys(environment: Mapping[str, str] = os.environ) -> Keys | None:
    """The keys of this user, or None for anonymous capturing."""
    for access, secret in VARIABLES:
        if environment.get(access) and environment.get(secret):
            return Keys(environment[access].strip(), environment[secret].strip())
    return _from_keyring()


def _from_keyring() -> Keys | None:
    try:
        import keyring  # type: ignore[import-not-found,unused-ignore]

        access, _, secret = (keyring.get_password(SERVICE, "archive.org") or "").partition(":")
    except Exception:  # no keyring, none that works here, or a locked one: there are simply no keys
        return None
    return Keys(access, secret) if access and secret else None
