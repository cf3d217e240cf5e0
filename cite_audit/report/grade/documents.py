"""Grades for other programs and pages: JSON, CSV, Markdown, HTML."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any

from cite_audit.model import Audit, Health, Reason, Verdict
from cite_audit.report.grade.claims import Claim
from cite_audit.report.grade.score import listed
from cite_audit.report.grade.shown import Graded, rests_on, row
from cite_audit.report.render.clean import clean
from cite_audit.report.render.json import document, dumps, source_entry
from cite_audit.report.sources.groups import GROUPS


def as_json(reports: Sequence[Graded], now: datetime) -> str:
    """The json-v1 document of an audit that asked nothing, with every note's sources and roles under `rests_on`."""
    whole = document(_audit(reports, now))
    for entry, graded in zip(whole["reports"], reports, strict=True):
        entry["rests_on"] = [_claim(graded, claim) for claim in graded.reading.claims]
    return dumps(whole, indent=2) + "\n"


def _audit(reports: Sequence[Graded], now: datetime) -> Audit:
    sources = {url: source for each in reports for url, source in each.sources.items()}
    return Audit(
        reports=tuple(each.report for each in reports),
        verdicts={url: Verdict(url, Health.UNCHECKED, Reason.OFFLINE, evidence=("not asked",)) for url in sources},
        sources=sources,
        findings={},
        grades={each.report.path: each.grade for each in reports},
        generated_at=now,
        offline=True,
    )


def _claim(graded: Graded, claim: Claim) -> dict[str, Any]:
    return {
        "note": claim.note,
        "section": claim.section,
        "weight": claim.weight,
        "groups": sorted(claim.groups),
        "publishers": sorted(claim.publishers),
        "sources": [
            {
                "url": each.url,
                **source_entry(each.source),
                "role": role.name,
                "rule": role.rule,
                "sentence": role.sentence,
            }
            for each in claim.cited
            for role in (graded.reading.role(claim, each.url),)
        ],
    }


def as_csv(reports: Sequence[Graded]) -> str:
    """One line for each report: grade, measures and shares of groups; formulas are made harmless."""
    rows = [row(each, tuple(GROUPS)) for each in reports]
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0].keys() if rows else [], lineterminator="\n")
    writer.writeheader()
    for each in rows:
        writer.writerow({name: _harmless(value) for name, value in each.items()})
    return out.getvalue()


def _harmless(value: object) -> object:
    text = clean(value) if isinstance(value, str) else value
    return f"'{text}" if isinstance(text, str) and text[:1] in ("=", "+", "-", "@") else text


def as_markdown(reports: Sequence[Graded]) -> str:
    """A section for each report with its tables, and one table of them all where there are several."""
    lines: list[str] = []
    if len(reports) > 1:
        lines += ["| report | grade | score | notes |", "|---|---|--:|--:|"]
        lines += [f"| {_cell(g.name)} | {_mark(g)} | {_score(g)} | {len(g.report.notes)} |" for g in reports] + [""]
    for each in reports:
        lines += _section(each)
    return "\n".join(lines)


def _section(graded: Graded) -> list[str]:
    grade = graded.grade
    lines = [f"## {_cell(graded.name)}", ""]
    if grade.groups:
        lines += ["| who is cited | citations | share |", "|---|--:|--:|"]
        ordered = sorted(grade.groups.items(), key=lambda item: -item[1].share)
        lines += [f"| {GROUPS[name]} | {share.citations} | {share.share:.0%} |" for name, share in ordered] + [""]
    rows = list(rests_on(graded))
    if rows:
        lines += ["| what rests on | notes | which |", "|---|--:|---|"]
        lines += [f"| {words} | {len(m.notes)} of {m.of} | {listed(m.notes, 40)} |" for _, words, m in rows] + [""]
    lines += [f"- **−{each.points:.1f}** {_cell(each.text)}" for each in grade.deductions]
    lines += [f"- {_cell(hint)}" for hint in grade.raise_it]
    why = f" {_cell(grade.text[:1].upper() + grade.text[1:])}." if grade.text else ""
    lines += ["", f"**Grade {_mark(graded)}**, {_score(graded)} of 100.{why} ({_cell(grade.registry_version)})"]
    return [*lines, ""]


def _cell(text: str) -> str:
    text = clean(text)
    for char in "\\|[]<>*_`":
        text = text.replace(char, f"\\{char}")
    return text


def _mark(graded: Graded) -> str:
    if not graded.grade.gradable:
        return "not gradable"
    return (graded.grade.letter or "no letter") + (" (provisional)" if graded.grade.provisional else "")


def _score(graded: Graded) -> str:
    return "–" if graded.grade.score is None else f"{graded.grade.score:.1f}"


_STYLE = """
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;margin:1rem 0}td,th{padding:.15rem .6rem;text-align:left;border-bottom:1px solid #8884}
.n{text-align:right;font-variant-numeric:tabular-nums}.bar{background:#4a7ab5;height:.8rem;display:inline-block}
.grade{font-size:1.4rem;font-weight:600}small{opacity:.7}
"""


def as_html(reports: Sequence[Graded]) -> str:
    """One page without scripts or anything to load."""
    body = "".join(_article(each) for each in reports)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>What the reports rest on</title>'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>\n"
    )


def _article(graded: Graded) -> str:
    grade = graded.grade
    bars = "".join(
        f'<tr><td>{escape(GROUPS[name])}</td><td class="n">{share.citations}</td><td class="n">{share.share:.0%}</td>'
        f'<td><span class="bar" style="width:{share.share * 15:.1f}rem"></span></td></tr>'
        for name, share in sorted(grade.groups.items(), key=lambda item: -item[1].share)
    )
    rows = "".join(
        f'<tr><td>{escape(words)}</td><td class="n">{len(m.notes)} of {m.of}</td><td>{listed(m.notes, 40)}</td></tr>'
        for _, words, m in rests_on(graded)
    )
    taken = "".join(f"<li>−{each.points:.1f}: {escape(clean(each.text))}</li>" for each in grade.deductions)
    hints = "".join(f"<li>{escape(clean(hint))}</li>" for hint in grade.raise_it)
    return (
        f"<article><h1>{escape(clean(graded.name))}</h1><h2>Who is cited</h2><table>{bars}</table>"
        f"<h2>What rests on what</h2><table>{rows}</table><h2>Points taken</h2><ul>{taken}</ul>"
        f"<h2>What would raise it</h2><ul>{hints}</ul>"
        f'<p class="grade">Grade {_mark(graded)}, {_score(graded)} of 100</p>'
        f"<p>{escape(clean(grade.text))}</p><p><small>{escape(grade.registry_version)}</small></p></article>"
    )
