"""One link looked into: what one look may say, and what it may not."""

from __future__ import annotations

import asyncio
import socket
from datetime import UTC, datetime

from cite_audit.config import Settings
from cite_audit.model import Verdict
from cite_audit.resolve.account import look_into
from cite_audit.resolve.live.client import Client
from tests.loopback import web_behaviours as behave
from tests.loopback.web import LoopbackWeb
from tests.resolve.live.support import network


def looked_into(url: str, places: dict[str, list[str]], canary: str) -> Verdict:
    def lookup(host: str, port: int) -> list[str]:
        if host not in places:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return places[host]

    net = network(backoff=0.05, platforms=False, canaries=(canary,))
    settings = Settings(network=net, archive=False, store=None)
    return asyncio.run(look_into(url, settings, datetime.now(UTC), client=Client(net, lookup=lookup)))[1]


def test_without_a_network_a_name_is_not_called_gone() -> None:
    verdict = looked_into("http://story.test/a", {}, "canary.test:443")
    assert (verdict.health, verdict.reason) == ("unchecked", "offline")
    assert "Name or service not known" in verdict.evidence[0]


def test_with_a_network_it_is() -> None:
    with LoopbackWeb({"canary.test": behave.live()}) as web:
        port = next(iter(web.connect_to.values())).rpartition(":")[2]
        verdict = looked_into("http://story.test/a", {"canary.test": ["127.0.0.1"]}, f"canary.test:{port}")
    assert (verdict.health, verdict.reason) == ("broken", "dns-failure")
