"""One loop for a link: an audit, `why`, `why --seen` and the drift check come to the same end."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from cite_audit.config.settings import Archiving, Settings
from cite_audit.errors import StoreError
from cite_audit.model import CitedLink, Failure, FailureKind, Health, Probe, Reason, Verdict
from cite_audit.progress import SilentObserver
from cite_audit.resolve import resolve
from cite_audit.resolve.check.investigation import MAX_ROUNDS, investigate
from cite_audit.resolve.check.single_link import investigate_link, judge_again
from cite_audit.resolve.judge.look import REQUEST_BUDGET, Evidence, Look, LookRequest
from tests.loopback import web_behaviours as behave
from tests.loopback.wayback import Capture, LoopbackWayback
from tests.loopback.web import Answer, LoopbackWeb
from tests.loopback.web_pages import article, page
from tests.resolve.checking import check

NOW = datetime(2026, 3, 1, tzinfo=UTC)
STORY = "/2019/05/story-12"
OLD = article("Detained in spring: the list", 500, seed="old")
CASINO = page(
    "Slot gacor casino",
    "<h1>Situs slot gacor</h1>" + "<p>Daftar judi online, casino, togel dan maxwin dengan bonus.</p>" * 30,
)
HARVEST = page("The harvest", "<h1>The harvest</h1>" + "<p>Wheat, silo, tractor, diesel, storm.</p>" * 40)
SITES = {
    "live.test": behave.live(),
    "dead.test": behave.dead(),
    "lost.test": behave.soft_404(),
    "wall.test": behave.blocked(),
    "ill.test": behave.faulty(),
    "moved.test": behave.moved(f"http://live.test{STORY}"),
    "parked.test": behave.parked(),
    "login.test": behave.login(),
    "casino.test": behave.everywhere(CASINO),
    "wrong.test": behave.everywhere(Answer(500, OLD)),
    "drifted.test": behave.everywhere(HARVEST),
}


@pytest.fixture(scope="module")
def web() -> Iterator[LoopbackWeb]:
    with LoopbackWeb(SITES) as served:
        yield served


def _ends(verdict: Verdict) -> tuple[object, ...]:
    return verdict.health, verdict.reason, verdict.detail, verdict.confidence, verdict.evidence, verdict.attempts


@pytest.mark.parametrize("drift", [False, True])
def test_why_says_what_an_audit_says(web: LoopbackWeb, drift: bool) -> None:
    """Archived copies of every page are there; only an audit with `--drift` compares more than the suspects."""
    urls = [f"http://{host}{STORY}" for host in SITES]
    near = date(2019, 5, 1)
    with LoopbackWayback([Capture(url, "20190502000000", body=OLD) for url in urls]) as archive:
        archiving = Archiving(wayback=archive.url, availability=archive.availability, drift=drift)
        network = web.network(timeout=5.0, backoff=0.05, platforms=False)
        settings = Settings(network=network, archiving=archiving, store=None)
        audit = asyncio.run(resolve([CitedLink(url, near) for url in urls], settings, SilentObserver(), NOW))
        for url in urls:
            _, verdict = asyncio.run(investigate_link(url, settings, NOW, near=near if drift else None))
            assert _ends(verdict) == _ends(audit.verdicts[url]), url
            assert verdict.attempts <= REQUEST_BUDGET
    reasons = {url.split("/")[2]: verdict.reason for url, verdict in audit.verdicts.items()}
    assert reasons["casino.test"] is Reason.HIJACKED
    assert (reasons["drifted.test"] in (Reason.DRIFTED, Reason.HIJACKED)) is drift


def test_a_date_or_a_quote_asks_for_the_comparison(web: LoopbackWeb) -> None:
    url = f"http://drifted.test{STORY}"
    with LoopbackWayback([Capture(url, "20190502000000", body=OLD)]) as archive:
        archiving = Archiving(wayback=archive.url, availability=archive.availability)
        settings = Settings(network=web.network(timeout=5.0, platforms=False), archiving=archiving, store=None)
        plain = asyncio.run(investigate_link(url, settings, NOW))[1]
        asked_before = len(archive.asked())
        dated = asyncio.run(investigate_link(url, settings, NOW, near=date(2019, 5, 1)))[1]
    assert (plain.reason, asked_before) == (Reason.OK, 0)
    assert dated.health is Health.BROKEN


def test_looks_of_another_version_are_not_judged(web: LoopbackWeb, tmp_path: Path) -> None:
    url, store = f"http://live.test{STORY}", str(tmp_path / "store.sqlite")
    check([url], store=store, connect_to=web.connect_to)
    settings = Settings(network=web.network(platforms=False), store=store)
    assert judge_again(url, settings)[1].health is Health.ALIVE
    with sqlite3.connect(store) as database:
        renamed = "replace(CAST(document AS TEXT), '[\"page\"', '[\"hologram\"')"
        database.execute(f"UPDATE verdict SET document = CAST({renamed} AS BLOB)")
    database.close()
    with pytest.raises(StoreError, match="another version"):
        judge_again(url, settings)


class _Silence:
    """Takes looks that never get an answer, at no cost."""

    def __init__(self, cost: int = 0) -> None:
        self.cost, self.budgets = cost, list[int]()

    async def take_look(self, request: LookRequest, budget: int) -> tuple[list[Look], int]:
        self.budgets.append(budget)
        failure = Failure(FailureKind.TLS_HOST_MISMATCH)
        return [Look(request, Probe(request.url, NOW, failure=failure, attempts=self.cost))], self.cost


def test_the_first_look_is_reported_and_every_request_is_counted() -> None:
    taker, first = _Silence(cost=1), list[Probe]()
    evidence = Evidence(f"https://www.herald.test{STORY}", NOW)
    investigation = asyncio.run(investigate(evidence, taker, budget=4, on_first_look=first.append))
    assert [probe.url for probe in first] == [evidence.url]
    assert taker.budgets == list(range(4, 4 - len(taker.budgets), -1))
    assert investigation.verdict.attempts == len(taker.budgets) == len(investigation.look_records)


def test_history_settles_every_verdict() -> None:
    past = [(NOW - timedelta(days=days), Health.UNKNOWN, Reason.TLS_FAILURE) for days in (8, 4)]
    evidence = Evidence(f"https://www.herald.test{STORY}", NOW)
    assert asyncio.run(investigate(evidence, _Silence())).verdict.health is Health.UNKNOWN
    assert asyncio.run(investigate(evidence, _Silence(), past_verdicts=past)).verdict.health is Health.BROKEN


def test_a_judge_without_an_end_is_stopped() -> None:
    class Blank:
        async def take_look(self, request: LookRequest, budget: int) -> tuple[list[Look], int]:
            return [], 1

    investigation = asyncio.run(investigate(Evidence(f"http://herald.test{STORY}", NOW), Blank()))
    verdict = investigation.verdict
    assert (verdict.health, verdict.confidence, verdict.attempts) == (Health.UNKNOWN, 0.0, MAX_ROUNDS)
    assert replace(verdict, attempts=0).evidence
