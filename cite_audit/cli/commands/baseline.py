"""`cite-audit baseline`: known debt, kept visible."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cite_audit.cli import options

baseline = typer.Typer(no_args_is_help=True, help="Keep known findings, so that only new ones fail.")


@baseline.callback()
def _baseline_group() -> None:
    pass


@baseline.command()
@options.with_shared_options(*options.SHARED)
def update(
    reports: options.ReportFiles,
    file: Annotated[str, typer.Option("--baseline", help="The file to write.")] = "",
    allow_incomplete: Annotated[
        bool, typer.Option("--allow-incomplete", help="Write it although the run could not finish.")
    ] = False,
    publisher: str = options.SETTING,
    quiet: options.Quiet = 0,
    *,
    flags: dict[str, Any],
) -> None:
    """Audit the reports and write every finding of now into the baseline."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from cite_audit.cli.output import print_remarks, rewrite_baseline
    from cite_audit.cli.output_files import check_writable
    from cite_audit.cli.progress import progress_observer
    from cite_audit.cli.settings import settings_from_flags
    from cite_audit.config.files import read_baseline_file
    from cite_audit.pipeline import audit

    settings = settings_from_flags(flags)
    path = file or settings.policy.baseline or ".cite-audit-baseline.json"
    check_writable(path)
    read_baseline_file(path, missing_ok=True)  # fails before the run, not after it
    with progress_observer(quiet=bool(quiet)) as observer:
        without_baseline = replace(settings, policy=replace(settings.policy, baseline=""))
        result = audit(reports, without_baseline, now=datetime.now(UTC), observer=observer)
    if quiet < 2:
        print_remarks(result)
    rewrite_baseline(result, settings.policy, path, allow_incomplete=allow_incomplete)
