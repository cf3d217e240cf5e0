"""Severities, fail-on, grades, limits: which exit code an audit means."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cite_audit.cli.exit_codes import ExitCode, audit_exit_code, gravest_exit_code
from cite_audit.config.settings import Policy
from cite_audit.model import Audit, Grade, Health, Reason, UnreadReport
from tests.cli.running import run
from tests.report.audits import AUDITS, audit, clean, everything_wrong, interrupted, nothing, report, verdict

URLS = [f"https://news.example.com/{i}" for i in range(10)]


def exit_code(audit: Audit, policy: Policy) -> int:
    return audit_exit_code(audit, policy)[0]


def judged(health: Health, reason: Reason, count: int = 1) -> Audit:
    verdicts = [verdict(u, health, reason) if i < count else verdict(u) for i, u in enumerate(URLS)]
    return audit([report({i: [u] for i, u in enumerate(URLS, 1)})], verdicts)


@pytest.mark.parametrize(
    ("fail_on", "dead", "drifted", "moved"),
    [("error", 1, 0, 0), ("warning", 1, 1, 0), ("note", 1, 1, 1), ("never", 0, 0, 0)],
)
def test_fail_on_names_the_least_severity_that_fails(fail_on: str, dead: int, drifted: int, moved: int) -> None:
    policy = Policy(fail_on=fail_on)
    assert exit_code(judged(Health.BROKEN, Reason.GONE), policy) == dead
    assert exit_code(judged(Health.ALIVE, Reason.DRIFTED), policy) == drifted
    assert exit_code(judged(Health.ALIVE, Reason.MOVED_PERMANENTLY), policy) == moved


def test_unjudged_links_never_fail_a_run_by_themselves() -> None:
    assert exit_code(judged(Health.UNKNOWN, Reason.BLOCKED, 10), Policy(fail_on="warning")) == 0


@pytest.mark.parametrize(("limit", "code"), [("2", 3), ("3", 0), ("29%", 3), ("30%", 0), ("", 0)])
def test_max_unknown_is_a_count_or_a_share(limit: str, code: int) -> None:
    assert exit_code(judged(Health.UNKNOWN, Reason.BLOCKED, 3), Policy(max_unknown=limit)) == code


@pytest.mark.parametrize(("bar", "code"), [("B", 0), ("b-", 0), ("B+", 1), ("A", 1)])
def test_fail_grade(bar: str, code: int) -> None:
    graded = audit([report({1: [URLS[0]]})], [verdict(URLS[0])], grade=Grade(True, letter="B", score=84.0))
    assert exit_code(graded, Policy(fail_grade=bar)) == code


def test_a_report_that_cannot_be_graded_is_not_failed_for_it() -> None:
    graded = audit([report({1: [URLS[0]]})], [verdict(URLS[0])], grade=Grade(False))
    assert exit_code(graded, Policy(fail_grade="A")) == 0


def test_usage_wins_over_incomplete_and_incomplete_over_findings() -> None:
    broken = replace(everything_wrong(), incomplete=True)
    assert exit_code(broken, Policy()) == 3
    assert exit_code(replace(broken, unread=nothing().unread), Policy()) == 2
    assert exit_code(interrupted(), Policy()) == 3


def test_exit_zero_silences_findings_and_nothing_else() -> None:
    lenient = Policy(exit_zero=True)
    assert exit_code(everything_wrong(), lenient) == 0
    assert exit_code(interrupted(), lenient) == 3
    assert exit_code(nothing(), lenient) == 2


def test_no_links_at_all_is_a_mistake_unless_allowed() -> None:
    assert exit_code(AUDITS["empty"](), Policy()) == 2
    assert exit_code(AUDITS["empty"](), Policy(allow_empty=True)) == 0


def test_a_clean_report_passes() -> None:
    assert exit_code(clean(), Policy(fail_on="note", fail_grade="A", max_unknown="0")) == 0


def test_what_is_empty_is_fine_where_that_is_allowed_and_what_is_missing_never_is() -> None:
    empty, gone = UnreadReport("a.md", "the file is empty", empty=True), UnreadReport("b.md", "does not exist")
    lenient = Policy(allow_empty=True)
    assert exit_code(replace(clean(), unread=(empty,)), Policy()) == 2
    assert exit_code(replace(clean(), unread=(empty,)), lenient) == 0
    assert exit_code(replace(clean(), unread=(empty, gone)), lenient) == 2


def test_interrupted_wins_over_usage_over_incomplete_over_findings() -> None:
    order = [ExitCode.INTERRUPTED, ExitCode.USAGE, ExitCode.INCOMPLETE, ExitCode.FINDINGS, ExitCode.OK]
    assert [gravest_exit_code(reversed(order[i:])) for i in range(5)] == order
    assert gravest_exit_code([]) is ExitCode.OK


ALONE, BESIDE, FOLDER = ("in/long.html",), ("in/long.html", "in/good.md"), ("in",)


@pytest.mark.parametrize(
    ("command", "reports"),
    [
        ("links", ALONE),
        ("links", BESIDE),
        ("audit --offline", FOLDER),
        *(
            pytest.param(command, reports, marks=pytest.mark.slow)
            for command in (
                "audit --offline",
                "snapshot --dry-run",
                "fix --refang --write",
                "review --offline",
            )
            for reports in (ALONE, BESIDE, FOLDER)
            if (command, reports) != ("audit --offline", FOLDER)
        ),
    ],
)
def test_a_report_that_is_refused_is_code_2_alone_beside_others_and_in_a_folder(
    command: str, reports: tuple[str, ...], tmp_path: Path
) -> None:
    """Decision 0420: what only shows goes on with the others; what writes beside reports writes nothing."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "long.html").write_text("<p>" * 500_001, "utf-8")
    (folder / "good.md").write_text("A.[^1]\n\n[^1]: hxxps://b[.]example[.]com/c\n", "utf-8")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = run(tmp_path, *command.split(), *reports)
    assert done.returncode == 2
    assert "in/long.html: refused: 500,001 tags are more than 500,000; split it" in done.stdout + done.stderr
    shows = reports != ALONE and command.startswith(("links", "audit"))
    assert ("in/good.md" in done.stdout or "b.example.com/c" in done.stdout) == shows
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
