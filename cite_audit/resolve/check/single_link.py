"""One link investigated with all that was seen, for `why`: on the live web, or from the looks that the store kept."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from cite_audit.config.settings import Settings
from cite_audit.errors import StoreError
from cite_audit.model import CitedLink, Failure, FailureKind, Memento, Probe, Reason, Verdict
from cite_audit.progress import SilentObserver
from cite_audit.resolve.check.connectivity import ConnectivityMonitor
from cite_audit.resolve.check.default_scheme import with_scheme
from cite_audit.resolve.check.drift_check import DriftChecker, needs_comparison
from cite_audit.resolve.check.final_looks import (
    TransientFailure,
    is_transient_failure,
    pause_before_final_looks,
    take_final_look,
)
from cite_audit.resolve.check.hedging import HedgedClient
from cite_audit.resolve.check.investigation import Investigation, investigate
from cite_audit.resolve.check.kept_looks import restore_look
from cite_audit.resolve.check.link_check import LinkChecker
from cite_audit.resolve.check.memento_lookup import MementoLookup
from cite_audit.resolve.check.run import unchecked_verdict
from cite_audit.resolve.http.client import Client
from cite_audit.resolve.judge.history import PastVerdicts
from cite_audit.resolve.judge.look import NOT_ASKED, Evidence, Look, LookRequest
from cite_audit.store import StoredLooks, open_store
from cite_audit.urls import url_host


async def investigate_link(
    url: str,
    settings: Settings,
    now: datetime,
    *,
    near: date | None = None,
    quotes: tuple[str, ...] = (),
    client: Client | None = None,
) -> tuple[Evidence, Verdict]:
    """All looks at a link and its verdict, reached as an audit reaches it.

    With a date or quotes, a live page is compared with its archived copy, as `--drift` does. Nothing is kept in the
    store, but earlier verdicts found there count. Raises UsageError for settings that make no sense.
    """
    link, network = CitedLink(url, near, quotes=quotes), settings.network
    async with client or Client(network) as client:
        link_checker = LinkChecker(
            HedgedClient(client, network.retries),
            now,
            token=os.urandom(8).hex(),
            platforms=network.platforms,
            without_platforms=network.without_platforms,
            past_verdicts={url: _past_verdicts(url, settings)},
            patience=timedelta(seconds=network.patience),
        )
        try:
            investigation = await link_checker.find_verdict(link)
            if offline_reason := await _offline_reason(investigation.evidence, client):
                return investigation.evidence, unchecked_verdict(url, Reason.OFFLINE, offline_reason)
            investigation = await _look_again(link_checker, link, investigation)
            investigation = await _compare_with_copy(link_checker, link, investigation, settings)
        finally:
            await link_checker.close()
    return investigation.evidence, investigation.verdict


async def _look_again(link_checker: LinkChecker, link: CitedLink, investigation: Investigation) -> Investigation:
    """The final look of an audit, for trouble that may have passed."""
    clock = asyncio.get_running_loop().time
    failure = TransientFailure(link, investigation, clock())
    if not is_transient_failure(investigation.verdict) or not failure.deserves_final_look(clock()):
        return investigation
    backoff = link_checker.hedged_client.client.network.backoff
    await asyncio.sleep(pause_before_final_looks([failure], backoff, clock()))
    link_checker.begin_final_looks()
    return await take_final_look(link_checker, failure)


async def _compare_with_copy(
    link_checker: LinkChecker, link: CitedLink, investigation: Investigation, settings: Settings
) -> Investigation:
    """The drift check of an audit, for a live page that is suspected or that the caller wants compared."""
    compare_all = settings.archiving.drift or link.near is not None or bool(link.quotes)
    if not settings.archive or not needs_comparison(investigation.verdict, compare_all):
        return investigation
    store = open_store(settings.store)
    try:
        cache, client = store.key_value_store("archive"), link_checker.hedged_client.client
        memento_lookup = MementoLookup(
            settings=settings,
            fetcher=client,
            cache=cache,
            limits=cache,
            observer=SilentObserver(),
            now=link_checker.now,
        )
        await memento_lookup.find_mementos([link])
        drift_checker = DriftChecker(
            link_checker=link_checker, limits=cache, answers=memento_lookup.answers, compare_all=compare_all
        )
        await drift_checker.compare_links([link], {link.url: investigation.verdict})
    finally:
        store.close()
    return drift_checker.outcomes.get(link.url, investigation)


def judge_again(
    url: str, settings: Settings, *, near: date | None = None, quotes: tuple[str, ...] = ()
) -> tuple[Evidence, Verdict, Verdict]:
    """The looks that the last run took at a link, today's verdict on them, and the verdict of then. No network is used.

    A look that today's rules want and that was not taken stays without an answer. Raises StoreError where the store
    has nothing of the link, or no longer its pages.
    """
    stored = _load_seen_link(with_scheme(url), settings)
    kept_looks = stored.looks or ()
    first_look_at = min(
        (probe.asked_at for _, probe in kept_looks), default=datetime.fromtimestamp(stored.saved_at, UTC)
    )
    evidence = Evidence(
        stored.verdict.url,
        first_look_at,
        looks=tuple(restore_look(kind, stored.verdict.url, probe) for kind, probe in kept_looks),
        near=near,
        quotes=quotes,
        platforms=settings.network.platforms,
        without_platforms=settings.network.without_platforms,
    )
    if archived_copy := evidence.archived_copy:  # only good mementos are compared; the judge needs no more of one
        probe = archived_copy.probe
        evidence = replace(evidence, memento=Memento(url, probe.url, captured_at=probe.asked_at, archive=""))
    investigation = asyncio.run(
        investigate(
            evidence,
            _KeptLooks(first_look_at),
            past_verdicts=_past_verdicts(evidence.url, settings),
            patience=timedelta(seconds=settings.network.patience),
        )
    )
    return investigation.evidence, investigation.verdict, stored.verdict


class _KeptLooks:
    """Takes no looks: those that were taken are in the evidence already."""

    def __init__(self, asked_at: datetime) -> None:
        self.asked_at = asked_at

    async def take_look(self, request: LookRequest, budget: int) -> tuple[list[Look], int]:
        failure = Failure(FailureKind.TIMEOUT_TOTAL, "nobody looked then")
        probe = Probe(
            request.url, self.asked_at, failure=failure, profile=request.profile, attempts=0, flags=(NOT_ASKED,)
        )
        return [Look(request, probe)], 0


def _load_seen_link(url: str, settings: Settings) -> StoredLooks:
    if settings.store is None:
        raise StoreError("without a store nothing is kept that could be judged again (--no-cache)")
    store = open_store(settings.store)
    try:
        stored = store.load_looks(url)
    finally:
        store.close()
    if stored is None:
        raise StoreError("; ".join(store.remarks) or f"nothing is kept of {url}: no audit has seen it yet")
    if stored.looks is None:
        seen_on = datetime.fromtimestamp(stored.saved_at, UTC)
        raise StoreError(f"{url} was seen on {seen_on:%Y-%m-%d}, but its pages had to make room and are kept no longer")
    return stored


async def _offline_reason(evidence: Evidence, client: Client) -> str:
    """Why the looks say nothing about the link: this machine reaches no network. Empty when it does."""
    monitor = ConnectivityMonitor(hosts=1)
    for look in evidence.looks:
        monitor.record_look(url_host(look.request.url), look.probe)
    return await monitor.offline_reason(client, client.network.canaries) if monitor.doubt.is_set() else ""


def _past_verdicts(url: str, settings: Settings) -> PastVerdicts:
    store = open_store(settings.store)
    try:
        return store.load_history([url]).get(url, [])
    finally:
        store.close()
