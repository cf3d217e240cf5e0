"""The grade's working as text: shares as bars first, points taken, the letter last."""

from __future__ import annotations

from collections.abc import Iterator

from cite_audit.model import Grade
from cite_audit.report.findings.rules import format_sentence
from cite_audit.report.render.grade.grade_lines import describe_chain, render_points_taken, render_share_bars
from cite_audit.report.render.labels import measure_name
from cite_audit.report.render.media.terminal import GRADE_STYLES, Terminal


def render_grade_lines(grade: Grade, terminal: Terminal) -> Iterator[str]:
    """Lines for one report's grade, each indented by two, with an empty line at the end."""
    if grade.groups:
        yield terminal.style_text("  who is cited", "strong")
        yield from render_share_bars(grade, terminal)
        yield ""
    if not grade.gradable:
        yield from terminal.wrap_paragraph(f"not gradable: {grade.text or 'there are no notes'}", 2, "  ")
        yield ""
        return
    yield from render_points_taken(grade, terminal)
    if grade.chains:
        yield terminal.style_text("  one origin behind several publishers", "strong")
        for chain in grade.chains:
            yield from terminal.wrap_paragraph(describe_chain(chain), 4, "    ")
        yield ""
    yield from _render_letter_line(grade, terminal)
    yield ""


def _render_letter_line(grade: Grade, terminal: Terminal) -> Iterator[str]:
    letter = grade.letter or "no letter"
    score = "" if grade.score is None else f" ({grade.score:.1f} of 100)"
    caveat = ", provisional: too little is known of its sources or sentences" if grade.provisional else ""
    left_out = grade.text or (f"not counted: {', '.join(map(measure_name, grade.not_run))}" if grade.not_run else "")
    lines = terminal.wrap_paragraph(f"grade {letter}{score}{caveat}. {format_sentence(left_out)}", 2, "  ")
    mark = f"grade {letter}"
    yield lines[0].replace(mark, terminal.style_text(mark, GRADE_STYLES.get(letter[0], "strong")), 1)
    yield from lines[1:]
