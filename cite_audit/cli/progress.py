"""Progress on stderr: a bar on a terminal, one line every half minute in a log, nothing when asked for quiet."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from cite_audit.progress import Observer, SilentObserver
from cite_audit.report.render.media.sanitizer import sanitize_line
from cite_audit.urls import url_host

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_PHASES = {
    "read": "reading reports",
    "check": "asking the live web",
    "archive": "asking the archives",
    "verify": "verifying",
    "assess": "grading reports",
}

MIN_STEPS, MIN_ELAPSED = 5, 3.0  # steps and seconds from which an estimate is worth something
SLOW_STEP = 5.0  # seconds after which a step counts as waited for
MAX_NAMED = 2  # hosts


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
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            ProgressColumn,
            Task,
            TextColumn,
            TimeElapsedColumn,
        )
        from rich.text import Text

        console = Console(stderr=True, markup=False, highlight=False, emoji=False)

        class OutlookColumn(ProgressColumn):
            """What the clock of a phase says."""

            def render(self, task: Task) -> Text:
                return Text(task.fields["clock"].describe(), overflow="ellipsis", no_wrap=True)

        columns = (TextColumn("{task.description}"), BarColumn(16), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, OutlookColumn(), console=console, transient=True) as bar:
            yield _ProgressBar(bar)
    else:
        yield _HeartbeatLog()


class PhaseClock:
    """How far a phase is, when it may be done, and whom it waits for."""

    def __init__(self, total: int, now: Callable[[], float] = time.monotonic) -> None:
        self.done, self.total, self._now, self._began = 0, total, now, now()
        self._under_way: dict[str, float] = {}  # address → when its step began

    def begin_step(self, detail: str) -> None:
        self._under_way[detail] = self._now()

    def advance(self, detail: str) -> None:
        self.done += 1
        self._under_way.pop(detail, None)

    def describe(self) -> str:
        """`about 2 min left; waits for a.example, b.example and 3 more`; empty where nothing can be said yet."""
        return "; ".join(part for part in (self._estimate_rest(), self._name_awaited()) if part)

    def _estimate_rest(self) -> str:
        elapsed = self._now() - self._began
        if self.done < MIN_STEPS or self.done >= self.total or elapsed < MIN_ELAPSED:
            return ""
        seconds = elapsed / self.done * (self.total - self.done)
        return f"about {seconds / 60:.0f} min left" if seconds >= 90 else f"about {max(seconds, 1):.0f} s left"

    def _name_awaited(self) -> str:
        """The hosts of the steps that take longest, those that have taken a while already."""
        now = self._now()
        slow = [detail for detail, began in self._under_way.items() if now - began >= SLOW_STEP]
        hosts = list(dict.fromkeys(url_host(detail) or detail for detail in slow))
        more = f" and {len(hosts) - MAX_NAMED} more" if len(hosts) > MAX_NAMED else ""
        return sanitize_line(f"waits for {', '.join(hosts[:MAX_NAMED])}{more}") if hosts else ""


class _ProgressBar:
    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._tasks: dict[str, TaskID] = {}
        self._clocks: dict[str, PhaseClock] = {}

    def start_phase(self, phase: str, total: int) -> None:
        self._clocks[phase] = PhaseClock(total)
        self._tasks[phase] = self._bar.add_task(_PHASES.get(phase, phase), total=total, clock=self._clocks[phase])

    def begin_step(self, phase: str, detail: str) -> None:
        if phase in self._clocks:
            self._clocks[phase].begin_step(detail)

    def advance_phase(self, phase: str, detail: str = "") -> None:
        if phase in self._tasks:
            self._clocks[phase].advance(detail)
            self._bar.advance(self._tasks[phase])

    def finish_phase(self, phase: str) -> None:
        if phase in self._tasks:
            self._bar.remove_task(self._tasks.pop(phase))


class _HeartbeatLog(SilentObserver):
    """For logs: a line when a phase has gone on for half a minute, and every half minute after."""

    interval = 30.0  # seconds

    def __init__(self) -> None:
        self._clocks: dict[str, PhaseClock] = {}
        self._next_line_at = time.monotonic() + self.interval

    def start_phase(self, phase: str, total: int) -> None:
        self._clocks[phase] = PhaseClock(total)

    def begin_step(self, phase: str, detail: str) -> None:
        if phase in self._clocks:
            self._clocks[phase].begin_step(detail)

    def advance_phase(self, phase: str, detail: str = "") -> None:
        if phase not in self._clocks:
            self.start_phase(phase, 0)
        clock = self._clocks[phase]
        clock.advance(detail)
        if time.monotonic() >= self._next_line_at:
            self._next_line_at = time.monotonic() + self.interval
            told = clock.describe()
            text = f"{_PHASES.get(phase, phase)}: {clock.done} of {clock.total}{told and f', {told}'}"
            typer.echo(f"cite-audit: {text}", err=True)
