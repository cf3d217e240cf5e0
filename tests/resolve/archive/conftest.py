"""A desk at which an archive on loopback is asked, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

import pytest

from cite_audit.config.settings import Archiving
from cite_audit.model import CitedLink
from cite_audit.resolve.archive import find_mementos, open_archives
from cite_audit.resolve.check.base import ArchiveAnswer
from tests.loopback.clock import VirtualClock
from tests.loopback.fetching import PlainFetcher
from tests.loopback.shelf import MemoryShelf
from tests.loopback.wayback import LoopbackWayback

NOW = datetime(2025, 10, 9, 9, tzinfo=UTC)
NEAR = date(2024, 1, 15)


class Desk:
    """Asks `wayback` about links; `asked` by hand or through `look`. The shelf and the clock last for the test."""

    def __init__(self, wayback: LoopbackWayback, clock: VirtualClock) -> None:
        self.wayback = wayback
        self.clock = clock
        self.shelf = MemoryShelf(clock.time)
        self.settings = Archiving(wayback=wayback.url, availability=wayback.availability)
        self.exchanges = 0

    def answers(
        self, wanted: Sequence[CitedLink], settings: Archiving | None = None, now: datetime = NOW
    ) -> dict[str, ArchiveAnswer]:
        """One run: its answers by link."""

        async def run() -> dict[str, ArchiveAnswer]:
            async with PlainFetcher(self.clock, self.wayback.routes) as fetcher:
                archives = open_archives(
                    settings or self.settings, fetcher, self.shelf, now, clock=self.clock, jitter=lambda: 0.5
                )
                found = {answer.url: answer async for answer in find_mementos(wanted, archives)}
                self.exchanges = fetcher.count
                return found

        return asyncio.run(run())

    def look(self, url: str, near: date | None = NEAR) -> ArchiveAnswer:
        return self.answers([CitedLink(url, near)])[url]


@pytest.fixture
def desk() -> Iterator[Desk]:
    clock = VirtualClock()
    with LoopbackWayback(clock=clock.time, name="archive.example") as wayback:
        yield Desk(wayback, clock)
