"""The end of a run: the work is done, the deadline, a request to stop, or no network."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from enum import StrEnum
from typing import Any

from cite_audit.frozen_record import frozen_record
from cite_audit.resolve.check.connectivity import ConnectivityMonitor
from cite_audit.resolve.http.client import Client


class RunEnd(StrEnum):
    """Why a run ended."""

    COMPLETED = "completed"
    OFFLINE = "offline"  # this machine reaches no network
    STOPPED = "stopped"
    DEADLINE = "deadline"


@frozen_record
class RunOutcome:
    """How a run ended; `explanation` is empty when it was completed."""

    end: RunEnd
    explanation: str = ""


async def run_until_ended(
    parts: Sequence[Coroutine[Any, Any, None]],
    connectivity: ConnectivityMonitor,
    client: Client,
    stop: asyncio.Event,
) -> RunOutcome:
    """Run the parts side by side until all are done or something cuts them short.

    The deadline and the canaries are those of the client's settings. What a part raises is raised.
    """
    network = client.network
    clock = asyncio.get_running_loop().time
    deadline = clock() + network.deadline if network.deadline else None
    work = asyncio.ensure_future(run_together(parts))
    offline = asyncio.ensure_future(connectivity.offline_reason(client, network.canaries))
    stop_requested = asyncio.ensure_future(stop.wait())
    pending: set[asyncio.Future[Any]] = {work, offline, stop_requested}
    try:
        while True:
            time_left = max(0.0, deadline - clock()) if deadline else None
            finished, pending = await asyncio.wait(pending, timeout=time_left, return_when=asyncio.FIRST_COMPLETED)
            if offline in finished and (reason := offline.result()):
                return _offline_outcome(reason)
            if work in finished:
                work.result()
                reason = await offline if connectivity.doubt.is_set() else ""
                return _offline_outcome(reason) if reason else RunOutcome(RunEnd.COMPLETED)
            if stop_requested in finished:
                return RunOutcome(RunEnd.STOPPED, "the run was stopped before its end")
            if not finished:
                return RunOutcome(RunEnd.DEADLINE, f"the deadline of {network.deadline:g} s was reached")
    finally:
        for task in (work, offline, stop_requested):
            task.cancel()
        await asyncio.gather(work, offline, stop_requested, return_exceptions=True)


def _offline_outcome(reason: str) -> RunOutcome:
    return RunOutcome(RunEnd.OFFLINE, f"this machine reaches no network: {reason}")


async def run_together(parts: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Run the parts side by side; what one raises ends the others."""
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
