"""Time that passes only when everybody waits, so that a test of pacing takes no time."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import selectors
from collections.abc import Iterator

START = 1_760_000_000.0  # an arbitrary day in 2025


class VirtualClock:
    """A Clock (resolve.archive.base) for one event loop. While an exchange runs (`busy`), time stands still."""

    def __init__(self, start: float = START) -> None:
        self.now = start
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._busy = 0
        self._idle = 0

    def time(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (self.now + max(0.0, seconds), next(self._order), future))
        self._settle()
        await future

    @contextlib.contextmanager
    def busy(self) -> Iterator[None]:
        self._busy += 1
        try:
            yield
        finally:
            self._busy -= 1
            self._settle()

    def _settle(self, rounds: int = 12) -> None:
        """Move on to the next waiter once the loop has run dry: a few turns let every ready coroutine act first."""
        self._idle += 1
        self._turn(self._idle, rounds)

    def _turn(self, mine: int, rounds: int) -> None:
        if mine != self._idle or self._busy:
            return
        if rounds:
            asyncio.get_running_loop().call_soon(self._turn, mine, rounds - 1)
            return
        while self._waiting:
            at, _, future = heapq.heappop(self._waiting)
            if not future.done():
                self.now = max(self.now, at)
                future.set_result(None)
                self._settle()
                return


class _Hurry(selectors.SelectSelector):
    """Passes over every wait for a timer, and adds it to the time."""

    now = 0.0

    def __init__(self, late: float) -> None:
        super().__init__()
        self.late = late

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.now += timeout + self.late if timeout and timeout > 0 else 0.0
        return super().select(None if timeout is None else 0)


class HurriedLoop(asyncio.SelectorEventLoop):
    """An event loop whose timers ring as soon as nothing else is to do, for work that waits for nothing else.

    They ring `late` by so many seconds, as those of a busy process do.
    """

    def __init__(self, late: float = 0.0) -> None:
        self._hurry = _Hurry(late)
        super().__init__(self._hurry)

    def time(self) -> float:
        return self._hurry.now
