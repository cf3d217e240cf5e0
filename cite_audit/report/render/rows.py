"""One flat row for each citation: what csv and jsonl print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cite_audit.model import Audit, Citation, Report
from cite_audit.report.render.json import timestamp

# column → what it holds; the order is that of the CSV
COLUMNS = (
    "report",
    "note",
    "line",
    "column",
    "page",
    "raw",
    "url",
    "style",
    "repairs",
    "health",
    "reason",
    "status",
    "final_url",
    "checked_at",
    "source",
    "group",
    "country",
    "archived",
    "memento",
    "captured_at",
    "findings",
    "messages",
)


def rows(audit: Audit) -> Iterator[dict[str, Any]]:
    """A row for each citation of each report, in order; keys as COLUMNS."""
    for report in audit.reports:
        said: dict[tuple[int | None, str], list[tuple[str, str]]] = {}
        for finding in audit.findings.get(report.path, ()):
            if finding.state in ("new", "known"):
                said.setdefault((finding.note, finding.url), []).append((finding.rule, finding.message))
        for citation in report.citations:
            yield _row(audit, report, citation, said.get((citation.note, citation.link.url), []))


def _row(audit: Audit, report: Report, citation: Citation, said: list[tuple[str, str]]) -> dict[str, Any]:
    link, where = citation.link, citation.location
    verdict = audit.verdicts.get(link.url)
    source = audit.sources.get(link.url)
    memento = next(iter(verdict.mementos), None) if verdict else None
    probe = verdict.probe if verdict else None
    return {
        "report": report.path,
        "note": citation.note,
        "line": where.line,
        "column": where.column,
        "page": where.page,
        "raw": link.raw,
        "url": link.url,
        "style": link.style,
        "repairs": [repair.kind for repair in link.repairs],
        "health": verdict.health.value if verdict else "unchecked",
        "reason": verdict.reason.value if verdict else "",
        "status": probe.status if probe else None,
        "final_url": probe.final_url if probe else "",
        "checked_at": timestamp(verdict.checked_at) if verdict else None,
        "source": source.id if source else "",
        "group": source.group if source else "",
        "country": source.country if source else "",
        "archived": verdict.archived.value if verdict else "unchecked",
        "memento": memento.uri_m if memento else "",
        "captured_at": timestamp(memento.captured_at) if memento else None,
        "findings": [code for code, _ in said],
        "messages": [message for _, message in said],
    }
