"""One link looked into, with everything that was seen on the way: for people who ask why."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from cite_audit.config import Settings
from cite_audit.errors import StoreError
from cite_audit.model import Failure, FailureKind, Health, Memento, Probe, Reason, Verdict, Wanted
from cite_audit.progress import Silent
from cite_audit.resolve.asking import Asking
from cite_audit.resolve.base import Ask, Evidence
from cite_audit.resolve.checker import unchecked
from cite_audit.resolve.inquiry import BUDGET, ROUNDS
from cite_audit.resolve.judge import judge
from cite_audit.resolve.judge.history import settle
from cite_audit.resolve.live.client import Client
from cite_audit.resolve.mementos import Mementos
from cite_audit.resolve.outage import Outage
from cite_audit.resolve.schemeless import with_scheme
from cite_audit.store import Seen, open_store
from cite_audit.urls import host


async def look_into(
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
        memento = await _copy(Wanted(url, near), settings, client, now) if settings.archive else None
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
        asking = Asking(client, settings.network.retries)
        for _ in range(ROUNDS):
            answer = judge(evidence)
            if isinstance(answer, Verdict):
                break
            for ask, probe in await asking.ask(_plain(answer), BUDGET):
                evidence = evidence.plus(replace(ask, url=answer.url), probe)
        assert isinstance(answer, Verdict)
        if dark := await _no_network(evidence, client):
            return evidence, unchecked(url, Reason.OFFLINE, dark)
        return evidence, settle(answer, _past(url, settings), timedelta(seconds=settings.network.patience), now)


def judge_again(
    url: str, settings: Settings, *, near: date | None = None, quotes: tuple[str, ...] = ()
) -> tuple[Evidence, Verdict, Verdict]:
    """What the last run saw of a link, today's verdict on it, and the one of then. Nothing is asked of any network.

    A look that today's rules want and nobody had counts as not had. Raises StoreError where nothing is kept of the link
    or its pages no longer are.
    """
    seen = _seen(with_scheme(url), settings)
    first = min((probe.asked_at for _, probe in seen.looks or ()), default=datetime.fromtimestamp(seen.at, UTC))
    evidence = Evidence(
        seen.verdict.url,
        first,
        tuple((_asked(kind, seen.verdict.url, probe), probe) for kind, probe in seen.looks or ()),
        near=near,
        quotes=quotes,
        platforms=settings.network.platforms,
        without_platforms=settings.network.without_platforms,
    )
    if copy := evidence.look("memento"):  # only good ones are compared, and the judge needs no more of it
        evidence = replace(evidence, memento=Memento(url, copy.url, copy.asked_at, ""))
    for _ in range(ROUNDS):
        answer = judge(evidence)
        if isinstance(answer, Verdict):
            past = _past(evidence.url, settings)
            return evidence, settle(answer, past, timedelta(seconds=settings.network.patience), first), seen.verdict
        not_had = Failure(FailureKind.TIMEOUT_TOTAL, "nobody looked then")
        probe = Probe(answer.url, first, failure=not_had, profile=answer.profile, attempts=0, flags=("not-asked",))
        evidence = evidence.plus(answer, probe)
    said = "today's rules want looks that nobody had then"
    return evidence, Verdict(evidence.url, Health.UNKNOWN, Reason.PROTOCOL_ERROR, 0.0, (said,)), seen.verdict


def _asked(kind: str, url: str, probe: Probe) -> Ask:
    return Ask(kind, url if kind == "page" else probe.url, probe.profile)


def _seen(url: str, settings: Settings) -> Seen:
    if settings.store is None:
        raise StoreError("without a store nothing is kept that could be judged again (--no-cache)")
    store = open_store(settings.store)
    try:
        seen = store.seen(url)
    finally:
        store.close()
    if seen is None:
        raise StoreError("; ".join(store.remarks) or f"nothing is kept of {url}: no audit has seen it yet")
    if seen.looks is None:
        on = datetime.fromtimestamp(seen.at, UTC)
        raise StoreError(f"{url} was seen on {on:%Y-%m-%d}, but its pages had to make room and are kept no longer")
    return seen


async def _no_network(evidence: Evidence, client: Client) -> str:
    """Why the looks say nothing about the link: this machine reaches no network. Empty when it does."""
    outage = Outage(hosts=1)
    for ask, probe in evidence.looks:
        outage.note(host(ask.url), probe)
    return await outage.no_network(client, client.network.canaries) if outage.doubt.is_set() else ""


def _plain(ask: Ask) -> Ask:
    return replace(ask, url=ask.url.partition("#")[0])


async def _copy(link: Wanted, settings: Settings, client: Client, now: datetime) -> Memento | None:
    store = open_store(settings.store)
    try:
        mementos = Mementos(settings, client, store.shelf("archive"), Silent(), now)
        await mementos.find([link])
        answer = mementos.answers.get(link.url)
        return next((memento for memento in answer.mementos if memento.good), None) if answer else None
    finally:
        store.close()


def _past(url: str, settings: Settings) -> list[tuple[datetime, Health, Reason]]:
    store = open_store(settings.store)
    try:
        entries = store.history([url]).get(url, [])
    finally:
        store.close()
    return [(datetime.fromtimestamp(at, UTC), Health(health), Reason(reason)) for at, health, reason in entries]
