"""`cite-audit sources`: who an address belongs to and why, what the registry lacks, and tables of your own."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cite_audit.cli import options
from cite_audit.report.render import RenderOptions, Subject, check_format, render

sources = typer.Typer(help="Who is cited: explain, list, check, import.", no_args_is_help=True)


@sources.command("explain")
@options.with_shared_options(*options.CONFIG)
def explain_(
    addresses: Annotated[list[str], typer.Argument(help="Addresses or hosts, defanged or not.", show_default=False)],
    on: Annotated[str, typer.Option("--on", help="As of this day (YYYY-MM-DD); the latest rows without it.")] = "",
    publisher: str = options.SETTING,
    taxonomy: str = options.SETTING,
    sources: list[str] | None = options.SETTING,
    format: Annotated[str, options.format_option(Subject.EXPLANATION)] = "text",
    *,
    flags: dict[str, Any],
) -> None:
    """Say which row, of which file and line, makes an address what it is called, and why."""
    from cite_audit.cli.output_files import write_document
    from cite_audit.cli.settings import settings_from_flags
    from cite_audit.cli.source_list import explain_sources, parse_day_flag

    check_format(format, Subject.EXPLANATION)
    explanations = explain_sources(addresses, parse_day_flag(on), settings_from_flags(flags).grading)
    write_document(render(format, explanations, subject=Subject.EXPLANATION))


@sources.command("list")
@options.with_shared_options(*options.CONFIG)
def list_(
    reports: Annotated[list[str] | None, typer.Argument(help="Reports; none: the registry itself.")] = None,
    unlisted: Annotated[bool, typer.Option("--unlisted", help="Only what the registry does not know.")] = False,
    sources: list[str] | None = options.SETTING,
    format: Annotated[str, options.format_option(Subject.SOURCES)] = "text",
    output: options.OutputPath = "",
    stdin_name: options.StdinName = "",
    *,
    flags: dict[str, Any],
) -> None:
    """List the sources of reports, most cited first, with a row to fill in for those no list knows."""
    from cite_audit.cli.output_files import check_writable, write_document
    from cite_audit.cli.settings import settings_from_flags
    from cite_audit.cli.source_list import list_sources
    from cite_audit.cli.stdin import read_stdin_report
    from cite_audit.report.sources.tally import count_registry

    check_writable(output)
    check_format(format, subject := Subject.SOURCES if reports else Subject.REGISTRY)
    settings = settings_from_flags(flags, [output] if output else [])
    if not reports:
        write_document(render(format, count_registry(settings.grading), subject=subject), output)
        return
    paths, stdin_contents = read_stdin_report(reports, stdin_name)
    shown = list_sources(paths, stdin_contents, settings, unlisted=unlisted)
    write_document(render(format, shown, subject=subject), output)


@sources.command("check")
def check_(
    tables: Annotated[list[str] | None, typer.Argument(help="Your tables; none: our own.", show_default=False)] = None,
    cited: Annotated[
        str, typer.Option(help="A text with cited addresses; rows that none of them meets are told.")
    ] = "",
    format: Annotated[str, options.format_option(Subject.TABLE_CHECK)] = "text",
) -> None:
    """Check a table of sources: every problem with its line; exit 1 when there are any."""
    from cite_audit.cli.exit_codes import ExitCode
    from cite_audit.cli.output_files import write_document
    from cite_audit.cli.source_list import check_tables
    from cite_audit.report.render.labels import format_count

    check_format(format, Subject.TABLE_CHECK)
    shown = check_tables(tables or [], cited)
    write_document(render(format, shown, subject=Subject.TABLE_CHECK))
    summary = f"{format_count(len(shown.problems), 'problem')} in {format_count(shown.rows, 'row')}"
    typer.echo(f"cite-audit: {summary}", err=True)
    raise typer.Exit(ExitCode.FINDINGS if shown.problems else ExitCode.OK)


@sources.command("import")
def import_(
    file: Annotated[str, typer.Argument(help="The data set, CSV or JSON as published.", show_default=False)],
    output: options.OutputPath = "",
) -> None:
    """Turn a data set of yours into a table: State Media Matrix, Iffy, Media Bias/Fact Check, Wikipedia's list."""
    from datetime import UTC, datetime
    from pathlib import Path

    from cite_audit.cli.output_files import refuse_overwriting, write_document
    from cite_audit.errors import UsageError
    from cite_audit.report.render.labels import format_count
    from cite_audit.report.render.sources.registry_rows import render_rows
    from cite_audit.report.sources.imports import convert_dataset

    refuse_overwriting([output], [file])
    try:
        text = Path(file).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read ({error})") from error
    name, rows = convert_dataset(text)
    made = f"# made {datetime.now(UTC).date()} from {name}, {Path(file).name}\n"
    write_document(made + render_rows(rows, RenderOptions()), output)
    typer.echo(
        f"cite-audit: {name}: {format_count(len(rows), 'row')}; use them with --sources {output or 'FILE'}", err=True
    )
