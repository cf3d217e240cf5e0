"""A whole run of the checker for one test, against loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import httpx

from cite_audit.config.settings import Archiving, Settings
from cite_audit.model import CitedLink
from cite_audit.progress import SilentObserver
from cite_audit.resolve import Resolution, resolve
from cite_audit.resolve.http.client import Client
from cite_audit.resolve.http.dns import Lookup, system_lookup
from tests.resolve.http.support import network


def check(
    urls: Iterable[str],
    *,
    lookup: Lookup = system_lookup,
    store: str | None = None,
    max_age: float = 86400.0,
    archiving: Archiving | None = None,
    offline: bool = False,
    stop_after: float | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
    **settings: Any,
) -> Resolution:
    """Resolve the links: quick retries, no archives unless `archiving` is given, names as `lookup` knows them."""
    net = network(**({"backoff": 0.05, "platforms": False} | settings))
    given = Settings(
        network=net,
        archiving=archiving or Archiving(),
        archive=archiving is not None,
        store=store,
        max_age=max_age,
        offline=offline,
    )

    async def run() -> Resolution:
        stop = asyncio.Event()
        if stop_after is not None:
            asyncio.get_running_loop().call_later(stop_after, stop.set)
        client = Client(net, lookup=lookup, transport=transport)
        wanted = [CitedLink(url) for url in urls]
        return await resolve(wanted, given, SilentObserver(), datetime.now(UTC), stop=stop, client=client)

    return asyncio.run(run())


def said(resolution: Resolution) -> dict[str, str]:
    """Link → "health reason"."""
    return {url: f"{verdict.health} {verdict.reason}" for url, verdict in resolution.verdicts.items()}
