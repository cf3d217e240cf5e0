"""How a coroutine is run to its end: on uvloop's event loop where that is installed, else on asyncio's own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


def run(work: Awaitable[T]) -> T:
    """Run `work` in a loop of its own and return what it returns. Raises what it raises."""
    kept: list[T] = []

    async def keep() -> None:
        kept.append(await work)  # not the task's result: asyncio.Runner prints its task, and so all of an audit

    with asyncio.Runner(loop_factory=_fastest()) as runner:
        runner.run(keep())
    return kept[0]


def _fastest() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # the extra `fast`
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory
