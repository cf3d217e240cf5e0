"""`cite-audit grade`: who is cited and what the report rests on, without any network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from cite_audit.cli import options

if TYPE_CHECKING:
    from datetime import datetime

    from cite_audit.config import Settings
    from cite_audit.model import Report
    from cite_audit.pipeline import Reading
    from cite_audit.report.grade.shown import Graded

FORMATS = ("text", "json", "json-v1", "csv", "markdown", "html")


def grade(
    reports: options.Reports,
    format: Annotated[str, typer.Option("--format", "-f", help=", ".join(FORMATS))] = "text",
    output: options.Output = "",
    publisher: options.Publisher = "",
    preset: Annotated[str, typer.Option(help="event-reporting (default), statement-tracking or strict.")] = "",
    taxonomy: Annotated[str, typer.Option(help="What counts as state media: smm (default), strict, lenient.")] = "",
    sources: Annotated[list[str] | None, typer.Option(help="Your table of sources; wins over ours.")] = None,
    compare: Annotated[bool, typer.Option("--compare", help="Two reports side by side.")] = False,
    fail_grade: Annotated[str, typer.Option(help="Fail on a grade below this letter.")] = "",
    max_: Annotated[list[str] | None, typer.Option("--max", help="Fail above it, as in social_only=0.3.")] = None,
    allow_empty: options.AllowEmpty = False,
    config: options.Config = "",
    no_config: options.NoConfig = False,
    colour: options.Colour = "auto",
    verbose: options.Verbose = 0,
    stdin_name: options.StdinName = "",
) -> None:
    """Show what each report rests on, and grade it.

    The grade says how well claims are documented, not whether they are true. Asks no network.
    """
    flags = dict(locals())
    from datetime import UTC, datetime

    from cite_audit.cli.inputs import taken
    from cite_audit.cli.output import put
    from cite_audit.cli.settings import settings_for
    from cite_audit.pipeline import read

    settings = settings_for(flags)
    limits = _limits(max_ or [])
    paths, given = taken(reports, stdin_name)
    reading = read(paths, settings, given=given)
    graded = [_graded(each, settings) for each in reading.reports]
    put(_shown(graded, format, compare=compare, colour=colour, verbose=verbose, now=datetime.now(UTC)), output)
    raise typer.Exit(_code(graded, reading, settings, limits, allow_empty=allow_empty))


def _limits(given: Sequence[str]) -> dict[str, float]:
    """`social_only=0.3` (or `30%`) as measure → share. Raises UsageError."""
    from cite_audit.errors import UsageError
    from cite_audit.report.grade import MEASURES

    limits = {}
    for each in given:
        name, _, value = each.partition("=")
        if name not in MEASURES and name != "unknown":
            raise UsageError(f"--max {each}: no measure “{name}”; there are {', '.join(MEASURES)} and unknown")
        if name in ("dead_unrecoverable", "unarchived"):
            raise UsageError(f"--max {each}: grade asks no network, so it cannot tell; cite-audit audit can")
        try:
            limits[name] = float(value.removesuffix("%")) / (100 if value.endswith("%") else 1)
        except ValueError:
            raise UsageError(f"--max {each}: expected {name}=0.3 or {name}=30%") from None
    return limits


def _graded(report: Report, settings: Settings) -> Graded:
    from cite_audit.pipeline import classified
    from cite_audit.report.grade import worked
    from cite_audit.report.grade.shown import Graded

    sources = classified(report, settings)
    return Graded(report, sources, *worked(report, {}, sources, settings.grading))


def _shown(graded: Sequence[Graded], format: str, *, compare: bool, colour: str, verbose: int, now: datetime) -> str:
    from cite_audit.errors import UsageError

    if compare and (len(graded) != 2 or format != "text"):
        raise UsageError("--compare wants two readable reports, and shows them as text")
    if format == "text":
        return _as_text(graded, compare, colour, verbose)
    from cite_audit.report.grade import documents

    if format in ("json", "json-v1"):
        return documents.as_json(graded, now)
    others = {"csv": documents.as_csv, "markdown": documents.as_markdown, "html": documents.as_html}
    if format not in others:
        raise UsageError(f"unknown format {format!r}; there are {', '.join(FORMATS)}")
    return others[format](graded)


def _as_text(graded: Sequence[Graded], compare: bool, colour: str, verbose: int) -> str:
    import shutil
    import sys

    from cite_audit.cli.output import coloured, speaks_unicode
    from cite_audit.report.grade import text
    from cite_audit.report.render.ink import Ink

    ink = Ink(shutil.get_terminal_size((100, 24)).columns, coloured(colour, sys.stdout), speaks_unicode())
    return text.compare(graded[0], graded[1], ink) if compare else text.render(graded, ink, verbose)


def _code(
    graded: Sequence[Graded], reading: Reading, settings: Settings, limits: dict[str, float], *, allow_empty: bool
) -> int:
    """2: a report could not be read, or none names a link; 1: below the letter or above a limit; else 0."""
    for unread in reading.unread:
        typer.echo(f"cite-audit: {unread.path}: {unread.problem}", err=True)
    if reading.unread:
        return 2
    if not allow_empty and not any(each.report.citations for each in graded):
        typer.echo("cite-audit: no links at all; --allow-empty says that is fine", err=True)
        return 2
    why = [sentence for each in graded for sentence in _misses(each, settings.policy.fail_grade.upper(), limits)]
    for sentence in why:
        typer.echo(f"cite-audit: {sentence}", err=True)
    return 1 if why else 0


def _misses(graded: Graded, bar: str, limits: dict[str, float]) -> list[str]:
    grade, path = graded.grade, graded.report.path
    if bar and not grade.letter:
        typer.echo(f"cite-audit: {path}: {grade.text or 'no letter'}, so --fail-grade does not apply", err=True)
    low = bar and grade.letter and "ABCDF".index(grade.letter) > "ABCDF".index(bar)
    missed = [f"{path}: graded {grade.letter}, below {bar}"] if low else []
    for name, limit in limits.items():
        value = grade.measures.get(name)
        if value is not None and value > limit:
            missed.append(f"{path}: {name} is {value:.0%}, above {limit:.0%}")
    return missed
