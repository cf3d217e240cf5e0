"""One flat row for each citation, and for each finding about none: what csv and jsonl print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cite_audit.model import Audit, Citation, Finding, Report
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


Said = dict[tuple[int | None, str], list[Finding]]


def rows(audit: Audit, *, findings: bool = False) -> Iterator[dict[str, Any]]:
    """A row for each citation of each report, in order; keys as COLUMNS.

    With `findings` also one for each finding that concerns no citation, behind those of its report.
    """
    for report in audit.reports:
        said: Said = {}
        for finding in audit.findings.get(report.path, ()):
            if finding.state in ("new", "known"):
                said.setdefault((finding.note, finding.url), []).append(finding)
        for citation in report.citations:
            yield _row(audit, report, citation, said.get((citation.note, citation.link.url), []))
        if findings:
            yield from _others(report, said)


def _others(report: Report, said: Said) -> Iterator[dict[str, Any]]:
    cited = {(citation.note, citation.link.url) for citation in report.citations}
    for place, found in said.items():
        for one in found if place not in cited else ():
            where = one.location
            yield dict.fromkeys(COLUMNS) | {
                "report": report.path,
                "note": one.note,
                "line": where.line,
                "column": where.column,
                "page": where.page,
                "url": one.url,
                "findings": [one.rule],
                "messages": [one.message],
            }


def _row(audit: Audit, report: Report, citation: Citation, said: list[Finding]) -> dict[str, Any]:
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
        "findings": [one.rule for one in said],
        "messages": [one.message for one in said],
    }
