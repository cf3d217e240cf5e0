"""`cite-audit sources`: who an address belongs to and why, what the registry lacks, and tables of your own."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cite_audit.cli import options

sources = typer.Typer(help="Who is cited: explain, list, check, import.", no_args_is_help=True)


@sources.command("explain")
@options.shared(*options.CONFIG)
def explain_(
    addresses: Annotated[list[str], typer.Argument(help="Addresses or hosts, defanged or not.", show_default=False)],
    on: Annotated[str, typer.Option("--on", help="As of this day (YYYY-MM-DD); the latest rows without it.")] = "",
    publisher: options.Publisher = "",
    taxonomy: options.Taxonomy = "",
    sources: options.Tables = None,
    format: Annotated[str, typer.Option("--format", "-f", help="text or json.")] = "text",
    *,
    flags: dict[str, Any],
) -> None:
    """Say which row, of which file and line, makes an address what it is called, and why."""
    from cite_audit.cli.explaining import explained, one_day
    from cite_audit.cli.settings import settings_for
    from cite_audit.cli.writing import put

    put(explained(addresses, one_day(on), settings_for(flags).grading, format))


@sources.command("list")
@options.shared(*options.CONFIG)
def list_(
    reports: Annotated[list[str] | None, typer.Argument(help="Reports; none: the registry itself.")] = None,
    unlisted: Annotated[bool, typer.Option("--unlisted", help="Only what the registry does not know.")] = False,
    sources: options.Tables = None,
    format: Annotated[str, typer.Option("--format", "-f", help="text, csv or json.")] = "text",
    output: options.Output = "",
    stdin_name: options.StdinName = "",
    *,
    flags: dict[str, Any],
) -> None:
    """List the sources of reports, most cited first, with a row to fill in for those no list knows."""
    from cite_audit.cli.inputs import taken
    from cite_audit.cli.listing import registry_counts, sources_of
    from cite_audit.cli.settings import settings_for
    from cite_audit.cli.writing import put, writable

    writable(output)
    settings = settings_for(flags, [output] if output else [])
    if not reports:
        put(registry_counts(settings.grading, format), output)
        return
    paths, given = taken(reports, stdin_name)
    put(sources_of(paths, given, settings, unlisted=unlisted, format=format), output)


@sources.command("check")
def check_(
    tables: Annotated[list[str] | None, typer.Argument(help="Your tables; none: our own.", show_default=False)] = None,
) -> None:
    """Check a table of sources: every problem with its line; exit 1 when there are any."""
    from cite_audit.cli.exits import Exit
    from cite_audit.cli.listing import checked_tables
    from cite_audit.cli.writing import put

    found, said = checked_tables(tables or [])
    put("".join(f"{line}\n" for line in found))
    typer.echo(f"cite-audit: {said}", err=True)
    raise typer.Exit(Exit.FINDINGS if found else Exit.OK)


@sources.command("import")
def import_(
    file: Annotated[str, typer.Argument(help="The data set, CSV or JSON as published.", show_default=False)],
    output: options.Output = "",
) -> None:
    """Turn a data set of yours into a table: State Media Matrix, Iffy, Media Bias/Fact Check, Wikipedia's list."""
    from pathlib import Path

    from cite_audit.cli.writing import put, spare
    from cite_audit.errors import UsageError
    from cite_audit.report.render.wording import count
    from cite_audit.report.sources.imports import as_table, convert

    spare([output], [file])
    try:
        text = Path(file).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read ({error})") from error
    name, rows = convert(text)
    put(as_table(rows), output)
    typer.echo(f"cite-audit: {name}: {count(len(rows), 'row')}; use them with --sources {output or 'FILE'}", err=True)
