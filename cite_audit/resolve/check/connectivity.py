"""Connectivity of this machine: without a network, failures say nothing about the links."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, field

from cite_audit.model import FailureKind, Probe
from cite_audit.resolve.http.client import Client

Kind = FailureKind
# Failures on a machine without a network.
NO_ROUTE_KINDS = {Kind.DNS_NO_NAME, Kind.DNS_TEMPORARY, Kind.UNREACHABLE, Kind.NO_NETWORK, Kind.TIMEOUT_CONNECT}
# Failures behind a faulty network: a missing name is an answer where other names resolve, and a connection that was
# accepted and then stayed silent is the server's fault.
NO_ANSWER_KINDS = {*(NO_ROUTE_KINDS - {Kind.DNS_NO_NAME}), Kind.REFUSED, Kind.RESET, Kind.TIMEOUT_TLS}
MIN_HOSTS = 5  # hosts
ANSWER_GRACE = 1.5  # seconds without any answer
CANARY_TIMEOUT = 2.0  # seconds


@dataclass(slots=True)
class ConnectivityMonitor:
    """Watches the first look at each host. `hosts`: how many the run will look at."""

    hosts: int
    _: KW_ONLY
    answered: set[str] = field(default_factory=set)
    unrouted: dict[str, str] = field(default_factory=dict)
    unanswered: set[str] = field(default_factory=set)
    cached_hosts: set[str] = field(
        default_factory=set
    )  # hosts with verdicts from the store: neither answered nor in trouble
    doubt: asyncio.Event = field(default_factory=asyncio.Event)

    def record_look(self, host: str, probe: Probe) -> None:
        """Count a look at a host."""
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
        """Why this machine reaches no network, by the canaries, once there is doubt; empty when it reaches one."""
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
        """Whether more than half of the hosts gave no answer: then no failure of this run can be trusted."""
        host_count = len(self.answered | self.unanswered | self.cached_hosts | set(self.unrouted))
        return host_count >= MIN_HOSTS and len(self.unanswered) * 2 > host_count


async def is_any_reachable(client: Client, canaries: Sequence[str]) -> bool:
    """Whether one of several well-known hosts accepts a connection; they are tried side by side."""
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
