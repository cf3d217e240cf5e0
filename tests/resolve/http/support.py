"""A client for one test: loopback is its public web."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from cite_audit.config.settings import Network
from cite_audit.model import Probe
from cite_audit.resolve.http.client import Client
from cite_audit.resolve.http.dns import Lookup, system_lookup

LoopFactory = Callable[[], asyncio.AbstractEventLoop] | None
LOOPBACK = ("127.0.0.0/8",)


def network(**settings: Any) -> Network:
    given: dict[str, Any] = {"allow_addresses": LOOPBACK, "timeout": 3.0, "host_interval": 0.0, "proxy": "none"}
    return Network(**({"canaries": ()} | given | settings))


def look(
    url: str, *, lookup: Lookup = system_lookup, profile: str = "plain", loop: LoopFactory = None, **settings: Any
) -> Probe:
    """One look by a client of its own, on asyncio's event loop or the one given."""

    async def run() -> Probe:
        async with Client(network(**settings), lookup=lookup) as client:
            return await client.look(url, profile)

    with asyncio.Runner(loop_factory=loop) as runner:
        return runner.run(run())


def kind(probe: Probe) -> str:
    return probe.failure.kind.value if probe.failure else ""
