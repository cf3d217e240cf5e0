"""`cite-audit grade`: who is cited and what the report rests on, without any network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cite_audit.cli import options

if TYPE_CHECKING:
    from datetime import datetime

    from cite_audit.cli.exits import Exit
    from cite_audit.config import Policy, Settings
    from cite_audit.model import Report
    from cite_audit.pipeline import Reading
    from cite_audit.report.grade.shown import Graded

FORMATS = ("text", "json", "json-v1", "csv", "markdown", "html")


@options.shared(*options.CONFIG)
def grade(
    reports: options.Reports,
    format: Annotated[str, typer.Option("--format", "-f", help=", ".join(FORMATS))] = "text",
    output: options.Output = "",
    publisher: options.Publisher = "",
    preset: Annotated[str, typer.Option(help="event-reporting (default), statement-tracking or strict.")] = "",
    taxonomy: options.Taxonomy = "",
    sources: options.Tables = None,
    compare: Annotated[bool, typer.Option("--compare", help="Two reports side by side.")] = False,
    fail_grade: options.FailGrade = "",
    max_: Annotated[list[str] | None, typer.Option("--max", help="Fail above it, as in social_only=0.3.")] = None,
    allow_empty: options.AllowEmpty = False,
    colour: options.Colour = "auto",
    verbose: options.Verbose = 0,
    stdin_name: options.StdinName = "",
    *,
    flags: dict[str, Any],
) -> None:
    """Show what each report rests on, and grade it.

    The grade says how well claims are documented, not whether they are true. Asks no network.
    """
    from datetime import UTC, datetime

    from cite_audit.cli.inputs import taken
    from cite_audit.cli.output import files, parse_outputs
    from cite_audit.cli.settings import settings_for
    from cite_audit.cli.writing import put
    from cite_audit.pipeline import read

    (out,) = outputs = parse_outputs([format], output, check=_known)
    settings = settings_for(flags, files(outputs))
    limits = _limits(max_ or [])
    paths, given = taken(reports, stdin_name)
    reading = read(paths, settings, given=given)
    graded = [_graded(each, settings) for each in reading.reports]
    put(_shown(graded, out.format, compare=compare, colour=colour, verbose=verbose, now=datetime.now(UTC)), out.path)
    raise typer.Exit(_code(graded, reading, settings.policy, limits))


def _known(format: str) -> str:
    from cite_audit.errors import UsageError

    if format not in FORMATS:
        raise UsageError(f"unknown format {format!r}; there are {', '.join(FORMATS)}")
    return format


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
            limits[name] = -1.0
        if not 0 <= limits[name] <= 1:
            raise UsageError(f"--max {each}: expected {name}=0.3 or {name}=30%")
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
    return others[format](graded)


def _as_text(graded: Sequence[Graded], compare: bool, colour: str, verbose: int) -> str:
    import shutil
    import sys

    from cite_audit.cli.output import coloured
    from cite_audit.cli.writing import speaks_unicode
    from cite_audit.report.grade import text
    from cite_audit.report.render.ink import Ink

    ink = Ink(shutil.get_terminal_size((100, 24)).columns, coloured(colour, sys.stdout), speaks_unicode())
    return text.compare(graded[0], graded[1], ink) if compare else text.render(graded, ink, verbose)


def _code(graded: Sequence[Graded], reading: Reading, policy: Policy, limits: Mapping[str, float]) -> Exit:
    """The exit code, with what decided it on stderr."""
    from cite_audit.cli.exits import Exit, unstarted

    why = unstarted(reading.reports, reading.unread, allow_empty=policy.allow_empty)
    missed = [] if why else _misses(graded, policy, limits)
    for sentence in [why] if why else missed:
        typer.echo(f"cite-audit: {sentence}", err=True)
    return Exit.USAGE if why else Exit.FINDINGS if missed else Exit.OK


def _misses(graded: Sequence[Graded], policy: Policy, limits: Mapping[str, float]) -> list[str]:
    from cite_audit.report.policy import low_grades

    for each in graded:
        if policy.fail_grade and not each.grade.letter:
            why = f"{each.grade.text or 'no letter'}, so --fail-grade does not apply"
            typer.echo(f"cite-audit: {each.report.path}: {why}", err=True)
    low = low_grades({each.report.path: each.grade for each in graded}, policy)
    return [f"graded below {policy.fail_grade}: {', '.join(low)}"] * bool(low) + [
        f"{each.report.path}: {name} is {each.grade.measures[name]:.0%}, above {limit:.0%}"
        for each in graded
        for name, limit in limits.items()
        if each.grade.measures.get(name, 0) > limit
    ]
