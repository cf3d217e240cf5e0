"""What changed between runs, and what is no change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cite_audit.cli.history_store import load_changes, save_history
from cite_audit.config.settings import Settings
from cite_audit.model import Archived, Health, Reason
from cite_audit.report.findings.history import find_archive_events, find_live_events, parse_record, update_record
from cite_audit.report.render import Subject, render
from tests.report.audits import audit, report, verdict

URL = "https://news.example.com/a"
DAY = datetime(2026, 3, 1, tzinfo=UTC)


def days(*states: str) -> list[tuple[datetime, Health, str]]:
    return [(DAY + timedelta(days=i), Health(state), f"reason-{i}") for i, state in enumerate(states)]


def kinds(*states: str) -> list[str]:
    return [event.kind for event in find_live_events(URL, days(*states))]


def test_a_link_that_dies_and_comes_back_is_told_twice() -> None:
    assert kinds("alive", "alive", "broken", "broken", "alive") == ["newly dead", "recovered"]


def test_runs_that_could_not_tell_change_nothing() -> None:
    assert kinds("alive", "unknown", "alive", "unknown") == []
    assert kinds("alive", "unknown", "broken") == ["newly dead"]


def test_a_first_verdict_is_no_change() -> None:
    assert kinds("broken") == []


def test_a_change_knows_when_it_was_last_seen_otherwise() -> None:
    (event,) = find_live_events(URL, days("alive", "unknown", "broken"))
    assert (event.previous_seen_at, event.first_seen_at, event.reason) == (DAY, DAY + timedelta(days=2), "reason-2")


def test_copies_are_noted_only_when_they_change_and_errors_never() -> None:
    one = report({1: [URL]})
    record = None
    for i, outcome in enumerate(
        [Archived.NOT_ARCHIVED, Archived.NOT_ARCHIVED, Archived.UNKNOWN, Archived.ARCHIVED, Archived.ARCHIVED]
    ):
        run = replace(audit([one], [verdict(URL, archived=outcome)]), generated_at=DAY + timedelta(days=i))
        record = update_record(record, run, one)
    seen = parse_record(record)[URL]
    assert [outcome for _, outcome in seen] == [Archived.NOT_ARCHIVED, Archived.ARCHIVED]
    assert [event.kind for event in find_archive_events(URL, seen)] == ["newly archived"]


def test_a_record_that_cannot_be_read_is_nothing() -> None:
    one = report({1: [URL]})
    run = audit([one], [verdict(URL, archived=Archived.ARCHIVED)])
    for record in (
        *("[[", "[]", "5", "[5]", f'{{"{URL}": 5}}', f'{{"{URL}": [5]}}', f'{{"{URL}": [[5, "archived"]]}}'),
        *(f'{{"{URL}": [["2026-03-01", "archived"]]}}', f'{{"{URL}": [["2026-03-01T00:00:00+00:00", []]]}}'),
    ):
        assert parse_record(record) == {}
        assert len(parse_record(update_record(record, run, one))[URL]) == 1


def test_runs_are_remembered_and_told(tmp_path: object) -> None:
    from cite_audit.store import open_store

    path = f"{tmp_path}/store.sqlite"
    one = report({4: [URL], 9: [URL]})
    for outcome, health, reason in (
        (Archived.NOT_ARCHIVED, Health.ALIVE, Reason.OK),
        (Archived.ARCHIVED, Health.BROKEN, Reason.NOT_FOUND),
    ):
        judged = verdict(URL, health, reason, archived=outcome)
        store = open_store(path)
        store.begin_run()
        store.save_verdict(judged, "live")
        store.close()
        save_history(audit([one], [judged]), Settings(store=path))
    found = load_changes([one], path, None)
    assert {event.kind for _, events in found for event in events} == {"newly dead"} | {"newly archived"}
    assert "notes 4, 9" in render("text", found, subject=Subject.HISTORY)
    assert '"change": "newly dead"' in render("jsonl", found, subject=Subject.HISTORY)
    assert render("csv", found, subject=Subject.HISTORY).count("\r\n") == 3
    assert all(not events for _, events in load_changes([one], path, datetime.now(UTC) + timedelta(days=1)))
