"""Any archive that speaks Memento, in each of the styles of RFC 7089."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from cite_audit.config.settings import Archiving
from cite_audit.errors import UsageError
from cite_audit.model import Archived, CitedLink
from cite_audit.resolve.archive import open_archives
from cite_audit.resolve.check.base import ArchiveAnswer
from tests.loopback.clock import VirtualClock
from tests.loopback.fetching import PlainFetcher
from tests.loopback.serving import Serving
from tests.loopback.shelf import MemoryShelf
from tests.loopback.wayback import Answer, Capture, LoopbackWayback, not_archived, page
from tests.resolve.archive.conftest import NEAR, NOW, Desk

URL = "https://tass.example/politics/1"
WHEN = ("Memento-Datetime", "Sun, 14 Jan 2024 10:11:12 GMT")
BODY = b"<title>An article</title><p>Its text, as it stood then.</p>"


class Gate:
    """A TimeGate of one style at /gate/<link>, whose memento is at /keep/20240114101112/<link>."""

    def __init__(self, gate: Callable[[str], Answer], memento: Answer | None = None) -> None:
        self._gate = gate
        self._memento = memento or Answer(200, BODY, (WHEN, ("Content-Type", "text/html")))
        self.log: list[tuple[str, dict[str, str]]] = []
        self.serving = Serving(self._respond)

    @property
    def base(self) -> str:
        return f"http://{self.serving.netloc}/gate"

    def _respond(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        self.log.append((target, headers))
        return self._gate(f"http://{self.serving.netloc}") if target.startswith("/gate/") else self._memento


def redirect(status: int) -> Callable[[str], Answer]:
    return lambda base: Answer(status, headers=(("Location", f"{base}/keep/20240114101112/{URL}"),))


def with_link(base: str) -> Answer:
    """A page with a frame, as pywb shows by default: the memento is told in Link alone."""
    memento = f'<{base}/keep/20240114101112mp_/{URL}>; rel="memento"; datetime="{WHEN[1]}"'
    return Answer(200, b"<iframe></iframe>", (("Link", f'<{URL}>; rel="original", {memento}'),))


STYLES = {
    "302": redirect(302),
    "307": redirect(307),
    "302 with a relative address": lambda base: Answer(302, headers=(("Location", f"/keep/20240114101112/{URL}"),)),
    "302 to an opaque address": lambda base: Answer(302, headers=(("Location", f"{base}/85LS-BXV7"),)),
    "200 with Content-Location": lambda base: Answer(
        200, BODY, (WHEN, ("Content-Location", f"{base}/keep/20240114101112/{URL}"))
    ),
    "200 with a frame": with_link,
}


@pytest.fixture
def ask(desk: Desk) -> Iterator[Callable[..., ArchiveAnswer]]:
    started: list[Serving] = []

    def run(gate: Gate) -> ArchiveAnswer:
        started.append(gate.serving.__enter__())
        settings = replace(desk.settings, archives=(f"memento:{gate.base}",))
        return desk.answers([CitedLink(URL, NEAR)], settings)[URL]

    yield run
    for serving in started:
        serving.refuse()


@pytest.mark.parametrize("style", STYLES)
def test_every_style_of_negotiation_leads_to_the_memento(ask: Callable[..., ArchiveAnswer], style: str) -> None:
    gate = Gate(STYLES[style])
    answer = ask(gate)
    assert answer.outcome is Archived.ARCHIVED
    assert answer.mementos[0].captured_at.isoformat() == "2024-01-14T10:11:12+00:00"
    assert answer.mementos[0].archive == gate.serving.netloc
    assert gate.log[0][1]["accept-datetime"] == "Mon, 15 Jan 2024 12:00:00 GMT"


NONE = {
    "an archive's 404": not_archived(),
    "a 404 that negotiates": Answer(404, headers=(("Vary", "accept-datetime"),)),
    "an aggregator's 404": Answer(404, headers=(("X-Memento-Count", "0"),)),
}


@pytest.mark.parametrize("name", NONE)
def test_a_timegate_that_has_none(ask: Callable[..., ArchiveAnswer], name: str) -> None:
    assert ask(Gate(lambda base: NONE[name])).outcome is Archived.NOT_ARCHIVED


ODD = {
    "a 404 of anything": page(404, "Nothing here"),
    "400": Answer(400),
    "a page that is no TimeGate": page(200, "Welcome"),
    "502": Answer(502),
    "a memento at no address": Answer(302, headers=(("Location", "http://[half"),)),
    "a memento that is gone": Answer(302, headers=(("Location", "/gate/again"),)),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_no_answer_is_unknown(ask: Callable[..., ArchiveAnswer], name: str) -> None:
    assert ask(Gate(lambda base: ODD[name])).outcome is Archived.UNKNOWN


def test_a_bad_memento_is_replaced_from_the_timemap(desk: Desk) -> None:
    desk.wayback.add(Capture(URL, "20240115110000", 404))
    desk.wayback.add(Capture(URL, "20231101000000"))
    settings = replace(desk.settings, archives=(f"memento:{desk.wayback.url}/web",))
    answer = desk.answers([CitedLink(URL, NEAR)], settings)[URL]
    assert answer.outcome is Archived.ARCHIVED
    assert [memento.quality for memento in answer.mementos] == [(), ("status-404",)]


def test_archives_are_asked_in_turn_until_one_has_a_good_copy(desk: Desk) -> None:
    with LoopbackWayback([Capture(URL, "20240114101112")], clock=desk.clock.time) as other:
        desk.wayback.add(Capture("https://tass.example/first", "20240114101112"))
        settings = replace(desk.settings, archives=("wayback", f"memento:{other.url}/web"))
        links = [URL, "https://tass.example/first", "https://tass.example/nowhere"]
        answers = desk.answers([CitedLink(url, NEAR) for url in links], settings)
        assert [answers[url].outcome for url in links] == [
            Archived.ARCHIVED,
            Archived.ARCHIVED,
            Archived.NOT_ARCHIVED,
        ]
        assert answers[URL].mementos[0].uri_m.startswith(other.url)
        assert not any("/first" in one.target for one in other.asked())


def test_not_archived_needs_every_archive(desk: Desk) -> None:
    with LoopbackWayback(clock=desk.clock.time) as other:
        other.trouble("*", Answer(502))
        settings = replace(desk.settings, archives=("wayback", f"memento:{other.url}/web"))
        answer = desk.answers([CitedLink(URL, NEAR)], settings)[URL]
        assert answer.outcome is Archived.UNKNOWN
        assert len(answer.evidence) == 2


@pytest.mark.parametrize("name", ["nonsense", "memento:", "memento:ftp://x/y", "memento:/etc", "warc:/nowhere/at/all"])
def test_an_archive_that_cannot_be_opened_says_what_to_write(name: str) -> None:
    clock = VirtualClock()
    with pytest.raises(UsageError):
        open_archives(Archiving(archives=(name,)), PlainFetcher(), MemoryShelf(), NOW, clock=clock)
