"""`cite-audit baseline`: known debt, kept visible."""

from __future__ import annotations

from typing import Annotated

import typer

from cite_audit.cli import options

baseline = typer.Typer(no_args_is_help=True, help="Keep known findings in a file, so that only new ones fail a run.")


@baseline.callback()
def _group() -> None:
    pass


@baseline.command()
def update(
    reports: options.Reports,
    file: Annotated[str, typer.Option("--baseline", help="The file to write.")] = "",
    offline: Annotated[bool, typer.Option("--offline", help="Ask nothing of any network.")] = False,
    config: options.Config = "",
    no_config: options.NoConfig = False,
    store: Annotated[str, typer.Option(help="Database of what was seen; the user's cache by default.")] = "",
    publisher: options.Publisher = "",
    quiet: options.Quiet = 0,
    connect_to: Annotated[list[str] | None, typer.Option(hidden=True)] = None,
    allow_address: Annotated[list[str] | None, typer.Option(hidden=True)] = None,
    wayback: Annotated[str, typer.Option(hidden=True)] = "",
    availability: Annotated[str, typer.Option(hidden=True)] = "",
) -> None:
    """Audit the reports and write every finding of now into the baseline."""
    flags = dict(locals())
    from dataclasses import replace
    from datetime import UTC, datetime

    from cite_audit.cli.output import rewrite_baseline, settle
    from cite_audit.cli.progress import observed
    from cite_audit.cli.settings import settings_for
    from cite_audit.pipeline import run

    settings = settings_for(flags)
    path = file or settings.policy.baseline or ".cite-audit-baseline.json"
    with observed(quiet=bool(quiet)) as observer:
        result = run(reports, settings, observer, now=datetime.now(UTC))
    result = settle(result, replace(settings.policy, baseline=""))
    rewrite_baseline(result, path)
