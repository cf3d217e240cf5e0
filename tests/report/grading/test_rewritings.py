"""A report that is only written otherwise keeps its grade."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.rewritings import REWRITINGS
from cite_audit.config.settings import Settings
from cite_audit.model import Grade
from cite_audit.pipeline import classify_links, read_reports
from cite_audit.report.grading import grade_report

LINKS = [
    "https://tass.ru/armiya/11",
    "https://t.me/rybar/12",
    "https://t.me/meduzalive/13 ; https://www.reuters.com/world/13",
    "https://tass.ru/armiya/14",
    "https://tass.ru/armiya/15",
    "https://www.facebook.com/GeneralStaff.ua/posts/16",
    "https://lenta.ru/news/2025/05/17/a/ ; https://www.interfax.ru/17",
    "https://www.youtube.com/@DWNews ; https://x.com/idf/status/18",
    "https://apnews.com/article/19 ; https://en.wikipedia.org/wiki/Minsk",
    "https://vk.com/wall-1_20 ; https://www.bbc.com/news/20",
]
SENTENCES = [
    "The plant number {n} was destroyed at night.",
    "Troops of brigade {n} reached the river.",
    "Convoy {n} crossed the border.",
    "Minister Ivan Hladun said that bridge {n} would open.",
]
REPORT = (
    "# A bridge and a plant\n\nDate: 2025-06-12\n\n"
    + " ".join(SENTENCES[n % 4].format(n=n) + f"[{n}]" for n in range(1, 11))
    + "\n\n## Notes\n\n"
    + "\n\n".join(f"[{n}] {links}" for n, links in enumerate(LINKS, 1))
    + "\n"
)


def _grade(text: str, folder: Path) -> Grade:
    path = folder / "r.md"
    path.write_bytes(text.encode())
    (report,) = read_reports([str(path)], Settings()).reports
    return grade_report(report, {}, classify_links(report, Settings()), Settings().grading)


@pytest.mark.parametrize("name", REWRITINGS)
def test_a_report_written_otherwise_keeps_its_grade(name: str, tmp_path: Path) -> None:
    rewritten = REWRITINGS[name](REPORT)
    assert rewritten != REPORT
    before, after = _grade(REPORT, tmp_path), _grade(rewritten, tmp_path)
    assert len(before.deductions) >= 3
    assert (after.score, after.letter, dict(after.measures)) == (before.score, before.letter, dict(before.measures))
    assert after.deductions == before.deductions
    assert after.groups == before.groups
