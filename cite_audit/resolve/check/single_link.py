"""One link looked into, with everything that was seen on the way: for people who ask why."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from cite_audit.config.settings import Settings
from cite_audit.errors import StoreError
from cite_audit.model import CitedLink, Failure, FailureKind, Health, Memento, Probe, Reason, Verdict
from cite_audit.progress import SilentObserver
from cite_audit.resolve.check.base import Evidence, LookRequest
from cite_audit.resolve.check.checker import unchecked_verdict
from cite_audit.resolve.check.connectivity import ConnectivityMonitor
from cite_audit.resolve.check.default_scheme import with_scheme
from cite_audit.resolve.check.hedging import HedgedClient
from cite_audit.resolve.check.link_check import LOOK_BUDGET, MAX_ROUNDS
from cite_audit.resolve.check.memento_lookup import MementoLookup
from cite_audit.resolve.http.client import Client
from cite_audit.resolve.judge import judge
from cite_audit.resolve.judge.history import settle_verdict
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
    """All looks at a link and what they came to; with `settings.archive` also compared with its archived copy.

    Nothing is kept in the store, but earlier verdicts found there count. Raises UsageError for settings that make no
    sense.
    """
    async with client or Client(settings.network) as client:
        memento = await _find_archived_copy(CitedLink(url, near), settings, client, now) if settings.archive else None
        evidence = Evidence(
            url,
            now,
            near=near,
            quotes=quotes,
            memento=memento,
            token=secrets.token_hex(8),
            platforms=settings.network.platforms,
            without_platforms=settings.network.without_platforms,
        )
        hedged_client = HedgedClient(client, settings.network.retries)
        for _ in range(MAX_ROUNDS):
            answer = judge(evidence)
            if isinstance(answer, Verdict):
                break
            for request, probe in await hedged_client.look_with_retries(_without_fragment(answer), LOOK_BUDGET):
                evidence = evidence.with_look(replace(request, url=answer.url), probe)
        assert isinstance(answer, Verdict)
        if offline_reason := await _offline_reason(evidence, client):
            return evidence, unchecked_verdict(url, Reason.OFFLINE, offline_reason)
        return evidence, settle_verdict(
            answer, _past_verdicts(url, settings), timedelta(seconds=settings.network.patience), now
        )


def judge_again(
    url: str, settings: Settings, *, near: date | None = None, quotes: tuple[str, ...] = ()
) -> tuple[Evidence, Verdict, Verdict]:
    """What the last run saw of a link, today's verdict on it, and the one of then. Nothing is asked of any network.

    A look that today's rules want and nobody had counts as not had. Raises StoreError where nothing is kept of the link
    or its pages no longer are.
    """
    stored = _load_seen_link(with_scheme(url), settings)
    first_look_at = min(
        (probe.asked_at for _, probe in stored.looks or ()), default=datetime.fromtimestamp(stored.saved_at, UTC)
    )
    evidence = Evidence(
        stored.verdict.url,
        first_look_at,
        tuple((_request_of_look(kind, stored.verdict.url, probe), probe) for kind, probe in stored.looks or ()),
        near=near,
        quotes=quotes,
        platforms=settings.network.platforms,
        without_platforms=settings.network.without_platforms,
    )
    if memento_look := evidence.latest_look(
        "memento"
    ):  # only good ones are compared, and the judge needs no more of it
        evidence = replace(
            evidence, memento=Memento(url, memento_look.url, captured_at=memento_look.asked_at, archive="")
        )
    for _ in range(MAX_ROUNDS):
        answer = judge(evidence)
        if isinstance(answer, Verdict):
            past_verdicts = _past_verdicts(evidence.url, settings)
            return (
                evidence,
                settle_verdict(answer, past_verdicts, timedelta(seconds=settings.network.patience), first_look_at),
                stored.verdict,
            )
        no_look = Failure(FailureKind.TIMEOUT_TOTAL, "nobody looked then")
        probe = Probe(
            answer.url, first_look_at, failure=no_look, profile=answer.profile, attempts=0, flags=("not-asked",)
        )
        evidence = evidence.with_look(answer, probe)
    explanation = "today's rules want looks that nobody had then"
    return (
        evidence,
        Verdict(evidence.url, Health.UNKNOWN, Reason.PROTOCOL_ERROR, confidence=0.0, evidence=(explanation,)),
        stored.verdict,
    )


def _request_of_look(kind: str, url: str, probe: Probe) -> LookRequest:
    return LookRequest(kind, url if kind == "page" else probe.url, probe.profile)


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
    for request, probe in evidence.looks:
        monitor.record_look(url_host(request.url), probe)
    return await monitor.offline_reason(client, client.network.canaries) if monitor.doubt.is_set() else ""


def _without_fragment(request: LookRequest) -> LookRequest:
    return replace(request, url=request.url.partition("#")[0])


async def _find_archived_copy(link: CitedLink, settings: Settings, client: Client, now: datetime) -> Memento | None:
    store = open_store(settings.store)
    try:
        memento_lookup = MementoLookup(settings, client, store.key_value_store("archive"), SilentObserver(), now)
        await memento_lookup.find_mementos([link])
        answer = memento_lookup.answers.get(link.url)
        return next((memento for memento in answer.mementos if memento.is_good), None) if answer else None
    finally:
        store.close()


def _past_verdicts(url: str, settings: Settings) -> list[tuple[datetime, Health, Reason]]:
    store = open_store(settings.store)
    try:
        entries = store.load_history([url]).get(url, [])
    finally:
        store.close()
    return [
        (datetime.fromtimestamp(timestamp, UTC), Health(health), Reason(reason))
        for timestamp, health, reason in entries
    ]
