"""How a grade was reached, as text: what an audit and `grade` both show of it."""

from __future__ import annotations

from collections.abc import Iterator

from cite_audit.model import Grade, OriginChain
from cite_audit.report.render.labels import group_name, measure_name
from cite_audit.report.render.media.sanitizer import display_width
from cite_audit.report.render.media.terminal import Terminal

_TONES = {"state_media": "warning", "covert": "error", "telegram_social": "warning", "unknown": "faint"}
_LONGEST_BAR, _SHORTEST_BAR = 30, 4  # cells; the numbers say it where no bar fits


def render_share_bars(grade: Grade, terminal: Terminal) -> Iterator[str]:
    """A line for each group that is cited: its citations, their share, a bar; the largest first."""
    rows = sorted(grade.groups.items(), key=lambda row: -row[1].share)
    names = max(display_width(group_name(name)) for name, _ in rows)
    available_columns = terminal.columns - names - 20
    cells = min(_LONGEST_BAR, available_columns) if available_columns >= _SHORTEST_BAR else 0
    for name, share in rows:
        if share.citations:
            bar = terminal.draw_bar(share.share, cells) if cells else ""
            styled_bar = terminal.style_text(bar, _TONES.get(name, "note"))
            yield f"    {group_name(name):<{names}}  {share.citations:>4}  {share.share:>4.0%}  {styled_bar}"


def render_points_taken(grade: Grade, terminal: Terminal) -> Iterator[str]:
    """The deductions, the largest first, then what would raise the grade; nothing where there is neither."""
    if grade.deductions:
        yield terminal.style_text("  points taken", "strong")
        for deduction in sorted(grade.deductions, key=lambda d: -d.points):
            points = f"−{deduction.points:.1f}"
            text = deduction.text or f"{measure_name(deduction.measure)}: {deduction.value:.0%}"
            yield from terminal.wrap_paragraph(text, 12, terminal.to_plain(f"    {points:>6}  "))
        yield ""
    if grade.suggestions:
        yield terminal.style_text("  what would raise it", "strong")
        for hint in grade.suggestions:
            yield from terminal.wrap_paragraph(hint, 4, "    ")
        yield ""


def describe_chain(chain: OriginChain) -> str:
    """`5 publishers, one origin (tass): a, b, c, d, e; bears the byline of tass (notes 1, 4)`."""
    notes = ", ".join(map(str, chain.notes))
    return (
        f"{len(chain.publishers)} publishers, one origin ({chain.origin}): {', '.join(chain.publishers)}; "
        f"{chain.evidence} (notes {notes})"
    )
