"""`cite-audit links`: what the notes link to, without asking the network."""

from __future__ import annotations

from typing import Any

from cite_audit.cli import options


@options.with_shared_options(*options.CONFIG)
def links(
    reports: options.Reports,
    format: options.AuditFormats = ["text"],  # noqa: B006  Typer copies it
    output: options.OutputPath = "",
    publisher: str = options.SETTING,
    allow_empty: bool = options.SETTING,
    colour: options.Colour = "auto",
    verbose: options.Verbose = 0,
    stdin_name: options.StdinName = "",
    *,
    flags: dict[str, Any],
) -> None:
    """List the real links of each note, with every repair.

    Asks no network.
    """
    from dataclasses import replace
    from datetime import UTC, datetime

    from cite_audit.cited_links import collect_links
    from cite_audit.cli.output import deliver_audit, exit_with_outcome, output_paths, parse_outputs
    from cite_audit.cli.settings import settings_from_flags
    from cite_audit.cli.stdin import read_stdin_report
    from cite_audit.config.settings import Policy
    from cite_audit.model import FailOn
    from cite_audit.pipeline import assess_reports, read_reports, unchecked_verdicts

    outputs = parse_outputs(format, output)
    settings = replace(settings_from_flags(flags, output_paths(outputs)), offline=True)
    paths, stdin_contents = read_stdin_report(reports, stdin_name)
    reading = read_reports(paths, settings, contents=stdin_contents)
    verdicts = unchecked_verdicts(collect_links(reading.reports))
    audit = assess_reports(reading, verdicts, settings, now=datetime.now(UTC), with_grades=False)
    deliver_audit(audit, outputs, colour=colour, verbose=verbose, listing=True)
    exit_with_outcome(audit, Policy(fail_on=FailOn.NEVER, allow_empty=settings.policy.allow_empty), quiet=1)
