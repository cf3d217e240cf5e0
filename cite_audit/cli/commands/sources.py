"""`cite-audit sources`: who an address belongs to and why, what the registry lacks, and tables of your own."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cite_audit.cli import options

sources = typer.Typer(help="Who is cited: explain, list, check, import.", no_args_is_help=True)


@sources.command("explain")
@options.with_shared_options(*options.CONFIG)
def explain_(
    addresses: Annotated[list[str], typer.Argument(help="Addresses or hosts, defanged or not.", show_default=False)],
    on: Annotated[str, typer.Option("--on", help="As of this day (YYYY-MM-DD); the latest rows without it.")] = "",
    publisher: str = options.SETTING,
    taxonomy: str = options.SETTING,
    sources: list[str] | None = options.SETTING,
    format: Annotated[str, typer.Option("--format", "-f", help="text or json.")] = "text",
    *,
    flags: dict[str, Any],
) -> None:
    """Say which row, of which file and line, makes an address what it is called, and why."""
    from cite_audit.cli.output_files import write_document
    from cite_audit.cli.settings import settings_from_flags
    from cite_audit.cli.source_explanation import parse_day_flag, render_explanations

    write_document(render_explanations(addresses, parse_day_flag(on), settings_from_flags(flags).grading, format))


@sources.command("list")
@options.with_shared_options(*options.CONFIG)
def list_(
    reports: Annotated[list[str] | None, typer.Argument(help="Reports; none: the registry itself.")] = None,
    unlisted: Annotated[bool, typer.Option("--unlisted", help="Only what the registry does not know.")] = False,
    sources: list[str] | None = options.SETTING,
    format: Annotated[str, typer.Option("--format", "-f", help="text, csv or json.")] = "text",
    output: options.OutputPath = "",
    stdin_name: options.StdinName = "",
    *,
    flags: dict[str, Any],
) -> None:
    """List the sources of reports, most cited first, with a row to fill in for those no list knows."""
    from cite_audit.cli.output_files import check_writable, write_document
    from cite_audit.cli.settings import settings_from_flags
    from cite_audit.cli.source_list import render_registry_counts, render_source_list
    from cite_audit.cli.stdin import read_stdin_report

    check_writable(output)
    settings = settings_from_flags(flags, [output] if output else [])
    if not reports:
        write_document(render_registry_counts(settings.grading, format), output)
        return
    paths, stdin_contents = read_stdin_report(reports, stdin_name)
    write_document(render_source_list(paths, stdin_contents, settings, unlisted=unlisted, format=format), output)


@sources.command("check")
def check_(
    tables: Annotated[list[str] | None, typer.Argument(help="Your tables; none: our own.", show_default=False)] = None,
) -> None:
    """Check a table of sources: every problem with its line; exit 1 when there are any."""
    from cite_audit.cli.exit_codes import ExitCode
    from cite_audit.cli.output_files import write_document
    from cite_audit.cli.source_list import check_tables

    messages, summary = check_tables(tables or [])
    write_document("".join(f"{line}\n" for line in messages))
    typer.echo(f"cite-audit: {summary}", err=True)
    raise typer.Exit(ExitCode.FINDINGS if messages else ExitCode.OK)


@sources.command("import")
def import_(
    file: Annotated[str, typer.Argument(help="The data set, CSV or JSON as published.", show_default=False)],
    output: options.OutputPath = "",
) -> None:
    """Turn a data set of yours into a table: State Media Matrix, Iffy, Media Bias/Fact Check, Wikipedia's list."""
    from pathlib import Path

    from cite_audit.cli.output_files import refuse_overwriting, write_document
    from cite_audit.errors import UsageError
    from cite_audit.report.render.labels import format_count
    from cite_audit.report.sources.imports import convert_dataset, format_table

    refuse_overwriting([output], [file])
    try:
        text = Path(file).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read ({error})") from error
    name, rows = convert_dataset(text)
    write_document(format_table(rows), output)
    typer.echo(
        f"cite-audit: {name}: {format_count(len(rows), 'row')}; use them with --sources {output or 'FILE'}", err=True
    )
