"""A table of links as its owner keeps it, what was found beside each row: what csv and tsv print for such reports."""

from __future__ import annotations

from typing import Any

from cite_audit.model import Audit, Citation
from cite_audit.report.render.audit.link_json import format_timestamp
from cite_audit.report.render.audit.place_findings import FindingsByPlace, group_by_place, keep_distinct
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.own_columns import build_own_columns
from cite_audit.report.render.table import Column, ColumnKind, Table

RESULT_COLUMNS = (
    Column("health"),
    Column("reason"),
    Column("final_url", ColumnKind.ADDRESS),
    Column("archived"),
    Column("memento", ColumnKind.ADDRESS),
    Column("captured_at"),
    Column("source"),
    Column("group"),
    Column("findings"),
)


def build_own_table(audit: Audit, options: RenderOptions) -> Table:
    """The rows of all tables, theirs first and in their order; a row of several addresses has a list in each cell."""
    findings = {
        report.path: keep_distinct(group_by_place(one for one in audit.findings.get(report.path, ()) if one.is_open))
        for report in audit.reports
    }
    return build_own_columns(
        audit.reports, RESULT_COLUMNS, lambda report, cited: describe_links(audit, findings[report.path], cited)
    )


def describe_links(audit: Audit, findings: FindingsByPlace, citations: list[Citation]) -> dict[str, Any]:
    """The result cells of one row."""
    cells: dict[str, list[str]] = {column.name: [] for column in RESULT_COLUMNS}
    for citation in citations:
        verdict = audit.verdicts.get(citation.link.url)
        source = audit.sources.get(citation.link.url)
        memento = next(iter(verdict.mementos), None) if verdict else None
        probe = verdict.probe if verdict else None
        cells["health"].append(verdict.health.value if verdict else "unchecked")
        cells["reason"].append(verdict.reason.value if verdict else "")
        cells["final_url"].append(probe.final_url if probe else "")
        cells["archived"].append(verdict.archived.value if verdict else "unchecked")
        cells["memento"].append(memento.uri_m if memento else "")
        cells["captured_at"].append(format_timestamp(memento.captured_at) or "" if memento else "")
        cells["source"].append(source.id if source else "")
        cells["group"].append(source.group if source else "")
    places = dict.fromkeys((citation.note, citation.link.url) for citation in citations)
    cells["findings"] = [finding.rule for place in places for finding in findings.get(place, ())]
    return {name: values if any(values) else "" for name, values in cells.items()}
