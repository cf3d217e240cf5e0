"""Graded reports side by side, and the rows every way of showing them shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cite_audit.model import Grade, Report, Source
from cite_audit.report.grading.measures import GradeBasis, MeasureResult
from cite_audit.report.grading.score import MEASURE_PHRASES


@dataclass(frozen=True, slots=True)
class GradedReport:
    """A report with its grade and what the grade was made of; `sources` by URL as cited."""

    report: Report
    sources: Mapping[str, Source]
    grade: Grade
    basis: GradeBasis

    @property
    def display_name(self) -> str:
        return self.report.title or self.report.path


# measure → how an editor reads it; the order is that of the screen
SUPPORT_LABELS: tuple[tuple[str, str], ...] = (
    ("official_only", "official bodies alone"),
    ("state_media_only_attributed", "state media alone, attributed"),
    ("state_media_only_unsure", "state media alone, to be reviewed"),
    ("state_media_only_unattributed", "state media alone, unattributed"),
    ("social_only", "Telegram or social media alone"),
    ("self_only", "own publisher alone"),
    ("aggregator_only", "aggregators alone"),
    ("single_publisher", "one publisher alone"),
    ("dangling", "no source at all"),
    ("dead_unrecoverable", "a link dead and in no archive"),
    ("unarchived", "a live link not archived"),
)


def list_support_rows(graded: GradedReport) -> Iterator[tuple[str, str, MeasureResult]]:
    """Each row of “what rests on what”: measure, words, and what was measured; rows without notes are left out."""
    results = {**graded.basis.measures, **graded.basis.unscored}
    for name, support_label in SUPPORT_LABELS:
        if name in results and results[name].notes:
            yield name, support_label, results[name]


COLUMNS = ("report", "title", "published", "letter", "score", "provisional", "notes", "citations", "publishers")


def build_grade_row(graded: GradedReport, groups: tuple[str, ...]) -> dict[str, object]:
    """One line of a corpus table: what the report is, its grade, each measure and the share of each group (0–1)."""
    grade, report = graded.grade, graded.report
    publishers = {name for claim in graded.basis.claims for name in claim.publishers}
    cells: dict[str, object] = {
        "report": report.path,
        "title": report.title,
        "published": report.published.isoformat() if report.published else "",
        "letter": grade.letter or ("" if grade.gradable else "not gradable"),
        "score": "" if grade.score is None else grade.score,
        "provisional": "yes" if grade.provisional else "",
        "notes": len(report.notes),
        "citations": sum(share.citations for share in grade.groups.values()),
        "publishers": len(publishers),
    }
    for name in (*MEASURE_PHRASES, "unknown"):
        cells[name] = round(grade.measures[name], 4) if name in grade.measures else ""
    for name in groups:
        cells[f"share_{name}"] = round(grade.groups[name].share, 4) if name in grade.groups else 0
    return cells
