"""`cite-audit baseline`: known debt, kept visible."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cite_audit.cli import options
from cite_audit.cli.networked import networked

baseline = typer.Typer(no_args_is_help=True, help="Keep known findings, so that only new ones fail.")


@baseline.callback()
def _group() -> None:
    pass


@baseline.command()
@networked
def update(
    reports: options.Reports,
    file: Annotated[str, typer.Option("--baseline", help="The file to write.")] = "",
    quiet: options.Quiet = 0,
    *,
    network: dict[str, Any],
) -> None:
    """Audit the reports and write every finding of now into the baseline."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from cite_audit.cli.output import rewrite_baseline, settle
    from cite_audit.cli.progress import observed
    from cite_audit.cli.settings import settings_for
    from cite_audit.pipeline import run

    settings = settings_for(network)
    path = file or settings.policy.baseline or ".cite-audit-baseline.json"
    with observed(quiet=bool(quiet)) as observer:
        result = run(reports, settings, observer, now=datetime.now(UTC))
    result = settle(result, replace(settings.policy, baseline=""))
    rewrite_baseline(result, path)
