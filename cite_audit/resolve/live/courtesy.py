"""Whose turn it is: limits per host and in all, pauses a host asked for, and no host that holds up another.

A place is taken per request, not per link, and only when the request may start at once: waiting costs nobody else
anything. A request that stays silent for much longer than its host's others took, or for `patience` seconds, gives its
places back, so that a hanging page costs only itself.
"""

from __future__ import annotations

import asyncio
import heapq
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType

LENDING = 4  # times the limit that may be open when silent ones are counted
MOST_LATE = 5  # intervals made up for
LONGEST_PAUSE = 60.0  # seconds a host may ask for
MOST_PAUSES = 180.0  # seconds in all, before the other links of a host are left alone
# How long a host's answers usually take, estimated as TCP estimates a round trip (RFC 6298 §2).
GAIN, SPREAD_GAIN, SPREADS = 1 / 8, 1 / 4, 4
SAMPLES = 8  # answers before the estimate is trusted
QUICKEST = 0.75  # seconds of silence at least


class LeftAloneError(Exception):
    """The host asked to be left alone."""


@dataclass(slots=True)
class _Lane:
    """One host: who waits, how many run, when the next may start."""

    first: deque[asyncio.Future[None]] = field(default_factory=deque)  # first looks at a link
    later: deque[asyncio.Future[None]] = field(default_factory=deque)  # second ones, retries, redirects
    running: int = 0
    silent: int = 0
    next_start: float = 0.0
    queued: bool = False  # in one of the two heaps
    refusals: int = 0  # in a row: 429 without a time
    paused: float = 0.0  # seconds in all
    interval: float = 0.0
    closed: bool = False
    backlog: int = 0  # links still to come, for the order of hosts
    answers: int = 0
    usual: float = 0.0  # seconds an answer takes
    spread: float = 0.0  # and how far it lies from that

    def took(self, seconds: float) -> None:
        """Learn from one more request that ended."""
        if not self.answers:
            self.usual, self.spread = seconds, seconds / 2
        self.answers += 1
        self.spread += (abs(seconds - self.usual) - self.spread) * SPREAD_GAIN
        self.usual += (seconds - self.usual) * GAIN

    def patience(self, longest: float) -> float:
        """Seconds after which a request is silent, at most `longest`."""
        if self.answers < SAMPLES:
            return longest
        return min(longest, max(QUICKEST, self.usual + SPREADS * self.spread))

    @property
    def waiting(self) -> deque[asyncio.Future[None]]:
        """Those whose turn is next: first looks go first, so that what hangs is found early."""
        for line in (self.first, self.later):
            while line and line[0].done():  # given up
                line.popleft()
        return self.first or self.later


class Courtesy:
    """The queue of a run. `per_host` 0: no limit; `interval` and `patience` in seconds."""

    def __init__(self, jobs: int, per_host: int, interval: float, patience: float) -> None:
        self.jobs = max(1, jobs)
        self.per_host = per_host or 1_000_000
        self.interval = interval
        self.patience = patience
        self.lanes: dict[str, _Lane] = {}
        self.running = 0
        self.silent = 0
        self.ready: list[tuple[int, int, str]] = []
        self.timed: list[tuple[float, int, str]] = []
        self.count = 0
        self.timer: asyncio.TimerHandle | None = None
        self.due: float | None = None  # when it rings

    def expect(self, host: str, links: int) -> None:
        """Tell how many links of a host are to come: hosts with most start first."""
        self._lane(host).backlog += links

    def close(self, host: str) -> None:
        """A host wants to be left alone for longer than a run lasts: nobody gets a turn any more."""
        lane = self._lane(host)
        lane.closed = True
        for place in [*lane.first, *lane.later]:
            if not place.done():
                place.set_exception(LeftAloneError())

    def turn(self, host: str, silent: Callable[[], None] | None = None, first: bool = False) -> Turn:
        """A place to wait for and to hold while the request runs (`async with`).

        `silent` is called when it stays silent for `patience` seconds. Entering raises LeftAloneError where the host
        is closed.
        """
        return Turn(self, host, self._lane(host), silent, first)

    def pause(self, host: str, seconds: float | None) -> float:
        """Nothing to this host for so long; None: it did not say, so twice as long each time. Returns the pause.

        A host that asks for more than a run has is closed.
        """
        lane = self._lane(host)
        if seconds is None:
            seconds = min(30.0, 2.0**lane.refusals)
            lane.refusals += 1
        if math.isnan(seconds) or seconds < 0:
            seconds = 0.0
        until = asyncio.get_running_loop().time() + min(seconds, LONGEST_PAUSE)
        if until > lane.next_start:
            lane.paused += until - max(lane.next_start, asyncio.get_running_loop().time())
            lane.next_start = until
        if seconds > LONGEST_PAUSE or lane.paused > MOST_PAUSES:
            self.close(host)
        return seconds

    def content(self, host: str) -> None:
        """The host answered as asked: a count of refusals starts anew."""
        self._lane(host).refusals = 0

    def _lane(self, host: str) -> _Lane:
        lane = self.lanes.get(host)
        if lane is None:
            lane = self.lanes[host] = _Lane(interval=self.interval)
        return lane

    def _take_at_once(self, lane: _Lane, now: float) -> bool:
        if lane.waiting or not self._room() or not self._fits(lane) or lane.next_start > now:
            return False
        self._take(lane, now, queued=False)
        return True

    def _room(self) -> bool:
        return self.running < self.jobs and self.running + self.silent < self.jobs * LENDING

    def _fits(self, lane: _Lane) -> bool:
        return lane.running < self.per_host and lane.running + lane.silent < self.per_host * LENDING

    def _take(self, lane: _Lane, now: float, queued: bool) -> None:
        lane.running += 1
        lane.backlog -= 1
        self.running += 1
        # Keeps the beat: a start that came late (a busy machine) is made up for by the next ones, never closer than
        # half an interval, so that the mean holds.
        beat = max(lane.next_start, now - MOST_LATE * lane.interval) if queued else now
        lane.next_start = max(beat + lane.interval, now + 0.5 * lane.interval)

    def _leave(self, host: str, lane: _Lane, lent: bool) -> None:
        if lent:
            lane.silent -= 1
            self.silent -= 1
        else:
            lane.running -= 1
            self.running -= 1
        self._move_on(host, lane)

    def _lend(self, host: str, lane: _Lane) -> None:
        lane.running -= 1
        self.running -= 1
        lane.silent += 1
        self.silent += 1
        self._move_on(host, lane)

    def _move_on(self, host: str, lane: _Lane) -> None:
        now = asyncio.get_running_loop().time()
        self._queue(host, lane, now)
        self._start(now)

    def _queue(self, host: str, lane: _Lane, now: float) -> None:
        """Put a host with waiting requests among the ready or the timed ones."""
        if lane.queued or not lane.waiting or not self._fits(lane):
            return
        lane.queued = True
        self.count += 1
        if lane.next_start > now:
            heapq.heappush(self.timed, (lane.next_start, self.count, host))
        else:
            heapq.heappush(self.ready, (-lane.backlog, self.count, host))

    def _start(self, now: float) -> None:
        """Give places to those whose time has come; by one clock reading, or a host just due would come up for ever."""
        while self.timed and self.timed[0][0] <= now:
            host = heapq.heappop(self.timed)[2]
            self.lanes[host].queued = False
            self._queue(host, self.lanes[host], now)
        while self.ready and self._room():
            host = heapq.heappop(self.ready)[2]
            lane = self.lanes[host]
            lane.queued = False
            waiting = lane.waiting
            if waiting and self._fits(lane) and lane.next_start <= now:
                self._take(lane, now, queued=True)
                waiting.popleft().set_result(None)
            self._queue(host, lane, now)
        self._set_timer()

    def _set_timer(self) -> None:
        due = self.timed[0][0] if self.timed else None
        if due == self.due:
            return
        if self.timer:
            self.timer.cancel()
        self.due = due
        self.timer = None if due is None else asyncio.get_running_loop().call_at(due, self._ring)

    def _ring(self) -> None:
        self.timer = self.due = None
        self._start(asyncio.get_running_loop().time())


class Turn:
    """One request's turn: `async with` waits for it and holds the place."""

    __slots__ = ("began", "courtesy", "first", "host", "lane", "lent", "silent", "timer")

    def __init__(
        self, courtesy: Courtesy, host: str, lane: _Lane, silent: Callable[[], None] | None, first: bool
    ) -> None:
        self.courtesy, self.host, self.lane, self.silent, self.first = courtesy, host, lane, silent, first
        self.lent = False

    async def __aenter__(self) -> None:
        courtesy, lane = self.courtesy, self.lane
        if lane.closed:
            raise LeftAloneError
        loop = asyncio.get_running_loop()
        if not courtesy._take_at_once(lane, loop.time()):
            place = loop.create_future()
            (lane.first if self.first else lane.later).append(place)
            courtesy._move_on(self.host, lane)
            try:
                await place
            except asyncio.CancelledError:
                if place.done() and not place.cancelled() and not place.exception():
                    courtesy._leave(self.host, lane, False)
                raise
        self.began = loop.time()
        self.timer = loop.call_later(lane.patience(courtesy.patience), self._fall_silent)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.timer.cancel()
        if kind is None:
            self.lane.took(asyncio.get_running_loop().time() - self.began)
        self.courtesy._leave(self.host, self.lane, self.lent)

    def _fall_silent(self) -> None:
        """Lend the place to the next, and tell whoever asked once `patience` is over."""
        loop = asyncio.get_running_loop()
        left = self.began + self.courtesy.patience - loop.time()
        if left > 0:
            self.timer = loop.call_later(left, self._fall_silent)
        elif self.silent:
            self.silent()
        if not self.lent:
            self.lent = True
            self.courtesy._lend(self.host, self.lane)
