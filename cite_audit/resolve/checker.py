"""Links to verdicts and mementos: the bounded run of inquiries, and all that can cut it short."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cite_audit.config import Settings
from cite_audit.model import Health, Probe, Reason, Verdict, Wanted
from cite_audit.progress import Observer
from cite_audit.resolve.asking import Asking
from cite_audit.resolve.comparing import Comparing
from cite_audit.resolve.ending import NO_NETWORK, run_until_ended, together
from cite_audit.resolve.inquiry import BUDGET, Inquiry, Looks
from cite_audit.resolve.live.client import Client
from cite_audit.resolve.mementos import Mementos
from cite_audit.resolve.outage import Outage
from cite_audit.resolve.reuse import Memory
from cite_audit.resolve.schemeless import as_cited, to_ask
from cite_audit.resolve.workers import queues_of, work_through
from cite_audit.urls import host

BREATHS = 2.0  # times the first wait of a retry, between the last failure and the final looks
LONG_AGO = 30.0  # seconds after which a time-out deserves another look, though it was hedged
PASSING = {
    Reason.TIMEOUT,
    Reason.REFUSED,
    Reason.SERVER_ERROR,
    Reason.PROTOCOL_ERROR,
    Reason.DNS_TEMPORARY,
    Reason.RATE_LIMITED,
}


@dataclass(frozen=True, slots=True)
class Resolution:
    """A verdict for every link wanted. `incomplete`: something stopped the run; `remarks` are said once."""

    verdicts: dict[str, Verdict]
    incomplete: bool = False
    offline: bool = False
    remarks: tuple[str, ...] = ()


async def resolve(
    wanted: Sequence[Wanted],
    settings: Settings,
    observer: Observer,
    now: datetime,
    *,
    stop: asyncio.Event | None = None,
    client: Client | None = None,
) -> Resolution:
    """Ask the live web and the archives about every link, within `settings.network.deadline` seconds.

    `stop`, when set, ends the run as the deadline does: what is known by then is returned. `client` replaces the one
    that `settings.network` describes. Raises UsageError for settings that make no sense (an unknown archive, an
    unreadable CA bundle), nothing for what a network did.
    """
    if settings.offline:
        said = "the live web was not asked because of --offline"
        return Resolution({one.url: unchecked(one.url, Reason.OFFLINE, said) for one in wanted}, False, True, (said,))
    async with client or Client(settings.network) as client:
        memory = Memory(settings, now)
        try:
            run = _Run(settings, observer, now, client, memory, stop or asyncio.Event())
            resolution = await run.all(to_ask(wanted))
            return replace(resolution, verdicts=as_cited(wanted, resolution.verdicts))
        finally:
            memory.close()


def unchecked(url: str, reason: Reason, said: str) -> Verdict:
    """A verdict for a link nobody asked about."""
    return Verdict(url, Health.UNCHECKED, reason, evidence=(said,))


class _Run:
    """One run."""

    def __init__(
        self,
        settings: Settings,
        observer: Observer,
        now: datetime,
        client: Client,
        memory: Memory,
        stop: asyncio.Event,
    ) -> None:
        self.settings, self.observer, self.now = settings, observer, now
        self.client, self.memory, self.stop = client, memory, stop
        network = settings.network
        asking = Asking(client, network.retries, changed=self._wait_no_longer)
        self.unsettled = 0  # links of the present round that have no verdict yet
        self.comparing = False
        self.inquiry = Inquiry(asking, now, secrets.token_hex(8), network.platforms, self._noted)
        self.inquiry.without_platforms = network.without_platforms
        self.inquiry.patience = timedelta(seconds=network.patience)
        self.outage = Outage(0)
        self.verdicts: dict[str, Verdict] = {}
        self.failing: dict[str, _Failing] = {}
        self.mementos = Mementos(settings, client, memory.shelf, observer, now)

    async def all(self, links: list[Wanted]) -> Resolution:
        """What the store still knows, the live web, and the archives beside it."""
        self.observer.start("check", len(links))
        for verdict in self.memory.fresh(links).values():
            self._settle(verdict)
            self.outage.recalled.add(host(verdict.url))
        todo = [link for link in links if link.url not in self.verdicts]
        self.inquiry.past = self.memory.past(todo)
        queues = self._queues(todo)
        self.unsettled = len(todo)
        try:
            why = await run_until_ended([self._work(queues, links)], self.outage, self.client, self.stop)
        finally:
            await self.inquiry.close()
        self.observer.finish("check")
        return self._result(links, why)

    async def _find_mementos(self, links: list[Wanted]) -> None:
        await self.mementos.find(links)
        self._wait_no_longer()

    def _wait_no_longer(self) -> None:
        """End the looks that were given up, once nothing else keeps the run."""
        asking = self.inquiry.asking
        if not self.mementos.busy and not self.comparing and self.unsettled <= len(asking.given_up):
            asking.end_given_up()

    async def _work(self, queues: dict[str, deque[Wanted]], links: list[Wanted]) -> None:
        await together([self._live(queues), self._find_mementos(links)])
        drift = self.settings.archiving.drift
        self.comparing = True
        comparing = Comparing(self.inquiry, self.memory.shelf, self.mementos.answers, drift)
        await comparing.all(links, self.verdicts)
        for verdict, looks in comparing.done.values():
            self._settle(verdict, looks, first=False)

    async def _live(self, queues: dict[str, deque[Wanted]]) -> None:
        await work_through(queues, self._check, self._workers)
        await self._final_looks()

    @property
    def _workers(self) -> int:
        """How many links of one host are under way, most of them waiting: for their turn, or for a retry."""
        network = self.settings.network
        return max(8, network.per_host * 8) if network.per_host else network.jobs

    def _queues(self, links: list[Wanted]) -> dict[str, deque[Wanted]]:
        queues = queues_of(links, lambda link: host(link.url))
        self.inquiry.pages.update(link.url.partition("#")[0] for link in links)
        self.outage.hosts = len(queues)
        for name, queue in queues.items():
            self.client.courtesy.expect(name, len(queue))
        return queues

    async def _check(self, link: Wanted) -> None:
        verdict, looks = await self.inquiry.verdict(link)
        if verdict.reason in PASSING and verdict.health is not Health.ALIVE:
            self.failing[link.url] = _Failing(link, verdict, looks, asyncio.get_running_loop().time())
        self._settle(verdict, looks)
        self._one_less()

    def _one_less(self) -> None:
        self.unsettled -= 1
        self._wait_no_longer()

    async def _final_looks(self) -> None:
        """Every failure that may have passed gets one more look; a hedged time-out only when it is long ago."""
        loop = asyncio.get_running_loop()
        again = [item for item in self.failing.values() if self._worth_another(item, loop.time())]
        if not again:
            return
        breath = BREATHS * self.settings.network.backoff
        await asyncio.sleep(max(item.since for item in again) + breath - loop.time())
        self.inquiry.start_over()
        self.unsettled = len(again)
        await work_through(queues_of(again, lambda item: host(item.link.url)), self._look_again, self._workers)

    def _worth_another(self, item: _Failing, now: float) -> bool:
        """A hedged time-out was asked twice already."""
        if item.verdict.attempts >= BUDGET:
            return False
        return item.verdict.reason is not Reason.TIMEOUT or now - item.since > LONG_AGO

    async def _look_again(self, item: _Failing) -> None:
        before = item.verdict
        verdict, looks = await self.inquiry.verdict(item.link, BUDGET - before.attempts, retries=0)
        attempts = before.attempts + verdict.attempts
        kept, looks = (before, item.looks) if verdict.reason in PASSING else (verdict, looks)
        self._settle(replace(kept, attempts=attempts), looks, first=False)
        self._one_less()

    def _noted(self, url: str, probe: Probe) -> None:
        self.outage.note(host(url), probe)

    def _settle(self, verdict: Verdict, looks: Looks = (), first: bool = True) -> None:
        self.verdicts[verdict.url] = verdict
        self.memory.keep(verdict, looks)
        if first:
            self.observer.step("check", verdict.url)

    def _result(self, links: list[Wanted], why: str) -> Resolution:
        remarks = [*([why] if why else []), *self.mementos.remarks, *self.memory.remarks, *self.inquiry.faults]
        offline = why.startswith(NO_NETWORK)
        if not why and self.outage.most_unanswered():
            offline, why = True, "most hosts gave no answer: the network between, not the links, is to blame"
            remarks.insert(0, why)
        if offline:
            self.memory.forget_run()
        reason = Reason.OFFLINE if offline else Reason.DEADLINE
        verdicts = {}
        for link in links:
            verdict = self.verdicts.get(link.url)
            if verdict is None or (offline and _unanswered(verdict)):
                verdict = unchecked(link.url, reason, why or "not reached")
            verdicts[link.url] = self.mementos.added(verdict)
        return Resolution(verdicts, bool(why), offline, tuple(remarks))


@dataclass(frozen=True, slots=True)
class _Failing:
    """A link that may do better later, and when it failed (loop time)."""

    link: Wanted
    verdict: Verdict
    looks: Looks
    since: float


def _unanswered(verdict: Verdict) -> bool:
    probe = verdict.probe
    return not verdict.from_cache and probe is not None and probe.status is None and probe.failure is not None
