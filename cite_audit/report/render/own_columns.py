"""A table of links as its owner keeps it, with columns of ours beside the owner's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from cite_audit.model import Citation, LinkTable, Report
from cite_audit.report.render.table import Column, Table

OWN_MARK = " (cite-audit)"  # behind a heading that the table has already
DescribeLinks = Callable[[Report, list[Citation]], Mapping[str, Any]]


def build_own_columns(reports: Sequence[Report], result_columns: Sequence[Column], describe: DescribeLinks) -> Table:
    """The rows of all tables, theirs first and in their order; `describe`: the result cells of a row's citations."""
    own_names = list(dict.fromkeys(name for report in reports for name in name_columns(report.table)))
    result_names = {
        column.name: column.name + OWN_MARK if column.name in own_names else column.name for column in result_columns
    }
    columns = (
        *(Column(name) for name in own_names),
        *(Column(result_names[column.name], column.kind) for column in result_columns),
    )
    blank = dict.fromkeys((column.name for column in columns), "")
    rows = (
        blank | own | {result_names[name]: cell for name, cell in describe(report, citations).items()}
        for report in reports
        for own, citations in iter_rows(report)
    )
    return Table(columns, rows)


def name_columns(table: LinkTable | None) -> list[str]:
    """The headings of a table; one that stands there twice is counted, so that no cell is lost."""
    names: dict[str, None] = {}
    counts: Counter[str] = Counter()
    for heading in table.columns if table else ():
        name = heading
        while name in names:
            counts[heading] += 1
            name = f"{heading} ({counts[heading] + 1})"
        names[name] = None
    return list(names)


def iter_rows(report: Report) -> Iterator[tuple[dict[str, Any], list[Citation]]]:
    """Each row's own cells, and the citations in it."""
    if report.table is None:
        return
    cited: dict[int | None, list[Citation]] = {}
    for citation in report.citations:
        cited.setdefault(citation.note, []).append(citation)
    names = name_columns(report.table)
    for number, row in enumerate(report.table.rows, 1):
        yield dict(zip(names, row, strict=True)), cited.get(number, [])
