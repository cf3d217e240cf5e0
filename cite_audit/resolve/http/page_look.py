"""One look at a page: its redirects followed, its cookies returned, each request in its host's turn."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cite_audit.model import Failure, FailureKind, Hop, Probe
from cite_audit.resolve.check.base import Reply, Request
from cite_audit.resolve.http.connect import ExchangeProgress
from cite_audit.resolve.http.cookies import CookieJar, CookieLines
from cite_audit.resolve.http.failures import ExchangeError
from cite_audit.resolve.http.request_target import RequestTarget, parse_target, resolve_location
from cite_audit.resolve.http.throttle import HostClosedError
from cite_audit.resolve.http.user_agents import PROFILES

if TYPE_CHECKING:
    from cite_audit.resolve.http.client import Client, OnSilent

MAX_HOPS = 20  # Fetch standard §4.4
REDIRECT_STATUSES = {301, 302, 303, 307, 308}


class PageLook:
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
