"""The result of a check of a captures folder."""

from __future__ import annotations

from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.media.json import dump_json
from cite_audit.report.render.media.sanitizer import sanitize_line
from cite_audit.report.render.table import Column, ColumnKind, Table
from cite_audit.snapshot.model import Damage, FixityResult

COLUMNS = (Column("file"), Column("problem"), Column("page", ColumnKind.ADDRESS), Column("good_copy"))


def build_table(shown: FixityResult, options: RenderOptions) -> Table:
    """One row for each damage: file, problem, page, good_copy."""
    return Table(COLUMNS, [_build_row(damage) for damage in shown.damages])


def render_text(shown: FixityResult, options: RenderOptions) -> str:
    """Each damage with its page and the last good copy, then what was checked."""
    lines: list[str] = []
    for damage in shown.damages:
        lines.append(sanitize_line(f"{damage.file}: {damage.problem}"))
        if damage.uri_r:
            lines.append("  " + sanitize_line(damage.uri_r))
            lines.append("  " + sanitize_line(f"last good copy: {damage.good_copy or 'none'}"))
    lines += [sanitize_line(f"not checked: {problem}") for problem in shown.unchecked]
    lines += [sanitize_line(f"not in the journal: {path}") for path in shown.unlisted]
    sample = " (a sample)" if shown.is_sample else ""
    size = f"{shown.block_bytes / 1e6:.1f} MB"
    counts = f"{shown.directory}: {shown.files} files, {shown.records} records, {size} checked{sample}"
    lines.append(sanitize_line(counts))
    lines.append(f"{len(shown.damages)} damaged" if shown.damages else "nothing is damaged")
    return "".join(f"{line}\n" for line in lines)


def render_json(shown: FixityResult, options: RenderOptions) -> str:
    """The counts, and `damages` with file, problem, page and good_copy."""
    content = {
        "directory": str(shown.directory),
        "files": shown.files,
        "records": shown.records,
        "bytes": shown.block_bytes,
        "sample": shown.is_sample,
        "damages": [_build_row(damage) for damage in shown.damages],
        "unchecked": shown.unchecked,
        "unlisted": shown.unlisted,
    }
    return dump_json(content, 2)


def _build_row(damage: Damage) -> dict[str, str]:
    return {
        "file": damage.file,
        "problem": damage.problem,
        "page": damage.uri_r,
        "good_copy": damage.good_copy,
    }
