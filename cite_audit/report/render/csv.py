"""CSV (RFC 4180): a row for each citation; cells that a spreadsheet would run as formulas are disarmed."""

from __future__ import annotations

import csv
import io

from cite_audit.model import Audit
from cite_audit.report.render.clean import clean
from cite_audit.report.render.rows import COLUMNS, rows

OPTIONS = ("raw",)
# what starts a formula in Excel, LibreOffice or Google Sheets; full-width signs are folded by some of them
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def render(audit: Audit, *, raw: bool = False) -> str:
    """The citations as CSV with a header; `raw` leaves cells that look like formulas as they are."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for row in rows(audit):
        writer.writerow([cell(row[name], raw) for name in COLUMNS])
    return out.getvalue()


def cell(value: object, raw: bool = False) -> str:
    """One value as text: lists joined by semicolons, nothing for None, formulas behind an apostrophe."""
    if value is None:
        return ""
    text = clean("; ".join(map(str, value)) if isinstance(value, list) else str(value))
    return f"'{text}" if not raw and text.startswith(_FORMULA) else text
