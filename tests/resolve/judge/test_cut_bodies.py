"""Nothing is concluded from what a cut body does not hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cite_audit.model import Health, Probe, Reason, Verdict
from cite_audit.resolve.judge import judge
from cite_audit.resolve.judge.look import Evidence, Look, LookKind, LookRequest

NOW = datetime(2026, 11, 30, tzinfo=UTC)
URL = "https://a.example/news/the-ferry-was-counted"
STORY = b"<!DOCTYPE html><title>The ferry was counted</title><h1>The ferry was counted</h1>" + (
    b"<p>Those who stood at the quay told us how many went aboard that day, and who counted them.</p>" * 20
)
STYLES = (
    b"<!DOCTYPE html><title>The ferry was counted</title><style>" + b"a{b:c}" * 900 + (b"</style><script>x()</script>")
)


def cut_look(body: bytes, *, is_long: bool = False, status: int = 200, truncated: bool = True) -> Look:
    headers = (("content-type", "text/html"),)
    probe = Probe(URL, NOW, status=status, final_url=URL, headers=headers, body=body, truncated=truncated)
    return Look(LookRequest(LookKind.PAGE, URL, is_long=is_long), probe)


def test_a_cut_page_is_no_whole_page() -> None:
    assert cut_look(STORY).whole_page is None
    assert cut_look(STORY, truncated=False).whole_page is not None


@pytest.mark.parametrize(("url", "body"), [(f"{URL}#last", STORY), (URL, STYLES)])
def test_a_page_is_read_on_where_the_question_is_what_it_lacks(url: str, body: bytes) -> None:
    wanted = judge(Evidence(url, NOW, looks=(cut_look(body),)))
    assert isinstance(wanted, LookRequest)
    assert wanted.is_long


def test_a_cut_story_needs_no_second_look() -> None:
    verdict = judge(Evidence(URL, NOW, looks=(cut_look(STORY),)))
    assert isinstance(verdict, Verdict)
    assert (verdict.health, verdict.detail) == (Health.ALIVE, "truncated")


@pytest.mark.parametrize(
    ("tail", "truncated", "reason"),
    [
        (b"<p id=last>The end.", False, Reason.OK),
        (b"<p>The end.", False, Reason.FRAGMENT_MISSING),
        (b"<p>The middle.", True, Reason.OK),
    ],
)
def test_the_longer_look_decides_on_the_place(tail: bytes, truncated: bool, reason: Reason) -> None:
    longer = cut_look(STORY + tail, is_long=True, truncated=truncated)
    verdict = judge(Evidence(f"{URL}#last", NOW, looks=(cut_look(STORY), longer)))
    assert isinstance(verdict, Verdict)
    assert verdict.reason is reason


def test_a_longer_look_that_fails_leaves_the_page_alive() -> None:
    failed = cut_look(b"", is_long=True, status=503, truncated=False)
    verdict = judge(Evidence(f"{URL}#last", NOW, looks=(cut_look(STORY), failed)))
    assert isinstance(verdict, Verdict)
    assert verdict.health is Health.ALIVE


def test_the_shell_of_a_whole_page_is_still_a_shell() -> None:
    look = cut_look(STYLES, truncated=False)
    browser = Look(replace(look.request, profile=look.request.profile.other), look.probe)
    verdict = judge(Evidence(URL, NOW, looks=(look, browser)))
    assert isinstance(verdict, Verdict)
    assert verdict.reason is Reason.JS_SHELL
