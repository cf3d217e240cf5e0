"""The grade's working as text: shares as bars first, points taken, the letter last."""

from __future__ import annotations

from collections.abc import Iterator

from cite_audit.model import Grade
from cite_audit.report.findings.rules import format_sentence
from cite_audit.report.render.labels import group_name, measure_name
from cite_audit.report.render.media.sanitizer import display_width
from cite_audit.report.render.media.terminal import GRADE_STYLES, Terminal


def render_grade_lines(grade: Grade, terminal: Terminal) -> Iterator[str]:
    """Lines for one report's grade, each indented by two, with an empty line at the end."""
    if grade.groups:
        yield terminal.style_text("  who is cited", "strong")
        yield from _render_share_bars(grade, terminal)
        yield ""
    if not grade.gradable:
        yield from terminal.wrap_paragraph(f"not gradable: {grade.text or 'there are no notes'}", 2, "  ")
        yield ""
        return
    if grade.deductions:
        yield terminal.style_text("  points taken", "strong")
        yield from _render_deductions(grade, terminal)
        yield ""
    if grade.suggestions:
        yield terminal.style_text("  what would raise it", "strong")
        for hint in grade.suggestions:
            yield from terminal.wrap_paragraph(hint, 4, "    ")
        yield ""
    if grade.chains:
        yield terminal.style_text("  one origin behind several publishers", "strong")
        for chain in grade.chains:
            line = f"{chain.origin}: {', '.join(chain.publishers)}; {chain.evidence}"
            yield from terminal.wrap_paragraph(line, 4, "    ")
        yield ""
    yield from _render_letter_line(grade, terminal)
    yield ""


def _render_share_bars(grade: Grade, terminal: Terminal) -> Iterator[str]:
    rows = sorted(grade.groups.items(), key=lambda row: -row[1].share)
    names = max(display_width(group_name(name)) for name, _ in rows)
    available_columns = terminal.columns - names - 18
    cells = min(30, available_columns) if available_columns >= 4 else 0  # the numbers say it where no bar fits
    for name, share in rows:
        if share.citations:
            tone = {"state_media": "warning", "covert": "error", "telegram_social": "warning"}.get(name, "note")
            bar = terminal.draw_bar(share.share, cells) if cells else ""
            styled_bar = terminal.style_text(bar, tone)
            yield f"    {group_name(name):<{names}}  {share.citations:>4}  {share.share:>4.0%}  {styled_bar}"


def _render_deductions(grade: Grade, terminal: Terminal) -> Iterator[str]:
    for deduction in sorted(grade.deductions, key=lambda d: -d.points):
        points = f"−{deduction.points:.1f}"
        deduction_text = deduction.text or f"{measure_name(deduction.measure)}: {deduction.value:.0%}"
        yield from terminal.wrap_paragraph(deduction_text, 12, terminal.to_plain(f"    {points:>6}  "))


def _render_letter_line(grade: Grade, terminal: Terminal) -> Iterator[str]:
    letter = grade.letter or "no letter"
    score = "" if grade.score is None else f" ({grade.score:.1f} of 100)"
    caveat = ", provisional: too little is known of its sources or sentences" if grade.provisional else ""
    left_out = grade.text or (f"not counted: {', '.join(map(measure_name, grade.not_run))}" if grade.not_run else "")
    lines = terminal.wrap_paragraph(f"grade {letter}{score}{caveat}. {format_sentence(left_out)}", 2, "  ")
    mark = f"grade {letter}"
    yield lines[0].replace(mark, terminal.style_text(mark, GRADE_STYLES.get(letter[0], "strong")), 1)
    yield from lines[1:]
