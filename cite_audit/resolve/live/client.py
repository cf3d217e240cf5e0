"""The way out: one guarded hop (`fetch`), and one look at a page through all its redirects (`look`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING

from cite_audit.config import Network
from cite_audit.model import Failure, FailureKind, Hop, Probe
from cite_audit.resolve.base import Reply, Request
from cite_audit.resolve.live.cookies import Jar
from cite_audit.resolve.live.courtesy import Courtesy, LeftAloneError
from cite_audit.resolve.live.dial import Dialler, Exchange
from cite_audit.resolve.live.errors import ExchangeError
from cite_audit.resolve.live.guard import Guard
from cite_audit.resolve.live.names import Lookup, Names, system_lookup
from cite_audit.resolve.live.profiles import PROFILES
from cite_audit.resolve.live.proxy import proxy_of
from cite_audit.resolve.live.target import Target, aim, follow
from cite_audit.resolve.live.tls import Trust
from cite_audit.resolve.live.waits import asked_pause
from cite_audit.urls import registrable

if TYPE_CHECKING:
    from cite_audit.resolve.live.transport import GuardedTransport

Silent = Callable[[Callable[[], bool]], None]
MAX_HOPS = 20  # Fetch standard §4.4
REDIRECTS = {301, 302, 303, 307, 308}
BUSY = {429, 503}


class Client:
    """All traffic of a run goes through one of these, and through its guard. Use it as an async context manager."""

    def __init__(
        self, network: Network, *, lookup: Lookup = system_lookup, clock: Callable[[], datetime] | None = None
    ) -> None:
        self.network = network
        self.clock = clock or (lambda: datetime.now(UTC))
        self.names = Names(Guard(network.allow_addresses), network.connect_to, lookup)
        self.proxy = proxy_of(network.proxy)
        self.dialler = Dialler(self.names, Trust(network.ca_bundle), self.proxy)
        self.dialler.fetch = self._certificate
        self.courtesy = Courtesy(network.jobs, network.per_host, network.host_interval, network.silence)
        self.refusals: dict[str, Reply] = {}  # by lane: what a host said that wants to be left alone
        self.requests = 0

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.names.close()
        if "transport" in self.__dict__:
            await self.transport.aclose()

    @cached_property
    def transport(self) -> GuardedTransport:
        """Made by the first request: a run that the store can answer need not load httpx, a tenth of a second."""
        from cite_audit.resolve.live.pool import Pool
        from cite_audit.resolve.live.transport import GuardedTransport

        return GuardedTransport(Pool(self.dialler))

    async def fetch(self, request: Request) -> Reply:
        """One exchange, no redirects followed, judged by the guard. Never raises for what the network did."""
        try:
            target = aim(request.url)
        except ExchangeError as error:
            return Reply(request.url, failure=error.failure)
        told = Exchange(target.literal)
        reply = await self.transport.exchange(target, request, told)
        self.requests += 1 + told.again
        return replace(reply, url=request.url)

    async def look(
        self,
        url: str,
        profile: str = "plain",
        timeout: float | None = None,  # noqa: ASYNC109
        silent: Silent | None = None,
        first: bool = False,
    ) -> Probe:
        """Look at a page as a reader would: redirects followed, cookies kept within the look.

        `timeout` bounds the exchanges together, not the waiting for a turn. `silent` is called when an exchange has
        lasted for a while, with a function that tells whether its answer has begun. `first` puts the first exchange
        before those that are not.
        """
        return await _Look(self, url, profile, timeout or self.network.timeout, silent, first).run()

    async def reaches(self, place: str) -> bool:
        """Whether a connection to "host:port" can be opened; nothing is sent."""
        host, _, port = place.rpartition(":")
        try:
            wire = await self.dialler.reach(host, int(port))
        except ExchangeError:
            return False
        wire.close()
        return True

    async def lane(self, target: Target) -> str:
        """Under which name a target's host is counted: sub-domains that share an address are one host."""
        if target.literal or (self.proxy and not self.proxy.passes_by(target.host, target.port)):
            return target.host
        try:
            places = await self.names.places(target.host, target.port, target.literal)
        except ExchangeError:
            return target.host
        owner = registrable(target.host)
        return target.host if owner == target.host else f"{owner} {min(places)[0]}"

    async def _certificate(self, address: str) -> bytes:
        reply = await self.fetch(Request(address, max_body=64 * 1024, timeout=5))
        return reply.body if reply.status == 200 else b""


class _Look:
    """One look under way."""

    def __init__(
        self,
        client: Client,
        url: str,
        profile: str,
        timeout: float,
        silent: Silent | None,
        first: bool,
    ) -> None:
        self.client = client
        self.url = url
        self.profile = profile
        self.left = timeout
        self.silent = silent
        self.first = first
        self.jar = Jar()
        self.hops: list[Hop] = []
        self.elapsed = 0.0
        self.attempts = 0  # 0: told without asking
        self.asked_at = client.clock()
        self.flags: list[str] = []
        self.told = Exchange()

    def _fell_silent(self) -> None:
        if self.silent:
            self.silent(lambda: self.told.heard)

    async def run(self) -> Probe:
        probe = await self._walk()
        if self.profile == "browser" and self._led_up(probe):
            # Some sites send a first visitor to the front page and only set a cookie: ask once more with it.
            self.hops.clear()
            return await self._walk()
        return probe

    def _led_up(self, probe: Probe) -> bool:
        """Whether a redirect that set cookies led to a folder of the address asked for, the front page perhaps."""
        if not probe.hops or probe.status != 200 or not self.jar.kept:
            return False
        asked, landed = aim(self.url), aim(probe.final_url)
        return asked.host == landed.host and asked.path != landed.path and asked.path.startswith(landed.path)

    async def _walk(self) -> Probe:
        current = self.url
        seen: set[tuple[str, str]] = set()
        while True:
            try:
                target = aim(current)
            except ExchangeError as error:
                return self._probe(current, Reply(current, failure=error.failure))
            cookies = self.jar.field_for(target)
            if (target.url, cookies) in seen or len(self.hops) > MAX_HOPS:
                detail = "it leads back to itself" if (target.url, cookies) in seen else f"more than {MAX_HOPS} hops"
                return self._probe(current, Reply(current, failure=Failure(FailureKind.REDIRECT_LOOP, detail)))
            seen.add((target.url, cookies))
            reply = await self._hop(target, cookies)
            location = reply.header("location")
            if reply.status not in REDIRECTS or not location:
                return self._probe(current, reply)
            self.jar.take(target, [value for name, value in reply.headers if name == "set-cookie"])
            self.hops.append(Hop(target.url, reply.status, location))
            try:
                current = follow(current, location)
            except ExchangeError as error:
                return self._probe(current, replace(reply, failure=error.failure))

    async def _hop(self, target: Target, cookies: str) -> Reply:
        client = self.client
        fields = PROFILES[self.profile] + ((("Cookie", cookies),) if cookies else ())
        host = await client.lane(target)
        try:
            async with client.courtesy.turn(host, self._fell_silent, self.first and not self.hops):
                client.requests += 1
                self.attempts = self.attempts or 1
                self.told = Exchange(target.literal)
                request = Request(target.url, headers=fields, timeout=self.left)
                reply = await client.transport.exchange(target, request, self.told)
                self.attempts += self.told.again
                client.requests += self.told.again
                self._heed(host, reply)
        except LeftAloneError:
            reply = replace(client.refusals[host], url=target.url, elapsed=0.0, flags=("left-alone",))
        self.left = max(0.1, self.left - reply.elapsed)
        self.elapsed += reply.elapsed
        self.flags.extend(reply.flags)
        return reply

    def _heed(self, host: str, reply: Reply) -> None:
        """Do as a host asks, before the next request to it can start."""
        client = self.client
        pause = asked_pause(reply.headers, client.clock())
        if reply.status == 429 or pause:
            client.refusals[host] = replace(reply, body=b"")
            client.courtesy.pause(host, pause)
        elif reply.status:
            client.courtesy.content(host)

    def _probe(self, current: str, reply: Reply) -> Probe:
        final = self.url if not self.hops else current
        return Probe(
            self.url,
            self.asked_at,
            reply.status or None,
            final,
            tuple(self.hops),
            reply.failure,
            reply.headers,
            reply.body,
            reply.truncated,
            round(self.elapsed, 4),
            self.profile,
            self.attempts,
            tuple(dict.fromkeys(self.flags)),
        )
