"""The sources of reports, most cited first."""

from __future__ import annotations

from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.media.json import dump_json
from cite_audit.report.render.media.sanitizer import sanitize_line
from cite_audit.report.render.sources.registry_rows import render_list
from cite_audit.report.render.table import Column, ColumnKind, Table
from cite_audit.report.sources.tally import SourceList

COLUMNS = (Column("id"), Column("citations", ColumnKind.NUMBER), Column("group"), Column("where"))


def build_table(shown: SourceList, options: RenderOptions) -> Table:
    """A row for each source."""
    rows = (
        {
            "id": tally.source.id,
            "citations": tally.citations,
            "group": tally.source.group,
            "where": tally.places,
        }
        for tally in shown.tallies
    )
    return Table(COLUMNS, rows)


def render_json(shown: SourceList, options: RenderOptions) -> str:
    """The same rows as one array."""
    return dump_json(list(build_table(shown, options).rows), 2)


def render_text(shown: SourceList, options: RenderOptions) -> str:
    """A line for each source; for those unlisted, rows to fill in below."""
    text = "".join(
        f"{tally.citations:>5}  {tally.source.group:<22}  {sanitize_line(tally.label)}  {sanitize_line(tally.places)}\n"
        for tally in shown.tallies
    )
    if shown.unlisted and text:
        text += "\nrows to fill in (columns as in report/sources/data/README.md), for --sources:\n"
        text += render_list(shown, options)
    return text or "every source is in the registry\n"
