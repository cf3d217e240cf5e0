"""Is it them or is it us? A machine without a network must not accuse two thousand links."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from cite_audit.model import FailureKind, Probe
from cite_audit.resolve.http.client import Client

Kind = FailureKind
# What a machine without a network sees.
NO_ROUTE_KINDS = {Kind.DNS_NO_NAME, Kind.DNS_TEMPORARY, Kind.UNREACHABLE, Kind.NO_NETWORK, Kind.TIMEOUT_CONNECT}
# What one behind a failing network sees; a name that does not exist is an answer once others are found.
# A connection that was accepted and then stayed silent is the server's doing.
NO_ANSWER_KINDS = {*(NO_ROUTE_KINDS - {Kind.DNS_NO_NAME}), Kind.REFUSED, Kind.RESET, Kind.TIMEOUT_TLS}
MIN_HOSTS = 5  # hosts
ANSWER_GRACE = 1.5  # seconds without any answer
CANARY_TIMEOUT = 2.0  # seconds


@dataclass(slots=True)
class ConnectivityMonitor:
    """Watches the first look at each host. `hosts`: how many the run will ask."""

    hosts: int
    answered: set[str] = field(default_factory=set)
    unrouted: dict[str, str] = field(default_factory=dict)
    unanswered: set[str] = field(default_factory=set)
    cached_hosts: set[str] = field(default_factory=set)  # hosts the store knows: not asked, but not in trouble either
    doubt: asyncio.Event = field(default_factory=asyncio.Event)

    def record_look(self, host: str, probe: Probe) -> None:
        """Take in a look at a host."""
        kind = probe.failure.kind if probe.failure and probe.status is None and not probe.hops else None
        if kind in (Kind.INVALID_URL, Kind.UNSAFE_LITERAL, Kind.LOCAL) or host in self.answered:
            return
        if kind in NO_ANSWER_KINDS:
            self.unanswered.add(host)
        if kind in NO_ROUTE_KINDS:
            assert probe.failure
            self.unrouted.setdefault(host, probe.failure.detail)
        elif kind not in NO_ANSWER_KINDS:
            self.answered.add(host)
            self.unanswered.discard(host)
        if not self.answered and len(self.unrouted) >= min(MIN_HOSTS, self.hosts):
            self.doubt.set()

    async def offline_reason(self, client: Client, canaries: Sequence[str]) -> str:
        """Wait for doubt, then ask the canaries: why this machine reaches no network; empty when it does."""
        try:
            async with asyncio.timeout(ANSWER_GRACE):
                await self.doubt.wait()
        except TimeoutError:
            pass
        doubtful = canaries and not self.answered and not client.connector.opened_count
        if doubtful and not await is_any_reachable(client, canaries) and not self.answered:
            return next(iter(self.unrouted.values()), "none of several well-known hosts can be reached")
        return ""

    def is_mostly_unanswered(self) -> bool:
        """Whether more than half of the hosts gave no answer at all: then nothing this run saw can be trusted."""
        host_count = len(self.answered | self.unanswered | self.cached_hosts | set(self.unrouted))
        return host_count >= MIN_HOSTS and len(self.unanswered) * 2 > host_count


async def is_any_reachable(client: Client, canaries: Sequence[str]) -> bool:
    """Whether one of some well-known hosts accepts a connection; they are asked together."""
    tasks = [asyncio.ensure_future(client.can_connect(place)) for place in canaries]
    try:
        async with asyncio.timeout(CANARY_TIMEOUT):
            for attempt in asyncio.as_completed(tasks):
                if await attempt:
                    return True
    except TimeoutError:
        pass
    finally:
        for task in tasks:
            task.cancel()
    return False
