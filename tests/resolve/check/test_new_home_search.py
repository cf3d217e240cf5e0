"""Where a dead page may be now: each way to find it, and the traps that must not be taken for it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cite_audit.config.settings import Archiving, Settings
from cite_audit.model import CitedLink, Health, Verdict
from cite_audit.progress import SilentObserver
from cite_audit.resolve import resolve
from cite_audit.resolve.check.new_home_search import SEARCH_BUDGET
from tests.loopback.wayback import Capture, LoopbackWayback
from tests.loopback.web import Answer, LoopbackWeb, Respond
from tests.loopback.web_behaviours import home, live, parked, site, soft_404
from tests.loopback.web_pages import article, page

NOW = datetime(2026, 3, 1, tzinfo=UTC)
TITLE = "Ferry to the northern islands stops for the winter"
STORY = article(TITLE, 300)
OTHER = article("Mayor opens a library beside the old harbour", 300)
PATH = "/news/2019/05/ferry-stops-for-winter"
STRANGER = page(
    f"{TITLE} | The Loopback Herald",
    f"<h1>{TITLE}</h1>" + "<p>Recipe: flour, butter, sugar, cinnamon, apples; bake slowly until golden.</p>" * 30,
)


@dataclass(frozen=True)
class Case:
    """A dead link, what archives and sites know of it, and the new home expected (host and path), if any."""

    name: str
    sites: dict[str, Respond]
    home: str = ""
    found_by: str = ""
    path: str = PATH
    copy: bytes = STORY
    later: tuple[tuple[str, str], ...] = field(default=())  # timestamp and target of a copy that is a redirect
    is_archived: bool = True


def _listing(*entries: str) -> Answer:
    return Answer(body="".join(entries).encode(), headers=(("Content-Type", "application/xml"),))


def _loc(url: str, name: str = "url") -> str:
    return f"<{name}><loc>{url}</loc></{name}>"


def _item(url: str, title: str) -> str:
    return f"<item><title><![CDATA[{title}]]></title><link>{url}</link></item>"


CASES = [
    Case(
        "redirect-noted",
        {"redirect-noted.test": site({"/archive/7741": STORY})},
        "redirect-noted.test/archive/7741",
        "redirect",
        later=(("20210601000000", "http://redirect-noted.test/archive/7741"),),
    ),
    Case(
        "halfway",
        {"halfway.test": site({"/archive/7741": STORY})},
        "halfway.test/archive/7741",
        "redirect",
        later=(("20221001000000", "http://halfway.test/archive/7741"), ("20251001000000", "")),
    ),
    Case(
        "new-domain",
        {"new-domain.test": site({}), "renamed.test": site({PATH: STORY, "/": home()})},
        f"renamed.test{PATH}",
        "redirect",
        later=(("20220601000000", "http://renamed.test/"),),
    ),
    Case(
        "canonical",
        {"canonical.test": site({"/a/ferry": STORY})},
        "canonical.test/a/ferry",
        "canonical",
        copy=article(TITLE, 300, head='<link rel="canonical" href="/a/ferry">'),
    ),
    Case("amp", {"amp.test": site({PATH: STORY})}, f"amp.test{PATH}", "form", path=f"{PATH}/amp"),
    Case("print", {"print.test": site({PATH: STORY})}, f"print.test{PATH}", "form", path=f"/print{PATH}"),
    Case(
        "sitemap",
        {
            "sitemap.test": site(
                {
                    "/story/ferry-stops-for-winter.html": STORY,
                    "/sitemap.xml": _listing(
                        _loc("http://sitemap.test/about"), _loc("http://sitemap.test/story/ferry-stops-for-winter.html")
                    ),
                }
            )
        },
        "sitemap.test/story/ferry-stops-for-winter.html",
        "listing",
    ),
    Case(
        "map-of-maps",
        {
            "map-of-maps.test": site(
                {
                    "/s/88/ferry-stops-for-winter": STORY,
                    "/sitemap.xml": _listing(
                        *(_loc(f"http://map-of-maps.test/map-{year}.xml", "sitemap") for year in (2018, 2019, 2020))
                    ),
                    "/map-2019.xml": _listing(_loc("http://map-of-maps.test/s/88/ferry-stops-for-winter")),
                }
            )
        },
        "map-of-maps.test/s/88/ferry-stops-for-winter",
        "listing",
        is_archived=False,
    ),
    Case(
        "feed",
        {"feed.test": site({"/id/9931": STORY, "/feed": _listing(_item("http://feed.test/id/9931", TITLE))})},
        "feed.test/id/9931",
        "listing",
    ),
    # traps
    Case(
        "another-article",
        {
            "another-article.test": site(
                {"/archive/1": OTHER, "/feed": _listing(_item("http://another-article.test/archive/1", TITLE))}
            )
        },
        later=(("20210601000000", "http://another-article.test/archive/1"),),
    ),
    Case(
        "same-title-only",
        {"same-title-only.test": site({"/archive/1": STRANGER})},
        later=(("20210601000000", "http://same-title-only.test/archive/1"),),
    ),
    Case(
        "other-number",
        {"other-number.test": site({"/w/2": article("Losses at the border: week 13", 300)})},
        copy=article("Losses at the border: week 12", 300),
        later=(("20210601000000", "http://other-number.test/w/2"),),
    ),
    Case(
        "soft-404",
        {"soft-404.test": site({}), "soft-404-new.test": soft_404()},
        later=(("20210601000000", f"http://soft-404-new.test{PATH}"),),
    ),
    Case(
        "front-page",
        {"front-page.test": site({}), "front-page-new.test": live()},
        later=(("20210601000000", "http://front-page-new.test/"),),
    ),
    Case(
        "bought",
        {"bought.test": site({}), "bought-new.test": parked()},
        later=(("20210601000000", f"http://bought-new.test{PATH}"),),
    ),
    Case(
        "foreign-map",
        {
            "foreign-map.test": site({"/sitemap.xml": _listing(_loc("http://elsewhere.test/ferry-stops-for-winter"))}),
            "elsewhere.test": site({"/ferry-stops-for-winter": STORY}),
        },
    ),
    Case("nowhere", {"nowhere.test": site({})}),
]


@dataclass(frozen=True)
class Searched:
    verdicts: dict[str, Verdict]
    unsearched: dict[str, Verdict]
    requests: dict[str, int]  # by case: what its sites and the archive saw beyond an audit without the search


def _search(folder: Path, *, new_homes: bool) -> tuple[dict[str, Verdict], dict[str, int]]:
    captures = []
    for case in CASES:
        url = f"http://{case.name}.test{case.path}"
        captures += [Capture(url, "20190502000000", body=case.copy)] if case.is_archived else []
        for stamp, target in case.later:
            gone = Capture(url, stamp, 404, b"<html><title>Not found</title></html>")
            captures.append(Capture(url, stamp, 301, b"", (("location", target),)) if target else gone)
    sites = {host: respond for case in CASES for host, respond in case.sites.items()}
    links = [CitedLink(f"http://{case.name}.test{case.path}", near=date(2019, 5, 1)) for case in CASES]
    with LoopbackWeb(sites) as web, LoopbackWayback(captures) as archive:
        archiving = Archiving(wayback=archive.url, availability=archive.availability, new_homes=new_homes)
        network = web.network(timeout=5.0, host_interval=0.0)
        settings = Settings(network=network, archiving=archiving, store=str(folder / "store.sqlite"))
        found = asyncio.run(resolve(links, settings, SilentObserver(), NOW)).verdicts
        played = {case.name: sum(f"/{case.name}.test" in asked.target for asked in archive.log) for case in CASES}
        asked = {case.name: played[case.name] + sum(len(web.asked(host)) for host in case.sites) for case in CASES}
    return {case.name: found[f"http://{case.name}.test{case.path}"] for case in CASES}, asked


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Searched:
    verdicts, with_search = _search(tmp_path_factory.mktemp("with"), new_homes=True)
    unsearched, without = _search(tmp_path_factory.mktemp("without"), new_homes=False)
    return Searched(verdicts, unsearched, {name: count - without[name] for name, count in with_search.items()})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_new_home_is_offered_only_where_it_was_seen_to_hold_the_cited_page(case: Case, searched: Searched) -> None:
    verdict = searched.verdicts[case.name]
    assert verdict.health is Health.BROKEN, verdict.evidence
    found = [(one.url.removeprefix("http://"), one.found_by) for one in verdict.suggestions]
    assert found == ([(case.home, case.found_by)] if case.home else [])


def test_the_evidence_names_the_copy_its_date_and_the_likeness(searched: Searched) -> None:
    (found,) = searched.verdicts["redirect-noted"].suggestions
    said = "; ".join(found.evidence)
    assert "a copy of 2021-06-01 records a redirect" in said
    assert "the copy of 2019-05-02 (1.00)" in said
    assert "seen alive on 2026-03-01" in said
    (found,) = searched.verdicts["map-of-maps"].suggestions
    assert "no copy shows the cited page" in "; ".join(found.evidence)


def test_a_search_costs_no_more_than_its_budget(searched: Searched) -> None:
    assert SEARCH_BUDGET == 10
    assert {name: count for name, count in searched.requests.items() if count > 10} == {}


def test_without_the_search_nothing_is_offered(searched: Searched) -> None:
    assert not any(verdict.suggestions for verdict in searched.unsearched.values())
