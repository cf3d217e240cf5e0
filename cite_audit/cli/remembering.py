"""What `audit` leaves for `history`, and how `history` tells it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cite_audit.config import Settings
    from cite_audit.model import Audit, Report
    from cite_audit.report.history import Event

__all__ = ["Changes", "changes", "remember", "shown"]

Changes = Sequence[tuple["Report", Sequence["Event"]]]
SHELF = "reports"


def remember(audit: Audit, settings: Settings) -> None:
    """Keep what the archives said of each report's links; a store that cannot be used is passed over."""
    from cite_audit.report.history import noted
    from cite_audit.store import open_store

    if settings.store is None or audit.offline or not settings.archive:
        return
    store = open_store(settings.store)
    try:
        shelf = store.shelf(SHELF)
        for report in audit.reports:
            shelf.put(_name(report), noted(shelf.get(_name(report)), audit, report))
    finally:
        store.close()


def _name(report: Report) -> str:
    return str(Path(report.path).resolve())


def changes(reports: Sequence[Report], path: str | None, earliest: datetime | None) -> Changes:
    """Each report with its changes, oldest first."""
    from cite_audit.report.history import archive_events, live_events, recalled
    from cite_audit.store import open_store

    found = []
    store = open_store(path)
    try:
        for report in reports:
            copies = recalled(store.shelf(SHELF).get(_name(report)))
            events: list[Event] = []
            urls = list(dict.fromkeys(citation.link.url for citation in report.citations))
            past = store.history(urls)
            for url in urls:
                seen = [
                    (datetime.fromtimestamp(at, UTC), str(health), str(why)) for at, health, why in past.get(url, ())
                ]
                events += [*live_events(url, seen), *archive_events(url, copies.get(url, ()))]
            recent = [e for e in events if earliest is None or e.at >= earliest]
            found.append((report, sorted(recent, key=lambda event: event.at)))
    finally:
        store.close()
    return found


def shown(found: Changes, format: str) -> str:
    """The changes as text for people, as JSON Lines or as CSV."""
    rows = [
        {
            "report": report.path,
            "notes": sorted({c.note for c in report.citations if c.link.url == event.url and c.note is not None}),
            "url": event.url,
            "change": event.kind,
            "why": event.why,
            "at": event.at.isoformat(timespec="seconds"),
            "before": event.before.isoformat(timespec="seconds") if event.before else None,
        }
        for report, events in found
        for event in events
    ]
    if format == "jsonl":
        from cite_audit.report.render.json import dumps

        return "".join(f"{dumps(row)}\n" for row in rows)
    if format == "csv":
        from cite_audit.report.render.csv import cell

        columns = ("report", "notes", "url", "change", "why", "at", "before")
        lines = [columns, *([cell(row[name]) for name in columns] for row in rows)]
        return "".join(",".join('"' + value.replace('"', '""') + '"' for value in line) + "\r\n" for line in lines)
    return _text(found)


def _text(found: Changes) -> str:
    from cite_audit.report.render.clean import clean

    lines = []
    for report, events in found:
        lines.append(clean(report.path) + ("" if events else "   nothing changed, as far as this machine remembers"))
        for event in events:
            notes = sorted({c.note for c in report.citations if c.link.url == event.url and c.note is not None})
            place = f"note{'s' if len(notes) > 1 else ''} {', '.join(map(str, notes))}" if notes else "inline"
            why = f" ({event.why})" if event.why and event.kind == "newly dead" else ""
            lines.append(f"  {event.at:%Y-%m-%d}  {event.kind + why:<28} {place:<12} {clean(event.url)}")
    return "".join(f"{line}\n" for line in lines)
