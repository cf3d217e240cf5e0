"""How a run tells of its progress: library code calls an `Observer`, only the command line draws one."""

from __future__ import annotations

from typing import Protocol


class Observer(Protocol):
    """Told of each phase (`read`, `check`, `archive`), and of each step when it begins and when it is done.

    Not every phase tells of beginnings; `detail` is the file or the address. Must not block or raise.
    """

    def start_phase(self, phase: str, total: int) -> None: ...

    def begin_step(self, phase: str, detail: str) -> None: ...

    def advance_phase(self, phase: str, detail: str = "") -> None: ...

    def finish_phase(self, phase: str) -> None: ...


class SilentObserver:
    """The observer of callers who want none."""

    def start_phase(self, phase: str, total: int) -> None:
        pass

    def begin_step(self, phase: str, detail: str) -> None:
        pass

    def advance_phase(self, phase: str, detail: str = "") -> None:
        pass

    def finish_phase(self, phase: str) -> None:
        pass
