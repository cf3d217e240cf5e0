"""A table of links as its owner keeps it, what was found beside each row: what csv and tsv print for such reports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cite_audit.model import Audit, Citation, LinkTable, Report
from cite_audit.report.render.audit.link_json import format_timestamp
from cite_audit.report.render.base import RenderOptions
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
OWN_MARK = " (cite-audit)"  # behind a heading that the table has already


def build_own_table(audit: Audit, options: RenderOptions) -> Table:
    """The rows of all tables, theirs first and in their order; a row of several addresses has a list in each cell."""
    own_names = list(dict.fromkeys(name for report in audit.reports for name in name_columns(report.table)))
    result_names = {
        column.name: column.name + OWN_MARK if column.name in own_names else column.name for column in RESULT_COLUMNS
    }
    columns = (
        *(Column(name) for name in own_names),
        *(Column(result_names[column.name], column.kind) for column in RESULT_COLUMNS),
    )
    blank = dict.fromkeys((column.name for column in columns), "")
    rows = (
        blank | own | {result_names[name]: cell for name, cell in results.items()}
        for report in audit.reports
        for own, results in iter_rows(audit, report)
    )
    return Table(columns, rows)


def name_columns(table: LinkTable | None) -> list[str]:
    """The headings of a table; one that stands there twice is counted, so that no cell is lost."""
    names: list[str] = []
    for heading in table.columns if table else ():
        name, count = heading, 1
        while name in names:
            count += 1
            name = f"{heading} ({count})"
        names.append(name)
    return names


def iter_rows(audit: Audit, report: Report) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each row's own cells, and what was found about the links in it."""
    if report.table is None:
        return
    cited: dict[int | None, list[Citation]] = {}
    for citation in report.citations:
        cited.setdefault(citation.note, []).append(citation)
    names = name_columns(report.table)
    for number, row in enumerate(report.table.rows, 1):
        yield dict(zip(names, row, strict=True)), describe_links(audit, report, cited.get(number, []))


def describe_links(audit: Audit, report: Report, citations: list[Citation]) -> dict[str, Any]:
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
    places = {(citation.note, citation.link.url) for citation in citations}
    cells["findings"] = [
        finding.rule
        for finding in audit.findings.get(report.path, ())
        if finding.is_open and (finding.note, finding.url) in places
    ]
    return {name: values if any(values) else "" for name, values in cells.items()}
