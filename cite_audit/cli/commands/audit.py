"""`cite-audit audit`: read, check, grade and report."""

from __future__ import annotations

from typing import Any

from cite_audit.cli import options


@options.with_shared_options(*options.SHARED)
def audit(
    reports: options.ReportsOrPages,
    format: options.AuditFormats = ["text"],  # noqa: B006  Typer copies it
    output: options.OutputPath = "",
    publisher: str = options.SETTING,
    fail_on: str = options.SETTING,
    fail_grade: str = options.SETTING,
    max_unknown: str = options.SETTING,
    exit_zero: bool = options.SETTING,
    baseline: str = options.SETTING,
    no_facts: bool = options.SETTING,
    allow_empty: bool = options.SETTING,
    colour: options.Colour = "auto",
    quiet: options.Quiet = 0,
    verbose: options.VerboseOnline = 0,
    stdin_name: options.StdinName = "",
    *,
    flags: dict[str, Any],
) -> None:
    """Check every citation: is it there, archived, whose.

    Asks the live web and the archives, then shows note by note what to mend and with what, who is cited, the grade
    with its working, and what could not be told.
    """
    from datetime import UTC, datetime

    from cite_audit.cli.history_store import save_history
    from cite_audit.cli.output import deliver_audit, exit_with_outcome, output_paths, parse_outputs
    from cite_audit.cli.progress import progress_observer
    from cite_audit.cli.settings import settings_from_flags
    from cite_audit.cli.signals import run_interruptibly
    from cite_audit.cli.stdin import read_stdin_report
    from cite_audit.pipeline import aaudit

    outputs = parse_outputs(format, output)
    settings = settings_from_flags(flags, output_paths(outputs))
    paths, stdin_contents = read_stdin_report(reports, stdin_name)
    with progress_observer(quiet=bool(quiet), requests=verbose > 1) as observer:
        now = datetime.now(UTC)
        result = run_interruptibly(
            lambda stop: aaudit(paths, settings, now=now, contents=stdin_contents, observer=observer, stop=stop)
        )
    save_history(result, settings)
    deliver_audit(result, outputs, colour=colour, verbose=verbose, quiet=quiet, fail_on=settings.policy.fail_on)
    exit_with_outcome(result, settings.policy, quiet=quiet)
