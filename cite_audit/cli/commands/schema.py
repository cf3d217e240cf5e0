"""`cite-audit schema`: the contract of the JSON output."""

from __future__ import annotations


def schema() -> None:
    """Print the JSON Schema that `--format json` fits.

    Draft 2020-12.
    """
    from cite_audit.cli.output_files import write_document
    from cite_audit.report.schema import read_json_schema

    write_document(read_json_schema())
