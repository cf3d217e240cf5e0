"""What the years show as one HTML page, as tables, or as JSON. The page asks nobody for anything, and runs nothing."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from cite_audit import __version__
from cite_audit.corpus.charts import draw_figure
from cite_audit.corpus.columns import SCHEMA_VERSION
from cite_audit.corpus.figures import CorpusFigure
from cite_audit.corpus.folder import CorpusRun
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.media.html import escape_html, render_link
from cite_audit.report.render.media.json import dump_json
from cite_audit.report.render.table import Column, Table, load_table_writer

SHARE_COLUMNS = frozenset({"share", "archived", "not archived", "gone and not archived"})
_STYLE = """
body { max-width: 60rem; margin: 0 auto; padding: 1rem 1.25rem; font: 16px/1.5 Georgia, "Noto Serif", serif;
  color: #1d1f23; background: #fdfcf9; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin: 2rem 0 .25rem; break-after: avoid; }
img { max-width: 100%; height: auto; background: #fff; }
table { border-collapse: collapse; width: 100%; font: .85rem system-ui, "Noto Sans", sans-serif; margin: .5rem 0; }
th, td { text-align: left; padding: .2rem .5rem .2rem 0; border-bottom: 1px solid #d9d7d0; font-weight: normal; }
thead th { font-weight: 600; } td.number { text-align: right; font-variant-numeric: tabular-nums; }
td, th { overflow-wrap: anywhere; } .soft { color: #565b64; font-size: .9rem; }
a { color: #0b4f8a; } section { break-inside: avoid-page; }
"""


def render_page(figures: Sequence[CorpusFigure], run: CorpusRun, options: RenderOptions) -> str:
    """One HTML file; every chart has its table below it."""
    digest = b64encode(sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    body = "\n".join([*_render_opening(run), *(line for figure in figures for line in _render_figure(figure))])
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>What the years show</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def render_json(figures: Sequence[CorpusFigure], run: CorpusRun, options: RenderOptions) -> str:
    """Every figure with its rows, and the curves with their bands."""
    record = {
        "schema_version": SCHEMA_VERSION,
        "run": run.id,
        "counts": dict(run.counts),
        "figures": {figure.name: _encode_figure(figure) for figure in figures},
    }
    return dump_json(record, indent=2)


def render_csv(figures: Sequence[CorpusFigure], run: CorpusRun, options: RenderOptions) -> str:
    """All rows of all figures as one long table: figure, row, column, value."""
    rows = [
        {"figure": figure.name, "row": number, "column": column, "value": _plain_value(row.get(column))}
        for figure in figures
        for number, row in enumerate(figure.rows, 1)
        for column in figure.columns
    ]
    columns = tuple(Column(name) for name in ("figure", "row", "column", "value"))
    return load_table_writer("csv")(Table(columns, rows), options)


def _encode_figure(figure: CorpusFigure) -> dict[str, Any]:
    record: dict[str, Any] = {
        "title": figure.title,
        "note": figure.note,
        "rows": [{column: _plain_value(row.get(column)) for column in figure.columns} for row in figure.rows],
    }
    if figure.curves:
        record["curves"] = [
            {
                "name": curve.name,
                "ages": list(curve.ages),
                "shares": list(curve.shares),
                "low": list(curve.low),
                "high": list(curve.high),
            }
            for curve in figure.curves
        ]
    return record


def _plain_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else round(value, 6) if isinstance(value, float) else value


def _render_opening(run: CorpusRun) -> Iterator[str]:
    counts: Mapping[str, Any] = run.counts
    yield f"<h1>What the years show</h1><p>{counts.get('reports', run.reports):,} reports with "
    yield f"{counts.get('citations', 0):,} citations of {counts.get('links', run.links):,} links, as of "
    yield f'<time datetime="{run.now:%Y-%m-%d}">{run.now.day} {run.now:%B %Y}</time>.</p>'
    yield f'<p class="soft">Made by cite-audit {__version__}, run {escape_html(run.id)}. Links that could not be '
    yield "judged count neither as there nor as gone.</p>"


def _render_figure(figure: CorpusFigure) -> Iterator[str]:
    title = escape_html(figure.title)
    yield f'<section aria-labelledby="{figure.name}"><h2 id="{figure.name}">{title}</h2>'
    if figure.note:
        yield f'<p class="soft">{escape_html(figure.note)}</p>'
    if picture := draw_figure(figure):
        source = f"data:image/svg+xml;base64,{b64encode(picture).decode()}"
        yield f'<img src="{source}" alt="Chart: {title}. The table below says the same." width="730" height="346">'
    heads = "".join(f'<th scope="col">{escape_html(column)}</th>' for column in figure.columns)
    yield f"<table><thead><tr>{heads}</tr></thead><tbody>"
    for row in figure.rows:
        yield f"<tr>{''.join(_render_cell(column, row.get(column)) for column in figure.columns)}</tr>"
    yield "</tbody></table></section>"


def _render_cell(column: str, value: Any) -> str:
    if value is None:
        return '<td class="number">–</td>'
    if isinstance(value, bool | str | date) or column == "year":
        text = str(value)
        return f"<td>{render_link(text) if column == 'url' else escape_html(text)}</td>"
    if isinstance(value, float) and (column in SHARE_COLUMNS or column.startswith(("after ", "share"))):
        return f'<td class="number">{value:.1%}</td>'
    return f'<td class="number">{value:,.1f}</td>' if isinstance(value, float) else f'<td class="number">{value:,}</td>'


YEARS_FORMATS = {"html": render_page, "json": render_json, "csv": render_csv}
