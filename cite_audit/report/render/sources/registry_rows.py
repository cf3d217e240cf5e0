"""Rows of the registry as CSV: to fill in, or made from a data set; `--sources` reads them."""

from __future__ import annotations

from collections.abc import Iterable

from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.media.csv import write_table
from cite_audit.report.render.table import Column, CsvLayout, Table
from cite_audit.report.sources.registry import COLUMNS, RATING_COLUMNS, RegistryRow
from cite_audit.report.sources.tally import SourceList, SourceTally


def render_list(shown: SourceList, options: RenderOptions) -> str:
    """A row to fill in for each source."""
    return render_rows(map(_build_registry_row, shown.tallies), options)


def render_rows(rows: Iterable[RegistryRow], options: RenderOptions) -> str:
    """A table of sources, columns as in `report/sources/data/README.md`."""
    return write_table(
        Table(
            tuple(map(Column, (*COLUMNS, *RATING_COLUMNS))), (row._asdict() for row in rows), CsvLayout(line_end="\n")
        ),
        options,
    )


def _build_registry_row(tally: SourceTally) -> RegistryRow:
    source = tally.source
    name = source.name if source.name not in (tally.key, source.channel) else ""
    times = "once" if tally.citations == 1 else f"{tally.citations} times"
    return RegistryRow(tally.key, name=name, country=source.country, basis=f"cited {times}")
