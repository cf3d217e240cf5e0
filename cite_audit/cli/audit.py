"""`cite-audit audit`: the whole thing."""

from __future__ import annotations

from typing import Annotated

import typer

from cite_audit.cli import options


def audit(
    reports: options.Reports,
    format: options.Format = ["text"],  # noqa: B006  Typer copies it
    output: options.Output = "",
    offline: Annotated[bool, typer.Option("--offline", help="Ask nothing of any network.")] = False,
    no_archive: Annotated[bool, typer.Option("--no-archive", help="Do not look links up in archives.")] = False,
    archives: Annotated[str, typer.Option(help="wayback, memento:URL, warc:DIR; comma separated.")] = "",
    archive_budget: Annotated[float | None, typer.Option(help="Seconds for all archive look-ups.")] = None,
    timeout: Annotated[float | None, typer.Option(min=0.1, help="Seconds for one look in all.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Looks at once.")] = None,
    per_host: Annotated[int | None, typer.Option(min=0, help="Looks at once on one host; 0: no limit.")] = None,
    host_interval: Annotated[float | None, typer.Option(min=0, help="Seconds between starts on a host.")] = None,
    deadline: Annotated[float | None, typer.Option(min=0.1, help="Seconds for the whole run.")] = None,
    allow_address: Annotated[list[str] | None, typer.Option(help="CIDR to allow though not public.")] = None,
    proxy: Annotated[str, typer.Option(help="Proxy for all requests; its own rules then guard addresses.")] = "",
    ca_bundle: Annotated[str, typer.Option(help="PEM file of certificate authorities to trust.")] = "",
    store: Annotated[str, typer.Option(help="Database of what was seen; the user's cache by default.")] = "",
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Neither use nor keep what was seen.")] = False,
    max_age: Annotated[float | None, typer.Option(help="Seconds for which a result is fresh.")] = None,
    patience: Annotated[str, typer.Option(help="Time between failures that count; three break a link.")] = "",
    drift: Annotated[bool, typer.Option("--drift", help="Compare every live page with its archived copy.")] = False,
    no_platform: Annotated[list[str] | None, typer.Option(help="Do not ask this platform's own service.")] = None,
    publisher: options.Publisher = "",
    fail_on: Annotated[str, typer.Option(help="error (the default), warning, note or never.")] = "",
    fail_grade: Annotated[str, typer.Option(help="Fail on a grade below this letter.")] = "",
    max_unknown: Annotated[str, typer.Option(help="Links that may stay unjudged: a count (10) or a share (20%).")] = "",
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit 0 where findings would make it 1.")] = False,
    baseline: Annotated[str, typer.Option(help="File of known findings; only new ones fail the run.")] = "",
    config: options.Config = "",
    no_config: options.NoConfig = False,
    allow_empty: options.AllowEmpty = False,
    colour: options.Colour = "auto",
    quiet: options.Quiet = 0,
    verbose: options.VerboseOnline = 0,
    stdin_name: options.StdinName = "",
    connect_to: Annotated[list[str] | None, typer.Option(hidden=True)] = None,
    wayback: Annotated[str, typer.Option(hidden=True)] = "",
    availability: Annotated[str, typer.Option(hidden=True)] = "",
) -> None:
    """Check every citation: is it there, archived, whose.

    Asks the live web and the archives, then shows note by note what to mend and with what, who is cited, the grade
    with its working, and what could not be told.
    """
    flags = dict(locals())
    from datetime import UTC, datetime

    from cite_audit.cli.inputs import taken
    from cite_audit.cli.interrupting import run_interruptibly
    from cite_audit.cli.output import deliver, end, parse_outputs, settle
    from cite_audit.cli.progress import observed
    from cite_audit.cli.remembering import remember
    from cite_audit.cli.settings import settings_for
    from cite_audit.config_files import baseline_beside
    from cite_audit.pipeline import arun

    settings = settings_for(flags)
    outputs = parse_outputs(format, output)
    baseline_beside(settings.policy.baseline)  # a mistyped one must not cost a run
    paths, given = taken(reports, stdin_name)
    with observed(quiet=bool(quiet), requests=verbose > 1) as observer:
        now = datetime.now(UTC)
        result = run_interruptibly(lambda stop: arun(paths, settings, observer, now=now, given=given, stop=stop))
    remember(result, settings)
    result = settle(result, settings.policy)
    deliver(result, outputs, colour=colour, verbose=verbose, quiet=quiet, fail_on=settings.policy.fail_on)
    end(result, settings.policy, quiet=quiet)
