"""Live pages against their archived copies, in a whole run with an archive."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from cite_audit.config.settings import Archiving, Settings
from cite_audit.model import CitedLink, Health, Reason, Verdict
from cite_audit.progress import SilentObserver
from cite_audit.resolve import resolve
from tests.loopback.wayback import Capture, LoopbackWayback
from tests.loopback.web import LoopbackWeb
from tests.loopback.web_behaviours import everywhere
from tests.loopback.web_pages import article, page

NOW = datetime(2026, 3, 1, tzinfo=UTC)
OLD = article("Detained in spring: the list", 500, seed="old")
CASINO = page(
    "Slot gacor casino",
    "<h1>Situs slot gacor</h1>" + "<p>Daftar judi online, casino, togel dan maxwin dengan bonus.</p>" * 30,
)
NEW = article("Detained in spring: the list", 500, seed="quite another text")
SITES = {
    "ngo.test": everywhere(CASINO),
    "paper.test": everywhere(article("Who owns the casino at the border", 600, seed="casino")),
    "drifted.test": everywhere(NEW),
    "same.test": everywhere(OLD),
}
COPIES = {
    "ngo.test": OLD,
    "paper.test": article("Who owns the casino at the border", 600, seed="casino"),
    "drifted.test": page("The harvest", "<h1>The harvest</h1>" + "<p>Wheat, silo, tractor, diesel, storm.</p>" * 40),
    "same.test": OLD,
}


@pytest.fixture(scope="module")
def web() -> Iterator[LoopbackWeb]:
    with LoopbackWeb(SITES) as served:
        yield served


def _run(web: LoopbackWeb, drift: bool, hosts: tuple[str, ...]) -> dict[str, Verdict]:
    captures = [Capture(f"http://{host}/2019/05/list", "20190502000000", body=COPIES[host]) for host in hosts]
    with LoopbackWayback(captures) as archive:
        archiving = Archiving(wayback=archive.url, availability=archive.availability, drift=drift)
        settings = Settings(network=web.network(timeout=5.0), archiving=archiving, store=None)
        wanted = [CitedLink(f"http://{host}/2019/05/list", near=date(2019, 5, 1)) for host in hosts]
        result = asyncio.run(resolve(wanted, settings, SilentObserver(), NOW))
    return {url.split("/")[2]: verdict for url, verdict in result.verdicts.items()}


def test_a_page_that_looks_taken_over_is_compared_without_being_asked(web: LoopbackWeb) -> None:
    verdicts = _run(web, False, ("ngo.test", "paper.test", "same.test"))
    assert (verdicts["ngo.test"].health, verdicts["ngo.test"].reason) == (Health.BROKEN, Reason.HIJACKED)
    assert (verdicts["paper.test"].health, verdicts["paper.test"].reason) == (Health.ALIVE, Reason.OK)
    assert verdicts["same.test"].attempts == 1, "nothing else is compared by default"


def test_drift_is_found_when_asked_for(web: LoopbackWeb) -> None:
    verdicts = _run(web, True, ("drifted.test", "same.test"))
    assert verdicts["drifted.test"].reason in (Reason.DRIFTED, Reason.HIJACKED)
    assert verdicts["same.test"].reason is Reason.OK
    assert "likeness 1.00" in " ".join(verdicts["same.test"].evidence)
