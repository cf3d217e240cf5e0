"""The grade's working as text: shares as bars first, points taken, the letter last."""

from __future__ import annotations

from collections.abc import Iterator

from cite_audit.model import Grade
from cite_audit.report.render.clean import width
from cite_audit.report.render.ink import GRADES, Ink
from cite_audit.report.render.wording import group, measure
from cite_audit.report.rules import sentence


def grade_lines(grade: Grade, ink: Ink) -> Iterator[str]:
    """Lines for one report's grade, each indented by two, with an empty line at the end."""
    if grade.groups:
        yield ink.paint("  who is cited", "strong")
        yield from _bars(grade, ink)
        yield ""
    if not grade.gradable:
        yield from ink.paragraph(f"not gradable: {grade.text or 'there are no notes'}", 2, "  ")
        yield ""
        return
    if grade.deductions:
        yield ink.paint("  points taken", "strong")
        yield from _deductions(grade, ink)
        yield ""
    if grade.raise_it:
        yield ink.paint("  what would raise it", "strong")
        for hint in grade.raise_it:
            yield from ink.paragraph(hint, 4, "    ")
        yield ""
    yield from _letter(grade, ink)
    yield ""


def _bars(grade: Grade, ink: Ink) -> Iterator[str]:
    rows = sorted(grade.groups.items(), key=lambda row: -row[1].share)
    names = max(width(group(name)) for name, _ in rows)
    room = ink.columns - names - 18
    cells = min(30, room) if room >= 4 else 0  # the numbers say it where no bar fits
    for name, share in rows:
        if share.citations:
            tone = {"state_media": "warning", "covert": "error", "telegram_social": "warning"}.get(name, "note")
            bar = ink.bar(share.share, cells) if cells else ""
            yield f"    {group(name):<{names}}  {share.citations:>4}  {share.share:>4.0%}  {ink.paint(bar, tone)}"


def _deductions(grade: Grade, ink: Ink) -> Iterator[str]:
    for deduction in sorted(grade.deductions, key=lambda d: -d.points):
        points = f"−{deduction.points:.1f}"
        said = deduction.text or f"{measure(deduction.measure)}: {deduction.value:.0%}"
        yield from ink.paragraph(said, 12, ink.plain(f"    {points:>6}  "))


def _letter(grade: Grade, ink: Ink) -> Iterator[str]:
    letter = grade.letter or "no letter"
    score = "" if grade.score is None else f" ({grade.score:.1f} of 100)"
    caveat = ", provisional: too many sources are in no list" if grade.provisional else ""
    left_out = grade.text or (f"not counted: {', '.join(map(measure, grade.not_run))}" if grade.not_run else "")
    lines = ink.paragraph(f"grade {letter}{score}{caveat}. {sentence(left_out)}", 2, "  ")
    mark = f"grade {letter}"
    yield lines[0].replace(mark, ink.paint(mark, GRADES.get(letter[0], "strong")), 1)
    yield from lines[1:]
