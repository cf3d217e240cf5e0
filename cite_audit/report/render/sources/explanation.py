"""Why addresses are called what they are called, address by address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cite_audit.report.render.audit.link_json import encode_source
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.media.json import dump_json
from cite_audit.report.render.media.sanitizer import sanitize_line
from cite_audit.report.sources.explanation import SourceExplanation
from cite_audit.report.sources.registry import RegistryRow


def render_json(shown: Sequence[SourceExplanation], options: RenderOptions) -> str:
    """An array with an object for each address."""
    return dump_json([_encode_explanation(item) for item in shown], indent=2)


def render_text(shown: Sequence[SourceExplanation], options: RenderOptions) -> str:
    """Facts, rows and periods of each address, an empty line between two."""
    return "\n".join("".join(f"{line}\n" for line in _explanation_lines(item)) for item in shown)


def _explanation_lines(explanation: SourceExplanation) -> Iterator[str]:
    on = explanation.on
    yield sanitize_line(explanation.url) + (f"  on {on.isoformat()}" if on else "")
    width = max((len(value) for _, value, _, _ in explanation.facts if len(value) < 48), default=0)
    for name, value, row, why in explanation.facts:
        reason = f"{row.file_and_line} ({row.key})" if row else why
        yield f"  {sanitize_line(name):<10} {sanitize_line(value):<{width}}  {sanitize_line(reason)}".rstrip()
    for row in explanation.rows:
        yield f"  row        {sanitize_line(_row_text(row))}"
    if explanation.periods and not on:
        yield "  no day was given, so the latest row serves (--on YYYY-MM-DD)"
    for row, group in explanation.periods:
        yield "  period     " + sanitize_line(f"{row.period_text or 'always'}: {row.control} → {group}")
    if not explanation.rows:
        yield "  row        none: add one to a table of your own (cite-audit sources list --unlisted)"


def _row_text(row: RegistryRow) -> str:
    period = f", {row.period_text}" if row.period_text else ""
    confidence = f", confidence {row.confidence}" if row.confidence else ""
    reason = row.basis or (f"a suffix of {row.medium} hosts" if row.key.startswith(".") else "no reason given")
    return f"{row.file_and_line}  {row.key}{period}{confidence}: {reason}"


def _encode_explanation(explanation: SourceExplanation) -> dict[str, Any]:
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
