"""`cite-audit links`: what the notes link to, without asking the network."""

from __future__ import annotations

from typing import Any

from cite_audit.cli import options


@options.shared(*options.CONFIG)
def links(
    reports: options.Reports,
    format: options.Format = ["text"],  # noqa: B006  Typer copies it
    output: options.Output = "",
    publisher: options.Publisher = "",
    allow_empty: options.AllowEmpty = False,
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

    from cite_audit.cli.inputs import taken
    from cite_audit.cli.output import deliver, end, files, parse_outputs
    from cite_audit.cli.settings import settings_for
    from cite_audit.config import Policy
    from cite_audit.pipeline import assess, read, unasked, wanted

    outputs = parse_outputs(format, output)
    settings = replace(settings_for(flags, files(outputs)), offline=True)
    paths, given = taken(reports, stdin_name)
    reading = read(paths, settings, given=given)
    verdicts = unasked(wanted(reading.reports))
    audit = assess(reading, verdicts, settings, now=datetime.now(UTC), graded=False)
    deliver(audit, outputs, colour=colour, verbose=verbose, listing=True)
    end(audit, Policy(fail_on="never", allow_empty=settings.policy.allow_empty), quiet=1)
