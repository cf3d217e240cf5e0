"""Run a coroutine to its end: on uvloop's event loop where that is installed, else on asyncio's."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from functools import lru_cache
from typing import Any, TypeVar

T = TypeVar("T")
_starting = threading.Lock()


def run_coroutine(work: Awaitable[T]) -> T:
    """Run `work` in a loop of its own and return what it returns. Raises what it raises.

    A thread has one running loop: where there is one already (a notebook's), `work` gets a thread of its own.
    """
    if not _has_running_loop():
        return _run_in_new_loop(work)
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as executor:
        return executor.submit(_run_in_new_loop, work).result()


def _has_running_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _run_in_new_loop(work: Awaitable[T]) -> T:
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


def run_in_shared_loop(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` in the one loop of this process for all threads, and return what it returns. Raises what it raises.

    For threads that mostly wait: with a loop for each they would take the interpreter from one another at every read.
    """
    with _starting:
        loop = _start_shared_loop()
    return asyncio.run_coroutine_threadsafe(work, loop).result()


@lru_cache(maxsize=1)
def _start_shared_loop() -> asyncio.AbstractEventLoop:
    """A loop in a thread of its own, to the end of the process."""
    loop = (_fastest_loop_factory() or asyncio.new_event_loop)()
    threading.Thread(target=loop.run_forever, name="shared event loop", daemon=True).start()
    return loop
