"""CSV (RFC 4180): a row for each citation, then for each finding about none; formulas are disarmed."""

from __future__ import annotations

import csv
import io

from cite_audit.model import Audit
from cite_audit.report.render.audit.rows import COLUMNS, build_rows
from cite_audit.report.render.media.sanitizer import sanitize_line

OPTIONS = ("raw", "listing")
# what starts a formula in Excel, LibreOffice or Google Sheets; full-width signs are folded by some of them
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def render(audit: Audit, *, raw: bool = False, listing: bool = False) -> str:
    """The audit as CSV with a header, without findings as a `listing`; `raw` leaves formulas as they are."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for row in build_rows(audit, with_findings=not listing):
        writer.writerow([format_cell(row[name], raw) for name in COLUMNS])
    return out.getvalue()


def format_cell(value: object, raw: bool = False) -> str:
    """One value as text: lists joined by semicolons, nothing for None, formulas behind an apostrophe."""
    if value is None:
        return ""
    text = sanitize_line("; ".join(map(str, value)) if isinstance(value, list) else str(value))
    return f"'{text}" if not raw and text.startswith(_FORMULA_SIGNS) else text
