"""The HTTP client of a run: one guarded exchange (`fetch`), and a look at a page through its redirects (`look`)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING

from cite_audit.config.settings import Network
from cite_audit.model import FailureKind, Probe
from cite_audit.resolve.check.base import MAX_BODY, Reply, Request
from cite_audit.resolve.http.address_guard import AddressGuard
from cite_audit.resolve.http.connect import Connector, ExchangeProgress
from cite_audit.resolve.http.cookies import CookieLines
from cite_audit.resolve.http.descriptors import connection_budget
from cite_audit.resolve.http.dns import MAX_LOOKUPS, DnsResolver, Lookup, system_lookup
from cite_audit.resolve.http.exchange_recorder import current_recording
from cite_audit.resolve.http.failures import ExchangeError
from cite_audit.resolve.http.host_pace import pace_bounds
from cite_audit.resolve.http.proxy import proxy_from_setting
from cite_audit.resolve.http.request_target import RequestTarget, parse_target
from cite_audit.resolve.http.retry_after import requested_pause
from cite_audit.resolve.http.throttle import HostClosedError, Throttle
from cite_audit.resolve.http.tls import TrustStore
from cite_audit.urls import registrable_domain

if TYPE_CHECKING:
    import httpx

OnSilent = Callable[[Callable[[], bool]], None]
FETCH_SHARE = 4  # one in so many connections is for `fetch` (archives), the others for looks
BUSY = {429, 503}
RESETS = {FailureKind.RESET, FailureKind.REFUSED, FailureKind.EMPTY_REPLY}
TIMEOUTS = {
    FailureKind.TIMEOUT_CONNECT,
    FailureKind.TIMEOUT_TLS,
    FailureKind.TIMEOUT_READ,
    FailureKind.TIMEOUT_TOTAL,
}


class Client:
    """All traffic of a run goes through one client and its guard. It is an async context manager.

    `transport` replaces the guarded one, and with it the guard: for tests and recorders. It is closed with the client.
    """

    def __init__(
        self,
        network: Network,
        *,
        lookup: Lookup = system_lookup,
        clock: Callable[[], datetime] | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.network = network
        self.clock = clock or (lambda: datetime.now(UTC))
        budget = connection_budget()
        guard = AddressGuard(network.allow_addresses)
        self.resolver = DnsResolver(guard, network.connect_to, lookup, max(2, min(MAX_LOOKUPS, budget // 8)))
        self.proxy = proxy_from_setting(network.proxy)
        self.connector = Connector(self.resolver, TrustStore(network.ca_bundle), self.proxy, budget)
        self.connector.fetch_certificate = self._fetch_certificate
        self.fetch_slots = asyncio.Semaphore(budget // FETCH_SHARE)
        self.throttle = Throttle(
            network.jobs,
            pace_bounds(network.per_host, network.host_interval, network.polite),
            network.silence,
            max_open=budget - budget // FETCH_SHARE,
        )
        self.refusals: dict[str, Reply] = {}  # by throttle key: the answer of a host that wants no more requests
        self.given_transport = transport
        self.request_count = 0

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.resolver.close()
        if self.given_transport or "transport" in self.__dict__:
            await self.transport.aclose()

    @cached_property
    def transport(self) -> httpx.AsyncBaseTransport:
        """Made by the first request: a run that the store can answer need not load httpx, a tenth of a second."""
        from cite_audit.resolve.http.transport import GuardedTransport

        return self.given_transport or GuardedTransport(self.connector)

    async def fetch(self, request: Request) -> Reply:
        """One exchange, no redirects followed, judged by the guard. Never raises for what the network did."""
        async with self.fetch_slots:
            return await self._fetch_now(request)

    async def fetch_in_turn(self, request: Request) -> Reply:
        """One exchange when its host's turn has come, paced as looks are. Never raises for what the network did."""
        try:
            target = parse_target(request.url)
        except ExchangeError as error:
            return Reply(request.url, failure=error.failure)
        throttle_key = await self.throttle_key(target)
        try:
            async with self.throttle.request_turn(throttle_key):
                reply = await self._fetch_now(request)
                self.apply_pause(throttle_key, reply)
        except HostClosedError:
            reply = replace(self.refusals[throttle_key], url=request.url, elapsed=0.0)
        return reply

    def apply_pause(self, throttle_key: str, reply: Reply) -> None:
        """Apply the pause a host asks for, and its pace, before the next request to it can start."""
        if self.throttle.host_paces.adapt:
            self._record_pace(throttle_key, reply)
        pause = requested_pause(reply.headers, self.clock())
        if reply.status == 429 or pause:
            self.refusals[throttle_key] = replace(reply, body=b"")
            self.throttle.pause_host(throttle_key, pause)
        elif reply.status:
            self.throttle.reset_refusals(throttle_key)

    def _record_pace(self, throttle_key: str, reply: Reply) -> None:
        kind = reply.failure.kind if reply.failure else None
        pace = self.throttle.host_paces.pace_of(throttle_key)
        if reply.status in BUSY or kind in RESETS:
            pace.halve(refused=reply.status == 429)
        elif kind is None or kind in TIMEOUTS:
            own_delay = self.throttle.lag.seconds
            pace.record_answer(max(0.0, reply.elapsed - own_delay))

    async def run_exchange(self, target: RequestTarget, request: Request, progress: ExchangeProgress) -> Reply:
        """One exchange with a target that was parsed before. Never raises for what the network did."""
        from cite_audit.resolve.http.exchange import run_exchange

        recording = current_recording()
        if recording is None:
            return await run_exchange(self.transport, target, request, progress)
        sent_at = self.clock()
        sent_request = recording.prepare_request(target, request)
        reply = await run_exchange(self.transport, target, sent_request, progress)
        return recording.keep_exchange(request, reply, sent_at)

    async def _fetch_now(self, request: Request) -> Reply:
        try:
            target = parse_target(request.url)
        except ExchangeError as error:
            return Reply(request.url, failure=error.failure)
        progress = ExchangeProgress(target.literal)
        reply = await self.run_exchange(target, request, progress)
        self.request_count += 1 + progress.extra_requests
        return replace(reply, url=request.url)

    async def look(
        self,
        url: str,
        profile: str = "plain",
        timeout: float | None = None,  # noqa: ASYNC109
        on_silent: OnSilent | None = None,
        is_first: bool = False,
        cookies: CookieLines = (),
        max_body: int = MAX_BODY,
    ) -> Probe:
        """Look at a page as a browser does: redirects are followed, cookies last as long as the look.

        `cookies`: those of an earlier look that goes on in this one, as a page does that sends its visitors on.

        `timeout` (seconds) bounds the exchanges together, without the waits for a turn. `on_silent` is called when an
        exchange has lasted for a while, with a function that says whether its answer has begun. `is_first` puts the
        first exchange ahead of later looks at the host. `max_body`: bytes of the body that are read.
        """
        from cite_audit.resolve.http.page_look import PageLook

        page_look = PageLook(self, url, profile, timeout or self.network.timeout, on_silent, is_first, max_body)
        page_look.restore_cookies(cookies)
        return await page_look.run()

    async def can_connect(self, endpoint: str) -> bool:
        """Whether a connection to "host:port" can be opened; nothing is sent."""
        host, _, port = endpoint.rpartition(":")
        try:
            connection = await self.connector.connect_bare(host, int(port))
        except ExchangeError:
            return False
        connection.close()
        return True

    async def throttle_key(self, target: RequestTarget) -> str:
        """The name a target's host has in the throttle: sub-domains that share an address are one host."""
        if target.literal or (self.proxy and not self.proxy.bypasses_host(target.host, target.port)):
            return target.host
        try:
            endpoints = await self.resolver.safe_endpoints(target.host, target.port, target.literal)
        except ExchangeError:
            return target.host
        domain = registrable_domain(target.host)
        return target.host if domain == target.host else f"{domain} {min(endpoints)[0]}"

    async def _fetch_certificate(self, address: str) -> bytes:
        # Not `fetch`: the exchange that needs the certificate may hold the last of its slots.
        reply = await self._fetch_now(Request(address, max_body=64 * 1024, timeout=5))
        return reply.body if reply.status == 200 else b""
