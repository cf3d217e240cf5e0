"""Who is captured, and who need not be."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from cite_audit.model import Archived, Citation, Link, Location, Memento, Report
from cite_audit.resolve.check.base import ArchiveAnswer
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.model import Capture, CaptureRequest, Outcome
from cite_audit.snapshot.plan import CaptureCriteria, collect_capture_requests, describe_plan, plan_captures

NOW = datetime(2025, 10, 9, 9, tzinfo=UTC)
URL = "https://news.example/1"


def answer(outcome: Archived, age: int = 0, quality: tuple[str, ...] = ()) -> ArchiveAnswer:
    memento = Memento(
        URL,
        f"https://archive.example/web/1/{URL}",
        captured_at=NOW - timedelta(days=age),
        archive="wayback",
        status=200,
        quality=quality,
    )
    found = outcome in (Archived.ARCHIVED, Archived.ARCHIVED_BAD)
    return ArchiveAnswer(URL, outcome, (memento,) if found else ())


@pytest.mark.parametrize(
    ("given", "newer_than", "expected"),
    [
        (answer(Archived.ARCHIVED, 400), None, Outcome.KEPT),
        (answer(Archived.ARCHIVED, 400), 90, None),
        (answer(Archived.ARCHIVED, 40), 90, Outcome.KEPT),
        (answer(Archived.ARCHIVED_BAD, 4, ("status-404",)), None, None),
        (answer(Archived.NOT_ARCHIVED), None, None),
        (answer(Archived.EXCLUDED), None, Outcome.EXCLUDED),
        (answer(Archived.UNKNOWN), None, Outcome.UNKNOWN),
    ],
)
def test_missing_is_what_no_archive_has_a_young_good_copy_of(
    tmp_path: Path, given: ArchiveAnswer, newer_than: int | None, expected: Outcome | None
) -> None:
    terms = CaptureCriteria(NOW, timedelta(days=newer_than) if newer_than else None)
    with Journal(tmp_path / "j") as journal:
        made = plan_captures("wayback", [CaptureRequest(URL)], journal, terms, {URL: given})
    assert [one.outcome for one in made.settled_captures] == ([expected] if expected else [])
    assert len(made.requests) == (0 if expected else 1)


@pytest.mark.parametrize(
    ("outcome", "code", "hours", "again", "captured"),
    [
        (Outcome.VERIFIED, "", 1, False, False),
        (Outcome.PENDING, "", 1, False, True),
        (Outcome.SUBMITTING, "", 1, False, True),
        (Outcome.UNKNOWN, "paused", 1, False, True),
        (Outcome.UNVERIFIED, "not-shown", 1, False, True),
        (Outcome.FAILED, "bad-gateway", 1, False, True),
        (Outcome.FAILED, "invalid-host-resolution", 1000, False, False),
        (Outcome.FAILED, "invalid-host-resolution", 1000, True, True),
        (Outcome.REFUSED, "too-many-daily-captures", 1, False, False),
        (Outcome.REFUSED, "too-many-daily-captures", 21, False, True),
        (Outcome.REFUSED, "blocked-url", 1000, False, False),
        (Outcome.BAD, "status-404", 1, False, False),
        (Outcome.BAD, "status-404", 30, False, True),
    ],
)
def test_a_later_run_takes_up_what_may_have_changed(
    tmp_path: Path, outcome: Outcome, code: str, hours: int, again: bool, captured: bool
) -> None:
    at = NOW - timedelta(hours=hours)
    with Journal(tmp_path / "j") as journal:
        journal.write(Capture(URL, "wayback", outcome, at, captured_at=at, code=code))
        made = plan_captures("wayback", [CaptureRequest(URL)], journal, CaptureCriteria(NOW, retry_failed=again))
    assert bool(made.requests) is captured


def test_the_plan_is_one_line_with_the_time_it_takes(tmp_path: Path) -> None:
    links = [CaptureRequest(f"https://news.example/{n}") for n in range(45)]
    answers = {links[0].uri_r: answer(Archived.ARCHIVED, 3), links[1].uri_r: answer(Archived.EXCLUDED)}
    with Journal(tmp_path / "j") as journal:
        made = plan_captures("wayback", links, journal, CaptureCriteria(NOW, timedelta(days=90)), answers)
    assert describe_plan(made, has_keys=False, newer_than=timedelta(days=90)) == (
        "wayback: 45 pages: 1 captured within 90 days, 1 excluded by the archive, "
        "43 to capture (about 18 min at 2.4/min, anonymously)"
    )
    assert "(about 8 min at 5.6/min)" in describe_plan(made, has_keys=True)


def test_a_plan_beyond_the_day_counts_days(tmp_path: Path) -> None:
    links = [CaptureRequest(f"https://news.example/{n}") for n in range(10_000)]
    with Journal(tmp_path / "j") as journal:
        made = plan_captures("wayback", links, journal, CaptureCriteria(NOW))
    assert "(about 50 days at 200 a day, anonymously)" in describe_plan(made, has_keys=False)


@pytest.mark.parametrize(("days", "captured"), [(30, False), (31, True), (-30, False), (-31, True)])
def test_a_copy_counts_within_the_span_of_the_citation(tmp_path: Path, days: int, captured: bool) -> None:
    cited_on = NOW.date()
    criteria = CaptureCriteria(NOW, within=timedelta(days=30))
    taken = datetime.combine(cited_on, time(12), UTC) + timedelta(days=days)
    with Journal(tmp_path / "j") as journal:
        journal.write(Capture(URL, "local", Outcome.VERIFIED, NOW, captured_at=taken))
        made = plan_captures("local", [CaptureRequest(URL, cited_on)], journal, criteria)
    assert bool(made.requests) is captured


def test_each_page_is_wished_for_once_with_all_that_cites_it() -> None:
    def citation(raw: str, url: str, note: int) -> Citation:
        return Citation(Link(raw, url), note, Location("r.md", 1))

    cited = (
        citation("hxxps://news[.]example/1", URL, 1),
        citation("http://www.news.example/1/", "http://www.news.example/1/", 2),
        citation("mailto:a@b.example", "mailto:a@b.example", 3),
        citation("x", f"https://web.archive.org/web/20240101000000/{URL}", 4),
        citation("x", "https://archive.ph/AbCd1", 5),
    )
    (wish,) = collect_capture_requests([Report("r.md", citations=cited)])
    assert wish.uri_r == URL
    assert [place.note for place in wish.places] == [1, 2]
