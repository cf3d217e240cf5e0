"""What ends a run: the work is done, the deadline, a wish to stop, or no network."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

from cite_audit.resolve.live.client import Client
from cite_audit.resolve.outage import Outage

NO_NETWORK = "this machine reaches no network"


async def run_until_ended(
    parts: Sequence[Coroutine[Any, Any, None]],
    outage: Outage,
    client: Client,
    stop: asyncio.Event,
) -> str:
    """Run the parts side by side; empty when all ended by themselves, else why the run was cut short.

    The deadline and the canaries are those of the client's settings. What a part raises is raised.
    """
    network = client.network
    clock = asyncio.get_running_loop().time
    until = clock() + network.deadline if network.deadline else None
    work = asyncio.ensure_future(together(parts))
    dark = asyncio.ensure_future(outage.no_network(client, network.canaries))
    stopped = asyncio.ensure_future(stop.wait())
    waited: set[asyncio.Future[Any]] = {work, dark, stopped}
    try:
        while True:
            left = max(0.0, until - clock()) if until else None
            done, waited = await asyncio.wait(waited, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if dark in done and (why := dark.result()):
                return f"{NO_NETWORK}: {why}"
            if work in done:
                work.result()
                why = await dark if outage.doubt.is_set() else ""
                return f"{NO_NETWORK}: {why}" if why else ""
            if stopped in done:
                return "the run was stopped before its end"
            if not done:
                return f"the deadline of {network.deadline:g} s was reached"
    finally:
        for task in (work, dark, stopped):
            task.cancel()
        await asyncio.gather(work, dark, stopped, return_exceptions=True)


async def together(parts: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Run the parts side by side; what one raises ends the others."""
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
