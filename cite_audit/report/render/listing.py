"""The links of each note as text, with every repair: what `links` shows a person."""

from __future__ import annotations

from collections.abc import Iterator

from cite_audit.model import Audit, Citation, Report
from cite_audit.report.render.clean import clean
from cite_audit.report.render.ink import Ink
from cite_audit.report.render.places import place, ranges
from cite_audit.report.render.wording import count

OPTIONS = ("width", "colour", "unicode", "verbose")


def render(audit: Audit, *, width: int = 100, colour: bool = False, unicode: bool = True, verbose: int = 0) -> str:
    """Each report's notes in order, each with its real links; `verbose` adds how they were printed."""
    ink = Ink(min(max(width, 40), 200), colour, unicode)
    lines: list[str] = []
    for report in audit.reports:
        lines += [*_report(report, ink, verbose), ""]
    for unread in audit.unread:
        lines += ink.paragraph(f"{unread.path}: could not be read: {unread.problem}", 0)
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"


def _report(report: Report, ink: Ink, verbose: int) -> Iterator[str]:
    size = f"{count(len(report.notes), 'note')}, {count(len(report.citations), 'citation')}"
    yield f"{ink.paint(ink.plain(clean(report.path)), 'strong')}   {size}"
    cited: dict[tuple[int, int | None], list[Citation]] = {}
    for citation in report.citations:
        cited.setdefault((citation.section, citation.note), []).append(citation)
    for note in report.notes:
        links = cited.pop((note.section, note.number), [])
        if links:
            yield from _links(links, f"note {note.number}", ink, verbose)
        else:
            yield ink.paint(f"  {f'note {note.number}':<10}({note.kind.replace('-', ' ')})", "faint")
    for links in cited.values():
        for citation in links:
            yield from _links([citation], place(report, citation), ink, verbose)
    if report.missing_notes:
        yield from ink.paragraph(f"no note for: {ranges(sorted(report.missing_notes))}", 2, "  ")
    if report.orphan_notes:
        yield from ink.paragraph(f"no marker for: {ranges(sorted(report.orphan_notes))}", 2, "  ")


def _links(citations: list[Citation], where: str, ink: Ink, verbose: int) -> Iterator[str]:
    for i, citation in enumerate(citations):
        link = citation.link
        yield f"  {where if i == 0 else '':<10}{ink.plain(clean(link.url))}"
        if verbose and link.raw != link.url:
            yield ink.paint(f"{'':<12}printed: {ink.plain(clean(link.raw))}", "faint")
        for repair in link.repairs:
            said = f"{repair.kind.replace('-', ' ')}: {repair.evidence}" if repair.evidence else repair.kind
            yield from (ink.paint(line, "note") for line in ink.paragraph(said, 12))
        for suspect in link.suspects:
            yield f"{'':<12}{ink.paint(ink.plain(f'misprint? → {clean(suspect.suggest)}'), 'warning')}"
