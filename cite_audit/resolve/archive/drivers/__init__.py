"""The archives of a run, and the answer they give together."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from typing import Protocol, cast

from cite_audit.config.settings import Archiving
from cite_audit.errors import UsageError
from cite_audit.frozen_record import frozen_record
from cite_audit.model import Archived, CitedLink
from cite_audit.resolve.archive.archive_client import ArchiveClient
from cite_audit.resolve.archive.archive_urls import answer_if_memento, url_to_look_up
from cite_audit.resolve.archive.base import Archive, Clock, SystemClock
from cite_audit.resolve.archive.cited_captures import CitedCapture, read_cited_capture, split_rounds
from cite_audit.resolve.archive.rate_limiter import RateLimiter
from cite_audit.resolve.check.base import ArchiveAnswer, Fetcher, KeyValueStore

# the word before the colon in `archives` → module, a Driver
DRIVERS = {
    "wayback": "cite_audit.resolve.archive.drivers.wayback",
    "memento": "cite_audit.resolve.archive.drivers.memento",
    "warc": "cite_audit.resolve.archive.drivers.warc",
}

WAYBACK_NAME = "wayback"  # of the archive whose captures reports cite by an address with a time

# When archives disagree the first of these holds: a good copy anywhere is a good copy, and “not archived” needs all.
PRECEDENCE = (
    Archived.ARCHIVED,
    Archived.ARCHIVED_BAD,
    Archived.EXCLUDED,
    Archived.UNKNOWN,
    Archived.NOT_ARCHIVED,
)


@frozen_record
class DriverContext:
    """The parts a driver is made from."""

    settings: Archiving
    client: ArchiveClient
    cache: KeyValueStore
    now: datetime


class Driver(Protocol):
    """A module of `resolve.archive.drivers`: one kind of archive."""

    def open_archive(self, place: str, context: DriverContext) -> Archive:
        """The archive at a place (what stands behind the colon in `archives`). Raises UsageError for a bad place."""
        ...


def open_archives(
    settings: Archiving,
    fetcher: Fetcher,
    cache: KeyValueStore,
    now: datetime,
    *,
    limits: KeyValueStore | None = None,
    clock: Clock | None = None,
    jitter: Callable[[], float] = random.random,
) -> list[Archive]:
    """The archives that `settings.archives` names, in that order. Raises UsageError for an unknown name.

    `limits` keeps their rates, shared by all who ask from this address; without it `cache` does.
    """
    clock = clock or SystemClock()
    deadline = None if settings.budget is None else clock.time() + settings.budget
    client = ArchiveClient(fetcher, RateLimiter(limits or cache, clock, deadline), clock, jitter)
    context = DriverContext(settings, client, cache, now)
    return [_open_driver(text.strip(), context) for text in settings.archives if text.strip()]


def _open_driver(text: str, context: DriverContext) -> Archive:
    kind, _, place = text.partition(":")
    if kind not in DRIVERS:
        names = ", ".join(sorted(DRIVERS))
        raise UsageError(f"no archive is called “{kind}” (known: {names}; e.g. wayback, memento:https://host/coll)")
    return load_driver(kind).open_archive(place, context)


def load_driver(kind: str) -> Driver:
    """The module that opens archives of this kind, imported when first asked for."""
    return cast(Driver, import_module(DRIVERS[kind]))


async def find_mementos(cited_links: Sequence[CitedLink], archives: Sequence[Archive]) -> AsyncIterator[ArchiveAnswer]:
    """One answer for each link: the archives are asked in order, each only for links without a good memento yet.

    An answer may come again, changed by what was learnt from later ones; the last one holds.
    A link that is the address of a capture is looked up where that archive is among those asked; else it is taken for
    the memento that it names.
    """
    captures: list[CitedCapture] = []
    pages: list[CitedLink] = []
    wayback = [archive for archive in archives if archive.name == WAYBACK_NAME]
    for link in cited_links:
        if wayback and (capture := read_cited_capture(link)):
            captures.append(capture)
        elif memento_answer := answer_if_memento(link):
            yield memento_answer
        else:
            pages.append(link)
    async for answer in _find_page_mementos(pages, archives):
        yield answer
    for capture_round in split_rounds(captures):
        by_page = {capture.page_url: capture for capture in capture_round}
        async for answer in _find_page_mementos([capture.lookup_link() for capture in capture_round], wayback):
            yield by_page[answer.url].read_answer(answer)


async def _find_page_mementos(
    cited_links: Sequence[CitedLink], archives: Sequence[Archive]
) -> AsyncIterator[ArchiveAnswer]:
    """The answers on links to pages, and to calendars of captures."""
    cited: dict[str, list[str]] = {}  # address to look up → addresses cited
    pending: dict[str, ArchiveAnswer | None] = {}
    links: dict[str, CitedLink] = {}
    for link in cited_links:
        page = url_to_look_up(link.url)
        cited.setdefault(page, []).append(link.url)
        if page not in links:
            links[page], pending[page] = replace(link, url=page), None
    for number, archive in enumerate(archives, start=1):
        is_last = number == len(archives)
        unanswered = dict(pending)
        async for answer in archive.lookup([links[page] for page in unanswered]):
            merged = _merge_answers(unanswered[answer.url], answer)
            if is_last or merged.outcome is Archived.ARCHIVED:
                pending.pop(answer.url, None)
                for url in cited[answer.url]:
                    yield replace(merged, url=url)
            else:
                pending[answer.url] = merged
    for page, pending_answer in pending.items():
        for url in cited[page]:
            yield replace(pending_answer, url=url) if pending_answer else ArchiveAnswer(url, Archived.UNCHECKED)


def _merge_answers(earlier: ArchiveAnswer | None, later: ArchiveAnswer) -> ArchiveAnswer:
    if earlier is None:
        return later
    better, worse = sorted((earlier, later), key=lambda answer: PRECEDENCE.index(answer.outcome))
    return replace(
        better,
        mementos=(*better.mementos, *worse.mementos),
        evidence=(*earlier.evidence, *later.evidence),
        from_cache=earlier.from_cache and later.from_cache,
    )
