"""How a run tells of its progress: library code calls an `Observer`, only the command line draws one."""

from __future__ import annotations

from typing import Protocol


class Observer(Protocol):
    """Told of each phase (`read`, `check`, `archive`) and each step of it. Must not block or raise."""

    def start(self, phase: str, total: int) -> None: ...

    def step(self, phase: str, detail: str = "") -> None: ...

    def finish(self, phase: str) -> None: ...


class Silent:
    """The observer of callers who want none."""

    def start(self, phase: str, total: int) -> None:
        pass

    def step(self, phase: str, detail: str = "") -> None:
        pass

    def finish(self, phase: str) -> None:
        pass
