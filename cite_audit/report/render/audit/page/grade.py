"""The grade of a report on its page: the working, and who is cited."""

from __future__ import annotations

from collections.abc import Iterator

from cite_audit.model import Grade
from cite_audit.report.findings.rules import format_sentence
from cite_audit.report.render.labels import group_name, measure_name
from cite_audit.report.render.media.html import escape_html


def describe_grade(grade: Grade | None, anchor: str) -> str:
    """The grade in a line, with a link to its working; empty where there is none."""
    if grade is None:
        return ""
    if not grade.gradable:
        return f'<span class="grade">not gradable</span> <a href="#{anchor}">why</a>'
    letter = grade.letter or "–"
    score = "" if grade.score is None else f" ({grade.score:.0f} of 100)"
    provisional_mark = ", provisional" if grade.provisional else ""
    shown = f'grade <b class="grade {escape_html(letter[0])}">{escape_html(letter)}</b>{score}{provisional_mark}'
    return f'{shown} <a href="#{anchor}">why</a>'


def render_grade(grade: Grade, anchor: str, level: int) -> Iterator[str]:
    """The working: what took points, what would raise it, who is cited. `level` of the headings."""
    yield f'<section class="working" id="{anchor}">'
    if grade.deductions:
        yield f"<h{level}>Why this grade</h{level}><table><caption>Points taken from 100</caption><tbody>"
        for deduction in sorted(grade.deductions, key=lambda d: -d.points):
            text = escape_html(deduction.text or measure_name(deduction.measure))
            yield f'<tr><td class="number">−{deduction.points:.1f}</td><td>{text}</td></tr>'
        yield "</tbody></table>"
    else:
        yield f"<h{level}>Why this grade</h{level}><p>No points were taken.</p>"
    if grade.text:
        yield f"<p>{escape_html(format_sentence(grade.text))}</p>"
    if grade.suggestions:
        hints = "".join(f"<li>{escape_html(hint)}</li>" for hint in grade.suggestions)
        yield f'<p>What would raise it:</p><ul class="plain">{hints}</ul>'
    if grade.not_run and not grade.text:
        not_measured = escape_html(", ".join(map(measure_name, grade.not_run)))
        yield f'<p class="soft">Not counted, as it was not measured: {not_measured}.</p>'
    if any(share.citations for share in grade.groups.values()):
        yield from _render_group_shares(grade, level)
    yield "</section>"


def _render_group_shares(grade: Grade, level: int) -> Iterator[str]:
    yield f"<h{level}>Who is cited</h{level}><table><caption>Citations by kind of source</caption>"
    yield "<thead><tr><th scope='col'>kind</th><th scope='col'>citations</th><th scope='col'>share</th>"
    yield "<th scope='col'>as a bar</th></tr></thead><tbody>"
    for name, share in sorted(grade.groups.items(), key=lambda row: -row[1].share):
        if not share.citations:
            continue
        bar_width = f"{100 * min(max(share.share, 0), 1):.1f}"
        bar = '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        bar += f'<rect x="0" y="1" width="{bar_width}" height="8"></rect></svg>'
        yield f'<tr><th scope="row">{escape_html(group_name(name))}</th><td class="number">{share.citations}</td>'
        yield f'<td class="number">{share.share:.0%}</td><td class="bar-cell">{bar}</td></tr>'
    yield "</tbody></table>"
