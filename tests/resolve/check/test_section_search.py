"""Which dead links are told as never seen: those that never were, and hardly ever one that was."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cite_audit.config.settings import Archiving, Settings
from cite_audit.model import CitedLink, Verdict
from cite_audit.progress import SilentObserver
from cite_audit.resolve import resolve
from cite_audit.resolve.http.client import Client
from tests.loopback.wayback import Answer, Capture, LoopbackWayback
from tests.loopback.web import LoopbackWeb, Respond
from tests.loopback.web_behaviours import dead, live
from tests.resolve.check.section_bed import FULL, BedAudit, audit_bed, build_bed

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FEW = {"died": 20, "unarchived": 8, "excluded": 8, "invented": 16, "mistyped": 16}


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> BedAudit:
    return audit_bed(build_bed(FEW, sites=12, seed=22), tmp_path_factory.mktemp("bed"))


def test_addresses_that_never_were_are_told_and_pages_that_died_are_not(few: BedAudit) -> None:
    assert len(few.told("invented", "mistyped")) >= 0.85 * few.count("invented", "mistyped")
    assert few.told("died", "unarchived", "excluded") == []


def test_the_archive_is_asked_once_for_a_section(few: BedAudit) -> None:
    assert max(few.section_requests.values()) == 1


def test_a_slip_of_the_hand_leads_to_the_page_that_was_meant(few: BedAudit) -> None:
    told = few.told("mistyped")
    assert sum(bool(few.verdicts[url].suggestions) for url in told) >= 0.9 * len(told)
    assert all(one.found_by == "neighbour" for url in told for one in few.verdicts[url].suggestions)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [21, 22, 23])
def test_four_hundred_addresses(seed: int, tmp_path: Path) -> None:
    audited = audit_bed(build_bed(FULL, seed=seed), tmp_path, new_homes=True)
    assert len(audited.told("invented", "mistyped")) >= 0.85 * audited.count("invented", "mistyped")
    really_dead = "died", "unarchived", "excluded"
    assert len(audited.told(*really_dead)) <= 0.01 * audited.count(*really_dead)
    assert max(audited.section_requests.values()) == 1


def _audit(
    links: list[str],
    captures: list[Capture],
    sites: dict[str, Respond],
    *,
    never_seen: bool = True,
    trouble: Answer | None = None,
) -> tuple[dict[str, Verdict], int]:
    """The verdicts, and how many sections were asked for."""
    with LoopbackWeb(sites) as web, LoopbackWayback(captures) as archive:
        if trouble:
            archive.trouble("cdx", trouble, match="matchType")
        archiving = Archiving(
            wayback=archive.url, availability=archive.availability, new_homes=False, never_seen=never_seen
        )
        network = web.network(timeout=5.0, host_interval=0.0)
        settings = Settings(network=network, archiving=archiving, store=None)
        cited = [CitedLink(url, date(2020, 10, 1)) for url in links]
        client = Client(network, lookup=web.lookup)
        found = asyncio.run(resolve(cited, settings, SilentObserver(), NOW, client=client)).verdicts
        return found, sum("matchType" in one.target for one in archive.asked("cdx"))


def _neighbours(count: int, captured: int = 3, host: str = "daily.test") -> list[Capture]:
    return [
        Capture(f"http://{host}/news/2020/09/{number:02}/story-number-{number}-of-many", f"202009{10 + day}000000")
        for number in range(1, count + 1)
        for day in range(captured)
    ]


INVENTED = "http://daily.test/news/2020/09/15/ferry-stops-for-winter"


@pytest.mark.parametrize(("count", "is_told"), [(19, False), (20, True)])
def test_a_section_hardly_known_tells_nothing(count: int, is_told: bool) -> None:
    verdicts, _ = _audit([INVENTED], _neighbours(count), {"daily.test": dead()})
    assert (verdicts[INVENTED].never_seen is not None) is is_told


def test_a_section_whose_pages_have_one_capture_each_tells_nothing() -> None:
    verdicts, _ = _audit([INVENTED], _neighbours(60, captured=1), {"daily.test": dead()})
    assert verdicts[INVENTED].never_seen is None


def test_the_figures_are_told() -> None:
    verdicts, _ = _audit([INVENTED], _neighbours(25), {"daily.test": dead()})
    never_seen = verdicts[INVENTED].never_seen
    assert never_seen is not None
    assert (never_seen.neighbours, never_seen.section) == (25, "daily.test/news/2020/09/")
    assert never_seen.evidence[0] == "25 pages under http://daily.test/news/2020/09/ are archived, this one never was"


@pytest.mark.parametrize("trouble", [Answer(503), Answer(429), Answer(200, b"<html>", ()), Answer(drop=True)])
def test_an_index_that_does_not_answer_tells_nothing(trouble: Answer) -> None:
    verdicts, _ = _audit([INVENTED], _neighbours(25), {"daily.test": dead()}, trouble=trouble)
    assert verdicts[INVENTED].never_seen is None


def test_living_pages_that_the_archive_lacks_speak_for_the_dead_one() -> None:
    def respond(asked: object) -> object:
        return live()(asked) if "/live/" in asked.path else dead()(asked)  # type: ignore[attr-defined, arg-type]

    living = [f"http://daily.test/live/{name}" for name in ("one-day", "two-day")]
    verdicts, asked = _audit([INVENTED, *living], _neighbours(25), {"daily.test": respond})  # type: ignore[dict-item]
    assert verdicts[INVENTED].never_seen is None
    assert asked == 0


def test_a_name_that_never_was_is_told_with_the_site_that_is_near_it() -> None:
    mistyped, real = "http://dialy.test/news/today", "http://daily.test/news/today"
    gone = "http://gone.test/news/2020/09/02/story-number-2-of-many"
    captures = [Capture(real, "20200901000000"), *_neighbours(3, host="gone.test")]
    verdicts, _ = _audit([mistyped, real, f"{gone}-and-more"], captures, {"daily.test": live()})
    told = verdicts[mistyped]
    assert told.never_seen is not None
    assert told.never_seen.evidence == ("the name dialy.test does not exist, and no page of it was ever archived",)
    assert [one.url for one in told.suggestions] == [real]
    assert verdicts[f"{gone}-and-more"].never_seen is None  # its site is archived


def test_nothing_is_asked_for_where_it_is_switched_off_or_nothing_is_dead() -> None:
    verdicts, asked = _audit([INVENTED], _neighbours(25), {"daily.test": dead()}, never_seen=False)
    assert verdicts[INVENTED].never_seen is None
    assert asked == 0
    assert _audit([INVENTED], _neighbours(25), {"daily.test": live()})[1] == 0
