"""`cite-audit history`: what changed between runs."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cite_audit.cli import options
from cite_audit.report.render import Subject, check_format, render


@options.with_shared_options("store", *options.CONFIG)
def history(
    reports: options.ReportFiles,
    since: Annotated[str, typer.Option(help="Only changes of the last while: 30d, 12h.", metavar="TIME")] = "",
    format: Annotated[str, options.format_option(Subject.HISTORY)] = "text",
    *,
    flags: dict[str, Any],
) -> None:
    """Show which links died, came back or were archived.

    Compares the runs that this machine remembers.
    """
    from datetime import UTC, datetime, timedelta

    from cite_audit.cli.exit_codes import describe_unread
    from cite_audit.cli.history_store import load_changes
    from cite_audit.cli.output_files import write_document
    from cite_audit.cli.settings import parse_time_flag, settings_from_flags
    from cite_audit.errors import UsageError
    from cite_audit.pipeline import read_reports

    check_format(format, Subject.HISTORY)
    settings = settings_from_flags(flags)
    seconds = parse_time_flag("since", since)
    earliest = None if seconds is None else datetime.now(UTC) - timedelta(seconds=seconds)
    reading = read_reports(reports, settings)
    if why := describe_unread(reading.unread, allow_empty=settings.policy.allow_empty):
        raise UsageError(why)
    changes = load_changes(reading.reports, settings.store, earliest)
    write_document(render(format, changes, subject=Subject.HISTORY))
