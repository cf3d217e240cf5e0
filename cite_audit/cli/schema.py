"""`cite-audit schema`: the contract of the JSON output."""

from __future__ import annotations

import typer


def schema() -> None:
    """Print the JSON Schema (draft 2020-12) that `--format json` fits."""
    from cite_audit.report.schema import json_v1

    typer.echo(json_v1(), nl=False)
