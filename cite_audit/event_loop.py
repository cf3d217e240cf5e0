"""How a coroutine is run to its end: on uvloop's event loop where that is installed, else on asyncio's own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


def run_coroutine(work: Awaitable[T]) -> T:
    """Run `work` in a loop of its own and return what it returns. Raises what it raises."""
    results: list[T] = []

    async def store_result() -> None:
        results.append(await work)  # not the task's result: asyncio.Runner prints its task, and so all of an audit

    with asyncio.Runner(loop_factory=_fastest_loop_factory()) as runner:
        runner.run(store_result())
    return results[0]


def _fastest_loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # the extra `fast`
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory
