"""The cookies of one look: many sites answer only who brings back what they just set. Dropped when the look ends."""

from __future__ import annotations

from dataclasses import dataclass, field

from cite_audit.resolve.live.target import Target
from cite_audit.urls import registrable

MAX_COOKIES = 20
MAX_SIZE = 4096  # characters of one cookie
MAX_FIELD = 12 * 1024  # characters sent back in all


@dataclass(frozen=True, slots=True)
class _Cookie:
    domain: str
    host_only: bool
    path: str
    secure: bool
    pair: str


@dataclass(slots=True)
class Jar:
    """Set-Cookie in, Cookie out, for http(s) and one chain of redirects (RFC 6265 §5)."""

    kept: dict[tuple[str, str, str], _Cookie] = field(default_factory=dict)

    def take(self, target: Target, lines: list[str]) -> None:
        """Remember what an answer set."""
        for line in lines:
            pair, *attributes = line.split(";")
            name, equals, _ = pair.partition("=")
            if not equals or not name.strip() or len(pair) > MAX_SIZE or not pair.isprintable() or not pair.isascii():
                continue
            said = {key.strip().lower(): value.strip() for key, _, value in (a.partition("=") for a in attributes)}
            domain = said.get("domain", "").lstrip(".").lower()
            if domain and not _may_set(target, domain):
                continue
            path = said.get("path", "")
            cookie = _Cookie(
                domain or target.host,
                not domain,
                path if path.startswith("/") else target.path.partition("?")[0].rpartition("/")[0] or "/",
                "secure" in said,
                pair.strip(),
            )
            place = (cookie.domain, cookie.path, name.strip())
            if said.get("max-age", "1").startswith(("0", "-")):
                self.kept.pop(place, None)
            elif place in self.kept or len(self.kept) < MAX_COOKIES:
                self.kept[place] = cookie

    def field_for(self, target: Target) -> str:
        """The Cookie field for a request there; empty when there is none."""
        text = ""
        for cookie in self.kept.values():
            if _meant_for(cookie, target) and len(text) + len(cookie.pair) < MAX_FIELD:
                text += ("; " if text else "") + cookie.pair
        return text


def _may_set(target: Target, domain: str) -> bool:
    """Whether a host may set a cookie for `domain`: its own part of the name, no wider than the registrable domain."""
    if target.host == domain:
        return True
    owner = registrable(target.host)
    return target.host.endswith("." + domain) and (domain == owner or domain.endswith("." + owner))


def _meant_for(cookie: _Cookie, target: Target) -> bool:
    same = target.host == cookie.domain or (not cookie.host_only and target.host.endswith("." + cookie.domain))
    path = target.path.partition("?")[0]
    below = path == cookie.path or path.startswith(cookie.path if cookie.path.endswith("/") else cookie.path + "/")
    return same and below and (target.scheme == "https" or not cookie.secure)
