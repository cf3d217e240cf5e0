"""Grades for other programs and pages: JSON, CSV, Markdown, HTML."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any

from cite_audit.model import Audit, Health, Reason, Verdict
from cite_audit.report.grading.claims import Claim
from cite_audit.report.grading.score import list_note_numbers
from cite_audit.report.render.audit.json import dump_json, encode_audit, encode_source
from cite_audit.report.render.grade.grade_table import GradedReport, build_grade_row, list_support_rows
from cite_audit.report.render.media.sanitizer import sanitize_line
from cite_audit.report.sources.groups import GROUPS


def render_grades_json(reports: Sequence[GradedReport], now: datetime) -> str:
    """The json-v1 document of an audit that asked nothing, with every note's sources and roles under `rests_on`."""
    encoded_audit = encode_audit(_build_offline_audit(reports, now))
    for entry, graded in zip(encoded_audit["reports"], reports, strict=True):
        entry["rests_on"] = [_encode_claim(graded, claim) for claim in graded.basis.claims]
    return dump_json(encoded_audit, indent=2) + "\n"


def _build_offline_audit(reports: Sequence[GradedReport], now: datetime) -> Audit:
    sources = {url: source for graded in reports for url, source in graded.sources.items()}
    return Audit(
        reports=tuple(graded.report for graded in reports),
        verdicts={url: Verdict(url, Health.UNCHECKED, Reason.OFFLINE, evidence=("not asked",)) for url in sources},
        sources=sources,
        findings={},
        grades={graded.report.path: graded.grade for graded in reports},
        generated_at=now,
        offline=True,
    )


def _encode_claim(graded: GradedReport, claim: Claim) -> dict[str, Any]:
    return {
        "note": claim.note,
        "section": claim.section,
        "weight": claim.weight,
        "groups": sorted(claim.groups),
        "publishers": sorted(claim.publishers),
        "sources": [
            {
                "url": citation.url,
                **encode_source(citation.source),
                "role": role.name,
                "rule": role.rule,
                "sentence": role.sentence,
            }
            for citation in claim.citations
            for role in (graded.basis.role_of(claim, citation.url),)
        ],
    }


def render_grades_csv(reports: Sequence[GradedReport]) -> str:
    """One line for each report: grade, measures and shares of groups; formulas are made harmless."""
    rows = [build_grade_row(entry, tuple(GROUPS)) for entry in reports]
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys() if rows else [], lineterminator="\n")
    writer.writeheader()
    for entry in rows:
        writer.writerow({name: _disarm_cell(value) for name, value in entry.items()})
    return out.getvalue()


def _disarm_cell(value: object) -> object:
    text = sanitize_line(value) if isinstance(value, str) else value
    return f"'{text}" if isinstance(text, str) and text[:1] in ("=", "+", "-", "@") else text


def render_grades_markdown(reports: Sequence[GradedReport]) -> str:
    """A section for each report with its tables, and one table of them all where there are several."""
    lines: list[str] = []
    if len(reports) > 1:
        lines += ["| report | grade | score | notes |", "|---|---|--:|--:|"]
        lines += [
            f"| {_escape_markdown_cell(graded.display_name)} | {_format_grade_letter(graded)} "
            f"| {_format_grade_score(graded)} | {len(graded.report.notes)} |"
            for graded in reports
        ] + [""]
    for graded in reports:
        lines += _render_grade_section(graded)
    return "\n".join(lines)


def _render_grade_section(graded: GradedReport) -> list[str]:
    grade = graded.grade
    lines = [f"## {_escape_markdown_cell(graded.display_name)}", ""]
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
    lines += [
        f"- **−{deduction.points:.1f}** {_escape_markdown_cell(deduction.text)}" for deduction in grade.deductions
    ]
    lines += [f"- {_escape_markdown_cell(hint)}" for hint in grade.suggestions]
    reason = f" {_escape_markdown_cell(grade.text[:1].upper() + grade.text[1:])}." if grade.text else ""
    lines += [
        "",
        f"**Grade {_format_grade_letter(graded)}**, {_format_grade_score(graded)} of 100.{reason} "
        f"({_escape_markdown_cell(grade.registry_version)})",
    ]
    return [*lines, ""]


def _escape_markdown_cell(text: str) -> str:
    text = sanitize_line(text)
    for char in "\\|[]<>*_`":
        text = text.replace(char, f"\\{char}")
    return text


def _format_grade_letter(graded: GradedReport) -> str:
    if not graded.grade.gradable:
        return "not gradable"
    return (graded.grade.letter or "no letter") + (" (provisional)" if graded.grade.provisional else "")


def _format_grade_score(graded: GradedReport) -> str:
    return "–" if graded.grade.score is None else f"{graded.grade.score:.1f}"


_STYLE = """
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;margin:1rem 0}td,th{padding:.15rem .6rem;text-align:left;border-bottom:1px solid #8884}
.n{text-align:right;font-variant-numeric:tabular-nums}.bar{background:#4a7ab5;height:.8rem;display:inline-block}
.grade{font-size:1.4rem;font-weight:600}small{opacity:.7}
"""


def render_grades_html(reports: Sequence[GradedReport]) -> str:
    """One page without scripts or anything to load."""
    body = "".join(_render_grade_article(graded) for graded in reports)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>What the reports rest on</title>'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>\n"
    )


def _render_grade_article(graded: GradedReport) -> str:
    grade = graded.grade
    bars = "".join(
        f'<tr><td>{escape(GROUPS[name])}</td><td class="n">{share.citations}</td><td class="n">{share.share:.0%}</td>'
        f'<td><span class="bar" style="width:{share.share * 15:.1f}rem"></span></td></tr>'
        for name, share in sorted(grade.groups.items(), key=lambda item: -item[1].share)
    )
    rows = "".join(
        f'<tr><td>{escape(support_label)}</td><td class="n">{len(result.notes)} of {result.total}</td>'
        f"<td>{list_note_numbers(result.notes, 40)}</td></tr>"
        for _, support_label, result in list_support_rows(graded)
    )
    deduction_items = "".join(
        f"<li>−{deduction.points:.1f}: {escape(sanitize_line(deduction.text))}</li>" for deduction in grade.deductions
    )
    hint_items = "".join(f"<li>{escape(sanitize_line(hint))}</li>" for hint in grade.suggestions)
    return (
        f"<article><h1>{escape(sanitize_line(graded.display_name))}</h1><h2>Who is cited</h2><table>{bars}</table>"
        f"<h2>What rests on what</h2><table>{rows}</table><h2>Points taken</h2><ul>{deduction_items}</ul>"
        f"<h2>What would raise it</h2><ul>{hint_items}</ul>"
        f'<p class="grade">Grade {_format_grade_letter(graded)}, {_format_grade_score(graded)} of 100</p>'
        f"<p>{escape(sanitize_line(grade.text))}</p><p><small>{escape(grade.registry_version)}</small></p></article>"
    )
