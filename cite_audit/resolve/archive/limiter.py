"""How often an archive may be asked: one pool of requests per rate it documents, shared by all processes.

The start rate is limited, not the concurrency: answers of the index take 15 s and more, and a limit on how many
are in flight would waste most of what is allowed. The state is in the store, since an archive counts by address,
not by process: two audits on one machine share the ban that either of them earns.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, dataclass, replace
from ipaddress import ip_address

from cite_audit.errors import ArchivePausedError
from cite_audit.resolve.archive.base import Clock
from cite_audit.resolve.base import Shelf


@dataclass(frozen=True, slots=True)
class Pool:
    """Requests that an archive counts together: `per_minute` starts at most in any minute, `at_once` in flight."""

    name: str
    per_minute: float
    at_once: int = 4

    @property
    def interval(self) -> float:
        """Seconds between two starts; a hair more than the share of a minute, against rounding."""
        return 60.0 / self.per_minute + 0.0005


# What we allow ourselves, per minute. Playback and index: 80 % of the hard limits of 600 and 30 that the Internet
# Archive enforces per address, as its staff ask of clients. Availability: undocumented, our own cap. Save: documented.
RATES = {
    "playback": 480.0,
    "cdx": 24.0,
    "availability": 20.0,
    "save": 7.0,
    "save-anonymous": 3.0,
    "save-status": 30.0,
    "timegate": 60.0,
}
AT_ONCE = {"playback": 12, "cdx": 20}  # connections = rate times latency; the index takes 15 s and more

OWN_MACHINE = 60_000.0

PAUSE = 60.0  # seconds, when a 429 does not say for how long
PAUSE_CAP = 15 * 60.0
PAUSES = 3  # after so many in one run, the rest of the run does not ask again
BLOCK = 3600.0  # the firewall's first block; it doubles with each further one
SKEW = 24 * 3600.0  # a pause further ahead than this was written by a clock that was wrong


@dataclass(frozen=True, slots=True)
class _State:
    next: float = 0.0  # the earliest next start
    blocked_until: float = 0.0
    refused_at: float = 0.0  # when the latest 429 came
    blocks: int = 0  # firewall blocks in a row
    why: str = ""


def pool(name: str, host: str) -> Pool:
    """The pool `name` of RATES at `host` (with port). An archive on this very machine is nobody's to be spared."""
    rate = OWN_MACHINE if _is_here(host) else RATES[name]
    return Pool(f"{host}/{name}", rate, AT_ONCE.get(name, 4))


def _is_here(host: str) -> bool:
    name = host.rpartition("@")[2].rsplit(":", 1)[0].strip("[]")
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


class Limiter:
    """Grants starts. `deadline`: the wall time after which nothing starts any more."""

    def __init__(self, shelf: Shelf, clock: Clock, deadline: float | None = None) -> None:
        self._shelf = shelf
        self._clock = clock
        self._deadline = deadline
        self._turns: dict[str, asyncio.Lock] = {}
        self._pauses: dict[str, int] = {}
        self._closed: dict[str, str] = {}

    async def start(self, pool: Pool) -> float:
        """Wait for a turn and return its time. Raises ArchivePausedError when there will be none in this run.

        One waiter at a time takes a turn from the store, so that a killed process leaves no queue behind.
        """
        async with self._turns.setdefault(pool.name, asyncio.Lock()):
            while True:
                self._check(pool)
                now = self._clock.time()
                state = self._state(pool)
                if state.blocked_until > now:
                    await self._sit_out(pool, state, now)
                    continue
                turn = self._reserve(pool, now)
                if turn > now:
                    await self._clock.sleep(turn - now)
                if self._state(pool).blocked_until <= self._clock.time() and pool.name not in self._closed:
                    return turn

    def refused(self, pool: Pool, started: float, retry_after: float | None) -> None:
        """A 429 came for a request that started at `started`: nobody asks again until the pause is over."""
        now = self._clock.time()
        if started < self._state(pool).refused_at:
            return  # it was on its way when the pause began
        count = self._pauses[pool.name] = self._pauses.get(pool.name, 0) + 1
        length = max(min(max(retry_after or 0.0, PAUSE) * 2 ** (count - 1), PAUSE_CAP), retry_after or 0.0)
        until = now + length
        self._change(pool, blocked_until=until, refused_at=now, why="it answers 429 Too Many Requests")
        if count >= PAUSES:
            self.close(pool, f"rate limited: it answered 429 after {count - 1} pauses")

    def shut_out(self, pool: Pool) -> None:
        """Connections are refused: right after a 429 that is the firewall, which blocks for an hour and doubles."""
        state, now = self._state(pool), self._clock.time()
        if state.refused_at and now - state.refused_at < 2 * BLOCK:
            length = min(BLOCK * 2**state.blocks, SKEW)
            why = "it refuses connections after a 429"
            self._change(pool, blocked_until=now + length, refused_at=now, blocks=state.blocks + 1, why=why)

    def close(self, pool: Pool, why: str) -> None:
        """Open the breaker: no more starts in this run."""
        self._closed.setdefault(pool.name, why)

    def _check(self, pool: Pool) -> None:
        if pool.name in self._closed:
            raise ArchivePausedError(self._closed[pool.name])
        if self._deadline is not None and self._clock.time() >= self._deadline:
            raise ArchivePausedError("the archive budget is spent")

    async def _sit_out(self, pool: Pool, state: _State, now: float) -> None:
        wait = state.blocked_until - now
        if wait > PAUSE_CAP or (self._deadline is not None and state.blocked_until > self._deadline):
            self.close(pool, f"paused for another {max(1, round(wait / 60))} min: {state.why}")
            return
        await self._clock.sleep(wait)

    def _reserve(self, pool: Pool, now: float) -> float:
        turn = now

        def take(text: str | None) -> str:
            nonlocal turn
            state = _read(text, now)
            turn = max(now, min(state.next, now + PAUSE))
            return json.dumps(asdict(replace(state, next=turn + pool.interval)))

        self._shelf.update(pool.name, take)
        return turn

    def _state(self, pool: Pool) -> _State:
        return _read(self._shelf.get(pool.name), self._clock.time())

    def _change(self, pool: Pool, *, blocked_until: float, refused_at: float, why: str, blocks: int = 0) -> None:
        def write(text: str | None) -> str:
            state = _read(text, refused_at)
            until = max(state.blocked_until, blocked_until)
            count = max(state.blocks, blocks)
            new = replace(state, blocked_until=until, refused_at=refused_at, why=why, blocks=count)
            return json.dumps(asdict(new))

        self._shelf.update(pool.name, write)


def _read(text: str | None, now: float) -> _State:
    if not text:
        return _State()
    try:
        state = _State(**json.loads(text))
    except (ValueError, TypeError):
        return _State()
    return replace(state, blocked_until=0.0) if state.blocked_until > now + SKEW else state
