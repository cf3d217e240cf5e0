"""Queues of links by host, and the workers that drain them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

MAX_UNDER_WAY = 1024  # links under way, most of them waiting for their host's turn
Item = TypeVar("Item")


def group_by_host(items: Iterable[Item], host: Callable[[Item], str]) -> dict[str, deque[Item]]:
    """Items by host, hosts with most of them first."""
    queues: dict[str, deque[Item]] = {}
    for item in items:
        queues.setdefault(host(item), deque()).append(item)
    return dict(sorted(queues.items(), key=lambda entry: -len(entry[1])))


async def drain_queues(queues: dict[str, deque[Item]], work: Callable[[Item], Awaitable[None]], per_host: int) -> None:
    """Do all the work with up to `per_host` workers a host; each host's first starts before any host's second."""
    slots = asyncio.Semaphore(MAX_UNDER_WAY)

    async def drain_queue(queue: deque[Item]) -> None:
        try:
            while queue:
                await work(queue.popleft())
        finally:
            slots.release()

    async with asyncio.TaskGroup() as group:
        for worker_number in range(per_host):
            for queue in queues.values():
                if len(queue) > worker_number or (queue and not worker_number):
                    await slots.acquire()
                    group.create_task(drain_queue(queue))
