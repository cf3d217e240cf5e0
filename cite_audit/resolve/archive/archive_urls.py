"""Links that are addresses in an archive already, recognised by their spelling. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from cite_audit.model import Archived, CitedLink, Memento
from cite_audit.resolve.check.base import ArchiveAnswer
from cite_audit.urls import Wrapping, unwrap_url

# Addresses of single captures that name neither the page nor the day.
_SHORT_COPY_URL = re.compile(
    r"https?://(?:www\.)?(?:"
    r"archive\.(?:ph|is|today|md|li|vn|fo)/(?:wip/)?[A-Za-z0-9]{4,6}"
    r"|perma\.cc/[A-Z0-9]{4}-[A-Z0-9]{4}"
    r"|(?:www\.)?webcitation\.org/\w{6,}"
    r"|ghostarchive\.org/(?:archive|varchive)/[\w-]+"
    r"|megalodon\.jp/\d{4}-\d{4}-\d{4}-\d{2}/.+"
    r")/?(?:[?#].*)?$",
    re.I,
)
_CALENDAR = re.compile(r"/web/(?:\d*\*|save)/|archive\.org/save/", re.I)  # lists of captures, or a request to make one


def is_parsable_url(url: str) -> bool:
    """Whether an address can be parsed (RFC 3986); one misplaced bracket prevents it."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (parts.port or 0) >= 0
    except ValueError:
        return False


def answer_if_memento(link: CitedLink) -> ArchiveAnswer | None:
    """The answer for a link that is a memento, or no address: no request is needed. None for any other link."""
    if not is_parsable_url(link.url):
        return ArchiveAnswer(link.url, Archived.UNKNOWN, evidence=("the address cannot be read",))
    if _SHORT_COPY_URL.match(link.url):
        return ArchiveAnswer(link.url, Archived.ARCHIVED, evidence=("the report cites an archived copy",))
    inner = unwrap_url(link.url)
    if inner is None or inner.via != Wrapping.ARCHIVE or inner.captured_at is None or _CALENDAR.search(link.url):
        return None
    memento = Memento(inner.url, link.url, captured_at=inner.captured_at, archive="cited")
    explanation = f"the report cites an archived copy, captured {inner.captured_at:%Y-%m-%d}"
    return ArchiveAnswer(link.url, Archived.ARCHIVED, (memento,), (explanation,))


def url_to_look_up(url: str) -> str:
    """The address to look up for a link: itself, or the page whose captures a calendar of an archive lists."""
    inner = unwrap_url(url)
    return inner.url if inner is not None and inner.via == Wrapping.ARCHIVE else url
