"""What an audit of a whole report says of works that notes name and addresses do not show."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cite_audit.config.settings import Archiving, Settings
from cite_audit.model import CitedLink, CitedWork, Verdict
from cite_audit.progress import SilentObserver
from cite_audit.resolve import resolve
from tests.loopback.wayback import Capture, LoopbackWayback
from tests.loopback.web import Answer, LoopbackWeb
from tests.loopback.web_behaviours import dead, redirect, site
from tests.loopback.web_pages import page
from tests.loopback.web_tls import TlsWorkshop

NOW = datetime(2026, 3, 1, tzinfo=UTC)
STORY = page(
    "Ferry to the islands stops for the winter | The Herald",
    "<article><h1>Ferry to the islands stops for the winter</h1>"
    + "<p>The council said on Monday that the ships of the line will be repaired in the yard at the river.</p>" * 12
    + "</article>",
)
RIGHT = CitedWork("Ferry to the islands stops for the winter", ("Ann Lee",))
OTHER = CitedWork("The ministry on the bridge that storms destroyed", ("Ann Lee",))
DOI = "https://doi.org/10.1234/abc"
RECORD = json.dumps({"title": "Quantum dots in the cortex of the rat", "author": [{"given": "B.", "family": "Kim"}]})
REGISTERED = Answer(body=b'{"responseCode":1}', headers=(("Content-Type", "application/json"),))
CHANNEL = b'<div class="tgme_channel_info"></div>' + b"".join(
    b'<div class="tgme_widget_message" data-post="Harbour/%d">text</div>' % number for number in (698, 699)
)
LOST_POST = b'<div class="tgme_widget_message_error">Post not found</div>'
SITES = {
    "herald.test": site({"/ferry": STORY, "/bridge": redirect("/ferry")}),
    "closed.test": dead(),
    "doi.org": site(
        {"/api/handles/10.1234/abc": REGISTERED, "/10.1234/abc": redirect("https://records.test/10.1234/abc", 302)}
    ),
    "records.test": site({"/10.1234/abc": Answer(body=RECORD.encode())}),
    "t.me": site({"/s/harbour": CHANNEL, "/harbour/700": LOST_POST}),
}
LINKS = [
    CitedLink("http://herald.test/ferry", works=(RIGHT, OTHER)),
    CitedLink("http://herald.test/bridge", works=(OTHER,)),
    CitedLink("http://closed.test/bridge", date(2020, 10, 1), works=(OTHER,)),
    CitedLink(DOI, works=(OTHER,)),
    CitedLink("https://t.me/harbour"),
    CitedLink("https://t.me/harbour/700"),
]


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> TlsWorkshop:
    return TlsWorkshop(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def web(tls: TlsWorkshop) -> Iterator[LoopbackWeb]:
    with LoopbackWeb(SITES, tls.context, tls.bundle) as loopback:
        yield loopback


def _resolve(web: LoopbackWeb, folder: Path, **network: object) -> dict[str, Verdict]:
    with LoopbackWayback([Capture("http://closed.test/bridge", "20201001000000", body=STORY)]) as archive:
        settings = Settings(
            network=web.network(timeout=5.0, host_interval=0.0, canaries=(), **network),
            archiving=Archiving(wayback=archive.url, availability=archive.availability),
            store=str(folder / "store.sqlite"),
        )
        return asyncio.run(resolve(LINKS, settings, SilentObserver(), NOW)).verdicts


def test_pages_copies_and_records_are_compared_with_what_notes_print(web: LoopbackWeb, tmp_path: Path) -> None:
    verdicts = _resolve(web, tmp_path)
    told = {url: [(each.cited, each.seen_in) for each in verdict.other_works] for url, verdict in verdicts.items()}
    assert told == {
        "http://herald.test/ferry": [(OTHER, "the page")],
        "http://herald.test/bridge": [(OTHER, "the page")],
        "http://closed.test/bridge": [(OTHER, "the copy of 2020-10-01")],
        DOI: [(OTHER, "the record of its DOI")],
        "https://t.me/harbour": [],
        "https://t.me/harbour/700": [],
    }
    assert verdicts["https://t.me/harbour/700"].last_post == 699
    (asked,) = web.asked("records.test")
    assert asked.headers["accept"] == "application/vnd.citationstyles.csl+json"
    web.log.clear()
    again = _resolve(web, tmp_path)
    assert again["http://herald.test/ferry"].other_works == verdicts["http://herald.test/ferry"].other_works
    assert web.asked("records.test") == []  # the record was kept


def test_no_registry_is_asked_without_platforms(web: LoopbackWeb, tmp_path: Path) -> None:
    _resolve(web, tmp_path, platforms=False)
    accepted = {asked.headers["accept"] for host in ("doi.org", "records.test") for asked in web.asked(host)}
    assert not any("csl+json" in types for types in accepted)
    assert not any("api/handles" in asked.target for asked in web.asked("doi.org"))
