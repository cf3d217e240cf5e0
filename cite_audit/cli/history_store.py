"""What `audit` keeps for `history`, and what `history` reads of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cite_audit.config.settings import Settings
    from cite_audit.model import Audit, Report
    from cite_audit.report.findings.history import LinkEvent
    from cite_audit.report.render.history.changes import ReportChanges

__all__ = ["load_changes", "save_history"]

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
                verdicts = history.get(url, ())
                events += [*find_live_events(url, verdicts), *find_archive_events(url, copies.get(url, ()))]
            recent = [candidate for candidate in events if earliest is None or candidate.first_seen_at >= earliest]
            report_changes.append((report, sorted(recent, key=lambda event: event.first_seen_at)))
    finally:
        store.close()
    return report_changes
