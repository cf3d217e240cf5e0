"""The protocol of an archive: it knows a memento near a date."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from cite_audit.model import CitedLink
from cite_audit.resolve.check.base import ArchiveAnswer


class Archive(Protocol):
    """One archive. `name` is what `Memento.archive` says, e.g. wayback."""

    name: str

    def lookup(self, wanted_links: Sequence[CitedLink]) -> AsyncIterator[ArchiveAnswer]:
        """One answer for each link, in the order of completion; a later one for the same link replaces it.

        Never raises for what an archive did: a question that failed is `unknown` with its reason.
        """
        ...


class Clock(Protocol):
    """The clock of the rate limiter; tests have their own."""

    def time(self) -> float:
        """Seconds since the epoch: wall time, since other processes compare theirs with it."""
        ...

    async def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """The wall time at the start of the run and the monotonic time since: a wall clock that is set moves no wait."""

    def __init__(self) -> None:
        self._started_at = time.time() - time.monotonic()

    def time(self) -> float:
        return self._started_at + time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
