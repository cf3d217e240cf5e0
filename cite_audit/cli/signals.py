"""Asynchronous work that the first ^C (or SIGTERM, or SIGHUP) asks to end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from cite_audit import event_loop
from cite_audit.cli.stop_signals import request_stop_on_signal

T = TypeVar("T")


def run_interruptibly(work: Callable[[asyncio.Event], Awaitable[T]]) -> T:
    """Run `work` in a loop of its own; the event it is given is set when the user wants it to end."""

    async def run_until_stopped() -> T:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()

        def set_stop() -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed: nothing is left to end
                loop.call_soon_threadsafe(stop.set)

        # Not the loop's own handlers: those do not run while a large report, or an idle pipe, is being read.
        request_stop_on_signal(set_stop)
        return await work(stop)

    return event_loop.run_coroutine(run_until_stopped())


async def cancel_on_stop(work: Coroutine[Any, Any, object], stop: asyncio.Event) -> bool:
    """Run `work` to its end, or cancel it once `stop` is set; whether it came to its end. Raises what it raises."""
    task, stopped = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
        task.cancel()  # without effect on one that has ended
    try:
        await task
    except asyncio.CancelledError:
        return False
    return True
