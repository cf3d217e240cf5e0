"""Turns a cited address or a Location into a request target, as browsers do. Pure.

References: WHATWG URL §4 (percent-encode sets, backslashes, dot segments), RFC 3986 §5.2.4, UTS-46 through `to_ascii`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv6Address
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes, urljoin

from cite_audit.frozen_record import frozen_record
from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import FailureKind
from cite_audit.resolve.http.address_guard import BAD_PORTS, literal_address
from cite_audit.resolve.http.failures import ExchangeError
from cite_audit.urls import to_ascii

MAX_URL = 8192  # characters
DEFAULT_PORTS = {"http": 80, "https": 443}
_URL_PARTS = compile_lazily(r"(https?):[/\\]*([^/\\?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?", re.I | re.S)
_SCHEME = compile_lazily(r"([a-z][a-z0-9+.-]*):", re.I)
_CONTROL = compile_lazily(r"[\x00-\x1f\x7f]")
_FORBIDDEN_HOST = compile_lazily(r"[\x00-\x20\"#%/:<>?@\[\\\]^`{|}\x7f]|[^\x00-\x7f]")
_PLAIN_HOST = compile_lazily(r"[a-z0-9_.-]+")
_PLAIN_PATH = compile_lazily(r"[A-Za-z0-9/_.-]+")
_DOT_SEGMENT = compile_lazily(r"(?:^|/)(?:\.|%2e)(?:\.|%2e)?(?:/|$)", re.I)
# Everything printable outside the percent-encode set, so that `quote` leaves it; "%" too: escapes stay as they are.
_PATH_SAFE = "!$%&'()*+,/:;=@[]\\|~"
_QUERY_SAFE = "!$%&()*+,/:;=?@[]\\^`{|}~"


@frozen_record
class RequestTarget:
    """Where a request goes: `host` is ASCII, without brackets; `path` is the request target; `literal` an address.

    `authority` is the value of the Host field.
    """

    scheme: str
    host: str
    port: int
    path: str
    authority: str
    literal: str | None = None

    @property
    def url(self) -> str:
        """The address as asked: without credentials and fragment."""
        return f"{self.scheme}://{self.authority}{self.path}"


def parse_target(url: str) -> RequestTarget:
    """Where `url` leads. Raises ExchangeError: INVALID_URL, or UNSAFE_LITERAL for a port outside web use."""
    if len(url) > MAX_URL:
        raise ExchangeError(FailureKind.INVALID_URL, f"{len(url)} characters long")
    url = url.strip(" ")
    if _CONTROL.search(url):
        raise ExchangeError(FailureKind.INVALID_URL, "control characters in the address")
    match = _URL_PARTS.fullmatch(url)
    if not match:
        raise ExchangeError(FailureKind.INVALID_URL, "not a web address")
    scheme, path, query = match[1].lower(), match[3], match[4]
    origin = _parse_origin(scheme, match[2].rpartition("@")[2])
    request_path = _encode_path(path)
    if query is not None:
        request_path += "?" + (query if query.isalnum() and query.isascii() else quote(query, safe=_QUERY_SAFE))
    return RequestTarget(scheme, origin.host, origin.port, request_path, origin.authority, origin.literal)


class _Origin(NamedTuple):
    """What the links of one host have in common, as `RequestTarget` says."""

    host: str
    port: int
    authority: str
    literal: str | None


@lru_cache(maxsize=4096)
def _parse_origin(scheme: str, authority: str) -> _Origin:
    """The origin that an address names. Raises ExchangeError as `parse_target`."""
    host, port = _parse_authority(scheme, authority)
    try:
        literal = literal_address(host)
    except ValueError as error:
        raise ExchangeError(FailureKind.INVALID_URL, str(error)) from error
    if port in BAD_PORTS:
        raise ExchangeError(FailureKind.UNSAFE_LITERAL, f"port {port} is not for the web")
    host = literal or host
    name = f"[{host}]" if ":" in host else host
    return _Origin(host, port, name if port == DEFAULT_PORTS[scheme] else f"{name}:{port}", literal)


def resolve_location(base: str, location: str) -> str:
    """Where a Location (its bytes above 127 percent-encoded) leads from `base`; the fragment of `base` is inherited.

    Raises ExchangeError: REDIRECT_SCHEME when it leaves the web, INVALID_URL when it is no address.
    """
    location = re.sub(r"[\t\r\n]", "", location.strip(" \t\r\n"))
    scheme = _SCHEME.match(location)
    if scheme and scheme[1].lower() not in DEFAULT_PORTS:
        raise ExchangeError(FailureKind.REDIRECT_SCHEME, f"a redirect to {scheme[1].lower()[:20]}:")
    address, hash_mark, location_fragment = location.partition("#")
    path, question, query = address.partition("?")
    path = path.replace("\\", "/")
    try:
        joined = urljoin(base, path + question + query)
        if question and not query:  # an empty query is one, on which some servers insist; `urljoin` drops it
            joined = (urljoin(base, path) if path else base.partition("#")[0].partition("?")[0]) + "?"
    except ValueError as error:
        raise ExchangeError(FailureKind.INVALID_URL, f"a redirect to {location[:80]}") from error
    joined += hash_mark + location_fragment
    fragment = base.partition("#")[2]
    return joined if "#" in joined or not fragment else f"{joined}#{fragment}"


def _parse_authority(scheme: str, authority: str) -> tuple[str, int]:
    name, colon, digits = authority.rpartition(":")
    if not colon or authority.endswith("]"):
        name, digits = authority, ""
    if digits and not (digits.isascii() and digits.isdigit() and int(digits[:6]) <= 65535):
        raise ExchangeError(FailureKind.INVALID_URL, f"port {digits[:12]}")
    port = int(digits) if digits else DEFAULT_PORTS[scheme]
    if name.startswith("["):
        return _parse_ipv6(name), port
    host = name.lower()
    if not _PLAIN_HOST.fullmatch(host):
        host = to_ascii(unquote_to_bytes(host).decode("utf-8", "replace"))
    host = host[:-1] if host.endswith(".") else host
    if not host or len(host) > 253 or _FORBIDDEN_HOST.search(host):
        raise ExchangeError(FailureKind.INVALID_URL, f"no host name: {name[:80]!r}")
    if any(not 0 < len(label) < 64 for label in host.split(".")):
        raise ExchangeError(FailureKind.INVALID_URL, f"not a host name: {host[:80]}")
    return host, port


def _parse_ipv6(name: str) -> str:
    """The address in brackets. RFC 6874's zones are of one machine and not for links."""
    try:
        return str(IPv6Address(name[1:-1] if name.endswith("]") else ""))
    except ValueError as error:
        raise ExchangeError(FailureKind.INVALID_URL, f"not an address: {name[:60]}") from error


def _encode_path(path: str) -> str:
    if not path:
        return "/"
    if not _PLAIN_PATH.fullmatch(path):
        path = quote(path.replace("\\", "/"), safe=_PATH_SAFE)
    if not path.startswith("/"):
        path = "/" + path
    return _remove_dot_segments(path) if _DOT_SEGMENT.search(path) else path


def _remove_dot_segments(path: str) -> str:
    segments: list[str] = []
    parts = path.split("/")[1:]
    for index, part in enumerate(parts):
        plain = part.lower().replace("%2e", ".")
        if plain not in (".", ".."):
            segments.append(part)
            continue
        if plain == ".." and segments:
            segments.pop()
        if index == len(parts) - 1:
            segments.append("")
    return "/" + "/".join(segments)
