"""One thing asked, with patience: hedged when the answer stays away, asked again when the trouble may pass."""

from __future__ import annotations

import asyncio
import math
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from cite_audit.model import Failure, FailureKind, Probe
from cite_audit.resolve.base import Ask
from cite_audit.resolve.live.client import Client
from cite_audit.resolve.live.courtesy import LONGEST_PAUSE
from cite_audit.resolve.live.waits import asked_pause

Kind = FailureKind
TIMEOUTS = {Kind.TIMEOUT_CONNECT, Kind.TIMEOUT_TLS, Kind.TIMEOUT_READ, Kind.TIMEOUT_TOTAL}
PASSING_KINDS = {*TIMEOUTS, Kind.DNS_TEMPORARY, Kind.RESET, Kind.UNREACHABLE, Kind.EMPTY_REPLY}
PASSING_KINDS |= {Kind.PROTOCOL}
PASSING_STATUSES = {408, 425, 429, 500, 502, 503, 504, *range(520, 528), 530}
# Nothing is wrong with the server: a wall answers so, and asking again changes nothing.
WALL_HEADERS = ("cf-mitigated", "x-vercel-mitigated", "x-amzn-waf-action")
# Trouble of the host, not of the page: after so many links in a row the others are not made to wait for it.
HOST_TROUBLE = {
    Kind.REFUSED: 3,
    Kind.UNREACHABLE: 3,
    Kind.TIMEOUT_CONNECT: 3,
    Kind.TIMEOUT_TLS: 3,
    Kind.TIMEOUT_READ: 8,
}
# A page silent for this long, and for so many times what nearly all others of its host took, will not come.
SILENCES = 2.0  # times the silence after which a look is hedged
TIMES_USUAL = 6.0
SAMPLES = 20
LONGEST_WAIT = 30.0

Looked = list[tuple[Ask, Probe]]


def passing(probe: Probe) -> bool:
    """Whether the trouble of a look may be over in a moment."""
    if probe.status is not None and probe.failure is None:
        return probe.status in PASSING_STATUSES and not any(probe.header(name) for name in WALL_HEADERS)
    return probe.status is None and probe.failure is not None and probe.failure.kind in PASSING_KINDS


@dataclass(slots=True)
class _Host:
    trouble: int = 0
    failure: Failure | None = None
    answered: bool = False
    took: deque[float] = field(default_factory=lambda: deque(maxlen=100))  # seconds of its latest answers

    def enough(self, silence: float) -> float:
        """Seconds after which silence tells, going by what the host's other answers took; infinite without them."""
        if len(self.took) < SAMPLES:
            return math.inf
        return max(SILENCES * silence, TIMES_USUAL * self.usual())

    def usual(self) -> float:
        """Seconds within which 95 of 100 of its latest answers came."""
        return sorted(self.took)[int(len(self.took) * 0.95)]


@dataclass(slots=True)
class Asking:
    """Asks on behalf of the checker. `random` gives 0–1."""

    client: Client
    retries: int
    random: Callable[[], float] = random.random
    hosts: dict[str, _Host] = field(default_factory=dict)
    given_up: set[_Pair] = field(default_factory=set)  # looks that go on only as long as the run does
    changed: Callable[[], None] = lambda: None  # called when one more is given up

    def end_given_up(self) -> None:
        """Nothing else is waited for."""
        for pair in list(self.given_up):
            pair.cut()

    async def ask(self, ask: Ask, budget: int, retries: int | None = None) -> Looked:
        """The looks an ask led to, the decisive one last; `Probe.attempts` counts the requests for pages behind each.

        At most `budget` of them; `retries` instead of the run's.
        """
        name = _place(ask.url)
        if down := self._down(ask, name):
            return [(ask, down)]
        looked: Looked = []
        spent = 0
        for turn in range(1 + min(self.retries if retries is None else retries, budget - 1)):
            if turn and not await self._wait(looked[-1][1], turn):
                break
            looked = await self._hedged(ask, name, first=not spent and _is_first(ask), twins=budget - spent > 1)
            spent += sum(probe.attempts for _, probe in looked)
            if len(looked) > 1 or spent >= budget or not passing(looked[-1][1]):
                break
        others = sum(probe.attempts for _, probe in looked[:-1])
        if looked[-1][1].attempts != spent - others:
            looked[-1] = (looked[-1][0], replace(looked[-1][1], attempts=spent - others))
        self._note(name, looked[-1][1])
        return looked

    async def _wait(self, probe: Probe, turn: int) -> bool:
        """Wait before the next try; False when the server wants to be left alone for longer than a run lasts."""
        pause = asked_pause(probe.headers, self.client.clock())
        if pause is not None:
            return pause <= LONGEST_PAUSE  # the host's whole queue waits, and this link in it
        if probe.status != 429:
            first = self.client.network.backoff
            wait = first + self.random() * min(LONGEST_WAIT, first * 2.0 ** (turn - 1))
            await asyncio.sleep(wait)
        return True

    async def _hedged(self, ask: Ask, name: str, first: bool, twins: bool) -> Looked:
        """A look; when it stays silent, a second one beside it in the other profile, and the first answer counts.

        A hang costs one time-out this way, not three, and is seen by both profiles.
        """
        if not twins:
            return [(ask, await self.client.look(ask.url, ask.profile, first=first))]
        return await _Pair(self, ask, self._host(name)).look(first)

    def _host(self, name: str) -> _Host:
        known = self.hosts.get(name)
        if known is None:
            known = self.hosts[name] = _Host()
        return known

    def _down(self, ask: Ask, name: str) -> Probe | None:
        known = self.hosts.get(name)
        if not known or not known.failure or known.answered:
            return None
        if known.trouble < HOST_TROUBLE.get(known.failure.kind, 1_000_000):
            return None
        detail = f"{known.failure.detail} (as {known.trouble} other addresses of {name}; not asked)"
        return Probe(
            ask.url,
            self.client.clock(),
            failure=replace(known.failure, detail=detail),
            profile=ask.profile,
            attempts=0,
            flags=("host-down",),
        )

    def _note(self, name: str, probe: Probe) -> None:
        known = self._host(name)
        if probe.status is not None:
            known.answered = True
            known.took.append(probe.elapsed)
        elif probe.failure and probe.failure.kind in HOST_TROUBLE and not probe.hops:
            known.trouble += 1
            known.failure = probe.failure

    def give_second_chances(self) -> None:
        """Before the final looks: one more failure closes a host again, one answer opens it for good."""
        for known in self.hosts.values():
            if known.failure:
                known.trouble = min(known.trouble, HOST_TROUBLE[known.failure.kind] - 1)


class _Pair:
    """A look and, when it stays silent, its twin."""

    def __init__(self, asking: Asking, ask: Ask, host: _Host) -> None:
        self.asking, self.client, self.ask, self.host = asking, asking.client, ask, host
        self.silence = self.client.network.silence
        self.left = self.client.network.timeout - self.silence
        self.twin: asyncio.Task[Probe] | None = None
        self.scope = asyncio.timeout(None)
        self.timer: asyncio.TimerHandle | None = None
        self.started = 0.0
        self.ended = False
        self.speaking: Callable[[], bool] = lambda: False

    async def look(self, first: bool) -> Looked:
        ask, probe = self.ask, None
        try:
            async with self.scope:
                probe = await self.client.look(ask.url, ask.profile, silent=self._beside, first=first)
            if self.twin is None:
                return [(ask, probe)]
            if not _timed_out(probe):
                return [(ask, _besides(probe))]
            async with self.scope_of_twin():
                second = await self.twin
            if _timed_out(second):
                return [(ask, probe), (self.other, second)]
            return [(self.other, _besides(second))]
        except TimeoutError:
            return self._cut_short()
        finally:
            self._end()

    @property
    def other(self) -> Ask:
        """What the twin asks."""
        return replace(self.ask, profile="browser" if self.ask.profile == "plain" else "plain")

    def scope_of_twin(self) -> asyncio.Timeout:
        self.scope = asyncio.timeout(None)
        return self.scope

    def _end(self) -> None:
        self.ended = True
        self.asking.given_up.discard(self)
        if self.timer:
            self.timer.cancel()
        if self.twin:
            self.twin.cancel()

    def _beside(self, speaking: Callable[[], bool]) -> None:
        """The look has lasted for a while."""
        if self.twin or self.left <= self.silence or speaking():
            return
        self.speaking = speaking
        self.started = asyncio.get_running_loop().time() - self.silence
        self.twin = asyncio.ensure_future(self.client.look(self.ask.url, self.other.profile, self.left, first=True))
        self.twin.add_done_callback(self._twin_done)
        self._watch()

    def _twin_done(self, twin: asyncio.Task[Probe]) -> None:
        if not twin.cancelled() and not twin.exception() and not passing(twin.result()):
            self.cut()

    def _watch(self) -> None:
        """Give the look up, without ending it, once the host's other answers say that it will not come."""
        loop = asyncio.get_running_loop()
        if self.speaking():
            self.asking.given_up.discard(self)
        elif loop.time() - self.started >= self.host.enough(self.silence) and self not in self.asking.given_up:
            self.asking.given_up.add(self)
            self.asking.changed()
        self.timer = loop.call_later(self.silence / 5, self._watch)

    def cut(self) -> None:
        """End the look: its twin has answered, or nothing else is waited for."""
        if not self.ended and not self.scope.expired():
            self.scope.reschedule(0.0)

    def _cut_short(self) -> Looked:
        assert self.twin
        if self.twin.done() and not self.twin.cancelled():
            return [(self.other, _besides(self.twin.result()))]
        silent = asyncio.get_running_loop().time() - self.started
        said = f"silent for {silent:.1f} s, asked twice, while other pages of its host took {self.host.usual():.2f} s"
        failure = Failure(Kind.TIMEOUT_READ, said)
        probe = Probe(self.ask.url, self.client.clock(), failure=failure, elapsed=round(silent, 2))
        return [(ask, replace(probe, profile=ask.profile)) for ask in (self.ask, self.other)]


def _besides(probe: Probe) -> Probe:
    """The look that counts, with its twin's request."""
    return replace(probe, attempts=max(2, probe.attempts + 1))


def _is_first(ask: Ask) -> bool:
    """Whether this is what the judge asks first of a link."""
    return ask.kind in ("page", "platform") and ask.profile == "plain"


def _place(url: str) -> str:
    """Host and port, as spelled: what answers together and fails together."""
    return url.partition("://")[2].partition("/")[0].lower()


def _timed_out(probe: Probe) -> bool:
    return probe.status is None and probe.failure is not None and probe.failure.kind in TIMEOUTS
