"""The rate limits of archives: one class of requests for each rate they document, shared by all processes.

The start rate is limited, not the concurrency: answers of the index take 15 s and more, and a limit on how many
are in flight would waste most of what is allowed. The state is in the store, since an archive counts by address,
not by process: two audits on one machine share the ban that either of them earns.
"""

from __future__ import annotations

import asyncio
import json
import math
from dataclasses import asdict, replace
from ipaddress import ip_address

from cite_audit.errors import ArchivePausedError
from cite_audit.foreign_json import parse_foreign_json
from cite_audit.frozen_record import frozen_record
from cite_audit.resolve.archive.base import Clock
from cite_audit.resolve.check.base import KeyValueStore


@frozen_record
class RateClass:
    """Requests that an archive counts together: `per_minute` starts at most in any minute, `at_once` in flight."""

    name: str
    per_minute: float
    at_once: int = 4

    @property
    def interval(self) -> float:
        """Seconds between two starts; slightly more than the share of a minute, against rounding."""
        return 60.0 / self.per_minute + 0.0005


# Our rates, per minute. Playback and index: 80 % of the hard limits of 600 and 30 that the Internet
# Archive enforces per address, as its staff ask of clients. Availability: undocumented, our own cap. Save: 80 % of the
# documented 7 with keys and 3 without.
RATES = {
    "playback": 480.0,
    "cdx": 24.0,
    "availability": 20.0,
    "save": 5.6,
    "save-anonymous": 2.4,
    "save-status": 30.0,
    "timegate": 60.0,
}
MAX_IN_FLIGHT = {"playback": 12, "cdx": 20}  # connections = rate times latency; the index takes 15 s and more

LOCAL_RATE = 60_000.0
BUDGET_SPENT = "the archive budget is spent"

DEFAULT_PAUSE = 60.0  # seconds, when a 429 does not say for how long
PAUSE_CAP = 15 * 60.0
MAX_PAUSES = 3  # after so many in one PAUSE_WINDOW, the rest of the run does not ask again
PAUSE_WINDOW = 3600.0  # seconds
FIRST_BLOCK = 3600.0  # the firewall's first block; it doubles with each further one
REFUSAL_SKEW = 60.0  # seconds a 429 of another process may lie ahead; more was written by a clock that was wrong
MAX_CLOCK_SKEW = 24 * 3600.0  # a pause further ahead than this was written by a clock that was wrong


@frozen_record
class _RateState:
    next: float = 0.0  # the earliest next start
    blocked_until: float = 0.0
    refused_at: float = 0.0  # when the latest 429 came
    blocks: int = 0  # firewall blocks in a row
    why: str = ""


def rate_class_at(name: str, host: str) -> RateClass:
    """The rate class `name` of RATES at `host` (with port). An archive on this machine needs no pacing."""
    rate = LOCAL_RATE if _is_this_machine(host) else RATES[name]
    return RateClass(f"{host}/{name}", rate, MAX_IN_FLIGHT.get(name, 4))


def _is_this_machine(host: str) -> bool:
    name = host.rpartition("@")[2].rsplit(":", 1)[0].strip("[]")
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


class RateLimiter:
    """Grants starts. `deadline`: the wall time after which nothing starts any more."""

    def __init__(self, store: KeyValueStore, clock: Clock, deadline: float | None = None) -> None:
        self._store = store
        self._clock = clock
        self._deadline = deadline
        self._turns: dict[str, asyncio.Lock] = {}
        self._pauses: dict[str, list[float]] = {}  # when the pauses of the last PAUSE_WINDOW began
        self._helped_at: dict[str, float] = {}  # when an answer last showed that a pause had helped
        self._closed: dict[str, str] = {}

    @property
    def time_left(self) -> float:
        """Seconds until the deadline; infinite without one."""
        return math.inf if self._deadline is None else max(0.0, self._deadline - self._clock.time())

    async def wait_for_turn(self, rate_class: RateClass) -> float:
        """Wait for a turn and return its time. Raises ArchivePausedError when there will be none in this run.

        One waiter at a time takes a turn from the store, so that a killed process leaves no queue behind.
        """
        async with self._turns.setdefault(rate_class.name, asyncio.Lock()):
            while True:
                self._check_open(rate_class)
                now = self._clock.time()
                state = self._load_state(rate_class)
                if state.blocked_until > now:
                    await self._wait_out_block(rate_class, state, now)
                    continue
                turn = self._reserve_turn(rate_class, now)
                if turn - now > self.time_left:
                    raise ArchivePausedError(BUDGET_SPENT)
                if turn > now:
                    await self._clock.sleep(turn - now)
                if (
                    self._load_state(rate_class).blocked_until <= self._clock.time()
                    and rate_class.name not in self._closed
                ):
                    return turn

    def record_refusal(self, rate_class: RateClass, started_at: float, retry_after: float | None) -> None:
        """A 429 came for a request that started at `started_at`: no request starts until the pause is over."""
        now = self._clock.time()
        if started_at < self._load_state(rate_class).refused_at:
            return  # it was sent before the pause began
        recent_pauses = [start for start in self._pauses.get(rate_class.name, []) if now - start < PAUSE_WINDOW]
        self._pauses[rate_class.name] = [*recent_pauses, now]
        count = len(recent_pauses) + 1
        length = max(min(max(retry_after or 0.0, DEFAULT_PAUSE) * 2 ** (count - 1), PAUSE_CAP), retry_after or 0.0)
        until = now + length
        self._save_block(rate_class, blocked_until=until, refused_at=now, why="it answers 429 Too Many Requests")
        helped_at = self._helped_at.get(rate_class.name, -math.inf)
        vain_count = 1 + sum(1 for start in recent_pauses if start > helped_at)
        if vain_count >= MAX_PAUSES:
            self.stop_rate_class(rate_class, f"rate limited: it answered 429 after {vain_count - 1} pauses")

    def forgive_pauses(self, rate_class: RateClass) -> None:
        """The pauses until now helped: they make the next ones longer for an hour, and no longer end the run."""
        self._helped_at[rate_class.name] = self._clock.time()

    def record_block(self, rate_class: RateClass) -> None:
        """Connections are refused: right after a 429 that is the firewall, which blocks for an hour and doubles."""
        state, now = self._load_state(rate_class), self._clock.time()
        if state.refused_at and now - state.refused_at < 2 * FIRST_BLOCK:
            length = min(FIRST_BLOCK * 2**state.blocks, MAX_CLOCK_SKEW)
            why = "it refuses connections after a 429"
            self._save_block(rate_class, blocked_until=now + length, refused_at=now, blocks=state.blocks + 1, why=why)

    def stop_rate_class(self, rate_class: RateClass, why: str) -> None:
        """Open the breaker: no more starts in this run."""
        self._closed.setdefault(rate_class.name, why)

    def _check_open(self, rate_class: RateClass) -> None:
        if rate_class.name in self._closed:
            raise ArchivePausedError(self._closed[rate_class.name])
        if self._deadline is not None and self._clock.time() >= self._deadline:
            raise ArchivePausedError(BUDGET_SPENT)

    async def _wait_out_block(self, rate_class: RateClass, state: _RateState, now: float) -> None:
        wait = state.blocked_until - now
        if wait > PAUSE_CAP or (self._deadline is not None and state.blocked_until > self._deadline):
            self.stop_rate_class(rate_class, f"paused for another {max(1, round(wait / 60))} min: {state.why}")
            return
        await self._clock.sleep(wait)

    def _reserve_turn(self, rate_class: RateClass, now: float) -> float:
        turn = now

        def take_turn(text: str | None) -> str:
            nonlocal turn
            state = _parse_state(text, now)
            turn = max(now, min(state.next, now + DEFAULT_PAUSE))
            return json.dumps(asdict(replace(state, next=turn + rate_class.interval)))

        self._store.update(rate_class.name, take_turn)
        return turn

    def _load_state(self, rate_class: RateClass) -> _RateState:
        return _parse_state(self._store.get(rate_class.name), self._clock.time())

    def _save_block(
        self, rate_class: RateClass, *, blocked_until: float, refused_at: float, why: str, blocks: int = 0
    ) -> None:
        def write_block(text: str | None) -> str:
            state = _parse_state(text, refused_at)
            until = max(state.blocked_until, blocked_until)
            count = max(state.blocks, blocks)
            new = replace(state, blocked_until=until, refused_at=refused_at, why=why, blocks=count)
            return json.dumps(asdict(new))

        self._store.update(rate_class.name, write_block)


def _parse_state(text: str | None, now: float) -> _RateState:
    if not text:
        return _RateState()
    try:
        state = _RateState(**parse_foreign_json(text))
        if not math.isfinite(state.next + state.blocked_until + state.refused_at + state.blocks):
            return _RateState()
    except (ValueError, TypeError, OverflowError):
        return _RateState()
    if state.blocked_until > now + MAX_CLOCK_SKEW:
        state = replace(state, blocked_until=0.0)
    return replace(state, refused_at=0.0) if state.refused_at > now + REFUSAL_SKEW else state
