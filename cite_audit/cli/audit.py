"""`cite-audit audit`: the whole thing."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cite_audit.cli import options


@options.shared(*options.SHARED)
def audit(
    reports: options.Reports,
    format: options.Format = ["text"],  # noqa: B006  Typer copies it
    output: options.Output = "",
    publisher: options.Publisher = "",
    fail_on: Annotated[str, typer.Option(help="error (the default), warning, note or never.")] = "",
    fail_grade: options.FailGrade = "",
    max_unknown: Annotated[str, typer.Option(help="Links that may stay unjudged: a count (10) or a share (20%).")] = "",
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit 0 where findings would make it 1.")] = False,
    baseline: Annotated[str, typer.Option(help="File of known findings; only new ones fail the run.")] = "",
    allow_empty: options.AllowEmpty = False,
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

    from cite_audit.cli.inputs import taken
    from cite_audit.cli.interrupting import run_interruptibly
    from cite_audit.cli.output import deliver, end, files, parse_outputs, settle
    from cite_audit.cli.progress import observed
    from cite_audit.cli.remembering import remember
    from cite_audit.cli.settings import settings_for
    from cite_audit.config_files import baseline_beside
    from cite_audit.pipeline import arun

    outputs = parse_outputs(format, output)
    settings = settings_for(flags, files(outputs))
    baseline_beside(settings.policy.baseline)  # a mistyped one must not cost a run
    paths, given = taken(reports, stdin_name)
    with observed(quiet=bool(quiet), requests=verbose > 1) as observer:
        now = datetime.now(UTC)
        result = run_interruptibly(lambda stop: arun(paths, settings, observer, now=now, given=given, stop=stop))
    remember(result, settings)
    result = settle(result, settings.policy)
    deliver(result, outputs, colour=colour, verbose=verbose, quiet=quiet, fail_on=settings.policy.fail_on)
    end(result, settings.policy, quiet=quiet)
