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
from cite_audit.model import Failure, FailureKind, Hop, Probe
from cite_audit.resolve.check.base import MAX_BODY, Reply, Request
from cite_audit.resolve.http.address_guard import AddressGuard
from cite_audit.resolve.http.connect import Connector, ExchangeProgress
from cite_audit.resolve.http.cookies import CookieJar, CookieLines
from cite_audit.resolve.http.descriptors import connection_budget
from cite_audit.resolve.http.dns import MAX_LOOKUPS, DnsResolver, Lookup, system_lookup
from cite_audit.resolve.http.failures import ExchangeError
from cite_audit.resolve.http.proxy import proxy_from_setting
from cite_audit.resolve.http.recording import current_recording
from cite_audit.resolve.http.request_target import RequestTarget, parse_target, resolve_location
from cite_audit.resolve.http.retry_after import requested_pause
from cite_audit.resolve.http.throttle import HostClosedError, Throttle
from cite_audit.resolve.http.tls import TrustStore
from cite_audit.resolve.http.user_agents import PROFILES
from cite_audit.urls import registrable_domain

if TYPE_CHECKING:
    import httpx

OnSilent = Callable[[Callable[[], bool]], None]
MAX_HOPS = 20  # Fetch standard §4.4
FETCH_SHARE = 4  # one in so many connections is for `fetch` (archives), the others for looks
REDIRECT_STATUSES = {301, 302, 303, 307, 308}
BUSY = {429, 503}


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
            network.per_host,
            network.host_interval,
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
        """Apply the pause a host asks for, before the next request to it can start."""
        pause = requested_pause(reply.headers, self.clock())
        if reply.status == 429 or pause:
            self.refusals[throttle_key] = replace(reply, body=b"")
            self.throttle.pause_host(throttle_key, pause)
        elif reply.status:
            self.throttle.reset_refusals(throttle_key)

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
        page_look = _PageLook(self, url, profile, timeout or self.network.timeout, on_silent, is_first, max_body)
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


class _PageLook:
    """One look under way."""

    def __init__(
        self,
        client: Client,
        url: str,
        profile: str,
        timeout: float,
        on_silent: OnSilent | None,
        is_first: bool,
        max_body: int,
    ) -> None:
        self.client = client
        self.max_body = max_body
        self.url = url
        self.profile = profile
        self.time_left = timeout
        self.on_silent = on_silent
        self.is_first = is_first
        self.hops: list[Hop] = []
        self.elapsed = 0.0
        self.attempts = 0  # 0: no request was sent
        self.asked_at = client.clock()
        self.jar = CookieJar(self.asked_at)
        self.cookie_lines: list[tuple[str, str]] = []
        self.flags: list[str] = []
        self.progress = ExchangeProgress()

    def restore_cookies(self, lines: CookieLines) -> None:
        """Put the cookies of an earlier look into the jar."""
        for url, line in lines:
            self.jar.store_cookies(parse_target(url), [line])
        self.cookie_lines += lines

    def _report_silence(self) -> None:
        if self.on_silent:
            self.on_silent(lambda: self.progress.head_received)

    async def run(self) -> Probe:
        probe = await self._follow_redirects()
        if self.profile == "browser" and self._led_to_parent(probe):
            # Some sites redirect a first visitor to the front page and set a cookie: look again with the cookie.
            self.hops.clear()
            return await self._follow_redirects()
        return probe

    def _led_to_parent(self, probe: Probe) -> bool:
        """Whether a redirect that set cookies led to a folder of the address asked for, the front page perhaps."""
        if not probe.hops or probe.status != 200 or not self.jar.cookies:
            return False
        requested, landed = parse_target(self.url), parse_target(probe.final_url)
        return (
            requested.host == landed.host and requested.path != landed.path and requested.path.startswith(landed.path)
        )

    async def _follow_redirects(self) -> Probe:
        current = self.url
        visited: set[tuple[str, str]] = set()
        while True:
            try:
                target = parse_target(current)
            except ExchangeError as error:
                return self._build_probe(current, Reply(current, failure=error.failure))
            cookies = self.jar.cookie_header(target)
            if (target.url, cookies) in visited or len(self.hops) > MAX_HOPS:
                detail = "it leads back to itself" if (target.url, cookies) in visited else f"more than {MAX_HOPS} hops"
                return self._build_probe(current, Reply(current, failure=Failure(FailureKind.REDIRECT_LOOP, detail)))
            visited.add((target.url, cookies))
            reply = await self._fetch_hop(target, cookies)
            set_cookies = [value for name, value in reply.headers if name == "set-cookie"]
            self.cookie_lines += [(target.url, line) for line in set_cookies]
            location = reply.header("location")
            if reply.status not in REDIRECT_STATUSES or not location:
                return self._build_probe(current, reply)
            self.jar.store_cookies(target, set_cookies)
            self.hops.append(Hop(target.url, reply.status, location))
            try:
                current = resolve_location(current, location)
            except ExchangeError as error:
                return self._build_probe(current, replace(reply, failure=error.failure))

    async def _fetch_hop(self, target: RequestTarget, cookies: str) -> Reply:
        client = self.client
        fields = PROFILES[self.profile] + ((("Cookie", cookies),) if cookies else ())
        throttle_key = await client.throttle_key(target)
        try:
            async with client.throttle.request_turn(
                throttle_key, self._report_silence, self.is_first and not self.hops
            ):
                client.request_count += 1
                self.attempts = self.attempts or 1
                self.progress = ExchangeProgress(target.literal)
                request = Request(target.url, headers=fields, max_body=self.max_body, timeout=self.time_left)
                reply = await client.run_exchange(target, request, self.progress)
                self.attempts += self.progress.extra_requests
                client.request_count += self.progress.extra_requests
                client.apply_pause(throttle_key, reply)
        except HostClosedError:
            reply = replace(client.refusals[throttle_key], url=target.url, elapsed=0.0, flags=("left-alone",))
        self.time_left = max(0.1, self.time_left - reply.elapsed)
        self.elapsed += reply.elapsed
        self.flags.extend(reply.flags)
        return reply

    def _build_probe(self, current: str, reply: Reply) -> Probe:
        final = self.url if not self.hops else current
        return Probe(
            self.url,
            self.asked_at,
            status=reply.status or None,
            final_url=final,
            hops=tuple(self.hops),
            failure=reply.failure,
            headers=reply.headers,
            body=reply.body,
            truncated=reply.truncated,
            elapsed=round(self.elapsed, 4),
            profile=self.profile,
            attempts=self.attempts,
            flags=tuple(dict.fromkeys(self.flags)),
            cookies=tuple(self.cookie_lines),
        )
