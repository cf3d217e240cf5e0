"""Which links died, came back or were archived, report by report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cite_audit.model import Report
from cite_audit.report.findings.history import LinkEvent, LinkEventKind
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.media.sanitizer import sanitize_line
from cite_audit.report.render.table import Column, ColumnKind, CsvLayout, Table

ReportChanges = Sequence[tuple[Report, Sequence[LinkEvent]]]  # each report with its changes, oldest first
COLUMNS = (
    Column("report"),
    Column("notes"),
    Column("url", ColumnKind.ADDRESS),
    Column("change"),
    Column("why"),
    Column("at"),
    Column("before"),
)


def build_table(shown: ReportChanges, options: RenderOptions) -> Table:
    """A row for each change; `at`: when it was first seen, `before`: when the state before it was last seen."""
    return Table(COLUMNS, _build_rows(shown), CsvLayout(quote_all=True))


def _build_rows(shown: ReportChanges) -> Iterator[dict[str, Any]]:
    for report, events in shown:
        for event in events:
            yield {
                "report": report.path,
                "notes": _list_notes(report, event),
                "url": event.url,
                "change": event.kind,
                "why": event.reason,
                "at": event.first_seen_at.isoformat(timespec="seconds"),
                "before": event.previous_seen_at.isoformat(timespec="seconds") if event.previous_seen_at else None,
            }


def render_text(shown: ReportChanges, options: RenderOptions) -> str:
    """Each report with a line for each change."""
    lines = []
    for report, events in shown:
        lines.append(
            sanitize_line(report.path) + ("" if events else "   nothing changed, as far as this machine remembers")
        )
        for event in events:
            notes = _list_notes(report, event)
            notes_text = f"note{'s' if len(notes) > 1 else ''} {', '.join(map(str, notes))}" if notes else "inline"
            why = f" ({event.reason})" if event.reason and event.kind == LinkEventKind.NEWLY_DEAD else ""
            change = f"{sanitize_line(event.kind + why):<28}"
            lines.append(f"  {event.first_seen_at:%Y-%m-%d}  {change} {notes_text:<12} {sanitize_line(event.url)}")
    return "".join(f"{line}\n" for line in lines)


def _list_notes(report: Report, event: LinkEvent) -> list[int]:
    return sorted(
        {citation.note for citation in report.citations if citation.link.url == event.url and citation.note is not None}
    )
