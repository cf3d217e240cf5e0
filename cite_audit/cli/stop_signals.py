"""What ^C, SIGTERM and SIGHUP do: the first asks a run to end and show what it has, the second ends the process."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import typer

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


@dataclass(frozen=True)
class StopHandler:
    """What the first signal does; the next one has its default effect."""

    stop: Callable[[], object]
    message: str

    def __call__(self, number: int, _frame: object) -> None:
        restore_defaults()
        with contextlib.suppress(OSError):  # the terminal is gone
            typer.echo(f"cite-audit: {self.message}", err=True)
        self.stop()


def restore_defaults() -> dict[signal.Signals, StopHandler]:
    """Give the signals that ask a run to end their default effect; the handlers that they had."""
    handlers = {number: handler for number in SIGNALS if isinstance(handler := signal.getsignal(number), StopHandler)}
    for number in handlers:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    return handlers


@contextlib.contextmanager
def end_at_first_signal() -> Iterator[None]:
    """While a result goes to somebody who may never take it, the first signal ends the process, not the second."""
    handlers = restore_defaults()
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def request_stop_on_signal(stop: Callable[[], object], message: str = "ending early; the next ^C ends at once") -> None:
    """Call `stop`, and say `message`, when the user wants an end; the signal has its default effect afterwards.

    A signal that is ignored (`nohup`) stays ignored.
    """
    if sys.platform != "win32":  # there ^C ends at once
        for number in SIGNALS:
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, StopHandler(stop, message))
