"""Results of many coroutines in the order of completion."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import TypeVar

In = TypeVar("In")
Out = TypeVar("Out")


async def iter_as_completed(
    items: Iterable[In], work: Callable[[In], Awaitable[Out]], at_once: int
) -> AsyncIterator[Out]:
    """The results of `work` on each item in the order of completion, `at_once` in flight.

    Items are taken only as they are started. Leaving the loop early cancels what runs.
    """
    source = iter(items)
    results: asyncio.Queue[tuple[Out] | None] = asyncio.Queue()

    async def process_items() -> None:
        try:
            for item in source:
                results.put_nowait((await work(item),))
        finally:
            results.put_nowait(None)

    workers = [asyncio.ensure_future(process_items()) for _ in range(at_once)]
    try:
        ended = 0
        while ended < len(workers):
            result = await results.get()
            if result is None:
                ended += 1
            else:
                yield result[0]
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
