"""CSV (RFC 4180), and what makes a cell harmless in a spreadsheet: formulas are disarmed."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from cite_audit.report.render.media.sanitizer import sanitize_line

if TYPE_CHECKING:
    from cite_audit.report.render.base import RenderOptions
    from cite_audit.report.render.table import Table

# what starts a formula in Excel, LibreOffice or Google Sheets; full-width signs are folded by some of them
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_table(table: Table, options: RenderOptions) -> str:
    """A header and a line for each row, as the table's layout says."""
    layout = table.csv_layout
    out = io.StringIO()
    writer = csv.writer(
        out, lineterminator=layout.line_end, quoting=csv.QUOTE_ALL if layout.quote_all else csv.QUOTE_MINIMAL
    )
    writer.writerow([format_cell(name, options.raw) for name in table.column_names])
    for row in table.rows:
        writer.writerow([format_cell(row[name], options.raw) for name in table.column_names])
    return out.getvalue()


def format_cell(value: object, raw: bool = False) -> str:
    """One value as text: lists joined by semicolons, nothing for None, formulas behind an apostrophe unless `raw`."""
    if value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    text = sanitize_line("; ".join(map(str, value)) if isinstance(value, list) else str(value))
    return f"'{text}" if not raw and text.startswith(FORMULA_SIGNS) else text
