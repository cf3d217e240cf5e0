"""One thing asked, with patience: hedged when the answer stays away, asked again when the trouble may pass."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from cite_audit.model import Failure, FailureKind, Probe
from cite_audit.resolve.base import Ask
from cite_audit.resolve.live.client import Client
from cite_audit.resolve.live.courtesy import LONGEST_PAUSE, PATIENCE
from cite_audit.resolve.live.waits import asked_pause
from cite_audit.urls import host

Kind = FailureKind
TIMEOUTS = {Kind.TIMEOUT_CONNECT, Kind.TIMEOUT_TLS, Kind.TIMEOUT_READ, Kind.TIMEOUT_TOTAL}
PASSING_KINDS = {*TIMEOUTS, Kind.DNS_TEMPORARY, Kind.RESET, Kind.REFUSED, Kind.UNREACHABLE, Kind.EMPTY_REPLY}
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
FIRST_WAIT = 1.0  # seconds; doubled each time, with full jitter on top of the first
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


@dataclass(slots=True)
class Asking:
    """Asks on behalf of the checker. `random` gives 0–1."""

    client: Client
    retries: int
    random: Callable[[], float] = random.random
    hosts: dict[str, _Host] = field(default_factory=dict)

    async def ask(self, ask: Ask, budget: int, retries: int | None = None) -> Looked:
        """The looks an ask led to, the decisive one last; `Probe.attempts` counts the requests for pages behind each.

        At most `budget` of them; `retries` instead of the run's.
        """
        name = host(ask.url)
        if down := self._down(ask, name):
            return [(ask, down)]
        looked: Looked = []
        spent = 0
        for turn in range(1 + min(self.retries if retries is None else retries, budget - 1)):
            if turn and not await self._wait(looked[-1][1], turn):
                break
            looked = await self._hedged(ask, allowed=budget - spent > 1)
            spent += sum(probe.attempts for _, probe in looked)
            if len(looked) > 1 or spent >= budget or not passing(looked[-1][1]):
                break
        others = sum(probe.attempts for _, probe in looked[:-1])
        looked[-1] = (looked[-1][0], replace(looked[-1][1], attempts=spent - others))
        self._note(name, looked[-1][1])
        return looked

    async def _wait(self, probe: Probe, turn: int) -> bool:
        """Wait before the next try; False when the server wants to be left alone for longer than a run lasts."""
        pause = asked_pause(probe.header, self.client.clock())
        if pause is not None:
            return pause <= LONGEST_PAUSE  # the host's whole queue waits, and this link in it
        if probe.status != 429:
            wait = FIRST_WAIT + self.random() * min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (turn - 1))
            await asyncio.sleep(wait)
        return True

    async def _hedged(self, ask: Ask, allowed: bool) -> Looked:
        """A look; when it stays silent, a second one beside it in the other profile, and the first answer counts.

        A hang costs one time-out this way, not three, and is seen by both profiles.
        """
        twin: asyncio.Task[Probe] | None = None
        other = replace(ask, profile="browser" if ask.profile == "plain" else "plain")
        left = self.client.network.timeout - PATIENCE

        def beside() -> None:
            nonlocal twin
            if twin is None and allowed and left > PATIENCE:
                twin = asyncio.ensure_future(self.client.look(ask.url, other.profile, left))
                twin.add_done_callback(stop)

        def stop(done: asyncio.Task[Probe]) -> None:
            if not done.cancelled() and not done.exception() and not passing(done.result()):
                scope.reschedule(asyncio.get_running_loop().time())

        probe: Probe | None = None
        try:
            async with asyncio.timeout(None) as scope:
                probe = await self.client.look(ask.url, ask.profile, silent=beside)
        except TimeoutError:
            assert twin  # it answered first
            return [(other, replace(twin.result(), attempts=2))]
        finally:
            if twin and not twin.done() and not (probe and _timed_out(probe)):
                twin.cancel()
        if twin is None:
            return [(ask, probe)]
        if not _timed_out(probe):
            return [(ask, replace(probe, attempts=2))]
        second = await twin
        return [(ask, probe), (other, second)] if _timed_out(second) else [(other, replace(second, attempts=2))]

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
        known = self.hosts.setdefault(name, _Host())
        if probe.status is not None:
            known.answered = True
        elif probe.failure and probe.failure.kind in HOST_TROUBLE and not probe.hops:
            known.trouble += 1
            known.failure = probe.failure

    def give_second_chances(self) -> None:
        """Before the final looks: one more failure closes a host again, one answer opens it for good."""
        for known in self.hosts.values():
            if known.failure:
                known.trouble = min(known.trouble, HOST_TROUBLE[known.failure.kind] - 1)


def _timed_out(probe: Probe) -> bool:
    return probe.status is None and probe.failure is not None and probe.failure.kind in TIMEOUTS
