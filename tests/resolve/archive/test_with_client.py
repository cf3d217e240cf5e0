"""Look-ups through the guarded client, as the audit makes them."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterator

import pytest

from cite_audit.config.settings import Archiving, Network
from cite_audit.model import Archived, CitedLink
from cite_audit.resolve.archive import find_mementos, open_archives
from cite_audit.resolve.check.base import ArchiveAnswer
from cite_audit.resolve.http.client import Client
from tests.loopback.clock import VirtualClock
from tests.loopback.shelf import MemoryShelf
from tests.loopback.wayback import Answer, Capture, LoopbackWayback, page
from tests.resolve.archive.conftest import NEAR, NOW

URL = "https://tass.example/статья?a=1&b=%D1%8F|x"
LONG = b"<title>An article</title>" + b"<p>Words that stand.</p>" * 8000


@pytest.fixture
def wayback() -> Iterator[LoopbackWayback]:
    with LoopbackWayback() as server:
        yield server


def look(wayback: LoopbackWayback, network: Network) -> ArchiveAnswer:
    async def run() -> ArchiveAnswer:
        clock = VirtualClock()
        settings = Archiving(wayback=wayback.url, availability=wayback.availability)
        async with Client(network) as client:
            archives = open_archives(settings, client, MemoryShelf(), NOW, clock=clock, jitter=lambda: 0.5)
            return [answer async for answer in find_mementos([CitedLink(URL, NEAR)], archives)][-1]

    return asyncio.run(run())


HERE = Network(allow_addresses=("127.0.0.0/8",))


def test_found_and_not_found(wayback: LoopbackWayback) -> None:
    assert look(wayback, HERE).outcome is Archived.NOT_ARCHIVED
    wayback.add(Capture(URL, "20240114101112", body=LONG))
    answer = look(wayback, HERE)
    assert answer.outcome is Archived.ARCHIVED
    assert "cite-audit" in wayback.log[0].headers["user-agent"]


@pytest.mark.parametrize("codings", [("", "gzip"), ("gzip", ""), ("gzip",)])
def test_playback_that_says_its_coding_twice(wayback: LoopbackWayback, codings: tuple[str, ...]) -> None:
    headers = tuple(("Content-Encoding", coding) for coding in codings)
    wayback.trouble(
        "playback",
        Answer(
            200,
            gzip.compress(b"<title>Page not found</title><p>Nothing here.</p>"),
            (("Memento-Datetime", "Sun, 14 Jan 2024 10:11:12 GMT"), ("Content-Type", "text/html"), *headers),
        ),
    )
    answer = look(wayback, HERE)
    assert answer.mementos[0].quality == ("soft-404",)


def test_an_address_that_is_not_public_is_not_asked(wayback: LoopbackWayback) -> None:
    wayback.add(Capture(URL, "20240114101112"))
    assert look(wayback, Network()).outcome is Archived.UNKNOWN
    assert not wayback.asked()


def test_a_portal_that_answers_for_every_host_is_unknown(wayback: LoopbackWayback) -> None:
    wayback.trouble("*", page(200, "Welcome to our Wi-Fi"))
    assert look(wayback, HERE).outcome is Archived.UNKNOWN
