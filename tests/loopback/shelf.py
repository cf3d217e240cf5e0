"""A Shelf in memory, with the time it forgets by."""

from __future__ import annotations

import time
from collections.abc import Callable


class MemoryShelf:
    """Implements resolve.base.Shelf. `clock` gives the time that `keep` is measured with."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.kept: dict[str, tuple[str, float | None]] = {}
        self._clock = clock

    def get(self, key: str) -> str | None:
        value, until = self.kept.get(key, (None, None))
        return value if until is None or until > self._clock() else None

    def put(self, key: str, value: str, keep: float | None = None) -> None:
        self.kept[key] = (value, None if keep is None else self._clock() + keep)

    def update(self, key: str, change: Callable[[str | None], str]) -> str:
        value = change(self.get(key))
        self.put(key, value)
        return value
