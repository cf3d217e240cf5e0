"""Grades as one HTML page without scripts or anything to load."""

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
from cite_audit.report.render.media.html import escape_html
from cite_audit.report.sources.groups import GROUPS

_STYLE = """
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;margin:1rem 0}td,th{padding:.15rem .6rem;text-align:left;border-bottom:1px solid #8884}
.n{text-align:right;font-variant-numeric:tabular-nums}.bar{background:#4a7ab5;height:.8rem;display:inline-block}
.grade{font-size:1.4rem;font-weight:600}small{opacity:.7}
"""


def render(shown: GradeSet, options: RenderOptions) -> str:
    """An article for each report."""
    body = "".join(_render_grade_article(graded) for graded in shown.reports)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>What the reports rest on</title>'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>\n"
    )


def _render_grade_article(graded: GradedReport) -> str:
    grade = graded.grade
    bars = "".join(
        f'<tr><td>{escape_html(GROUPS[name])}</td><td class="n">{share.citations}</td>'
        f'<td class="n">{share.share:.0%}</td>'
        f'<td><span class="bar" style="width:{share.share * 15:.1f}rem"></span></td></tr>'
        for name, share in sorted(grade.groups.items(), key=lambda item: -item[1].share)
    )
    rows = "".join(
        f'<tr><td>{escape_html(support_label)}</td><td class="n">{len(result.notes)} of {result.total}</td>'
        f"<td>{list_note_numbers(result.notes, 40)}</td></tr>"
        for _, support_label, result in list_support_rows(graded)
    )
    deduction_items = "".join(
        f"<li>−{deduction.points:.1f}: {escape_html(deduction.text)}</li>" for deduction in grade.deductions
    )
    hint_items = "".join(f"<li>{escape_html(hint)}</li>" for hint in grade.suggestions)
    known_items = "".join(f"<li>{escape_html(line)}</li>" for line in describe_remarkable_sources(graded))
    return (
        f"<article><h1>{escape_html(graded.display_name)}</h1><h2>Who is cited</h2><table>{bars}</table>"
        f"<h2>What rests on what</h2><table>{rows}</table><h2>Points taken</h2><ul>{deduction_items}</ul>"
        f"<h2>What would raise it</h2><ul>{hint_items}</ul>"
        + (f"<h2>Worth knowing, at no cost</h2><ul>{known_items}</ul>" if known_items else "")
        + _render_rating_matrix(graded)
        + f'<p class="grade">Grade {format_letter(graded)}, {format_score(graded)} of 100</p>'
        f"<p>{escape_html(grade.text)}</p><p><small>{escape_html(grade.registry_version)}</small></p></article>"
    )


def _render_rating_matrix(graded: GradedReport) -> str:
    """The Admiralty matrix: notes by reliability of the source (rows) and credibility of what it says (columns)."""
    if not graded.grade.ratings:
        return ""
    cells = count_rating_matrix(graded.grade.ratings)
    head = "".join(f'<th title="{escape_html(words)}">{item}</th>' for item, words in CREDIBILITY.items())
    rows = "".join(
        f'<tr><th title="{escape_html(words)}">{grade}</th>'
        + "".join(f"<td>{list_note_numbers(tuple(cells.get((grade, item), ())))}</td>" for item in CREDIBILITY)
        + "</tr>"
        for grade, words in RELIABILITY.items()
    )
    return f"<h2>Ratings (Admiralty scale), by note</h2><table><tr><td></td>{head}</tr>{rows}</table>"
