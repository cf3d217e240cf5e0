"""The first ^C (or SIGTERM) asks a run to end and show what it has; the second ends the process."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

import typer

T = TypeVar("T")


def run_interruptibly(work: Callable[[asyncio.Event], Awaitable[T]]) -> T:
    """Run `work` in a loop of its own; the event it is given is set when the user wants it to end."""

    async def main() -> T:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()

        def asked(number: signal.Signals) -> None:
            typer.echo("cite-audit: ending early; the next ^C ends at once", err=True)
            stop.set()
            loop.remove_signal_handler(number)

        if sys.platform != "win32":  # there the loop has no signal handlers, and ^C ends at once
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, asked, number)
        return await work(stop)

    return asyncio.run(main())
