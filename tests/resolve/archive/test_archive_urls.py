"""Whatever a report cites, archives are asked for addresses only, and never trip over them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from cite_audit.config.settings import Archiving
from cite_audit.model import Archived, CitedLink
from cite_audit.resolve.archive import find_mementos, open_archives
from cite_audit.resolve.archive.playback import encode_url
from cite_audit.resolve.check.base import ArchiveAnswer, Reply, Request
from cite_audit.resolve.judge.capture import CaptureContent, assess_capture
from tests.loopback.clock import VirtualClock
from tests.loopback.shelf import MemoryShelf

PIECES = [
    "http://",
    "https://",
    "[",
    "]",
    ":",
    "//",
    "@",
    "a.example",
    "архив.рф",
    "%",
    "%zz",
    "#",
    "?",
    " ",
    "\\",
    "x",
    "99999",
]
ADDRESSES = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=8).map("".join)


class Missing:
    """An archive that has nothing, and says so."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def fetch(self, request: Request) -> Reply:
        self.asked.append(request.url)
        return Reply(request.url, 404, (("x-app-server", "here"),))


def look(url: str) -> tuple[ArchiveAnswer, list[str]]:
    async def run() -> tuple[ArchiveAnswer, list[str]]:
        clock, fetcher = VirtualClock(), Missing()
        now = datetime(2025, 10, 9, tzinfo=UTC)
        archives = open_archives(Archiving(), fetcher, MemoryShelf(), now, clock=clock)
        (answer,) = [one async for one in find_mementos([CitedLink(url)], archives)]
        return answer, fetcher.asked

    return asyncio.run(run())


@settings(max_examples=150, deadline=None)
@given(ADDRESSES)
def test_any_text_gets_an_answer(url: str) -> None:
    answer, asked = look(url)
    assert answer.url == url
    assert answer.outcome in (Archived.UNKNOWN, Archived.NOT_ARCHIVED, Archived.ARCHIVED)
    assert all(one.isascii() and " " not in one and "#" not in one for one in asked)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.binary(max_size=200), st.integers(100, 599))
def test_any_body_is_judged(title: str, noise: bytes, status: int) -> None:
    body = b"<title>" + title.encode("utf-8", "replace") + b"</title>" + noise
    url = "https://a.example/1"
    assert isinstance(assess_capture(CaptureContent(url, url, status, (), body, "text/html")).faults, tuple)


def test_an_address_that_cannot_be_read_is_unknown() -> None:
    answer, asked = look("http://[half/an/address")
    assert answer.outcome is Archived.UNKNOWN
    assert not asked


def test_what_is_on_the_wire_stays_as_it_was() -> None:
    url = "https://a.example/%D1%81%2F?q=a+b&c=%26"
    assert encode_url(url) == url
