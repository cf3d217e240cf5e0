"""The links of each note as text, with every repair: what `links` shows a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from cite_audit.model import Audit, Citation, Report
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.labels import describe_indicators, format_count
from cite_audit.report.render.locations import describe_place, format_ranges, shorten_words
from cite_audit.report.render.media.sanitizer import sanitize_line
from cite_audit.report.render.media.terminal import Terminal


def render(audit: Audit, options: RenderOptions) -> str:
    """Each report's notes in order, each with its real links; `verbose` adds how they were printed."""
    terminal = options.terminal
    lines: list[str] = []
    for report in audit.reports:
        lines += [*_render_report_links(report, terminal, options.verbose), ""]
    for unread in audit.unread if options.unread else ():
        lines += terminal.wrap_paragraph(f"{unread.path}: could not be read: {unread.problem}", 0)
    return ("\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n").lstrip("\n")


def _render_report_links(report: Report, terminal: Terminal, verbose: int) -> Iterator[str]:
    size = f"{format_count(len(report.notes), 'note')}, {format_count(len(report.citations), 'citation')}"
    yield f"{terminal.style_text(terminal.to_plain(sanitize_line(report.path)), 'strong')}   {size}"
    citations_by_note: dict[tuple[int, int | None], list[Citation]] = {}
    for citation in report.citations:
        citations_by_note.setdefault((citation.section, citation.note), []).append(citation)
    for note in report.notes:
        links = citations_by_note.pop((note.section, note.number), [])
        if links:
            yield from _render_note_links(links, f"note {note.number}", terminal, verbose)
        else:
            yield terminal.style_text(f"  {f'note {note.number}':<10}({note.kind.replace('-', ' ')})", "faint")
    for links in citations_by_note.values():
        for citation in links:
            yield from _render_note_links(
                [citation], terminal.to_plain(describe_place(report, citation)), terminal, verbose
            )
    if report.uncited:
        yield from _render_uncited(report, terminal, verbose)
    if report.indicators:
        yield f"  {describe_indicators(report)}"
    if report.missing_notes:
        yield from terminal.wrap_paragraph(f"no note for: {format_ranges(sorted(report.missing_notes))}", 2, "  ")
    if report.orphan_notes:
        yield from terminal.wrap_paragraph(f"no marker for: {format_ranges(sorted(report.orphan_notes))}", 2, "  ")


def _render_uncited(report: Report, terminal: Terminal, verbose: int) -> Iterator[str]:
    """How many links were left out, by role; `verbose` lists them."""
    counts = Counter(citation.role.value for citation in report.uncited)
    numbers = ", ".join(f"{count} {role}" for role, count in sorted(counts.items()))
    yield from terminal.wrap_paragraph(f"left out: {numbers}{'' if verbose else ' (-v lists them)'}", 2, "  ")
    for citation in report.uncited if verbose else ():
        yield f"  {citation.role:<10}{terminal.to_plain(sanitize_line(citation.link.url))}"


def _render_note_links(citations: list[Citation], place_label: str, terminal: Terminal, verbose: int) -> Iterator[str]:
    for index, citation in enumerate(citations):
        link = citation.link
        words = f"‘{shorten_words(citation.text)}’ " if citation.text and citation.note is not None else ""
        label = place_label if index == 0 else ""
        start = f"{label:<10}" if len(label) < 10 else f"{label}  "
        yield f"  {start}{terminal.to_plain(f'{words}{sanitize_line(link.url)}')}"
        if verbose and link.raw != link.url:
            yield terminal.style_text(f"{'':<12}printed: {terminal.to_plain(sanitize_line(link.raw))}", "faint")
        for repair in link.repairs:
            repair_text = f"{repair.kind.replace('-', ' ')}: {repair.evidence}" if repair.evidence else repair.kind
            yield from (terminal.style_text(line, "note") for line in terminal.wrap_paragraph(repair_text, 12))
        for suspect in link.suspects:
            suggestion = terminal.to_plain(f"misprint? → {sanitize_line(suspect.suggested_url)}")
            yield f"{'':<12}{terminal.style_text(suggestion, 'warning')}"
