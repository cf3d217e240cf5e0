"""`cite-audit config`: every setting, its value, and where it came from."""

from __future__ import annotations

from typing import Annotated

import typer

from cite_audit.cli import options


def config(
    reports: Annotated[
        list[str] | None, typer.Argument(help="Reports whose settings to show; here by default.")
    ] = None,
    file: options.Config = "",
    no_config: options.NoConfig = False,
) -> None:
    """Show every setting, its value and where it came from.

    That is a file and line, an environment variable, or the default.
    """
    import json

    from cite_audit.config_files import KEYS, load

    loaded = load(reports or (), config=file, no_config=no_config)
    for key, (section, name, _) in KEYS.items():
        owner = getattr(loaded.settings, section) if section else loaded.settings
        value = getattr(owner, name)
        shown = json.dumps(dict(value) if hasattr(value, "items") else value, ensure_ascii=False)
        typer.echo(f"{key:<26} {shown:<24} {loaded.origins.get(key, 'default')}")
    for rule, severity in loaded.settings.policy.severities.items():
        typer.echo(f"{f'severity.{rule}':<26} {severity!r:<24} {loaded.origins['severity']}")
    for ignore in loaded.settings.policy.ignores:
        what = " ".join(part for part in (*ignore.rules, ignore.url or ignore.domain, ignore.report) if part)
        until = f" until {ignore.until}" if ignore.until else ""
        typer.echo(f"{'ignore':<26} {what}{until}: {ignore.reason}   {ignore.origin[0]}:{ignore.origin[1]}")
