"""`cite-audit grade`: who is cited and what the report rests on, without any network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cite_audit.cli import options
from cite_audit.report.render import Subject, render

if TYPE_CHECKING:
    from cite_audit.cli.exit_codes import ExitCode
    from cite_audit.config.settings import Policy, Settings
    from cite_audit.model import Report
    from cite_audit.pipeline import ReportSet
    from cite_audit.report.render.grade.grade_table import GradedReport


@options.with_shared_options(*options.CONFIG)
def grade(
    reports: options.Reports,
    format: Annotated[str, options.format_option(Subject.GRADE)] = "text",
    output: options.OutputPath = "",
    publisher: str = options.SETTING,
    preset: str = options.SETTING,
    taxonomy: str = options.SETTING,
    sources: list[str] | None = options.SETTING,
    compare: Annotated[bool, typer.Option("--compare", help="Two reports side by side.")] = False,
    fail_grade: str = options.SETTING,
    max_: Annotated[list[str] | None, typer.Option("--max", help="Fail above it, as in social_only=0.3.")] = None,
    allow_empty: bool = options.SETTING,
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

    from cite_audit.cli.output import output_paths, parse_outputs, render_options
    from cite_audit.cli.output_files import write_document
    from cite_audit.cli.settings import settings_from_flags
    from cite_audit.cli.stdin import read_stdin_report
    from cite_audit.errors import UsageError
    from cite_audit.pipeline import read_reports
    from cite_audit.report.render.grade.grade_table import GradeSet

    (out,) = outputs = parse_outputs([format], output, Subject.GRADE)
    settings = settings_from_flags(flags, output_paths(outputs))
    limits = _parse_limits(max_ or [])
    paths, stdin_contents = read_stdin_report(reports, stdin_name)
    reading = read_reports(paths, settings, contents=stdin_contents)
    graded = [_grade_with_sources(report, settings) for report in reading.reports]
    if compare and (len(graded) != 2 or out.format != "text"):
        raise UsageError("--compare wants two readable reports, and shows them as text")
    shown, how = GradeSet(graded, datetime.now(UTC), compare), render_options(out.path, colour=colour, verbose=verbose)
    write_document(render(out.format, shown, how, subject=Subject.GRADE), out.path)
    raise typer.Exit(_grade_exit_code(graded, reading, settings.policy, limits))


def _parse_limits(texts: Sequence[str]) -> dict[str, float]:
    """`social_only=0.3` (or `30%`) as measure → share. Raises UsageError."""
    from cite_audit.errors import UsageError
    from cite_audit.report.grading import MEASURE_PHRASES
    from cite_audit.report.grading.measures import NETWORK_MEASURES, UnscoredMeasure

    limits = {}
    for text in texts:
        name, _, value = text.partition("=")
        if name not in MEASURE_PHRASES and name != UnscoredMeasure.UNKNOWN:
            raise UsageError(f"--max {text}: no measure “{name}”; there are {', '.join(MEASURE_PHRASES)} and unknown")
        if name in NETWORK_MEASURES:
            raise UsageError(f"--max {text}: grade asks no network, so it cannot tell; cite-audit audit can")
        try:
            limits[name] = float(value.removesuffix("%")) / (100 if value.endswith("%") else 1)
        except ValueError:
            limits[name] = -1.0
        if not 0 <= limits[name] <= 1:
            raise UsageError(f"--max {text}: expected {name}=0.3 or {name}=30%")
    return limits


def _grade_with_sources(report: Report, settings: Settings) -> GradedReport:
    from cite_audit.pipeline import classify_links
    from cite_audit.report.grading import grade_with_basis
    from cite_audit.report.render.grade.grade_table import GradedReport

    sources = classify_links(report, settings)
    return GradedReport(report, sources, *grade_with_basis(report, {}, sources, settings.grading))


def _grade_exit_code(
    graded: Sequence[GradedReport], reading: ReportSet, policy: Policy, limits: Mapping[str, float]
) -> ExitCode:
    """The exit code, with what decided it on stderr."""
    from cite_audit.cli.exit_codes import ExitCode, find_start_problem

    why = find_start_problem(reading.reports, reading.unread, allow_empty=policy.allow_empty)
    shortfalls = [] if why else _list_shortfalls(graded, policy, limits)
    for sentence in [why] if why else shortfalls:
        typer.echo(f"cite-audit: {sentence}", err=True)
    return ExitCode.USAGE if why else ExitCode.FINDINGS if shortfalls else ExitCode.OK


def _list_shortfalls(graded: Sequence[GradedReport], policy: Policy, limits: Mapping[str, float]) -> list[str]:
    low = _list_low_grades(graded, policy) if policy.fail_grade else []
    return [f"graded below {policy.fail_grade}: {', '.join(low)}"] * bool(low) + [
        f"{entry.report.path}: {name} is {entry.grade.measures[name]:.0%}, above {limit:.0%}"
        for entry in graded
        for name, limit in limits.items()
        if entry.grade.measures.get(name, 0) > limit
    ]


def _list_low_grades(graded: Sequence[GradedReport], policy: Policy) -> list[str]:
    """The reports graded below the policy's letter; those without a letter are spoken of on stderr."""
    from cite_audit.report.findings.policy import find_low_grades

    for entry in graded:
        if not entry.grade.letter:
            why = f"{entry.grade.text or 'no letter'}, so --fail-grade does not apply"
            typer.echo(f"cite-audit: {entry.report.path}: {why}", err=True)
    return list(find_low_grades({entry.report.path: entry.grade for entry in graded}, policy))
