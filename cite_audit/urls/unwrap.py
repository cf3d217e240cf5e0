"""Addresses that wrap another: archives, redirectors, translators, caches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from cite_audit.urls.key import host


@dataclass(frozen=True, slots=True)
class Wrapped:
    """The inner address, the way to it (archive, redirector, translate, amp), and its capture time if it tells one."""

    url: str
    via: str
    captured_at: datetime | None = None


_ARCHIVE_HOST = re.compile(
    r"(?:^|\.)(?:archive\.org|archive\.(?:ph|is|today|md|li|vn|fo)|arquivo\.pt|perma-archives\.org)$"
)
_ARCHIVED = re.compile(r"^/(?:[\w-]+/)*?(\d{4,14})?(?:[a-z]{2}_|\*)?/?(https?:/{1,2}.+)$")
_REDIRECTORS = {
    "google.com": ("url", "q"),
    "facebook.com": ("u",),
    "vk.com": ("to",),
    "translate.google.com": ("u",),
    "youtube.com": ("q",),
}


def unwrap(url: str) -> Wrapped | None:
    """What an address wraps, or None. Looks at the spelling only; short links keep their secret."""
    name = host(url)
    parts = urlsplit(url)
    if _ARCHIVE_HOST.search(name):
        rest = (
            parts.path + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
        )
        if match := _ARCHIVED.match(rest):
            inner = re.sub(r"^(https?):/{1,2}", r"\1://", match[2])
            return Wrapped(inner, "archive", _time(match[1] or ""))
        return None
    for site, names in _REDIRECTORS.items():
        if name == site or name.endswith("." + site):
            query = parse_qs(parts.query)
            for wanted in names:
                for value in query.get(wanted, []):
                    if value.startswith(("http://", "https://")):
                        return Wrapped(value, "translate" if name.startswith("translate.") else "redirector")
    if name.endswith(".translate.goog"):
        inner_host = name.removesuffix(".translate.goog").replace("--", "\0").replace("-", ".").replace("\0", "-")
        return Wrapped(f"https://{inner_host}{parts.path}", "translate")
    return None


def _time(digits: str) -> datetime | None:
    try:
        return datetime.strptime((digits + "0101000000")[:14] if len(digits) < 14 else digits, "%Y%m%d%H%M%S").replace(
            tzinfo=UTC
        )
    except ValueError:
        return None
