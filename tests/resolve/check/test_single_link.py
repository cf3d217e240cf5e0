"""One link looked into: what one look may say, and what it may not."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cite_audit.config.settings import Settings
from cite_audit.errors import StoreError
from cite_audit.model import Verdict
from cite_audit.resolve.check.single_link import investigate_link, judge_again
from cite_audit.resolve.http.client import Client
from tests.loopback import web_behaviours as behave
from tests.loopback.web import LoopbackWeb
from tests.resolve.checking import check
from tests.resolve.http.support import network


def looked_into(url: str, places: dict[str, list[str]], canary: str) -> Verdict:
    def lookup(host: str, port: int) -> list[str]:
        if host not in places:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return places[host]

    net = network(backoff=0.05, platforms=False, canaries=(canary,))
    settings = Settings(network=net, archive=False, store=None)
    return asyncio.run(investigate_link(url, settings, datetime.now(UTC), client=Client(net, lookup=lookup)))[1]


def test_without_a_network_a_name_is_not_called_gone() -> None:
    verdict = looked_into("http://story.test/a", {}, "canary.test:443")
    assert (verdict.health, verdict.reason) == ("unchecked", "offline")
    assert "Name or service not known" in verdict.evidence[0]


def test_with_a_network_it_is() -> None:
    with LoopbackWeb({"canary.test": behave.live()}) as web:
        port = next(iter(web.connect_to.values())).rpartition(":")[2]
        verdict = looked_into("http://story.test/a", {"canary.test": ["127.0.0.1"]}, f"canary.test:{port}")
    assert (verdict.health, verdict.reason) == ("broken", "dns-failure")


SITES = {
    "live.test": behave.live(),
    "dead.test": behave.dead(),
    "lost.test": behave.soft_404(),
    "wall.test": behave.blocked(),
    "ill.test": behave.faulty(),
    "moved.test": behave.moved("http://live.test/2019/05/story-13"),
    "parked.test": behave.parked(),
    "login.test": behave.login(),
    "wares.test": behave.paywalled(),
}


def test_what_was_seen_is_judged_again_without_a_network_and_to_the_same_end(tmp_path: Path) -> None:
    store = str(tmp_path / "store.sqlite")
    urls = [f"http://{host}/2019/05/story-12" for host in SITES]
    with LoopbackWeb(SITES) as web:
        result = check(urls, store=store, connect_to=web.connect_to)
    assert len({verdict.reason for verdict in result.verdicts.values()}) >= 7
    for url, verdict in result.verdicts.items():
        evidence, again, then = judge_again(url, Settings(network=network(platforms=False), store=store))
        told = [(one.health, one.reason, one.detail, one.confidence, one.evidence) for one in (again, verdict, then)]
        assert told[0] == told[1] == told[2], url
        assert verdict.checked_at
        assert evidence.now <= verdict.checked_at


def test_of_what_was_not_seen_nothing_is_said(tmp_path: Path) -> None:
    store = Settings(network=network(), store=str(tmp_path / "store.sqlite"))
    with pytest.raises(StoreError, match="nothing is kept of http://live"):
        judge_again("http://live.test/", store)
    with pytest.raises(StoreError, match="--no-cache"):
        judge_again("http://live.test/", replace(store, store=None))
    with LoopbackWeb(SITES) as web:
        check(["http://live.test/"], store=store.store, connect_to=web.connect_to)
    judge_again("http://live.test/", store)
    with sqlite3.connect(store.store or "") as db:
        db.execute("DELETE FROM page")  # as a full store does
    db.close()
    with pytest.raises(StoreError, match="pages had to make room"):
        judge_again("http://live.test/", store)
