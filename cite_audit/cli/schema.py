"""`cite-audit schema`: the contract of the JSON output."""

from __future__ import annotations


def schema() -> None:
    """Print the JSON Schema that `--format json` fits.

    Draft 2020-12.
    """
    from cite_audit.cli.writing import put
    from cite_audit.report.schema import json_v1

    put(json_v1())
