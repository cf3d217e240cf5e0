"""Looks with hedging and retries: a silent server gets a second request beside the first, transient trouble a retry."""

from __future__ import annotations

import asyncio
import math
import random
from collections import deque
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, field, replace

from cite_audit.model import Failure, FailureKind, Probe
from cite_audit.resolve.check.base import MAX_BODY, MAX_LONG_BODY
from cite_audit.resolve.http.client import Client
from cite_audit.resolve.http.retry_after import requested_pause
from cite_audit.resolve.http.throttle import MAX_PAUSE
from cite_audit.resolve.judge.look import LookKind, LookRequest, RequestProfile

Kind = FailureKind
TIMEOUTS = {Kind.TIMEOUT_CONNECT, Kind.TIMEOUT_TLS, Kind.TIMEOUT_READ, Kind.TIMEOUT_TOTAL}
TRANSIENT_KINDS = {*TIMEOUTS, Kind.DNS_TEMPORARY, Kind.RESET, Kind.UNREACHABLE, Kind.EMPTY_REPLY}
TRANSIENT_KINDS |= {Kind.PROTOCOL, Kind.LOCAL}
TRANSIENT_STATUSES = {408, 425, 429, 500, 502, 503, 504, *range(520, 528), 530}
# Headers of bot walls: the server is well, and a retry changes nothing.
WALL_HEADERS = ("cf-mitigated", "x-vercel-mitigated", "x-amzn-waf-action")
# Trouble of the host, not of the page: after this many links in a row, the host's other links are not tried.
HOST_FAILURE_LIMITS = {
    Kind.REFUSED: 3,
    Kind.UNREACHABLE: 3,
    Kind.TIMEOUT_CONNECT: 3,
    Kind.TIMEOUT_TLS: 3,
    Kind.TIMEOUT_READ: 8,
}
# A look is given up after this silence, and this multiple of the host's 95th percentile.
MIN_SILENCES = 2.0  # in units of the silence after which a look is hedged
USUAL_MULTIPLE = 6.0
MIN_SAMPLES = 20
MAX_BACKOFF = 30.0

LookResults = list[tuple[LookRequest, Probe]]


def is_transient(probe: Probe) -> bool:
    """Whether the trouble of a look may pass by itself."""
    if probe.status is not None and probe.failure is None:
        return probe.status in TRANSIENT_STATUSES and not any(probe.header(name) for name in WALL_HEADERS)
    return probe.status is None and probe.failure is not None and probe.failure.kind in TRANSIENT_KINDS


@dataclass(slots=True)
class _HostRecord:
    failure_count: int = 0
    failure: Failure | None = None
    has_answered: bool = False
    latencies: deque[float] = field(default_factory=lambda: deque(maxlen=100))  # seconds of its latest answers

    def give_up_after(self, silence: float) -> float:
        """Seconds of silence after which a look is given up, by the host's other answers; infinite without them."""
        if len(self.latencies) < MIN_SAMPLES:
            return math.inf
        return max(MIN_SILENCES * silence, USUAL_MULTIPLE * self.usual_latency())

    def usual_latency(self) -> float:
        """The 95th percentile of its latest answers, in seconds."""
        return sorted(self.latencies)[int(len(self.latencies) * 0.95)]


@dataclass(slots=True)
class HedgedClient:
    """The client with hedging, retries and memory of hosts. `jitter` gives 0–1."""

    client: Client
    retries: int
    _: KW_ONLY
    jitter: Callable[[], float] = random.random
    hosts: dict[str, _HostRecord] = field(default_factory=dict)
    abandoned: set[_HedgedLook] = field(default_factory=set)  # looks given up, which last only as long as the run
    on_abandoned: Callable[[], None] = lambda: None  # called when one more is given up

    def cancel_abandoned(self) -> None:
        """End the looks that were given up."""
        for hedged_look in list(self.abandoned):
            hedged_look.cancel_look()

    async def look_with_retries(self, request: LookRequest, budget: int, retries: int | None = None) -> LookResults:
        """The looks that a request led to, the decisive one last; `Probe.attempts` counts the requests behind each.

        At most `budget` requests; `retries` instead of the run's.
        """
        host_key = _host_and_port(request.url)
        if host_down := self._host_down_probe(request, host_key):
            return [(request, host_down)]
        results: LookResults = []
        spent = 0
        for attempt in range(1 + min(self.retries if retries is None else retries, budget - 1)):
            if attempt and not await self._wait_before_retry(results[-1][1], attempt):
                break
            results = await self._hedge_look(
                request, host_key, is_first=not spent and _is_first_look(request), may_hedge=budget - spent > 1
            )
            spent += sum(probe.attempts for _, probe in results)
            if len(results) > 1 or spent >= budget or not is_transient(results[-1][1]):
                break
        last_request, last_probe = results[-1]
        attempts = spent - sum(probe.attempts for _, probe in results[:-1])
        if last_probe.attempts != attempts:
            results[-1] = (last_request, replace(last_probe, attempts=attempts))
        self._record_outcome(host_key, last_probe)
        return results

    async def _wait_before_retry(self, probe: Probe, attempt: int) -> bool:
        """Back off before the next try; False when the server asks for a longer pause than a run may last."""
        pause = requested_pause(probe.headers, self.client.clock())
        if pause is not None:
            return pause <= MAX_PAUSE  # the host's whole queue waits, and this link in it
        if probe.status != 429:
            base = self.client.network.backoff
            delay = base + self.jitter() * min(MAX_BACKOFF, base * 2.0 ** (attempt - 1))
            await asyncio.sleep(delay)
        return True

    async def _hedge_look(self, request: LookRequest, host_key: str, is_first: bool, may_hedge: bool) -> LookResults:
        """A look, hedged in the other profile when the server stays silent; the first answer counts.

        A hang costs one time-out this way, not three, and both profiles have seen it.
        """
        if not may_hedge:
            size, cookies = _body_limit(request), request.cookies
            look = self.client.look(request.url, request.profile, is_first=is_first, cookies=cookies, max_body=size)
            return [(request, await look)]
        return await _HedgedLook(self, request, self._host_record(host_key)).perform_look(is_first)

    def _host_record(self, host_key: str) -> _HostRecord:
        record = self.hosts.get(host_key)
        if record is None:
            record = self.hosts[host_key] = _HostRecord()
        return record

    def _host_down_probe(self, request: LookRequest, host_key: str) -> Probe | None:
        record = self.hosts.get(host_key)
        if not record or not record.failure or record.has_answered:
            return None
        if record.failure_count < HOST_FAILURE_LIMITS.get(record.failure.kind, 1_000_000):
            return None
        detail = f"{record.failure.detail} (as {record.failure_count} other addresses of {host_key}; not asked)"
        return Probe(
            request.url,
            self.client.clock(),
            failure=replace(record.failure, detail=detail),
            profile=request.profile,
            attempts=0,
            flags=("host-down",),
        )

    def _record_outcome(self, host_key: str, probe: Probe) -> None:
        record = self._host_record(host_key)
        if probe.status is not None:
            record.has_answered = True
            record.latencies.append(probe.elapsed)
        elif probe.failure and probe.failure.kind in HOST_FAILURE_LIMITS and not probe.hops:
            record.failure_count += 1
            record.failure = probe.failure

    def give_second_chances(self) -> None:
        """Before the final looks: one more failure closes a host again, one answer opens it for good."""
        for record in self.hosts.values():
            if record.failure:
                record.failure_count = min(record.failure_count, HOST_FAILURE_LIMITS[record.failure.kind] - 1)


class _HedgedLook:
    """A look and, when the server stays silent, its hedge."""

    def __init__(self, owner: HedgedClient, request: LookRequest, host: _HostRecord) -> None:
        self.owner, self.client, self.request, self.host = owner, owner.client, request, host
        self.silence = self.client.network.silence
        self.time_left = self.client.network.timeout - self.silence
        self.hedge: asyncio.Task[Probe] | None = None
        self.scope = asyncio.timeout(None)
        self.timer: asyncio.TimerHandle | None = None
        self.started = 0.0
        self.ended = False
        self.answer_begun: Callable[[], bool] = lambda: False

    async def perform_look(self, is_first: bool) -> LookResults:
        request, probe = self.request, None
        try:
            async with self.scope:
                probe = await self.client.look(
                    request.url,
                    request.profile,
                    on_silent=self._start_hedge,
                    is_first=is_first,
                    cookies=request.cookies,
                    max_body=_body_limit(request),
                )
            if self.hedge is None:
                return [(request, probe)]
            if not _has_timed_out(probe):
                return [(request, _with_hedge_request(probe))]
            async with self.open_hedge_scope():
                hedge_probe = await self.hedge
            if _has_timed_out(hedge_probe):
                return [(request, probe), (self.hedge_request, hedge_probe)]
            return [(self.hedge_request, _with_hedge_request(hedge_probe))]
        except TimeoutError:
            return self._results_when_cut()
        finally:
            self._clean_up()

    @property
    def hedge_request(self) -> LookRequest:
        """The hedge's request: the same in the other profile."""
        return replace(self.request, profile=self.request.profile.other)

    def open_hedge_scope(self) -> asyncio.Timeout:
        self.scope = asyncio.timeout(None)
        return self.scope

    def _clean_up(self) -> None:
        self.ended = True
        self.owner.abandoned.discard(self)
        if self.timer:
            self.timer.cancel()
        if self.hedge:
            self.hedge.cancel()

    def _start_hedge(self, answer_begun: Callable[[], bool]) -> None:
        """Start the hedge: the server has been silent for a while."""
        if self.hedge or self.time_left <= self.silence or answer_begun():
            return
        self.answer_begun = answer_begun
        self.started = asyncio.get_running_loop().time() - self.silence
        self.hedge = asyncio.ensure_future(
            self.client.look(
                self.request.url,
                self.hedge_request.profile,
                self.time_left,
                is_first=True,
                cookies=self.request.cookies,
                max_body=_body_limit(self.request),
            )
        )
        self.hedge.add_done_callback(self._hedge_done)
        self._watch_silence()

    def _hedge_done(self, hedge: asyncio.Task[Probe]) -> None:
        if not hedge.cancelled() and not hedge.exception() and not is_transient(hedge.result()):
            self.cancel_look()

    def _watch_silence(self) -> None:
        """Mark the look as given up, without ending it, once its silence is unlike the host's other answers."""
        loop = asyncio.get_running_loop()
        if self.answer_begun():
            self.owner.abandoned.discard(self)
        elif loop.time() - self.started >= self.host.give_up_after(self.silence) and self not in self.owner.abandoned:
            self.owner.abandoned.add(self)
            self.owner.on_abandoned()
        self.timer = loop.call_later(self.silence / 5, self._watch_silence)

    def cancel_look(self) -> None:
        """End the look: its hedge has answered, or nothing else is waited for."""
        if not self.ended and not self.scope.expired():
            self.scope.reschedule(0.0)

    def _results_when_cut(self) -> LookResults:
        assert self.hedge
        if self.hedge.done() and not self.hedge.cancelled():
            return [(self.hedge_request, _with_hedge_request(self.hedge.result()))]
        silent_for = asyncio.get_running_loop().time() - self.started
        usual = self.host.usual_latency()
        detail = f"silent for {silent_for:.1f} s, asked twice, while other pages of its host took {usual:.2f} s"
        failure = Failure(Kind.TIMEOUT_READ, detail)
        probe = Probe(self.request.url, self.client.clock(), failure=failure, elapsed=round(silent_for, 2))
        return [(request, replace(probe, profile=request.profile)) for request in (self.request, self.hedge_request)]


def _with_hedge_request(probe: Probe) -> Probe:
    """The look that counts, with the hedge's request counted."""
    return replace(probe, attempts=max(2, probe.attempts + 1))


def _body_limit(request: LookRequest) -> int:
    return MAX_LONG_BODY if request.is_long else MAX_BODY


def _is_first_look(request: LookRequest) -> bool:
    """Whether this is the first look that the judge wants of a link."""
    return request.kind in (LookKind.PAGE, LookKind.PLATFORM) and request.profile is RequestProfile.PLAIN


def _host_and_port(url: str) -> str:
    """Host and port as spelled: links with the same ones answer and fail together."""
    return url.partition("://")[2].partition("/")[0].lower()


def _has_timed_out(probe: Probe) -> bool:
    return probe.status is None and probe.failure is not None and probe.failure.kind in TIMEOUTS
