"""One row for each copy of a page."""

from __future__ import annotations

from typing import Any

from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.media.sanitizer import sanitize_line
from cite_audit.report.render.snapshot.manifest import outcome_label
from cite_audit.report.render.table import Column, ColumnKind, Table
from cite_audit.snapshot.model import CopyList, ListedCopy

COLUMNS = (
    Column("page", ColumnKind.ADDRESS),
    Column("captured_at"),
    Column("outcome"),
    Column("copies", ColumnKind.NUMBER),
    Column("file"),
    Column("title"),
    Column("cited_in"),
)


def build_table(shown: CopyList, options: RenderOptions) -> Table:
    """The columns page, captured_at, outcome, copies, file, title, cited_in."""
    return Table(COLUMNS, [_build_row(copy) for copy in shown.copies])


def render_text(shown: CopyList, options: RenderOptions) -> str:
    """For each page its address, then one line for its copy, then where it is cited."""
    lines: list[str] = []
    for copy in shown.copies:
        row = _build_row(copy)
        count = f"{row['copies']} good {'copy' if row['copies'] == 1 else 'copies'}"
        lines += [
            sanitize_line(row["page"]),
            "  " + sanitize_line(f"{row['captured_at'] or '–'}: {row['outcome']} ({count})"),
            "  " + sanitize_line(row["file"] or "–"),
            *(["  " + sanitize_line(f"cited in {row['cited_in']}")] if row["cited_in"] else []),
        ]
    return "".join(f"{line}\n" for line in (*lines, f"{len(shown.copies)} listed"))


def _build_row(copy: ListedCopy) -> dict[str, Any]:
    capture = copy.capture
    cited_in = [
        f"{place.report} note {place.note}" if place.note is not None else place.report for place in copy.places
    ]
    return {
        "page": capture.uri_r,
        "captured_at": f"{capture.captured_at:%Y-%m-%d %H:%M:%S}" if capture.captured_at else "",
        "outcome": outcome_label(capture) + (f" ({capture.message})" if capture.message else ""),
        "copies": copy.good_copies,
        "file": copy.path,
        "title": capture.title,
        "cited_in": "; ".join(dict.fromkeys(cited_in)),
    }
