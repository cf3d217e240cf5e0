"""What `sources explain` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from cite_audit.cli.inputs import address
from cite_audit.config import Grading
from cite_audit.errors import UsageError
from cite_audit.report.render.clean import clean
from cite_audit.report.render.json import dumps, source_entry
from cite_audit.report.sources.explain import Explanation, explain
from cite_audit.report.sources.registry import Row


def one_day(text: str) -> date | None:
    """A day from `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, its first; None for nothing. Raises UsageError."""
    if not text:
        return None
    try:
        return date.fromisoformat(f"{text}-01-01"[:10] if len(text) == 4 else f"{text}-01"[:10])
    except ValueError:
        raise UsageError(f"--on {text}: no day (YYYY-MM-DD)") from None


def explained(addresses: Sequence[str], on: date | None, grading: Grading, format: str) -> str:
    """Every address in turn, as text or JSON."""
    found = [
        explain(address(each), on, grading.publisher, taxonomy=grading.taxonomy, overlays=grading.overlays)
        for each in addresses
    ]
    if format == "json":
        return dumps([_entry(each) for each in found], indent=2) + "\n"
    if format != "text":
        raise UsageError(f"unknown format {format!r}; there are text and json")
    return "\n".join("".join(f"{line}\n" for line in _lines(each, on)) for each in found)


def _lines(one: Explanation, on: date | None) -> Iterator[str]:
    yield clean(one.url) + (f"  on {on.isoformat()}" if on else "")
    width = max(len(value) for _, value, _, _ in one.facts if len(value) < 48)
    for name, value, row, why in one.facts:
        reason = f"{row.place} ({row.key})" if row else why
        yield f"  {name:<10} {clean(value):<{width}}  {clean(reason)}".rstrip()
    for row in one.rows:
        yield f"  row        {clean(_row(row))}"
    if one.periods and not on:
        yield "  no day was given, so the latest row serves (--on YYYY-MM-DD)"
    for row, group in one.periods:
        yield f"  period     {row.period or 'always'}: {row.control} → {group}"
    if not one.rows:
        yield "  row        none: add one to a table of your own (cite-audit sources list --unlisted)"


def _row(row: Row) -> str:
    when = f", {row.period}" if row.period else ""
    sure = f", confidence {row.confidence}" if row.confidence else ""
    reason = row.basis or (f"a suffix of {row.medium} hosts" if row.key.startswith(".") else "no reason given")
    return f"{row.place}  {row.key}{when}{sure}: {reason}"


def _entry(one: Explanation) -> dict[str, Any]:
    return {
        "url": one.url,
        "inner": one.inner,
        "source": source_entry(one.source),
        "facts": [
            {"fact": name, "value": value, "row": row.place if row else None, "why": why}
            for name, value, row, why in one.facts
        ],
        "rows": [{**row._asdict()} for row in one.rows],
        "periods": [
            {"row": row.place, "period": row.period, "control": row.control, "group": g} for row, g in one.periods
        ],
    }
