"""The queue of pages on their way to the Wayback Machine, by the time of their turn."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field

from cite_audit.resolve.archive.base import Clock


@dataclass(slots=True)
class QueuedPage:
    """A page on its way in this run."""

    url: str
    tries: int = 0
    submitted_at: float = 0.0


@dataclass(slots=True)
class SaveQueue:
    """Pages with the time before which they are not submitted; pages of one time in the order of their arrival."""

    clock: Clock
    _turns: list[tuple[float, int, QueuedPage]] = field(default_factory=list)
    _sequence: int = 0

    def add(self, page: QueuedPage, delay: float = 0.0) -> None:
        """Submit a page no earlier than `delay` seconds from now."""
        self._sequence += 1
        heapq.heappush(self._turns, (self.clock.time() + max(0.0, delay), self._sequence, page))

    @property
    def delay(self) -> float:
        """Seconds until the next page's turn, 0 when it has come; infinite for an empty queue."""
        return max(0.0, self._turns[0][0] - self.clock.time()) if self._turns else math.inf

    def pop(self) -> QueuedPage:
        """The page whose turn is next."""
        return heapq.heappop(self._turns)[2]
