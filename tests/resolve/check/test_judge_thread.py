"""Long pages are judged beside the event loop, short ones in it; the verdict is the same."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from cite_audit.model import Probe, Verdict
from cite_audit.resolve.check.judge_thread import MAX_INLINE_BYTES, judge_evidence
from cite_audit.resolve.judge import judge
from cite_audit.resolve.judge.look import Evidence, Look, LookRequest

NOW = datetime(2026, 1, 1, tzinfo=UTC)
URL = "http://h.test/news/article-12345.html"


def evidence_of(body: bytes) -> Evidence:
    evidence = Evidence(URL, NOW)
    request = judge(evidence)
    assert isinstance(request, LookRequest)
    probe = Probe(URL, NOW, status=200, final_url=URL, headers=(("content-type", "text/html"),), body=body)
    return evidence.with_look(Look(request, probe))


async def count_turns(evidence: Evidence) -> tuple[Verdict | LookRequest, int]:
    """What was judged, and how many turns the loop had meanwhile."""
    judging = asyncio.ensure_future(judge_evidence(evidence))
    turns = 0
    while not judging.done():
        await asyncio.sleep(0)
        turns += 1
    return judging.result(), turns


def test_the_loop_has_its_turns_while_half_a_megabyte_is_judged() -> None:
    _, turns = asyncio.run(count_turns(evidence_of(b"<a><b>not found " * 32_000)))
    assert turns > 20


def test_a_short_page_is_judged_at_once() -> None:
    assert MAX_INLINE_BYTES == 32_000
    _, turns = asyncio.run(count_turns(evidence_of(b"<p>word word</p>" * 2000)))
    assert turns <= 2
    _, turns = asyncio.run(count_turns(evidence_of(b"<p>word word</p>" * 2001)))
    assert turns > 2


def test_the_verdict_does_not_depend_on_the_thread() -> None:
    body = b"<title>Page not found</title><h1>404</h1>" + b"<p>word</p>" * 3000
    answer, _ = asyncio.run(count_turns(evidence_of(body)))
    assert answer == judge(evidence_of(body))
