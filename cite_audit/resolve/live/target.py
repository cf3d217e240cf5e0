"""From an address as cited, or a Location as sent, to what is put on the wire: as browsers do it. Pure.

References: WHATWG URL §4 (percent-encode sets, backslashes, dot segments), RFC 3986 §5.2.4, UTS-46 through `to_ascii`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from ipaddress import IPv6Address
from urllib.parse import quote, unquote_to_bytes, urljoin

from cite_audit.model import FailureKind
from cite_audit.resolve.live.errors import ExchangeError
from cite_audit.resolve.live.guard import BAD_PORTS, literal
from cite_audit.urls import to_ascii

MAX_URL = 8192  # characters
PORTS = {"http": 80, "https": 443}
_SPLIT = re.compile(r"(https?):[/\\]*([^/\\?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.I | re.S)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.I)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_FORBIDDEN_HOST = re.compile(r"[\x00-\x20\"#%/:<>?@\[\\\]^`{|}\x7f]|[^\x00-\x7f]")
_PLAIN_HOST = re.compile(r"[a-z0-9_.-]+")
_DOTS = re.compile(r"(?:^|/)(?:\.|%2e)(?:\.|%2e)?(?:/|$)", re.I)
# Everything printable outside the percent-encode set, so that `quote` leaves it; "%" too: escapes stay as they are.
_PATH = "!$%&'()*+,/:;=@[]\\|~"
_QUERY = "!$%&()*+,/:;=?@[]\\^`{|}~"


@dataclass(frozen=True)
class Target:
    """Where a request goes: `host` is ASCII, without brackets; `path` is the request target; `literal` an address."""

    scheme: str
    host: str
    port: int
    path: str
    literal: str | None = None

    @cached_property
    def authority(self) -> str:
        """The value of the Host field."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == PORTS[self.scheme] else f"{name}:{self.port}"

    @cached_property
    def url(self) -> str:
        """The address as asked: without credentials and fragment."""
        return f"{self.scheme}://{self.authority}{self.path}"


def aim(url: str) -> Target:
    """Where `url` leads. Raises ExchangeError: INVALID_URL, or UNSAFE_LITERAL for a port outside web use."""
    if len(url) > MAX_URL:
        raise ExchangeError(FailureKind.INVALID_URL, f"{len(url)} characters long")
    url = url.strip(" ")
    if _CONTROL.search(url):
        raise ExchangeError(FailureKind.INVALID_URL, "control characters in the address")
    match = _SPLIT.fullmatch(url)
    if not match:
        raise ExchangeError(FailureKind.INVALID_URL, "not a web address")
    scheme, authority, path, query = match[1].lower(), match[2].rpartition("@")[2], match[3], match[4]
    host, port = _authority(scheme, authority)
    try:
        address = literal(host)
    except ValueError as error:
        raise ExchangeError(FailureKind.INVALID_URL, str(error)) from error
    if port in BAD_PORTS:
        raise ExchangeError(FailureKind.UNSAFE_LITERAL, f"port {port} is not for the web")
    asked = _path(path)
    if query is not None:
        asked += "?" + (query if query.isalnum() and query.isascii() else quote(query, safe=_QUERY))
    return Target(scheme, address or host, port, asked, address)


def follow(base: str, location: str) -> str:
    """Where a Location (its bytes above 127 percent-encoded) leads from `base`; the fragment of `base` is inherited.

    Raises ExchangeError: REDIRECT_SCHEME when it leaves the web, INVALID_URL when it is no address.
    """
    location = re.sub(r"[\t\r\n]", "", location.strip(" \t\r\n"))
    scheme = _SCHEME.match(location)
    if scheme and scheme[1].lower() not in PORTS:
        raise ExchangeError(FailureKind.REDIRECT_SCHEME, f"a redirect to {scheme[1].lower()[:20]}:")
    path, question, rest = location.partition("?")
    try:
        joined = urljoin(base, path.replace("\\", "/") + question + rest)
    except ValueError as error:
        raise ExchangeError(FailureKind.INVALID_URL, f"a redirect to {location[:80]}") from error
    fragment = base.partition("#")[2]
    return joined if "#" in joined or not fragment else f"{joined}#{fragment}"


def _authority(scheme: str, authority: str) -> tuple[str, int]:
    name, colon, digits = authority.rpartition(":")
    if not colon or authority.endswith("]"):
        name, digits = authority, ""
    if digits and not (digits.isascii() and digits.isdigit() and int(digits[:6]) <= 65535):
        raise ExchangeError(FailureKind.INVALID_URL, f"port {digits[:12]}")
    port = int(digits) if digits else PORTS[scheme]
    if name.startswith("["):
        return _six(name), port
    host = name.lower()
    if not _PLAIN_HOST.fullmatch(host):
        host = to_ascii(unquote_to_bytes(host).decode("utf-8", "replace"))
    host = host[:-1] if host.endswith(".") else host
    if not host or len(host) > 253 or _FORBIDDEN_HOST.search(host):
        raise ExchangeError(FailureKind.INVALID_URL, f"no host name: {name[:80]!r}")
    if any(not 0 < len(label) < 64 for label in host.split(".")):
        raise ExchangeError(FailureKind.INVALID_URL, f"not a host name: {host[:80]}")
    return host, port


def _six(name: str) -> str:
    """The address in brackets. RFC 6874's zones are of one machine and not for links."""
    try:
        return str(IPv6Address(name[1:-1] if name.endswith("]") else ""))
    except ValueError as error:
        raise ExchangeError(FailureKind.INVALID_URL, f"not an address: {name[:60]}") from error


def _path(path: str) -> str:
    if not path:
        return "/"
    path = quote(path.replace("\\", "/"), safe=_PATH)
    if not path.startswith("/"):
        path = "/" + path
    return _without_dots(path) if _DOTS.search(path) else path


def _without_dots(path: str) -> str:
    kept: list[str] = []
    parts = path.split("/")[1:]
    for place, part in enumerate(parts):
        plain = part.lower().replace("%2e", ".")
        if plain not in (".", ".."):
            kept.append(part)
            continue
        if plain == ".." and kept:
            kept.pop()
        if place == len(parts) - 1:
            kept.append("")
    return "/" + "/".join(kept)
