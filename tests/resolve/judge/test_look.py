"""A look: its facts, each computed once, and what it knows of its completeness."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cite_audit.model import Failure, FailureKind, Hop, Probe
from cite_audit.resolve.judge.address.redirects import RedirectRank
from cite_audit.resolve.judge.look import NOT_ASKED, Evidence, Look, LookKind, LookRequest, RequestProfile
from tests.loopback.web_pages import article

NOW = datetime(2026, 3, 1, tzinfo=UTC)
URL = "http://herald.test/2019/05/story-12"
HTML = (("content-type", "text/html"),)
RESET = Failure(FailureKind.RESET)


def look_at(probe: Probe, kind: LookKind = LookKind.PAGE, profile: RequestProfile = RequestProfile.PLAIN) -> Look:
    return Look(LookRequest(kind, probe.url, profile=profile), probe)


def test_a_page_is_read_once_and_its_tree_can_be_released() -> None:
    look = look_at(Probe(URL, NOW, status=200, final_url=URL, headers=HTML, body=article("Bridge opens", 4000)))
    page, tree, text = look.page, look.page.tree, look.page.main_text
    assert look.page is page
    look.release_tree()
    assert look.page is page
    assert page.tree is not tree
    assert page.main_text is text
    look.release_page()
    assert look.page is not page
    assert look.page.main_text == text


def test_a_fact_of_another_module_is_computed_once() -> None:
    look, computations = look_at(Probe(URL, NOW, status=404)), list[str]()

    def compute() -> str:
        computations.append("once")
        return "value"

    assert [look.remember("fact", compute) for _ in range(3)] == ["value"] * 3
    assert computations == ["once"]


@pytest.mark.parametrize(
    ("probe", "is_complete"),
    [
        (Probe(URL, NOW, status=200, final_url=URL, body=b"all"), True),
        (Probe(URL, NOW, status=200, final_url=URL, body=b"cut", truncated=True), False),
        (Probe(URL, NOW, status=200, final_url=URL, body=b"broken off", failure=RESET), False),
    ],
)
def test_a_body_that_was_cut_is_not_complete(probe: Probe, is_complete: bool) -> None:
    assert look_at(probe).is_complete is is_complete


@pytest.mark.parametrize(
    ("probe", "has_answer", "is_success"),
    [
        (Probe(URL, NOW, failure=RESET), False, False),
        (Probe(URL, NOW, status=302, final_url=URL, failure=RESET), False, False),
        (Probe(URL, NOW, status=200, final_url=URL, failure=RESET), False, False),
        (Probe(URL, NOW, status=200, final_url=URL, failure=RESET, body=b"half a page"), True, True),
        (Probe(URL, NOW, status=404, final_url=URL, failure=RESET), True, False),
        (Probe(URL, NOW, status=300, final_url=URL), True, True),
        (Probe(URL, NOW, status=204, final_url=URL), True, False),
        (Probe(URL, NOW, status=301, final_url=URL), True, False),
    ],
)
def test_what_counts_as_an_answer(probe: Probe, has_answer: bool, is_success: bool) -> None:
    assert (look_at(probe).has_answer, look_at(probe).is_success) == (has_answer, is_success)


def test_a_short_link_is_ranked_from_where_it_leads() -> None:
    short, final = "https://bit.ly/3abc", "https://paper.com/"
    hops = (Hop(short, 301, "https://paper.com/2019/05/bridge-opens"), Hop("https://paper.com/x", 302, final))
    look = look_at(Probe(short, NOW, status=200, final_url=final, hops=hops))
    assert look.expanded_url == "https://paper.com/2019/05/bridge-opens"
    assert (look.redirect_rank, look.expanded_rank) == (RedirectRank.OWNER_HOME, RedirectRank.HOME)


def test_the_latest_look_of_each_profile_counts_unless_nobody_took_it() -> None:
    plain, again = (look_at(Probe(URL, NOW, status=status)) for status in (500, 200))
    browser = look_at(Probe(URL, NOW, status=404, profile="browser"), profile=RequestProfile.BROWSER)
    unasked = look_at(Probe(URL, NOW, failure=RESET, flags=(NOT_ASKED,)))
    evidence = Evidence(URL, NOW)
    for look in (plain, browser, again, unasked):
        evidence = evidence.with_look(look)
    assert evidence.latest_page_looks() == [again, browser]
    assert evidence.latest_look(LookKind.PAGE, RequestProfile.BROWSER) is browser
    assert evidence.control is None
