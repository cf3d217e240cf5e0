"""Grades as Markdown: a section for each report with its tables."""

from __future__ import annotations

from cite_audit.report.grading.ratings import CREDIBILITY, RELIABILITY, count_rating_matrix
from cite_audit.report.grading.score import list_note_numbers
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.grade.grade_table import (
    GradedReport,
    GradeSet,
    describe_remarkable_sources,
    format_letter,
    format_score,
    list_support_rows,
)
from cite_audit.report.render.media.markdown import escape_markdown
from cite_audit.report.sources.groups import GROUPS


def render(shown: GradeSet, options: RenderOptions) -> str:
    """A section for each report with its tables, and one table of them all where there are several."""
    lines: list[str] = []
    reports = shown.reports
    if len(reports) > 1:
        lines += ["| report | grade | score | notes |", "|---|---|--:|--:|"]
        lines += [
            f"| {escape_markdown(graded.display_name)} | {format_letter(graded)} "
            f"| {format_score(graded)} | {len(graded.report.notes)} |"
            for graded in reports
        ] + [""]
    for graded in reports:
        lines += _render_grade_section(graded)
    return "\n".join(lines)


def _render_grade_section(graded: GradedReport) -> list[str]:
    grade = graded.grade
    lines = [f"## {escape_markdown(graded.display_name)}", ""]
    if grade.groups:
        lines += ["| who is cited | citations | share |", "|---|--:|--:|"]
        ordered = sorted(grade.groups.items(), key=lambda item: -item[1].share)
        lines += [f"| {GROUPS[name]} | {share.citations} | {share.share:.0%} |" for name, share in ordered] + [""]
    rows = list(list_support_rows(graded))
    if rows:
        lines += ["| what rests on | notes | which |", "|---|--:|---|"]
        lines += [
            f"| {support_label} | {len(result.notes)} of {result.total} | {list_note_numbers(result.notes, 40)} |"
            for _, support_label, result in rows
        ] + [""]
    lines += [f"- **−{deduction.points:.1f}** {escape_markdown(deduction.text)}" for deduction in grade.deductions]
    lines += [f"- {escape_markdown(hint)}" for hint in grade.suggestions]
    lines += [f"- {escape_markdown(line)}" for line in describe_remarkable_sources(graded)]
    lines += _render_rating_matrix(graded)
    reason = f" {escape_markdown(grade.text[:1].upper() + grade.text[1:])}." if grade.text else ""
    lines += [
        "",
        f"**Grade {format_letter(graded)}**, {format_score(graded)} of 100.{reason} "
        f"({escape_markdown(grade.registry_version)})",
    ]
    return [*lines, ""]


def _render_rating_matrix(graded: GradedReport) -> list[str]:
    """The notes by reliability of the source (rows) and credibility of what it says (columns)."""
    if not graded.grade.ratings:
        return []
    cells = count_rating_matrix(graded.grade.ratings)
    lines = ["", f"| | {' | '.join(CREDIBILITY)} |", "|---|" + "---|" * len(CREDIBILITY)]
    return lines + [
        f"| {grade} | "
        + " | ".join(list_note_numbers(tuple(cells.get((grade, item), ()))) for item in CREDIBILITY)
        + " |"
        for grade in RELIABILITY
    ]
