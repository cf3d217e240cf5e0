"""Tab-separated values (IANA text/tab-separated-values): no quoting, so that `cut` and `awk` read them.

A cell holds no tab and no line end. A spreadsheet takes a quotation mark at the start of a cell for the start of a
quoted one, which would swallow the cells behind it: it stands behind an apostrophe, as a formula does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cite_audit.report.render.media.csv import format_cell

if TYPE_CHECKING:
    from cite_audit.report.render.base import RenderOptions
    from cite_audit.report.render.table import Table


def write_table(table: Table, options: RenderOptions) -> str:
    """A header and a line for each row, each ended by a line feed."""
    headings = {name: name for name in table.column_names}
    lines = [_format_cells(table, row, options.raw) for row in (headings, *table.rows)]
    return "".join("\t".join(cells) + "\n" for cells in lines)


def _format_cells(table: Table, row: Mapping[str, object], raw: bool) -> tuple[str, ...]:
    texts = (format_cell(row[name], raw) for name in table.column_names)
    return tuple(f"'{text}" if text.startswith('"') and not raw else text for text in texts)
