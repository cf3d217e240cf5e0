"""Captures as Markdown: a summary and a table."""

from __future__ import annotations

from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.media.markdown import escape_markdown, format_code_span, format_plain_link
from cite_audit.report.render.snapshot.manifest import build_rows, outcome_label, summarize_captures
from cite_audit.snapshot.model import Capture, SnapshotResult


def render(shown: SnapshotResult, options: RenderOptions) -> str:
    """A line for each archive, then a row for each capture."""
    lines = ["# Captures", "", *(f"- {escape_markdown(line)}" for line in summarize_captures(shown.captures)), ""]
    lines += ["| page | copy | captured | outcome | cited in |", "|---|---|---|---|---|"]
    for capture, row in zip(shown.captures, build_rows(shown), strict=True):
        day = f"{capture.captured_at:%Y-%m-%d}" if capture.captured_at else "–"
        cells = (
            format_plain_link(capture.uri_r),
            _format_copy(capture),
            day,
            outcome_label(capture) + (f" ({escape_markdown(capture.code)})" if capture.code else ""),
            escape_markdown(row["cited_in"]),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _format_copy(capture: Capture) -> str:
    """A link to a copy on the web; the place of one on disk."""
    if capture.uri_m.startswith(("http://", "https://")):
        return format_plain_link(capture.uri_m, capture.archive)
    return format_code_span(capture.uri_m, cell=True) if capture.uri_m else "–"
