"""`cite-audit history`: what changed between runs."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cite_audit.cli import options


@options.shared("store", *options.CONFIG)
def history(
    reports: options.ReportFiles,
    since: Annotated[str, typer.Option(help="Only changes of the last while: 30d, 12h.", metavar="TIME")] = "",
    format: Annotated[str, typer.Option("--format", "-f", help="text, jsonl or csv.")] = "text",
    *,
    flags: dict[str, Any],
) -> None:
    """Show which links died, came back or were archived.

    Compares the runs that this machine remembers.
    """
    from datetime import UTC, datetime, timedelta

    from cite_audit.cli.exits import unreadable
    from cite_audit.cli.remembering import changes, shown
    from cite_audit.cli.settings import settings_for, span
    from cite_audit.cli.writing import put
    from cite_audit.errors import UsageError
    from cite_audit.pipeline import read

    if format not in ("text", "jsonl", "csv"):
        raise UsageError(f"unknown format {format!r}; there are text, jsonl, csv")
    settings = settings_for(flags)
    ago = span("since", since)
    earliest = None if ago is None else datetime.now(UTC) - timedelta(seconds=ago)
    reading = read(reports, settings)
    if why := unreadable(reading.unread, allow_empty=settings.policy.allow_empty):
        raise UsageError(why)
    put(shown(changes(reading.reports, settings.store, earliest), format))
