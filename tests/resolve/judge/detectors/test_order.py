"""The detectors are one list: documented in its order, complete, and each takes every look."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from pkgutil import iter_modules

import pytest

from cite_audit.model import Failure, FailureKind, Hop, Probe, Reason
from cite_audit.resolve.judge import detectors
from cite_audit.resolve.judge.detectors import DETECTORS, assess_look
from cite_audit.resolve.judge.look import Evidence, Look, LookKind, LookRequest
from tests.loopback.web_pages import article, bare

ROOT = Path(__file__).parents[4]
NOW = datetime(2026, 3, 1, tzinfo=UTC)
URL = "http://herald.test/2019/05/story-12"


def look(status: int, body: bytes, final_url: str = URL, failure: Failure | None = None) -> Look:
    hops = (Hop(URL, 302, final_url),) if final_url != URL else ()
    headers = (("content-type", "text/html; charset=utf-8"),)
    probe = Probe(
        URL, NOW, status=status or None, final_url=final_url, hops=hops, failure=failure, headers=headers, body=body
    )
    return Look(LookRequest(LookKind.PAGE, URL), probe)


def test_the_documented_list_is_the_list() -> None:
    text = (ROOT / "docs" / "how-verdicts-are-reached.md").read_text(encoding="utf-8")
    section = text.split("## What a look is checked for", 1)[1].split("\n## ", 1)[0]
    assert re.findall(r"^\d+\. \*\*([^*]+)\*\*", section, re.M) == [detector.NAME for detector in DETECTORS]


def test_every_detector_is_in_the_list() -> None:
    names = {module.name for module in iter_modules(detectors.__path__)} - {"base"}
    assert {str(getattr(detector, "__name__", "")).rpartition(".")[2] for detector in DETECTORS} == names


@pytest.mark.parametrize("status", [0, 103, 200, 204, 206, 300, 302, 304, 401, 403, 404, 429, 500, 999])
@pytest.mark.parametrize("body", [b"", b"\x00\x01", bare("Sorry", "Gone fishing."), article("Bridge opens", 300)])
def test_every_look_has_an_assessment(status: int, body: bytes) -> None:
    failure = None if status else Failure(FailureKind.RESET)
    assert assess_look(look(status, body, failure=failure), Evidence(URL, NOW)).observations


# Pairs that one page shows both of: the earlier entry of the list has the word.
BOTH = [
    ("wall", "refusal", look(404, b"<title>Just a moment...</title>"), Reason.BLOCKED),
    ("wall", "soft 404", look(200, b"<title>Just a moment...</title><h1>Page not found</h1>"), Reason.BLOCKED),
    (
        "gate",
        "soft 404",
        look(200, bare("Page not found", "<form><input type=password></form>"), "http://herald.test/login?x=1"),
        Reason.LOGIN_REQUIRED,
    ),
    ("soft 404", "script shell", look(200, b"<h1>Page not found</h1><script>x()</script>"), Reason.SOFT_404),
]


@pytest.mark.parametrize(("first", "second", "shown", "reason"), BOTH, ids=lambda value: str(value)[:12])
def test_the_earlier_detector_decides(first: str, second: str, shown: Look, reason: Reason) -> None:
    names = [detector.NAME for detector in DETECTORS]
    assert names.index(first) < names.index(second)
    assert assess_look(shown, Evidence(URL, NOW)).reason is reason


def test_names_are_unique() -> None:
    assert all(before != after for before, after in pairwise(sorted(detector.NAME for detector in DETECTORS)))
