"""A summary and a comment fit where they are posted, with what is new first, and say what they leave out."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from cite_audit.model import Audit, FindingState, Severity
from cite_audit.report.render import render
from cite_audit.report.render.media.size_limit import DocumentPart, fit_parts
from tests.report.audits import everything_wrong
from tests.report.render import parsers

MAX_COMMENT_CHARACTERS = 65_536  # GitHub's
MAX_SUMMARY = 1 << 20


def grown(reports: int, findings: int, known: int = 0) -> Audit:
    """An audit of that many reports, each with that many new findings, and known ones that come first in it."""
    made = everything_wrong()
    first = made.reports[0]
    some = [one for one in made.findings[first.path] if one.is_open and one.severity is not Severity.NOTE]
    states = [FindingState.KNOWN] * known + [FindingState.NEW] * findings
    many = tuple(
        replace(some[n % len(some)], state=state, message=f"number {n} {state}: страница не найдена")
        for n, state in enumerate(states)
    )
    named = [replace(first, path=f"reports/{number:04}.md") for number in range(reports)]
    return replace(
        made,
        reports=tuple(named),
        findings={one.path: many for one in named},
        grades={one.path: made.grades[first.path] for one in named},
    )


@pytest.mark.slow
@pytest.mark.parametrize(("reports", "findings"), [(1, 0), (1, 600), (12, 600), (2000, 3), (400, 40)])
def test_both_stay_within_what_the_service_takes(reports: int, findings: int) -> None:
    made = grown(reports, findings, known=5)
    comment, summary = render("comment", made), render("markdown", made)
    assert len(comment.encode()) <= 60_000 < MAX_COMMENT_CHARACTERS
    assert len(summary.encode()) <= 1_000_000 < MAX_SUMMARY
    parsers.a_comment(comment)
    parsers.a_markdown(summary)
    for text in (comment, summary):
        assert text.count("<details>") == text.count("</details>")


def test_what_is_left_out_is_counted() -> None:
    comment = render("comment", grown(1, 600))
    shown = len(re.findall(r"number \d+ new", comment))
    told = re.search(r"… and (\d+) more findings, left out", comment)
    assert told is not None
    assert 100 < shown < 600
    assert shown + int(told[1]) == 600


def test_nothing_is_said_to_be_left_out_where_all_is_there() -> None:
    assert "left out" not in render("comment", grown(2, 20, known=20))


def test_new_findings_stand_before_known_ones_and_outlast_them() -> None:
    text = render("markdown", grown(1, 3, known=3))
    assert max(m.start() for m in re.finditer(r"number \d+ new", text)) < text.index("<details>")
    assert "<summary>3 known findings</summary>" in text
    assert min(m.start() for m in re.finditer(r"number \d+ known", text)) > text.index("3 known findings")
    crowded = render("comment", grown(3, 20, known=400))
    assert len(re.findall(r"number \d+ new", crowded)) == 60
    assert "more known findings, left out" in crowded


def test_a_part_that_fits_to_the_byte_is_whole_and_one_byte_less_cuts_it() -> None:
    part = DocumentPart(rank=0, items=("ы" * 10, "b"), opening=("head",), closing=(), noun="rows")
    needed = 100 + 100 + len("head\n") + 21 + 2  # what is kept free for the two lines that say what is left out
    assert fit_parts([part], needed) == "head\n" + "ы" * 10 + "\nb\n"
    assert fit_parts([part], needed - 1).splitlines()[1:] == [
        "ы" * 10,
        "- … and 1 more rows, left out to keep this short; the other formats show all",
    ]
    assert fit_parts([part], 204) == "\n… and 2 more lines, left out to keep this short; the other formats show all\n"
