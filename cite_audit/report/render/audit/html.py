"""One HTML file that an editor opens, mails or prints: no request leaves it, nothing remote acts in it.

A content security policy admits this page's own style and script by their digests and nothing else; every remote text
is cleaned and escaped; only http(s) addresses become links. Without script the page shows everything.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files

from cite_audit import __version__
from cite_audit.model import Audit, Grade, Report
from cite_audit.report.findings.rules import format_sentence
from cite_audit.report.render.audit.html_citations import render_citations
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.labels import (
    SETTLED_STATES,
    describe_indicators,
    format_count,
    format_severity_counts,
    group_name,
    measure_name,
)
from cite_audit.report.render.media.html import escape_html

FILTERS = (
    ("all", "All"),
    ("mend", "To mend"),
    ("broken", "Broken"),
    ("unknown", "Could not tell"),
    ("alive", "Alive"),
)


def render(audit: Audit, options: RenderOptions) -> str:
    """The audit as one self-contained HTML document."""
    style, script = _read_asset("page.css"), _read_asset("page.js")
    title = f"Citation audit: {', '.join(r.title or r.path for r in audit.reports[:3]) or 'no reports'}"
    body = "\n".join([*_render_opening(audit), *_render_body(audit), *_render_footer(audit)])
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src {_hash_for_csp(style)}",
            f"script-src {_hash_for_csp(script)}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape_html(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n"
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


@lru_cache(maxsize=4)
def _read_asset(name: str) -> str:
    return files(__package__).joinpath("page", name).read_text("utf-8")


def _hash_for_csp(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _render_opening(audit: Audit) -> Iterator[str]:
    counts = audit.counts
    yield '<a class="skip" href="#reports">Skip to the reports</a>'
    yield "<header><h1>Citation audit</h1>"
    summary = f"{format_count(counts['citations'], 'citation')} of {format_count(counts['links'], 'link')} in "
    summary += f"{format_count(counts['reports'], 'report')}: {counts['alive']} alive, {counts['broken']} broken, "
    summary += f"{counts['unknown']} could not be told, {counts['skipped'] + counts['unchecked']} not asked."
    stamp = audit.generated_at.isoformat(timespec="seconds")
    yield f'<p>{summary} <time datetime="{stamp}">{audit.generated_at:%Y-%m-%d %H:%M} UTC</time></p>'
    if audit.incomplete:
        yield "<p><strong>The run is incomplete: it ended before every link was judged.</strong></p>"
    yield from (f"<p>{escape_html(format_sentence(remark))}</p>" for remark in audit.remarks)
    yield from (
        f"<p><strong>{escape_html(unread.path)} could not be read:</strong> {escape_html(unread.problem)}</p>"
        for unread in audit.unread
    )
    yield "</header>"
    if counts["citations"]:
        yield from _render_filters()


def _render_filters() -> Iterator[str]:
    yield '<section class="tools" aria-label="Filter and sort the citations" hidden><div class="set">'
    for name, label in FILTERS:
        yield f'<button type="button" data-show="{name}" aria-pressed="{str(name == "all").lower()}">{label}</button>'
    yield '</div><label>Find <input type="search"></label><label>Sort by <select><option value="note">note</option>'
    yield '<option value="severity">what to mend first</option><option value="source">source</option></select></label>'
    yield '<span role="status" class="sans soft"></span></section>'


def _render_body(audit: Audit) -> Iterator[str]:
    yield '<main id="reports">'
    if not audit.reports:
        yield "<p>There is no report to show.</p>"
    for number, report in enumerate(audit.reports):
        yield f'<article class="report" aria-labelledby="r{number}">'
        yield from _render_report_html(audit, report, number)
        yield "</article>"
    yield "</main>"


def _render_report_html(audit: Audit, report: Report, number: int) -> Iterator[str]:
    grade = audit.grades.get(report.path)
    findings = audit.findings.get(report.path, ())
    yield f'<div class="top"><div><h2 id="r{number}" dir="auto">{escape_html(report.title or report.path)}</h2>'
    date_text = (
        f'<time datetime="{report.published}">{report.published.day} {report.published:%B %Y}</time>'
        if report.published
        else ""
    )
    byline = " · ".join(
        part
        for part in (escape_html(", ".join(report.authors)), date_text, f"<code>{escape_html(report.path)}</code>")
        if part
    )
    yield f'<p class="soft">{byline}</p></div>{_render_grade_badge(grade)}</div>'
    states = Counter(f.state for f in findings)
    open_by_severity = Counter(f.severity for f in findings if f.is_open)
    facts = [
        format_severity_counts(open_by_severity) or "nothing to mend",
        *(f"{states[s]} {s}" for s in SETTLED_STATES if states[s]),
    ]
    facts += [format_count(len(report.notes), "note"), format_count(len(report.citations), "citation")]
    facts += [describe_indicators(report)] if report.indicators else []
    yield f'<ul class="counts">{"".join(f"<li>{fact}</li>" for fact in facts)}</ul>'
    if grade is not None:
        yield from _render_grade_working(grade)
    yield "<h3>Notes and links</h3>"
    yield from render_citations(audit, report)


def _render_grade_badge(grade: Grade | None) -> str:
    if grade is None:
        return ""
    if not grade.gradable:
        return '<p class="grade sans">not gradable</p>'
    letter = grade.letter or "–"
    score = "" if grade.score is None else f"{grade.score:.1f} of 100"
    provisional_mark = " (provisional)" if grade.provisional else ""
    shown_letter = f"Grade <b>{escape_html(letter)}</b>"
    return f'<p class="grade sans {escape_html(letter[0])}">{shown_letter}{score}{provisional_mark}</p>'


def _render_grade_working(grade: Grade) -> Iterator[str]:
    if any(share.citations for share in grade.groups.values()):
        yield from _render_group_shares(grade)
    if grade.text:
        yield f"<p>{escape_html(format_sentence(grade.text))}</p>"
    if grade.deductions:
        yield "<h3>Why this grade</h3><table><caption>Points taken from 100</caption><tbody>"
        for deduction in sorted(grade.deductions, key=lambda d: -d.points):
            text = escape_html(deduction.text or measure_name(deduction.measure))
            yield f'<tr><td class="number">−{deduction.points:.1f}</td><td>{text}</td></tr>'
        yield "</tbody></table>"
    if grade.suggestions:
        hints = "".join(f"<li>{escape_html(hint)}</li>" for hint in grade.suggestions)
        yield f'<p>What would raise it:</p><ul class="plain">{hints}</ul>'
    if grade.not_run and not grade.text:
        not_measured = escape_html(", ".join(map(measure_name, grade.not_run)))
        yield f'<p class="soft">Not counted, as it was not measured: {not_measured}.</p>'


def _render_group_shares(grade: Grade) -> Iterator[str]:
    yield "<h3>Who is cited</h3><table><caption>Citations by kind of source</caption>"
    yield "<thead><tr><th scope='col'>kind</th><th scope='col'>citations</th><th scope='col'>share</th>"
    yield "<th scope='col'>as a bar</th></tr></thead><tbody>"
    for name, share in sorted(grade.groups.items(), key=lambda row: -row[1].share):
        if not share.citations:
            continue
        bar_width = f"{100 * min(max(share.share, 0), 1):.1f}"
        bar = '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        bar += f'<rect x="0" y="1" width="{bar_width}" height="8"></rect></svg>'
        yield f'<tr><th scope="row">{escape_html(group_name(name))}</th><td class="number">{share.citations}</td>'
        yield f'<td class="number">{share.share:.0%}</td><td class="bar">{bar}</td></tr>'
    yield "</tbody></table>"


def _render_footer(audit: Audit) -> Iterator[str]:
    registries = ", ".join(
        sorted({grade.registry_version for grade in audit.grades.values() if grade.registry_version})
    )
    registry_text = f"; sources by registry {escape_html(registries)}" if registries else ""
    yield f'<footer class="soft sans"><p>Made by cite-audit {__version__}{registry_text}.'
    yield "The grade speaks of documentation, not of truth. Links that could not be judged never count against a "
    yield "report.</p></footer>"
