"""The first ^C (or SIGTERM) asks a run to end and show what it has; the second ends the process."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

import typer

from cite_audit import event_loop

T = TypeVar("T")

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run_interruptibly(work: Callable[[asyncio.Event], Awaitable[T]]) -> T:
    """Run `work` in a loop of its own; the event it is given is set when the user wants it to end."""

    async def run_until_stopped() -> T:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()

        def request_stop(number: int, _frame: object) -> None:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
            typer.echo("cite-audit: ending early; the next ^C ends at once", err=True)
            loop.call_soon_threadsafe(stop.set)

        # Not the loop's own handlers: those do not run while a large report, or an idle pipe, is being read.
        if sys.platform != "win32":  # there ^C ends at once
            for number in SIGNALS:
                signal.signal(number, request_stop)
        return await work(stop)

    return event_loop.run_coroutine(run_until_stopped())
