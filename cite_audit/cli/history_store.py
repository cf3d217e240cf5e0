"""What `audit` leaves for `history`, and how `history` tells it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cite_audit.config.settings import Settings
    from cite_audit.model import Audit, Report
    from cite_audit.report.findings.history import LinkEvent

__all__ = ["ReportChanges", "load_changes", "render_changes", "save_history"]

ReportChanges = Sequence[tuple["Report", Sequence["LinkEvent"]]]
NAMESPACE = "reports"


def save_history(audit: Audit, settings: Settings) -> None:
    """Keep what the archives said of each report's links; a store that cannot be used is passed over."""
    from cite_audit.report.findings.history import update_record
    from cite_audit.store import open_store

    if settings.store is None or audit.offline or not settings.archive:
        return
    store = open_store(settings.store)
    try:
        archive_history = store.key_value_store(NAMESPACE)
        for report in audit.reports:
            archive_history.put(
                _report_key(report), update_record(archive_history.get(_report_key(report)), audit, report)
            )
    finally:
        store.close()


def _report_key(report: Report) -> str:
    return str(Path(report.path).resolve())


def load_changes(reports: Sequence[Report], path: str | None, earliest: datetime | None) -> ReportChanges:
    """Each report with its changes, oldest first."""
    from cite_audit.report.findings.history import find_archive_events, find_live_events, parse_record
    from cite_audit.store import open_store

    report_changes = []
    store = open_store(path)
    try:
        for report in reports:
            copies = parse_record(store.key_value_store(NAMESPACE).get(_report_key(report)))
            events: list[LinkEvent] = []
            urls = list(dict.fromkeys(citation.link.url for citation in report.citations))
            history = store.load_history(urls)
            for url in urls:
                verdicts = [
                    (datetime.fromtimestamp(seconds, UTC), str(health), str(why))
                    for seconds, health, why in history.get(url, ())
                ]
                events += [*find_live_events(url, verdicts), *find_archive_events(url, copies.get(url, ()))]
            recent = [candidate for candidate in events if earliest is None or candidate.first_seen_at >= earliest]
            report_changes.append((report, sorted(recent, key=lambda event: event.first_seen_at)))
    finally:
        store.close()
    return report_changes


def render_changes(report_changes: ReportChanges, format: str) -> str:
    """The changes as text for people, as JSON Lines or as CSV."""

    rows = [
        {
            "report": report.path,
            "notes": sorted(
                {
                    citation.note
                    for citation in report.citations
                    if citation.link.url == event.url and citation.note is not None
                }
            ),
            "url": event.url,
            "change": event.kind,
            "why": event.reason,
            "at": event.first_seen_at.isoformat(timespec="seconds"),
            "before": event.previous_seen_at.isoformat(timespec="seconds") if event.previous_seen_at else None,
        }
        for report, events in report_changes
        for event in events
    ]
    if format == "jsonl":
        from cite_audit.report.render.audit.json import dump_json

        return "".join(f"{dump_json(row)}\n" for row in rows)
    if format == "csv":
        from cite_audit.report.render.audit.csv import format_cell

        columns = ("report", "notes", "url", "change", "why", "at", "before")
        lines = [columns, *([format_cell(row[name]) for name in columns] for row in rows)]
        return "".join(",".join('"' + value.replace('"', '""') + '"' for value in line) + "\r\n" for line in lines)
    return _render_changes_text(report_changes)


def _render_changes_text(report_changes: ReportChanges) -> str:
    from cite_audit.report.findings.history import LinkEventKind
    from cite_audit.report.render.media.sanitizer import sanitize_line

    lines = []
    for report, events in report_changes:
        lines.append(
            sanitize_line(report.path) + ("" if events else "   nothing changed, as far as this machine remembers")
        )
        for event in events:
            notes = sorted(
                {
                    citation.note
                    for citation in report.citations
                    if citation.link.url == event.url and citation.note is not None
                }
            )
            notes_text = f"note{'s' if len(notes) > 1 else ''} {', '.join(map(str, notes))}" if notes else "inline"
            why = f" ({event.reason})" if event.reason and event.kind == LinkEventKind.NEWLY_DEAD else ""
            lines.append(
                f"  {event.first_seen_at:%Y-%m-%d}  {event.kind + why:<28} {notes_text:<12} {sanitize_line(event.url)}"
            )
    return "".join(f"{line}\n" for line in lines)
