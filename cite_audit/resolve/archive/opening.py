"""Which archives are asked, and what they say together."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib import import_module

from cite_audit.config import Archiving
from cite_audit.errors import UsageError
from cite_audit.model import Archived, Wanted
from cite_audit.resolve.archive.asking import Asker
from cite_audit.resolve.archive.base import Archive, Clock, SystemClock
from cite_audit.resolve.archive.cited import itself, looked_up
from cite_audit.resolve.archive.limiter import Limiter
from cite_audit.resolve.base import ArchiveAnswer, Fetcher, Shelf

# what may be written before the colon in `archives` → module with open(place, opening)
DRIVERS = {
    "wayback": "cite_audit.resolve.archive.wayback",
    "memento": "cite_audit.resolve.archive.memento",
    "warc": "cite_audit.resolve.archive.warc",
}

# When archives disagree the first of these holds: a good copy anywhere is a good copy, and “not archived” needs all.
PRECEDENCE = (
    Archived.ARCHIVED,
    Archived.ARCHIVED_BAD,
    Archived.EXCLUDED,
    Archived.UNKNOWN,
    Archived.NOT_ARCHIVED,
)


@dataclass(frozen=True, slots=True)
class Opening:
    """What a driver is made from."""

    settings: Archiving
    asker: Asker
    shelf: Shelf
    now: datetime


def open_archives(
    settings: Archiving,
    fetcher: Fetcher,
    shelf: Shelf,
    now: datetime,
    *,
    clock: Clock | None = None,
    jitter: Callable[[], float] = random.random,
) -> list[Archive]:
    """The archives that `settings.archives` names, in that order. Raises UsageError for a name there is none of."""
    clock = clock or SystemClock()
    deadline = None if settings.budget is None else clock.time() + settings.budget
    asker = Asker(fetcher, Limiter(shelf, clock, deadline), clock, jitter)
    opening = Opening(settings, asker, shelf, now)
    return [_open(text.strip(), opening) for text in settings.archives if text.strip()]


def _open(text: str, opening: Opening) -> Archive:
    kind, _, place = text.partition(":")
    if kind not in DRIVERS:
        known = ", ".join(sorted(DRIVERS))
        raise UsageError(f"no archive is called “{kind}” (known: {known}; e.g. wayback, memento:https://host/coll)")
    archive: Archive = import_module(DRIVERS[kind]).open_archive(place, opening)
    return archive


async def find(wanted: Sequence[Wanted], archives: Sequence[Archive]) -> AsyncIterator[ArchiveAnswer]:
    """One answer for each link: the archives are asked in order, each only for links without a good memento yet.

    An answer may come again, changed by what was learnt from later ones; the last one holds.
    A link that is an archive's address already needs no look-up: it is the memento.
    """
    cited: dict[str, list[str]] = {}  # address to look up → addresses cited
    pending: dict[str, ArchiveAnswer | None] = {}
    links: dict[str, Wanted] = {}
    for link in wanted:
        if own := itself(link):
            yield own
            continue
        page = looked_up(link.url)
        cited.setdefault(page, []).append(link.url)
        if page not in links:
            links[page], pending[page] = replace(link, url=page), None
    for number, archive in enumerate(archives, start=1):
        last = number == len(archives)
        before = dict(pending)
        async for answer in archive.lookup([links[page] for page in before]):
            merged = _merge(before[answer.url], answer)
            if last or merged.outcome is Archived.ARCHIVED:
                pending.pop(answer.url, None)
                for url in cited[answer.url]:
                    yield replace(merged, url=url)
            else:
                pending[answer.url] = merged
    for page, known in pending.items():
        for url in cited[page]:
            yield replace(known, url=url) if known else ArchiveAnswer(url, Archived.UNCHECKED)


def _merge(first: ArchiveAnswer | None, second: ArchiveAnswer) -> ArchiveAnswer:
    if first is None:
        return second
    better, other = sorted((first, second), key=lambda answer: PRECEDENCE.index(answer.outcome))
    return replace(
        better,
        mementos=(*better.mementos, *other.mementos),
        evidence=(*first.evidence, *second.evidence),
        from_cache=first.from_cache and second.from_cache,
    )
