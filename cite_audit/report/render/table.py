"""Columns and rows, written in every format that tables have: text, csv, tsv, jsonl, markdown.

A format of tables is one module in `media/` with `write_table(table, options) -> str` and one line in `TABLE_WRITERS`;
every command that shows rows then has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from importlib import import_module
from typing import Any, Protocol, TypeVar

from cite_audit.frozen_record import frozen_record
from cite_audit.report.render.base import RenderOptions

__all__ = [
    "TABLE_WRITERS",
    "Column",
    "ColumnKind",
    "CsvLayout",
    "Table",
    "TableBuilder",
    "TableWriter",
    "load_table_writer",
]

# format → module
TABLE_WRITERS = {
    "text": "cite_audit.report.render.media.terminal",
    "csv": "cite_audit.report.render.media.csv",
    "tsv": "cite_audit.report.render.media.tsv",
    "jsonl": "cite_audit.report.render.media.json",
    "markdown": "cite_audit.report.render.media.markdown",
}


class ColumnKind(StrEnum):
    """What the cells of a column hold; it decides alignment and escaping where a format shows them to a person."""

    TEXT = "text"
    NUMBER = "number"
    ADDRESS = "address"


@frozen_record
class Column:
    """A column: its name, which is also the key of its cells in a row."""

    name: str
    kind: ColumnKind = ColumnKind.TEXT


@frozen_record
class CsvLayout:
    """How a table's CSV is laid out (RFC 4180 leaves it open); a command's layout stays as its first version had it."""

    quote_all: bool = False
    line_end: str = "\r\n"


@frozen_record
class Table:
    """Rows by column name; a cell holds text, a number, a list of texts or numbers, or None."""

    columns: tuple[Column, ...]
    rows: Iterable[Mapping[str, Any]]
    csv_layout: CsvLayout = CsvLayout()

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


Shown_contra = TypeVar("Shown_contra", contravariant=True)


class TableBuilder(Protocol[Shown_contra]):
    """A function that turns one thing into a table."""

    def __call__(self, shown: Shown_contra, options: RenderOptions, /) -> Table: ...


class TableWriter(Protocol):
    """A function that writes any table in one format."""

    def __call__(self, table: Table, options: RenderOptions, /) -> str: ...


def load_table_writer(format: str) -> TableWriter:
    """The writer of one format of `TABLE_WRITERS`."""
    writer: TableWriter = import_module(TABLE_WRITERS[format]).write_table
    return writer
