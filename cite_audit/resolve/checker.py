"""Links to verdicts and mementos: the bounded run of inquiries, and all that can cut it short."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cite_audit.config import Settings
from cite_audit.model import Health, Probe, Reason, Verdict, Wanted
from cite_audit.progress import Observer
from cite_audit.resolve.asking import HASTY, Asking
from cite_audit.resolve.inquiry import BUDGET, Inquiry, Looks
from cite_audit.resolve.live.client import Client
from cite_audit.resolve.mementos import Mementos
from cite_audit.resolve.outage import Outage
from cite_audit.resolve.reuse import Memory
from cite_audit.urls import host

ADMITTED = 1024  # links under way, most of them waiting for their host's turn
BREATH = 2.0  # seconds between the last failure and the final looks
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
) -> Resolution:
    """Ask the live web and the archives about every link, within `settings.network.deadline` seconds.

    `stop`, when set, ends the run as the deadline does: what is known by then is returned. Raises UsageError for
    settings that make no sense (an unknown archive, an unreadable CA bundle), nothing for what a network did.
    """
    links = list({link.url: link for link in wanted}.values())
    if settings.offline:
        said = "the live web was not asked because of --offline"
        return Resolution({link.url: unchecked(link.url, Reason.OFFLINE, said) for link in links}, False, True, (said,))
    async with Client(settings.network) as client:
        memory = Memory(settings, now)
        try:
            run = _Run(settings, observer, now, client, memory, stop or asyncio.Event())
            return await run.all(links)
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
        asking = Asking(client, network.retries)
        self.inquiry = Inquiry(asking, now, secrets.token_hex(8), network.platforms, self._noted)
        self.outage = Outage(0)
        self.verdicts: dict[str, Verdict] = {}
        self.failing: dict[str, _Failing] = {}
        self.mementos = Mementos(settings, client, memory.shelf, observer, now)

    async def all(self, links: list[Wanted]) -> Resolution:
        """What the store still knows, the live web, and the archives beside it."""
        self.observer.start("check", len(links))
        for verdict in self.memory.fresh(links).values():
            self._settle(verdict)
        queues = self._queues([link for link in links if link.url not in self.verdicts])
        why = await self._until_stopped(self._live(queues), self.mementos.find(links))
        self.observer.finish("check")
        return self._result(links, why)

    async def _live(self, queues: dict[str, deque[Wanted]]) -> None:
        await self._main_pass(queues)
        await self._final_looks()

    async def _until_stopped(self, *parts: Coroutine[Any, Any, None]) -> str:
        """Run the parts side by side until both are done, or a reason to stop; tells it."""
        network = self.settings.network
        work = asyncio.gather(*parts)
        dark = asyncio.ensure_future(self.outage.no_network(self.client, network.canaries))
        stopped = asyncio.ensure_future(self.stop.wait())
        try:
            ends: set[asyncio.Future[Any]] = {work, dark, stopped}
            done, _ = await asyncio.wait(ends, timeout=network.deadline, return_when=asyncio.FIRST_COMPLETED)
            if work in done:
                work.result()
                return ""
            if dark in done:
                return f"this machine reaches no network: {dark.result()}"
            return "interrupted" if stopped in done else f"the deadline of {network.deadline:g} s was reached"
        finally:
            for task in (work, dark, stopped):
                task.cancel()
            await asyncio.gather(work, dark, stopped, return_exceptions=True)

    def _queues(self, links: list[Wanted]) -> dict[str, deque[Wanted]]:
        """Links by host, hosts with most of them first."""
        queues: dict[str, deque[Wanted]] = {}
        for link in links:
            queues.setdefault(host(link.url), deque()).append(link)
            self.inquiry.pages[link.url.partition("#")[0]] += 1
        self.outage.hosts = len(queues)
        for name, queue in queues.items():
            self.client.courtesy.expect(name, len(queue))
        return dict(sorted(queues.items(), key=lambda item: -len(item[1])))

    async def _main_pass(self, queues: dict[str, deque[Wanted]]) -> None:
        """Workers per host take from its queue; the first of every host starts before the second of any."""
        network = self.settings.network
        most = max(8, network.per_host * 8) if network.per_host else network.jobs
        room = asyncio.Semaphore(ADMITTED)
        async with asyncio.TaskGroup() as group:
            for turn in range(most):
                for queue in queues.values():
                    if queue and (turn == 0 or len(queue) > turn):
                        await room.acquire()
                        group.create_task(self._work(queue, room))

    async def _work(self, queue: deque[Wanted], room: asyncio.Semaphore) -> None:
        try:
            while queue:
                link = queue.popleft()
                verdict, looks = await self.inquiry.verdict(link)
                if verdict.reason in PASSING and verdict.health is not Health.ALIVE:
                    self.failing[link.url] = _Failing(link, verdict, asyncio.get_running_loop().time())
                self._settle(verdict, looks)
        finally:
            room.release()

    async def _final_looks(self) -> None:
        """Every failure that may have passed gets one more look; a hedged time-out only when it is long ago."""
        loop = asyncio.get_running_loop()
        if not self.failing:
            return
        again = [
            item
            for item in self.failing.values()
            if item.verdict.attempts < BUDGET
            and (item.verdict.reason is not Reason.TIMEOUT or self._worth_waiting(item, loop.time()))
        ]
        if not again:
            return
        await asyncio.sleep(max(item.since for item in again) + BREATH - loop.time())
        self.inquiry.asking.give_second_chances()
        async with asyncio.TaskGroup() as group:
            for item in again:
                group.create_task(self._look_again(item))

    def _worth_waiting(self, item: _Failing, now: float) -> bool:
        """A hedged time-out was asked twice already; one cut short is asked again where the run lasts anyway."""
        if now - item.since > LONG_AGO:
            return True
        return bool(self.mementos.busy and item.verdict.probe and HASTY in item.verdict.probe.flags)

    async def _look_again(self, item: _Failing) -> None:
        before = item.verdict
        verdict, looks = await self.inquiry.verdict(item.link, BUDGET - before.attempts, retries=0)
        attempts = before.attempts + verdict.attempts
        kept = before if verdict.reason in PASSING else verdict
        self._settle(replace(kept, attempts=attempts), looks, first=False)

    def _noted(self, url: str, probe: Probe) -> None:
        self.outage.note(host(url), probe)

    def _settle(self, verdict: Verdict, looks: Looks = (), first: bool = True) -> None:
        self.verdicts[verdict.url] = verdict
        self.memory.keep(verdict, looks)
        if first:
            self.observer.step("check", verdict.url)

    def _result(self, links: list[Wanted], why: str) -> Resolution:
        remarks = [*([why] if why else []), *self.mementos.remarks, *self.memory.remarks]
        offline = why.startswith("this machine")
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
    since: float


def _unanswered(verdict: Verdict) -> bool:
    probe = verdict.probe
    return not verdict.from_cache and probe is not None and probe.status is None and probe.failure is not None
