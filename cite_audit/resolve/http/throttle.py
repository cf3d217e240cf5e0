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

LENDING_FACTOR = 4  # times the limit that may be open when silent ones are counted
MAX_CATCH_UP = 5  # intervals made up for
MAX_PAUSE = 60.0  # seconds a host may ask for
MAX_TOTAL_PAUSE = 180.0  # seconds in all, before the other links of a host are left alone
# How long a host's answers usually take, estimated as TCP estimates a round trip (RFC 6298 §2).
GAIN, SPREAD_GAIN, SPREADS = 1 / 8, 1 / 4, 4
MIN_ANSWERS = 8  # answers before the estimate is trusted
MIN_SILENCE = 0.75  # seconds of silence at least


class HostClosedError(Exception):
    """The host asked to be left alone."""


@dataclass(slots=True)
class _HostQueue:
    """One host: who waits, how many run, when the next may start."""

    first_looks: deque[asyncio.Future[None]] = field(default_factory=deque)  # first looks at a link
    later_looks: deque[asyncio.Future[None]] = field(default_factory=deque)  # second ones, retries, redirects
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
    usual_time: float = 0.0  # seconds an answer takes
    spread: float = 0.0  # and how far it lies from that

    def record_duration(self, seconds: float) -> None:
        """Learn from one more request that ended."""
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
        """Those whose turn is next: first looks go first, so that what hangs is found early."""
        for line in (self.first_looks, self.later_looks):
            while line and line[0].done():  # given up
                line.popleft()
        return self.first_looks or self.later_looks


class Throttle:
    """The queue of a run. `per_host` 0: no limit; `interval` and `patience` in seconds."""

    def __init__(self, jobs: int, per_host: int, interval: float, patience: float) -> None:
        self.jobs = max(1, jobs)
        self.per_host = per_host or 1_000_000
        self.interval = interval
        self.patience = patience
        self.host_queues: dict[str, _HostQueue] = {}
        self.running = 0
        self.silent = 0
        self.ready_hosts: list[tuple[int, int, str]] = []
        self.timed_hosts: list[tuple[float, int, str]] = []
        self.sequence = 0
        self.timer: asyncio.TimerHandle | None = None
        self.timer_due: float | None = None  # when it rings

    def expect_links(self, host: str, links: int) -> None:
        """Tell how many links of a host are to come: hosts with most start first."""
        self._host_queue(host).backlog += links

    def close_host(self, host: str) -> None:
        """A host wants to be left alone for longer than a run lasts: nobody gets a turn any more."""
        queue = self._host_queue(host)
        queue.closed = True
        for waiter in [*queue.first_looks, *queue.later_looks]:
            if not waiter.done():
                waiter.set_exception(HostClosedError())

    def request_turn(
        self, host: str, on_silent: Callable[[], None] | None = None, is_first: bool = False
    ) -> RequestTurn:
        """A place to wait for and to hold while the request runs (`async with`).

        `silent` is called when it stays silent for `patience` seconds. Entering raises LeftAloneError where the host
        is closed.
        """
        return RequestTurn(self, host, self._host_queue(host), on_silent, is_first)

    def pause_host(self, host: str, seconds: float | None) -> float:
        """Nothing to this host for so long; None: it did not say, so twice as long each time. Returns the pause.

        A host that asks for more than a run has is closed.
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
        """The host answered as asked: a count of refusals starts anew."""
        self._host_queue(host).refusals = 0

    def _host_queue(self, host: str) -> _HostQueue:
        queue = self.host_queues.get(host)
        if queue is None:
            queue = self.host_queues[host] = _HostQueue(interval=self.interval)
        return queue

    def _start_at_once(self, queue: _HostQueue, now: float) -> bool:
        if queue.waiting or not self._has_capacity() or not self._host_has_capacity(queue) or queue.next_start > now:
            return False
        self._occupy_slot(queue, now, from_queue=False)
        return True

    def _has_capacity(self) -> bool:
        return self.running < self.jobs and self.running + self.silent < self.jobs * LENDING_FACTOR

    def _host_has_capacity(self, queue: _HostQueue) -> bool:
        return queue.running < self.per_host and queue.running + queue.silent < self.per_host * LENDING_FACTOR

    def _occupy_slot(self, queue: _HostQueue, now: float, from_queue: bool) -> None:
        queue.running += 1
        queue.backlog -= 1
        self.running += 1
        # Keeps the beat: a start that came late (a busy machine) is made up for by the next ones, never closer than
        # half an interval, so that the mean holds.
        beat = max(queue.next_start, now - MAX_CATCH_UP * queue.interval) if from_queue else now
        queue.next_start = max(beat + queue.interval, now + 0.5 * queue.interval)

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
        """Give places to those whose time has come; by one clock reading, or a host just due would come up for ever."""
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
    """One request's turn: `async with` waits for it and holds the place."""

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
        """Lend the place to the next, and tell whoever asked once `patience` is over."""
        loop = asyncio.get_running_loop()
        time_left = self.began + self.throttle.patience - loop.time()
        if time_left > 0:
            self.timer = loop.call_later(time_left, self._fall_silent)
        elif self.on_silent:
            self.on_silent()
        if not self.lent:
            self.lent = True
            self.throttle._lend_slot(self.host, self.queue)
