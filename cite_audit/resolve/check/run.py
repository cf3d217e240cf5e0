"""Links to verdicts and mementos: the run of all link checks, within its limits."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from cite_audit.config.settings import Settings
from cite_audit.frozen_record import frozen_record
from cite_audit.model import CitedLink, Health, Probe, Reason, Verdict
from cite_audit.progress import Observer
from cite_audit.resolve.check.connectivity import ConnectivityMonitor
from cite_audit.resolve.check.default_scheme import links_to_check, verdicts_as_cited
from cite_audit.resolve.check.drift_check import DriftChecker
from cite_audit.resolve.check.fact_search import FactSearch
from cite_audit.resolve.check.final_looks import (
    TransientFailure,
    is_transient_failure,
    pause_before_final_looks,
    take_final_look,
)
from cite_audit.resolve.check.hedging import HedgedClient
from cite_audit.resolve.check.host_queues import drain_queues, group_by_host
from cite_audit.resolve.check.investigation import Investigation, LookRecords
from cite_audit.resolve.check.link_check import LinkChecker
from cite_audit.resolve.check.memento_lookup import MementoLookup
from cite_audit.resolve.check.network_block import NetworkBlocks
from cite_audit.resolve.check.run_limits import RunEnd, RunOutcome, run_together, run_until_ended
from cite_audit.resolve.check.source_search import SourceSearch
from cite_audit.resolve.check.verdict_cache import VerdictCache
from cite_audit.resolve.http.client import Client
from cite_audit.resolve.http.host_pace import UNLIMITED
from cite_audit.resolve.judge.claims.run_facts import RunFacts
from cite_audit.urls import url_host


@frozen_record(kw_only=True)
class Resolution:
    """A verdict for every link wanted. `incomplete`: something stopped the run; `remarks` are said once."""

    verdicts: dict[str, Verdict]
    incomplete: bool = False
    offline: bool = False
    remarks: tuple[str, ...] = ()
    run_facts: RunFacts | None = None  # what of the facts of the links stands on their pages


async def resolve(
    links: Sequence[CitedLink],
    settings: Settings,
    observer: Observer,
    now: datetime,
    *,
    stop: asyncio.Event | None = None,
    client: Client | None = None,
    verdict_cache: VerdictCache | None = None,
) -> Resolution:
    """Check every link on the live web and in the archives, within `settings.network.deadline` seconds.

    `stop`, when set, ends the run as the deadline does, with the verdicts reached by then. `client` replaces the one
    that `settings.network` describes, `verdict_cache` that of `settings.store`; it is closed here. Raises UsageError
    for settings that make no sense (an unknown archive, an unreadable CA bundle), nothing for what a network did.
    """
    if settings.offline:
        explanation = "the live web was not asked because of --offline"
        verdicts = {link.url: unchecked_verdict(link.url, Reason.OFFLINE, explanation) for link in links}
        return Resolution(verdicts=verdicts, offline=True, remarks=(explanation,))
    async with client or Client(settings.network) as client:
        verdict_cache = verdict_cache or VerdictCache(settings, now)
        try:
            client.throttle.host_paces.store = verdict_cache.host_paces
            run = _CheckRun(settings, observer, now, client, verdict_cache, stop or asyncio.Event())
            resolution = await run.check_links(links_to_check(links))
            if not resolution.offline:
                client.throttle.host_paces.keep_paces()
            return replace(resolution, verdicts=verdicts_as_cited(links, resolution.verdicts))
        finally:
            verdict_cache.close()


def unchecked_verdict(url: str, reason: Reason, explanation: str) -> Verdict:
    """The verdict on a link that was not looked at."""
    return Verdict(url, Health.UNCHECKED, reason, evidence=(explanation,))


class _CheckRun:
    """One run: its order, and what is shared by its links."""

    def __init__(
        self,
        settings: Settings,
        observer: Observer,
        now: datetime,
        client: Client,
        verdict_cache: VerdictCache,
        stop: asyncio.Event,
    ) -> None:
        self.settings, self.observer, self.now = settings, observer, now
        self.client, self.verdict_cache, self.stop = client, verdict_cache, stop
        network = settings.network
        hedged_client = HedgedClient(client, network.retries, on_abandoned=self._stop_waiting)
        self.unsettled, self.comparing_drift = 0, False  # links of the present round that have no verdict yet
        self.link_checker = LinkChecker(
            hedged_client,
            now,
            token=os.urandom(8).hex(),
            platforms=network.platforms,
            on_first_look=self._record_first_look,
            without_platforms=network.without_platforms,
            patience=timedelta(seconds=network.patience),
        )
        self.connectivity, self.network_blocks = ConnectivityMonitor(0), NetworkBlocks()
        self.fact_search: FactSearch | None = None
        self.verdicts: dict[str, Verdict] = {}
        self.transient_failures: dict[str, TransientFailure] = {}
        self.memento_lookup = MementoLookup(
            settings=settings,
            fetcher=client,
            cache=verdict_cache.archive_cache,
            limits=verdict_cache.archive_limits,
            observer=observer,
            now=now,
        )
        self.source_search = SourceSearch(
            settings, client, self.link_checker, verdict_cache, self.memento_lookup.answers, now
        )

    async def check_links(self, links: list[CitedLink]) -> Resolution:
        """Fresh verdicts from the store; for the other links the live web, and the archives beside it."""
        self.observer.start_phase("check", len(links))
        if any(link.facts for link in links):
            self.fact_search = FactSearch(links, self.verdict_cache.store)
        for verdict in self.verdict_cache.fresh_verdicts(links).values():
            self._record_verdict(verdict)
            self.connectivity.cached_hosts.add(url_host(verdict.url))
        todo = [link for link in links if link.url not in self.verdicts]
        self.link_checker.past_verdicts = self.verdict_cache.past_verdicts(todo)
        queues = self._queue_links(todo)
        self.unsettled = len(todo)
        try:
            outcome = await run_until_ended(
                [self._check_and_compare(queues, links)], self.connectivity, self.client, self.stop
            )
        finally:
            await self.link_checker.close()
        self.observer.finish_phase("check")
        return self._build_resolution(links, outcome)

    async def _find_mementos(self, links: list[CitedLink]) -> None:
        await self.memento_lookup.find_mementos(links)
        self._stop_waiting()

    def _stop_waiting(self) -> None:
        """End the looks that were given up, once the run waits for nothing else."""
        hedged_client = self.link_checker.hedged_client
        if not self.memento_lookup.busy and not self.comparing_drift and self.unsettled <= len(hedged_client.abandoned):
            hedged_client.cancel_abandoned()

    async def _check_and_compare(self, queues: dict[str, deque[CitedLink]], links: list[CitedLink]) -> None:
        await run_together([self._search_kept_pages(links), self._check_live_web(queues), self._find_mementos(links)])
        drift = self.settings.archiving.drift
        self.comparing_drift = True
        drift_checker = DriftChecker(
            link_checker=self.link_checker,
            limits=self.verdict_cache.archive_limits,
            answers=self.memento_lookup.answers,
            compare_all=drift,
        )
        await drift_checker.compare_links(links, self.verdicts)
        for investigation in drift_checker.outcomes.values():
            self._record_verdict(investigation.verdict, investigation.look_records, is_first=False)
        if self.fact_search:
            await self.fact_search.search_outcomes(links, drift_checker.outcomes)
        if not self.connectivity.is_mostly_unanswered():
            await self.source_search.search_links(links, self.verdicts)

    async def _search_kept_pages(self, links: list[CitedLink]) -> None:
        if self.fact_search:
            await self.fact_search.search_kept_pages([link for link in links if link.url in self.verdicts])

    async def _check_live_web(self, queues: dict[str, deque[CitedLink]]) -> None:
        await drain_queues(queues, self._check_link, self._workers_per_host)
        await self._take_final_looks()

    @property
    def _workers_per_host(self) -> int:
        """How many links of one host are under way; most of them wait for their turn or for a retry."""
        at_once = self.client.throttle.host_paces.bounds.most_at_once
        return self.settings.network.jobs if at_once >= UNLIMITED else max(8, at_once * 8)

    def _queue_links(self, links: list[CitedLink]) -> dict[str, deque[CitedLink]]:
        queues = group_by_host(links, lambda link: url_host(link.url))
        self.link_checker.page_citations.update(link.url.partition("#")[0] for link in links)
        self.connectivity.hosts = len(queues)
        for name, queue in queues.items():
            self.client.throttle.expect_links(name, len(queue))
        return queues

    async def _check_link(self, link: CitedLink) -> None:
        self.observer.begin_step("check", link.url)
        investigation = await self.link_checker.find_verdict(link)
        self.network_blocks.record_evidence(investigation.verdict, investigation.evidence)
        if is_transient_failure(investigation.verdict):
            investigation.release_pages()
            failed_at = asyncio.get_running_loop().time()
            self.transient_failures[link.url] = TransientFailure(link, investigation, failed_at)
        if self.fact_search:
            await self.fact_search.search_page(link, investigation)
        self._record_investigation(link, investigation)
        self._count_settled()

    def _count_settled(self) -> None:
        self.unsettled -= 1
        self._stop_waiting()

    async def _take_final_looks(self) -> None:
        """Every failure that may have passed gets one more look; a hedged time-out only when it is long ago."""
        clock = asyncio.get_running_loop().time
        failures = [failure for failure in self.transient_failures.values() if failure.deserves_final_look(clock())]
        if not failures:
            return
        await asyncio.sleep(pause_before_final_looks(failures, self.settings.network.backoff, clock()))
        self.link_checker.begin_final_looks()
        self.unsettled = len(failures)
        await drain_queues(
            group_by_host(failures, lambda item: url_host(item.link.url)), self._look_again, self._workers_per_host
        )

    async def _look_again(self, failure: TransientFailure) -> None:
        investigation = await take_final_look(self.link_checker, failure)
        if self.fact_search:
            await self.fact_search.search_page(failure.link, investigation)
        self._record_investigation(failure.link, investigation, is_first=False)
        self._count_settled()

    def _record_investigation(self, link: CitedLink, investigation: Investigation, *, is_first: bool = True) -> None:
        self.source_search.identity_search.compare_investigation(link, investigation)
        verdict = self.source_search.identity_search.add_identity(investigation.verdict)
        self._record_verdict(verdict, investigation.look_records, is_first)

    def _record_first_look(self, url: str, probe: Probe) -> None:
        self.connectivity.record_look(url_host(url), probe)

    def _record_verdict(self, verdict: Verdict, looks: LookRecords = (), is_first: bool = True) -> None:
        self.verdicts[verdict.url] = verdict
        self.verdict_cache.keep_verdict(verdict, looks)
        if is_first:
            self.observer.advance_phase("check", verdict.url)

    def _build_resolution(self, links: list[CitedLink], outcome: RunOutcome) -> Resolution:
        stop_reason = outcome.explanation
        withdrawn, block_remark = self.network_blocks.withdraw_verdicts(self.verdicts)
        for withdrawn_verdict in withdrawn.values():
            self._record_verdict(withdrawn_verdict, is_first=False)
        remarks = [
            *filter(None, (stop_reason, block_remark)),
            *self.memento_lookup.remarks,
            *self.verdict_cache.remarks,
            *dict.fromkeys(self.link_checker.faults),
            *(self.fact_search.remarks if self.fact_search else ()),
        ]
        offline = outcome.end is RunEnd.OFFLINE
        if outcome.end is RunEnd.COMPLETED and self.connectivity.is_mostly_unanswered():
            offline, stop_reason = True, "most hosts gave no answer: the network between, not the links, is to blame"
            remarks.insert(0, stop_reason)
        if offline:
            self.verdict_cache.forget_run()
        reason = Reason.OFFLINE if offline else Reason.DEADLINE
        verdicts = {}
        for link in links:
            verdict = self.verdicts.get(link.url)
            if verdict is None or (offline and _got_no_answer(verdict)):
                verdict = unchecked_verdict(link.url, reason, stop_reason or "not reached")
            verdict = self.memento_lookup.add_archive_answer(verdict)
            verdicts[link.url] = self.source_search.add_results(verdict)
        return Resolution(
            verdicts=verdicts,
            incomplete=bool(stop_reason),
            offline=offline,
            remarks=tuple(remarks),
            run_facts=self.fact_search.run_facts if self.fact_search else None,
        )


def _got_no_answer(verdict: Verdict) -> bool:
    probe = verdict.probe
    return not verdict.from_cache and probe is not None and probe.status is None and probe.failure is not None
