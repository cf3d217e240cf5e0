"""The cookies of one look: many sites answer only a client that returns the cookie they just set."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cite_audit.errors import UsageError
from cite_audit.files import read_small_file
from cite_audit.frozen_record import frozen_record
from cite_audit.lazy_pattern import compile_lazily
from cite_audit.resolve.http.request_target import RequestTarget
from cite_audit.urls.suffix import cookie_site, is_suffix

MAX_COOKIES = 180  # of one look; Chromium's limit for one domain
MAX_SIZE = 4096  # characters of one cookie
MAX_FIELD = 12 * 1024  # characters sent back in all
_NETSCAPE_FIELDS = 7
_SECONDS = compile_lazily(r"-?[0-9]{1,20}(?:\.[0-9]{0,20})?")
_CONTROLS = frozenset(map(chr, (*range(9), *range(10, 32), 127)))
CookieLines = tuple[tuple[str, str], ...]  # Set-Cookie lines, each with the address that sent it


@frozen_record
class _Cookie:
    domain: str
    host_only: bool
    path: str
    secure: bool
    pair: str = field(repr=False)  # as good as a password


@dataclass(slots=True)
class CookieJar:
    """Set-Cookie in, Cookie out, for http(s) and one chain of redirects (RFC 6265bis §5).

    Lines hold the bytes of the field, each as the character of its number (Latin-1), and go back as the same bytes.
    """

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    cookies: dict[tuple[str, str, str], _Cookie] = field(default_factory=dict)

    def store_cookies(self, target: RequestTarget, lines: list[str]) -> None:
        """Store the cookies of an answer; one that has expired is deleted."""
        for line in lines:
            pair, *attributes = line.split(";")
            name, equals, value = map(str.strip, pair.partition("="))
            if not equals:  # a cookie without a name (§5.6, step 3)
                name, value = "", name
            if not (name or value) or len(name) + len(value) > MAX_SIZE or not _CONTROLS.isdisjoint(pair):
                continue
            attribute_values = {
                key.strip().lower(): value.strip() for key, _, value in (a.partition("=") for a in attributes)
            }
            domain = attribute_values.get("domain", "").lstrip(".").lower()
            if domain and not _may_set_cookie(target, domain):
                continue
            path = attribute_values.get("path", "")
            cookie = _Cookie(
                domain or target.host,
                not domain,
                path if path.startswith("/") else target.path.partition("?")[0].rpartition("/")[0] or "/",
                "secure" in attribute_values,
                f"{name}={value}" if name else value,
            )
            cookie_key = (cookie.domain, cookie.path, name)
            if self._has_expired(attribute_values):
                self.cookies.pop(cookie_key, None)
            elif cookie_key in self.cookies or len(self.cookies) < MAX_COOKIES:
                self.cookies[cookie_key] = cookie

    def _has_expired(self, attribute_values: dict[str, str]) -> bool:
        """Whether Max-Age, or else Expires, says that the cookie is to be deleted (§5.6, steps 7 and 8)."""
        max_age = attribute_values.get("max-age", "")
        if max_age.removeprefix("-").isdecimal():
            return max_age.startswith("-") or not max_age.strip("0")
        if not (expires := attribute_values.get("expires", "")):
            return False
        from http.cookiejar import http2time  # type: ignore[attr-defined]  # typeshed leaves it out; 10 ms to load

        expires_at = http2time(expires)
        return expires_at is not None and expires_at <= self.now.timestamp()

    def cookie_header(self, target: RequestTarget) -> str:
        """The Cookie field for a request there; empty when there is none."""
        text = ""
        for cookie in self.cookies.values():
            if _matches_cookie(cookie, target) and len(text) + len(cookie.pair) < MAX_FIELD:
                text += ("; " if text else "") + cookie.pair
        return text


def read_cookie_file(path: Path, now: datetime) -> CookieJar:
    """The cookies of a file in Netscape's format, as browsers' extensions write them, without those that have expired.

    Raises UsageError, which never holds what a line says.
    """
    try:
        lines = read_small_file(path).decode("latin-1").split("\n")  # a byte of a letter may be a line end of Latin-1
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
    jar = CookieJar(now)
    for number, line in enumerate(lines, start=1):
        line = line.rstrip("\r").removeprefix("#HttpOnly_")
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != _NETSCAPE_FIELDS or not _SECONDS.fullmatch(fields[4].strip()):
            raise UsageError(f"{path}: line {number} is no cookie in Netscape's format (seven fields between tabs)")
        domain, includes_hosts, cookie_path, is_secure, expires, name, value = fields
        host = domain.strip().lstrip(".").lower()
        is_expired = 0 < float(expires) <= now.timestamp()
        if is_expired or not host or not _CONTROLS.isdisjoint(name + value) or ";" in name + value:
            continue
        is_host_only = includes_hosts.strip().upper() != "TRUE" or is_suffix(host)
        pair = f"{name}={value}" if name else value
        jar.cookies[host, cookie_path, name] = _Cookie(
            host, is_host_only, cookie_path or "/", is_secure.strip().upper() == "TRUE", pair
        )
    return jar


def _may_set_cookie(target: RequestTarget, domain: str) -> bool:
    """Whether a host may set a cookie for `domain`: its own part of the name, no wider than its site."""
    if target.host == domain:
        return True
    site_domain = cookie_site(target.host)
    return target.host.endswith("." + domain) and (domain == site_domain or domain.endswith("." + site_domain))


def _matches_cookie(cookie: _Cookie, target: RequestTarget) -> bool:
    same_host = target.host == cookie.domain or (not cookie.host_only and target.host.endswith("." + cookie.domain))
    path = target.path.partition("?")[0]
    path_matches = path == cookie.path or path.startswith(
        cookie.path if cookie.path.endswith("/") else cookie.path + "/"
    )
    return same_host and path_matches and (target.scheme == "https" or not cookie.secure)
