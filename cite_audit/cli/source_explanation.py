"""What `sources explain` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from cite_audit.cli.stdin import parse_address
from cite_audit.config.settings import Grading
from cite_audit.errors import UsageError
from cite_audit.report.render.audit.json import dump_json, encode_source
from cite_audit.report.render.media.sanitizer import sanitize_line
from cite_audit.report.sources.explanation import SourceExplanation, explain_source
from cite_audit.report.sources.registry import RegistryRow


def parse_day_flag(text: str) -> date | None:
    """A day from `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, its first; None for nothing. Raises UsageError."""
    if not text:
        return None
    try:
        return date.fromisoformat(f"{text}-01-01"[:10] if len(text) == 4 else f"{text}-01"[:10])
    except ValueError:
        raise UsageError(f"--on {text}: no day (YYYY-MM-DD)") from None


def render_explanations(addresses: Sequence[str], on: date | None, grading: Grading, format: str) -> str:
    """Every address in turn, as text or JSON."""
    explanations = [
        explain_source(parse_address(item), on, grading.publisher, taxonomy=grading.taxonomy, overlays=grading.overlays)
        for item in addresses
    ]
    if format == "json":
        return dump_json([_explanation_entry(item) for item in explanations], indent=2) + "\n"
    if format != "text":
        raise UsageError(f"unknown format {format!r}; there are text and json")
    return "\n".join("".join(f"{line}\n" for line in _explanation_lines(item, on)) for item in explanations)


def _explanation_lines(explanation: SourceExplanation, on: date | None) -> Iterator[str]:
    yield sanitize_line(explanation.url) + (f"  on {on.isoformat()}" if on else "")
    width = max(len(value) for _, value, _, _ in explanation.facts if len(value) < 48)
    for name, value, row, why in explanation.facts:
        reason = f"{row.file_and_line} ({row.key})" if row else why
        yield f"  {name:<10} {sanitize_line(value):<{width}}  {sanitize_line(reason)}".rstrip()
    for row in explanation.rows:
        yield f"  row        {sanitize_line(_row_text(row))}"
    if explanation.periods and not on:
        yield "  no day was given, so the latest row serves (--on YYYY-MM-DD)"
    for row, group in explanation.periods:
        yield f"  period     {row.period_text or 'always'}: {row.control} → {group}"
    if not explanation.rows:
        yield "  row        none: add one to a table of your own (cite-audit sources list --unlisted)"


def _row_text(row: RegistryRow) -> str:
    period = f", {row.period_text}" if row.period_text else ""
    confidence = f", confidence {row.confidence}" if row.confidence else ""
    reason = row.basis or (f"a suffix of {row.medium} hosts" if row.key.startswith(".") else "no reason given")
    return f"{row.file_and_line}  {row.key}{period}{confidence}: {reason}"


def _explanation_entry(explanation: SourceExplanation) -> dict[str, Any]:
    return {
        "url": explanation.url,
        "inner": explanation.inner,
        "source": encode_source(explanation.source),
        "facts": [
            {"fact": name, "value": value, "row": row.file_and_line if row else None, "why": why}
            for name, value, row, why in explanation.facts
        ],
        "rows": [{**row._asdict()} for row in explanation.rows],
        "periods": [
            {"row": row.file_and_line, "period": row.period_text, "control": row.control, "group": g}
            for row, g in explanation.periods
        ],
    }
