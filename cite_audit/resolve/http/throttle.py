"""The throttle: limits per host and in all, pauses that hosts ask for, and no host that blocks another.

A slot is taken per request, not per link, and only when the request may start at once. A request that is silent for
much longer than its host's others took, or for `patience` seconds, lends its slot to the next one, so that a hanging
page delays nothing but itself.
"""

from __future__ import annotations

import asyncio
import heapq
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType

from cite_audit.resolve.http.host_pace import HostPace, HostPaces, PaceBounds
from cite_audit.resolve.http.loop_lag import LoopLag

LENDING_FACTOR = 4  # times the limit that may be open when silent ones are counted
MAX_CATCH_UP = 5  # intervals made up for
MAX_PAUSE = 60.0  # seconds a host may ask for
MAX_TOTAL_PAUSE = 180.0  # seconds in all, before the other links of a host are left alone
# How long a host's answers usually take, estimated as TCP estimates a round trip (RFC 6298 §2).
GAIN, SPREAD_GAIN, SPREADS = 1 / 8, 1 / 4, 4
MIN_ANSWERS = 8  # answers before the estimate is trusted
MIN_SILENCE = 0.75  # seconds of silence at least


class HostClosedError(Exception):
    """The host asked for no more requests."""


@dataclass(slots=True)
class _HostQueue:
    """One host: its pace, its waiting requests, the number under way, when the next may start."""

    pace: HostPace
    first_looks: deque[asyncio.Future[None]] = field(default_factory=deque)  # first looks at a link
    later_looks: deque[asyncio.Future[None]] = field(default_factory=deque)  # second ones, retries, redirects
    running: int = 0
    silent: int = 0
    next_start: float = 0.0
    queued: bool = False  # in one of the two heaps
    refusals: int = 0  # in a row: 429 without a time
    paused: float = 0.0  # seconds in all
    closed: bool = False
    backlog: int = 0  # links still to come, for the order of hosts
    answers: int = 0
    usual_time: float = 0.0  # seconds an answer takes
    spread: float = 0.0  # and how far it lies from that

    def record_duration(self, seconds: float) -> None:
        """Update the estimate with the duration of a request that ended."""
        if not self.answers:
            self.usual_time, self.spread = seconds, seconds / 2
        self.answers += 1
        self.spread += (abs(seconds - self.usual_time) - self.spread) * SPREAD_GAIN
        self.usual_time += (seconds - self.usual_time) * GAIN

    def silence_limit(self, longest: float) -> float:
        """Seconds after which a request is silent, at most `longest`."""
        if self.answers < MIN_ANSWERS:
            return longest
        return min(longest, max(MIN_SILENCE, self.usual_time + SPREADS * self.spread))

    @property
    def waiting(self) -> deque[asyncio.Future[None]]:
        """The requests whose turn is next: first looks go first, so that hanging pages are found early."""
        for queue in (self.first_looks, self.later_looks):
            while queue and queue[0].done():  # given up
                queue.popleft()
        return self.first_looks or self.later_looks


class Throttle:
    """The queue of a run. `bounds`: how fast each host may be asked; `patience` in seconds.

    At most `max_open` requests are under way, those that lent their slots included.
    """

    def __init__(self, jobs: int, bounds: PaceBounds, patience: float, *, max_open: int | None = None) -> None:
        self.jobs = max(1, jobs)
        self.max_open = min(self.jobs * LENDING_FACTOR, max_open or self.jobs * LENDING_FACTOR)
        self.host_paces = HostPaces(bounds)
        self.patience = patience
        self.host_queues: dict[str, _HostQueue] = {}
        self.running = 0
        self.silent = 0
        self.ready_hosts: list[tuple[int, int, str]] = []
        self.timed_hosts: list[tuple[float, int, str]] = []
        self.sequence = 0
        self.timer: asyncio.TimerHandle | None = None
        self.timer_due: float | None = None  # when it fires
        self.lag = LoopLag(lambda: self.running + self.silent > 0)

    def expect_links(self, host: str, links: int) -> None:
        """Announce the links of a host that are still to come: hosts with most start first."""
        self._host_queue(host).backlog += links

    def close_host(self, host: str) -> None:
        """End the turns of a host that asks for a pause longer than a run lasts."""
        queue = self._host_queue(host)
        queue.closed = True
        for waiter in [*queue.first_looks, *queue.later_looks]:
            if not waiter.done():
                waiter.set_exception(HostClosedError())

    def request_turn(
        self, host: str, on_silent: Callable[[], None] | None = None, is_first: bool = False
    ) -> RequestTurn:
        """A slot to wait for and to hold while the request runs (`async with`).

        `on_silent` is called when it is silent for `patience` seconds. Entering raises HostClosedError where the host
        is closed.
        """
        return RequestTurn(self, host, self._host_queue(host), on_silent, is_first)

    def pause_host(self, host: str, seconds: float | None) -> float:
        """Send nothing to a host for so long; None doubles the pause each time (back-off). Returns the pause.

        A host that asks for a longer pause than a run has is closed.
        """
        queue = self._host_queue(host)
        if seconds is None:
            seconds = min(30.0, 2.0**queue.refusals)
            queue.refusals += 1
        if math.isnan(seconds) or seconds < 0:
            seconds = 0.0
        until = asyncio.get_running_loop().time() + min(seconds, MAX_PAUSE)
        if until > queue.next_start:
            queue.paused += until - max(queue.next_start, asyncio.get_running_loop().time())
            queue.next_start = until
        if seconds > MAX_PAUSE or queue.paused > MAX_TOTAL_PAUSE:
            self.close_host(host)
        return seconds

    def reset_refusals(self, host: str) -> None:
        """Start the back-off of a host anew: it has answered."""
        self._host_queue(host).refusals = 0

    def _host_queue(self, host: str) -> _HostQueue:
        queue = self.host_queues.get(host)
        if queue is None:
            queue = self.host_queues[host] = _HostQueue(self.host_paces.pace_of(host))
        return queue

    def _start_at_once(self, queue: _HostQueue, now: float) -> bool:
        if queue.waiting or not self._has_capacity() or not self._host_has_capacity(queue) or queue.next_start > now:
            return False
        self._occupy_slot(queue, now, from_queue=False)
        return True

    def _has_capacity(self) -> bool:
        return self.running < self.jobs and self.running + self.silent < self.max_open

    def _host_has_capacity(self, queue: _HostQueue) -> bool:
        pace = queue.pace
        most_open = pace.bounds.at_once * LENDING_FACTOR
        return queue.running < pace.at_once and queue.running + queue.silent < most_open

    def _occupy_slot(self, queue: _HostQueue, now: float, from_queue: bool) -> None:
        queue.running += 1
        queue.backlog -= 1
        self.running += 1
        self.lag.watch()
        # A late start (a busy machine) is made up for by the next ones, never closer than half an interval, so that
        # the mean rate holds.
        interval = queue.pace.interval
        beat = max(queue.next_start, now - MAX_CATCH_UP * interval) if from_queue else now
        queue.next_start = max(beat + interval, now + 0.5 * interval)

    def _release_slot(self, host: str, queue: _HostQueue, lent: bool) -> None:
        if lent:
            queue.silent -= 1
            self.silent -= 1
        else:
            queue.running -= 1
            self.running -= 1
        self._start_waiting(host, queue)

    def _lend_slot(self, host: str, queue: _HostQueue) -> None:
        queue.running -= 1
        self.running -= 1
        queue.silent += 1
        self.silent += 1
        self._start_waiting(host, queue)

    def _start_waiting(self, host: str, queue: _HostQueue) -> None:
        now = asyncio.get_running_loop().time()
        self._enqueue_host(host, queue, now)
        self._start_ready(now)

    def _enqueue_host(self, host: str, queue: _HostQueue, now: float) -> None:
        """Put a host with waiting requests among the ready or the timed ones."""
        if queue.queued or not queue.waiting or not self._host_has_capacity(queue):
            return
        queue.queued = True
        self.sequence += 1
        if queue.next_start > now:
            heapq.heappush(self.timed_hosts, (queue.next_start, self.sequence, host))
        else:
            heapq.heappush(self.ready_hosts, (-queue.backlog, self.sequence, host))

    def _start_ready(self, now: float) -> None:
        """Start the requests that are due, by one reading of the clock, or a host just due would return for ever."""
        while self.timed_hosts and self.timed_hosts[0][0] <= now:
            host = heapq.heappop(self.timed_hosts)[2]
            self.host_queues[host].queued = False
            self._enqueue_host(host, self.host_queues[host], now)
        while self.ready_hosts and self._has_capacity():
            host = heapq.heappop(self.ready_hosts)[2]
            queue = self.host_queues[host]
            queue.queued = False
            waiting = queue.waiting
            if waiting and self._host_has_capacity(queue) and queue.next_start <= now:
                self._occupy_slot(queue, now, from_queue=True)
                waiting.popleft().set_result(None)
            self._enqueue_host(host, queue, now)
        self._set_timer()

    def _set_timer(self) -> None:
        due = self.timed_hosts[0][0] if self.timed_hosts else None
        if due == self.timer_due:
            return
        if self.timer:
            self.timer.cancel()
        self.timer_due = due
        self.timer = None if due is None else asyncio.get_running_loop().call_at(due, self._timer_fired)

    def _timer_fired(self) -> None:
        self.timer = self.timer_due = None
        self._start_ready(asyncio.get_running_loop().time())


class RequestTurn:
    """One request's turn: `async with` waits for it and holds the slot."""

    __slots__ = ("began", "host", "is_first", "lent", "on_silent", "queue", "throttle", "timer")

    def __init__(
        self, throttle: Throttle, host: str, queue: _HostQueue, on_silent: Callable[[], None] | None, is_first: bool
    ) -> None:
        self.throttle, self.host, self.queue, self.on_silent, self.is_first = throttle, host, queue, on_silent, is_first
        self.lent = False

    async def __aenter__(self) -> None:
        throttle, queue = self.throttle, self.queue
        if queue.closed:
            raise HostClosedError
        loop = asyncio.get_running_loop()
        if not throttle._start_at_once(queue, loop.time()):
            waiter = loop.create_future()
            (queue.first_looks if self.is_first else queue.later_looks).append(waiter)
            throttle._start_waiting(self.host, queue)
            try:
                await waiter
            except asyncio.CancelledError:
                if waiter.done() and not waiter.cancelled() and not waiter.exception():
                    throttle._release_slot(self.host, queue, False)
                raise
        self.began = loop.time()
        self.timer = loop.call_later(queue.silence_limit(throttle.patience), self._fall_silent)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.timer.cancel()
        if kind is None:
            self.queue.record_duration(asyncio.get_running_loop().time() - self.began)
        self.throttle._release_slot(self.host, self.queue, self.lent)

    def _fall_silent(self) -> None:
        """Lend the slot to the next request, and report the silence once `patience` is over."""
        loop = asyncio.get_running_loop()
        time_left = self.began + self.throttle.patience - loop.time()
        if time_left > 0:
            self.timer = loop.call_later(time_left, self._fall_silent)
        elif self.on_silent:
            self.on_silent()
        if not self.lent:
            self.lent = True
            self.throttle._lend_slot(self.host, self.queue)
