"""One flat row for each citation, and for each finding about none: what csv, tsv and jsonl print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cite_audit.model import Audit, Citation, Finding, Report
from cite_audit.report.render.audit.link_json import format_timestamp
from cite_audit.report.render.audit.own_table import build_own_table
from cite_audit.report.render.audit.place_findings import FindingsByPlace, group_by_place, keep_distinct
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.locations import describe_place
from cite_audit.report.render.table import Column, ColumnKind, CsvLayout, Table
from cite_audit.urls import to_readable

COLUMNS = (
    Column("report"),
    Column("note", ColumnKind.NUMBER),
    Column("line", ColumnKind.NUMBER),
    Column("column", ColumnKind.NUMBER),
    Column("page", ColumnKind.NUMBER),
    Column("raw", ColumnKind.ADDRESS),
    Column("url", ColumnKind.ADDRESS),
    Column("style"),
    Column("repairs"),
    Column("health"),
    Column("reason"),
    Column("status", ColumnKind.NUMBER),
    Column("final_url", ColumnKind.ADDRESS),
    Column("checked_at"),
    Column("source"),
    Column("group"),
    Column("country"),
    Column("archived"),
    Column("memento", ColumnKind.ADDRESS),
    Column("captured_at"),
    Column("findings"),
    Column("messages"),
    Column("place"),
    Column("text"),
    Column("sentence"),
)
NO_CELLS: dict[str, Any] = dict.fromkeys(column.name for column in COLUMNS)


def build_table(audit: Audit, options: RenderOptions) -> Table:
    """A row for each citation, then for each finding about none; as a `listing` of links without findings.

    Where all reports are tables of links, their own rows and columns, what was found beside them.
    """
    if audit.reports and all(report.table for report in audit.reports):
        return build_own_table(audit, options)
    return Table(COLUMNS, build_rows(audit, with_findings=not options.listing), CsvLayout(quote_all=True))


def build_rows(audit: Audit, *, with_findings: bool = False) -> Iterator[dict[str, Any]]:
    """A row for each citation of each report, in order; keys as COLUMNS.

    With `with_findings` also one for each finding that concerns no citation, behind those of its report.
    """
    for report in audit.reports:
        findings_by_place = group_by_place(one for one in audit.findings.get(report.path, ()) if one.is_open)
        distinct = keep_distinct(findings_by_place)
        for citation in report.citations:
            yield _build_citation_row(audit, report, citation, distinct.get((citation.note, citation.link.url), []))
        if with_findings:
            yield from _build_finding_rows(report, findings_by_place)


def _build_finding_rows(report: Report, findings_by_place: FindingsByPlace) -> Iterator[dict[str, Any]]:
    cited_places = {(citation.note, citation.link.url) for citation in report.citations}
    for place, place_findings in findings_by_place.items():
        for finding in place_findings if place not in cited_places else ():
            location = finding.location
            yield NO_CELLS | {
                "report": report.path,
                "note": finding.note,
                "line": location.line,
                "column": location.column,
                "page": location.page,
                "url": finding.url,
                "findings": [finding.rule],
                "messages": [finding.message],
                "place": describe_place(report, finding),
            }


def _build_citation_row(audit: Audit, report: Report, citation: Citation, findings: list[Finding]) -> dict[str, Any]:
    link, location = citation.link, citation.location
    verdict = audit.verdicts.get(link.url)
    source = audit.sources.get(link.url)
    memento = next(iter(verdict.mementos), None) if verdict else None
    probe = verdict.probe if verdict else None
    return {
        "report": report.path,
        "note": citation.note,
        "line": location.line,
        "column": location.column,
        "page": location.page,
        "raw": link.raw,
        "url": link.url,
        "style": link.style,
        "repairs": [repair.kind for repair in link.repairs],
        "health": verdict.health.value if verdict else "unchecked",
        "reason": verdict.reason.value if verdict else "",
        "status": probe.status if probe else None,
        "final_url": probe.final_url if probe else "",
        "checked_at": format_timestamp(verdict.checked_at) if verdict else None,
        "source": to_readable(source.id) if source else "",
        "group": source.group if source else "",
        "country": source.country if source else "",
        "archived": verdict.archived.value if verdict else "unchecked",
        "memento": memento.uri_m if memento else "",
        "captured_at": format_timestamp(memento.captured_at) if memento else None,
        "findings": [finding.rule for finding in findings],
        "messages": [finding.message for finding in findings],
        "place": describe_place(report, citation),
        "text": citation.text,
        "sentence": citation.sentence,
    }
