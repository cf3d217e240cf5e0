"""What ends a run: the work is done, the deadline, a wish to stop, or no network."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

from cite_audit.resolve.check.connectivity import ConnectivityMonitor
from cite_audit.resolve.http.client import Client

NO_NETWORK = "this machine reaches no network"


async def run_until_ended(
    parts: Sequence[Coroutine[Any, Any, None]],
    outage: ConnectivityMonitor,
    client: Client,
    stop: asyncio.Event,
) -> str:
    """Run the parts side by side; empty when all ended by themselves, else why the run was cut short.

    The deadline and the canaries are those of the client's settings. What a part raises is raised.
    """
    network = client.network
    clock = asyncio.get_running_loop().time
    deadline = clock() + network.deadline if network.deadline else None
    work = asyncio.ensure_future(run_together(parts))
    offline = asyncio.ensure_future(outage.offline_reason(client, network.canaries))
    stop_requested = asyncio.ensure_future(stop.wait())
    pending: set[asyncio.Future[Any]] = {work, offline, stop_requested}
    try:
        while True:
            time_left = max(0.0, deadline - clock()) if deadline else None
            finished, pending = await asyncio.wait(pending, timeout=time_left, return_when=asyncio.FIRST_COMPLETED)
            if offline in finished and (reason := offline.result()):
                return f"{NO_NETWORK}: {reason}"
            if work in finished:
                work.result()
                reason = await offline if outage.doubt.is_set() else ""
                return f"{NO_NETWORK}: {reason}" if reason else ""
            if stop_requested in finished:
                return "the run was stopped before its end"
            if not finished:
                return f"the deadline of {network.deadline:g} s was reached"
    finally:
        for task in (work, offline, stop_requested):
            task.cancel()
        await asyncio.gather(work, offline, stop_requested, return_exceptions=True)


async def run_together(parts: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Run the parts side by side; what one raises ends the others."""
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
