"""What of a look is searched for facts: the title, the description and the main text; and the day of the page."""

from __future__ import annotations

from datetime import date

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.prose.calendar import read_dates
from cite_audit.resolve.judge.claims.page_index import PageIndex
from cite_audit.resolve.judge.look import Evidence, Look, LookKind

_DAY_METAS = ("article:published_time", "og:published_time", "datePublished", "date", "pubdate", "dc.date")
_JSON_DAY = compile_lazily(r'"datePublished"\s*:\s*"(\d{4}-\d{2}-\d{2})')


def index_page(evidence: Evidence) -> PageIndex | None:
    """The page that the looks showed, longest text first; None where none has a text to search."""
    looks = [look for look in evidence.latest_page_looks() if look.shows_text]
    platform = evidence.latest_look(LookKind.PLATFORM)
    looks += [platform] if platform is not None and platform.shows_text else []
    indexes = [_index_look(look) for look in looks]
    return max(indexes, key=lambda index: len(index.text), default=None)


def index_copy(evidence: Evidence) -> PageIndex | None:
    """The archived copy that was looked at; None where none was."""
    copy = evidence.archived_copy
    return _index_look(copy) if copy is not None and copy.shows_text else None


def _index_look(look: Look) -> PageIndex:
    page = look.page
    parts = [page.title, page.meta_content("og:description") or page.meta_content("description"), page.main_text]
    return PageIndex("\n".join(filter(None, parts)), _find_own_day(look))


def _find_own_day(look: Look) -> date | None:
    text = next(filter(None, (look.page.meta_content(name) for name in _DAY_METAS)), "")
    if not text and (match := _JSON_DAY.search(look.page.source)):
        text = match[1]
    for read in read_dates(text):
        if read.day:
            try:
                return date(read.year, read.month, read.day)
            except ValueError:
                return None
    return None
