"""How fast each host is asked: at first as everybody is, then faster step by step while it answers fast.

Additive increase and multiplicative decrease, as TCP finds its rate (RFC 5681 §3.1). What a host bore is kept in the
store, and ages there. docs/decisions/0307 says why.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from cite_audit.foreign_json import parse_foreign_json
from cite_audit.resolve.check.base import KeyValueStore

WINDOW = 8  # answers, after which a pace grows or falls
FAST = 0.5  # seconds: a host whose usual answer takes longer is not asked faster
RATE_STEP = 2.5  # requests a second
SLOWER, SLACK = 2.0, 0.1  # so many times the usual time, and seconds more: the host has slowed down
USUAL_GAIN = 1 / 8
HALF_LIFE = 7 * 86400.0  # seconds in which a kept pace loses half of what it is above the start
KEPT = 30 * 86400.0  # seconds
REFUSED_KEPT = 86400.0  # seconds without growth for a host that answered 429


class PaceBounds(NamedTuple):
    """Requests at once and a second: at the start, which is also the least, and at most."""

    at_once: int
    rate: float
    most_at_once: int
    most_rate: float


START_AT_ONCE, MOST_AT_ONCE = 2, 6  # a browser opens six connections to a host
START_INTERVAL, MOST_RATE = 0.1, 20.0
UNLIMITED = 1_000_000


def pace_bounds(per_host: int | None, interval: float | None, polite: bool) -> PaceBounds:
    """The bounds that settings give: a value that was set is kept to, None adapts, unless `polite` forbids it.

    `per_host` and `interval` 0: no limit.
    """
    at_once = START_AT_ONCE if per_host is None else per_host or UNLIMITED
    rate = 1 / START_INTERVAL if interval is None else (1 / interval if interval else math.inf)
    return PaceBounds(
        at_once,
        rate,
        at_once if polite or per_host is not None else MOST_AT_ONCE,
        rate if polite or interval is not None else MOST_RATE,
    )


@dataclass(slots=True)
class HostPace:
    """The pace of one host. `refused`: it answered 429, and is not asked faster any more."""

    bounds: PaceBounds
    at_once: int
    rate: float
    refused: bool = False
    changed: bool = False
    interval: float = 0.0  # seconds between two starts
    usual_time: float = 0.0  # seconds an answer takes
    window: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._set_pace(self.at_once, self.rate)

    def record_answer(self, seconds: float) -> None:
        """Note how long an answer took. A window of fast ones is a step up; one much slower than usual halves."""
        self.window.append(seconds)
        if len(self.window) < WINDOW:
            return
        typical = sum(sorted(self.window)[WINDOW // 2 - 1 : WINDOW // 2 + 1]) / 2  # the median
        self.window.clear()
        if self.usual_time and typical > self.usual_time * SLOWER + SLACK:
            self.halve()
            return
        self.usual_time += (typical - self.usual_time) * (USUAL_GAIN if self.usual_time else 1)
        if typical <= FAST and not self.refused:
            self._set_pace(self.at_once + 1, self.rate + RATE_STEP)

    def halve(self, refused: bool = False) -> None:
        """Ask half as fast, never slower than at the start: the host refused, reset a connection or slowed down."""
        self.refused = self.refused or refused
        self.changed = self.changed or refused
        self.window.clear()
        self._set_pace(self.at_once // 2, self.rate / 2)

    def _set_pace(self, at_once: int, rate: float) -> None:
        before = (self.at_once, self.rate)
        self.at_once = min(max(self.bounds.at_once, at_once), self.bounds.most_at_once)
        self.rate = min(max(self.bounds.rate, rate), self.bounds.most_rate)  # in this order: NaN is the least
        self.interval = 1 / self.rate
        self.changed = self.changed or before != (self.at_once, self.rate)


class HostPaces:
    """The paces of a run's hosts. With a store they begin where an earlier run ended, aged."""

    def __init__(self, bounds: PaceBounds, clock: Callable[[], float] = time.time) -> None:
        self.bounds = bounds
        self.clock = clock
        self.store: KeyValueStore | None = None
        self.paces: dict[str, HostPace] = {}

    @property
    def adapt(self) -> bool:
        return self.bounds[:2] != self.bounds[2:]

    def pace_of(self, host: str) -> HostPace:
        """The pace of a host, begun at its first request."""
        pace = self.paces.get(host)
        if pace is None:
            pace = self.paces[host] = self._load_pace(host)
        return pace

    def _load_pace(self, host: str) -> HostPace:
        start = HostPace(self.bounds, self.bounds.at_once, self.bounds.rate)
        text = self.store.get(host) if self.store and self.adapt else None
        if text is None:
            return start
        try:
            kept = parse_foreign_json(text)
            share = 0.5 ** (max(0.0, self.clock() - float(kept["at"])) / HALF_LIFE)
            at_once = self.bounds.at_once + int((int(kept["at_once"]) - self.bounds.at_once) * share)
            rate = self.bounds.rate + (float(kept["rate"]) - self.bounds.rate) * share
            aged = HostPace(self.bounds, at_once, rate, refused=kept["refused"] is True)
        except (ValueError, TypeError, LookupError, ArithmeticError):
            return start  # of another version
        aged.changed = False
        return aged

    def keep_paces(self) -> None:
        """Keep what this run learned of its hosts."""
        if not self.store or not self.adapt:
            return
        for host, pace in self.paces.items():
            if pace.changed:
                record = {"at_once": pace.at_once, "rate": pace.rate, "refused": pace.refused, "at": self.clock()}
                self.store.put(host, json.dumps(record), REFUSED_KEPT if pace.refused else KEPT)
