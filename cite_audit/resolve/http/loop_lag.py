"""How late an event loop is because this process is busy: each answer looks that much slower than its host is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

INTERVAL = 0.1  # seconds between two measurements
GAIN = 1 / 8  # of one of them


class LoopLag:
    """The usual lateness of a timer, in seconds, measured while `is_busy`."""

    def __init__(self, is_busy: Callable[[], bool]) -> None:
        self.seconds = 0.0
        self._is_busy = is_busy
        self._is_watched = False

    def watch(self) -> None:
        """Begin to measure, if that has not begun."""
        if not self._is_watched:
            self._is_watched = True
            self._set_timer()

    def _set_timer(self) -> None:
        due = asyncio.get_running_loop().time() + INTERVAL
        asyncio.get_running_loop().call_at(due, self._measure, due)

    def _measure(self, due: float) -> None:
        late = max(0.0, asyncio.get_running_loop().time() - due)
        self.seconds += (late - self.seconds) * GAIN
        self._is_watched = self._is_busy()
        if self._is_watched:
            self._set_timer()
