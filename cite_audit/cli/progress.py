"""Progress on stderr: a bar on a terminal, one line every half minute in a log, nothing when asked for quiet."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from cite_audit.progress import Observer, SilentObserver

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_PHASES = {
    "read": "reading reports",
    "check": "asking the live web",
    "archive": "asking the archives",
    "verify": "verifying",
    "assess": "grading reports",
}


@contextmanager
def progress_observer(*, quiet: bool = False, requests: bool = False) -> Iterator[Observer]:
    """The observer for this stderr; `requests` logs every request there instead of a bar."""
    if requests:
        log = logging.getLogger("cite_audit.requests")
        log.setLevel(logging.DEBUG)
        log.addHandler(logging.StreamHandler())
    if quiet:
        yield SilentObserver()
    elif sys.stderr.isatty() and not requests:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        console = Console(stderr=True, markup=False, highlight=False, emoji=False)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            yield _ProgressBar(bar)
    else:
        yield _HeartbeatLog()


class _ProgressBar:
    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._tasks: dict[str, TaskID] = {}

    def start_phase(self, phase: str, total: int) -> None:
        self._tasks[phase] = self._bar.add_task(_PHASES.get(phase, phase), total=total)

    def advance_phase(self, phase: str, detail: str = "") -> None:
        if phase in self._tasks:
            self._bar.advance(self._tasks[phase])

    def finish_phase(self, phase: str) -> None:
        if phase in self._tasks:
            self._bar.remove_task(self._tasks.pop(phase))


class _HeartbeatLog(SilentObserver):
    """For logs: a line when a phase has gone on for half a minute, and every half minute after."""

    interval = 30.0  # seconds

    def __init__(self) -> None:
        self._counts: dict[str, list[int]] = {}
        self._next_line_at = time.monotonic() + self.interval

    def start_phase(self, phase: str, total: int) -> None:
        self._counts[phase] = [0, total]

    def advance_phase(self, phase: str, detail: str = "") -> None:
        counts = self._counts.setdefault(phase, [0, 0])
        counts[0] += 1
        if time.monotonic() >= self._next_line_at:
            self._next_line_at = time.monotonic() + self.interval
            typer.echo(f"cite-audit: {_PHASES.get(phase, phase)}: {counts[0]} of {counts[1]}", err=True)
