"""`cite-audit baseline`: known debt, kept visible."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cite_audit.cli import options

baseline = typer.Typer(no_args_is_help=True, help="Keep known findings, so that only new ones fail.")


@baseline.callback()
def _group() -> None:
    pass


@baseline.command()
@options.shared(*options.SHARED)
def update(
    reports: options.ReportFiles,
    file: Annotated[str, typer.Option("--baseline", help="The file to write.")] = "",
    allow_incomplete: Annotated[
        bool, typer.Option("--allow-incomplete", help="Write it although the run could not finish.")
    ] = False,
    publisher: options.Publisher = "",
    quiet: options.Quiet = 0,
    *,
    flags: dict[str, Any],
) -> None:
    """Audit the reports and write every finding of now into the baseline."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from cite_audit.cli.output import rewrite_baseline, say_remarks, settle
    from cite_audit.cli.progress import observed
    from cite_audit.cli.settings import settings_for
    from cite_audit.cli.writing import writable
    from cite_audit.config_files import baseline_beside
    from cite_audit.pipeline import run

    settings = settings_for(flags)
    path = file or settings.policy.baseline or ".cite-audit-baseline.json"
    writable(path)
    baseline_beside(path, missing_ok=True)  # one that cannot be read must not cost a run
    with observed(quiet=bool(quiet)) as observer:
        result = run(reports, settings, observer, now=datetime.now(UTC))
    result = settle(result, replace(settings.policy, baseline=""))
    if quiet < 2:
        say_remarks(result)
    rewrite_baseline(result, settings.policy, path, allow_incomplete=allow_incomplete)
