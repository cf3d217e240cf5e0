"""What is wrong with tables of sources: each problem with its file, line and column."""

from __future__ import annotations

from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.media.sanitizer import sanitize_line
from cite_audit.report.render.table import Column, ColumnKind, Table
from cite_audit.report.sources.tally import TableCheck

COLUMNS = (Column("file"), Column("line", ColumnKind.NUMBER), Column("column"), Column("problem"))


def build_table(shown: TableCheck, options: RenderOptions) -> Table:
    """A row for each problem; no line and no column where the whole file is meant."""
    rows = (
        {"file": file, "line": problem.line or None, "column": problem.column, "problem": problem.message}
        for file, problem in shown.problems
    )
    return Table(COLUMNS, rows)


def render_text(shown: TableCheck, options: RenderOptions) -> str:
    """`file:line: column: problem` for each."""
    return "".join(
        sanitize_line(
            f"{file}:{problem.line}: {problem.column}: {problem.message}"
            if problem.line
            else f"{file}: {problem.message}"
        )
        + "\n"
        for file, problem in shown.problems
    )
