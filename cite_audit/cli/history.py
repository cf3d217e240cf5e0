"""`cite-audit history`: what changed between runs."""

from __future__ import annotations

from typing import Annotated

import typer

from cite_audit.cli import options


def history(
    reports: options.Reports,
    since: Annotated[str, typer.Option(help="Only changes of the last while: 30d, 12h.")] = "",
    format: Annotated[str, typer.Option("--format", "-f", help="text, jsonl or csv.")] = "text",
    store: Annotated[str, typer.Option(help="Database of what was seen; the user's cache by default.")] = "",
    config: options.Config = "",
    no_config: options.NoConfig = False,
) -> None:
    """Show which links died, came back or were archived.

    Compares the runs that this machine remembers.
    """
    flags = dict(locals())
    from datetime import UTC, datetime

    from cite_audit.cli.remembering import changes, shown, window
    from cite_audit.cli.settings import settings_for
    from cite_audit.errors import UsageError
    from cite_audit.pipeline import read

    if format not in ("text", "jsonl", "csv"):
        raise UsageError(f"unknown format {format!r}; there are text, jsonl, csv")
    settings = settings_for(flags)
    earliest = window(since, datetime.now(UTC))
    reading = read(reports, settings)
    for unread in reading.unread:
        raise UsageError(f"{unread.path}: {unread.problem}")
    typer.echo(shown(changes(reading.reports, settings.store, earliest), format), nl=False)
