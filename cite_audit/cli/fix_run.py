"""What `fix` shows and writes: diffs, backups, and what was left alone."""

from __future__ import annotations

import difflib
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cite_audit.cli.exit_codes import ExitCode, describe_unread
from cite_audit.errors import ReadError, UsageError, describe_own_fault
from cite_audit.files import BACKUP_MARK, write_file
from cite_audit.frozen_record import frozen_record

if TYPE_CHECKING:
    from cite_audit.config.settings import Settings
    from cite_audit.fix import FixOptions, RewriteResult
    from cite_audit.fix.edit_plan import PlannedEdit
    from cite_audit.model import Audit, Finding, Report

__all__ = [
    "FixedReport",
    "audit_and_fix",
    "build_fix_options",
    "fix_exit_code",
    "fix_reports",
    "refuse_open_reports",
    "refuse_partial_write",
    "rewrite_with",
    "show_fixes",
]

MAX_BACKUPS = 1000  # of one report


def build_fix_options(
    *, diff: bool, write: bool, unsafe: bool, defang: str, refang: bool, archive_style: str
) -> FixOptions:
    """The options of a fix. Raises UsageError where two flags contradict each other."""
    from cite_audit.fix import FixOptions
    from cite_audit.fix.edit_plan import check_fix_options
    from cite_audit.model import PLAIN_STYLE

    if diff and write:
        raise UsageError("--diff shows and --write writes: choose one")
    if defang and refang:
        raise UsageError("--defang and --refang contradict each other")
    options = FixOptions(unsafe, PLAIN_STYLE if refang else defang.strip(), archive_style)
    check_fix_options(options)
    return options


def audit_and_fix(
    paths: list[str],
    settings: Settings,
    options: FixOptions,
    *,
    write: bool,
    backup: bool,
    colour: str,
    quiet: int,
) -> ExitCode:
    """Audit the reports, then show or write their fixes; the exit code of that. Raises UsageError."""
    from cite_audit.cli.output import print_remarks
    from cite_audit.cli.progress import progress_observer
    from cite_audit.cli.signals import run_interruptibly
    from cite_audit.pipeline import aaudit

    if write:
        refuse_open_reports(paths)
    with progress_observer(quiet=bool(quiet)) as observer:
        result = run_interruptibly(lambda stop: aaudit(paths, settings, observer=observer, stop=stop))
    if write and result.interrupted:
        return refuse_partial_write(quiet=quiet)
    fixes = fix_reports(result, options, settings)
    is_whole = show_fixes(fixes, write=write, backup=backup, colour=colour, quiet=quiet)
    if quiet < 2:
        print_remarks(result)
    return fix_exit_code(result, is_whole=is_whole)


@frozen_record
class FixedReport:
    """A report, its bytes as they are, what becomes of them, and the errors that stay."""

    report: Report
    old_data: bytes
    result: RewriteResult
    still_wrong: tuple[Finding, ...] = ()


def fix_reports(audit: Audit, options: FixOptions, settings: Settings) -> Iterator[FixedReport]:
    """Each report as it would be. Raises UsageError at the end for those that failed."""
    from cite_audit.fix import plan_edits
    from cite_audit.fix.rewrite import list_edits
    from cite_audit.report_paths import URL_PREFIXES

    if why := describe_unread(audit.unread, allow_empty=settings.policy.allow_empty):
        raise UsageError(why)
    problems: list[str] = []
    for report in audit.reports:
        findings = audit.findings.get(report.path, ())
        try:
            planned = plan_edits(report, findings, audit.verdicts, options)
            if report.path.startswith(URL_PREFIXES):
                fixed = FixedReport(report, b"", list_edits(planned))
            else:
                fixed = rewrite_with(report, planned, options, settings, audit.generated_at)
        except Exception as error:  # the reports after it are mended all the same
            problems.append(f"{report.path}: cannot be mended, {_describe_problem(error)}")
            continue
        yield replace(fixed, still_wrong=tuple(_find_errors(findings, fixed.result.applied)))
    if problems:
        raise UsageError("; ".join(problems))


def _describe_problem(error: Exception) -> str:
    return error.problem if isinstance(error, ReadError) else describe_own_fault(error)


def rewrite_with(
    report: Report, planned: Iterable[PlannedEdit], options: FixOptions, settings: Settings, now: datetime
) -> FixedReport:
    """The report with these edits, as tracked changes where the document records changes. Raises ReadError."""
    from cite_audit.fix import rewrite_report
    from cite_audit.fix.track_mode import tracks_changes
    from cite_audit.parse import content_of, read_report

    data = content_of(report.path)
    if tracks_changes(data, report):
        options = replace(options, tracked=now)

    def reread_report(new: bytes) -> Report:
        return read_report(report.path, new, publisher=settings.grading.publisher)

    return FixedReport(report, data, rewrite_report(data, report, planned, options, reread_report))


def _find_errors(findings: Sequence[Finding], applied: Sequence[PlannedEdit]) -> Iterator[Finding]:
    from cite_audit.fix.outcome import find_unresolved
    from cite_audit.model import Severity

    return (finding for finding in find_unresolved(findings, applied) if finding.severity is Severity.ERROR)


def refuse_open_reports(paths: Iterable[str]) -> None:
    """Raises UsageError for a report that a word processor has open, and for a page on the web."""
    from cite_audit.fix.open_files import find_lock
    from cite_audit.report_paths import URL_PREFIXES, expand_paths

    for path in expand_paths(paths):
        if path.startswith(URL_PREFIXES):
            raise UsageError(f"{path}: a page on the web is not written; --diff shows what to change, and where")
        if lock := find_lock(path):
            raise UsageError(f"{path}: is open in a word processor ({lock.name} says so): close it there first")


def show_fixes(results: Iterable[FixedReport], *, write: bool, backup: bool, colour: str, quiet: int) -> bool:
    """Show every diff on stdout, or write every file; say on stderr what was done and what was left alone.

    A signal ends this between two files; whether it came to its end.
    """
    from cite_audit.cli.output import is_coloured
    from cite_audit.cli.output_files import write_atomically, write_document
    from cite_audit.cli.stop_signals import request_stop_on_signal
    from cite_audit.report.render.media.sanitizer import sanitize_line

    paint = is_coloured(colour, sys.stdout)
    stop = threading.Event()
    request_stop_on_signal(stop.set)
    for fixed in results:
        old_data, result, path = fixed.old_data, fixed.result, fixed.report.path
        if stop.is_set():
            typer.echo(sanitize_line(f"cite-audit: interrupted; {path} and those after it are as they were"), err=True)
            return False
        if write and result.data != old_data:
            refuse_open_reports([path])
            if backup:
                _write_backup(Path(path), old_data)
            write_atomically(path, result.data)
        elif not write:
            lines = _diff_lines(fixed.report, old_data, result)
            write_document("".join(f"{_tint_line(line, paint)}\n" for line in lines))
        if not quiet:
            _tell_outcome(fixed, write=write)
    return True


def _tell_outcome(fixed: FixedReport, *, write: bool) -> None:
    """Say how many links were mended, what is still wrong and where, and what was left alone."""
    from cite_audit.report.render.labels import format_count
    from cite_audit.report.render.locations import describe_place, describe_places
    from cite_audit.report.render.media.sanitizer import sanitize_line

    report, result = fixed.report, fixed.result
    verb = "to change by hand" if result.by_hand else "mended" if write else "would be mended"
    texts = [f"{format_count(len(result.changes), 'link')} {verb}"]
    if fixed.still_wrong:
        places = describe_places(report, fixed.still_wrong)
        texts.append(f"{len(fixed.still_wrong)} still wrong{places and f': {places}'}")
    separator = "; " if fixed.still_wrong else ", "
    left_alone = f"{separator}{len(result.skipped)} left alone" if result.skipped or result.unsupported else ""
    reason = f": {result.unsupported}" if result.unsupported else ""
    typer.echo(sanitize_line(f"{report.path}: {', '.join(texts)}{left_alone}{reason}"), err=True)
    for skipped in result.skipped if not result.unsupported else ():
        where = describe_place(report, skipped)
        typer.echo(sanitize_line(f"  {where and f'{where} '}{skipped.link}: {skipped.why}"), err=True)


def refuse_partial_write(*, quiet: int) -> ExitCode:
    """Say that an audit which was ended early mends nothing; the exit code of that."""
    if quiet < 2:
        typer.echo("cite-audit: interrupted; every report is as it was", err=True)
    return ExitCode.INTERRUPTED


def fix_exit_code(audit: Audit, *, is_whole: bool) -> ExitCode:
    """130 when a signal ended the run, 3 when it could not ask everything."""
    if audit.interrupted or not is_whole:
        return ExitCode.INTERRUPTED
    return ExitCode.INCOMPLETE if audit.incomplete else ExitCode.OK


def _write_backup(path: Path, data: bytes) -> None:
    """Write a copy beside the report, never over anything: draft.before-cite-audit.docx, then …-2.docx.

    Raises UsageError and OutputError.
    """
    from cite_audit.cli.output_files import describe_write_failure

    for number in range(1, MAX_BACKUPS + 1):
        name = f"{path.stem}{BACKUP_MARK}{f'-{number}' if number > 1 else ''}{path.suffix}"
        try:
            write_file(path.with_name(name), data, mode_source=path, exclusive=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise describe_write_failure(str(path.with_name(name)), error) from error
        return
    raise UsageError(f"{path}: has {MAX_BACKUPS} backups; remove some, or use --no-backup")


def _diff_lines(report: Report, old_data: bytes, result: RewriteResult) -> Iterator[str]:
    from cite_audit.report.render.locations import describe_place
    from cite_audit.report.render.media.sanitizer import sanitize_line

    path = report.path
    if result.data == old_data and not result.by_hand:
        return
    if result.encoding:
        old, new = (
            data.decode(result.encoding, "replace").removeprefix("\ufeff").splitlines()
            for data in (old_data, result.data)
        )
        yield from difflib.unified_diff(old, new, f"a/{path.lstrip('/')}", f"b/{path.lstrip('/')}", lineterm="", n=1)
        return
    yield f"{path}:"
    for change in result.changes:
        where = describe_place(report, change)
        yield f"  {where and f'{where}  '}{change.why}"
        if change.sentence:
            yield f"    “{sanitize_line(change.sentence)}”"
        yield f"-   {sanitize_line(change.old_text)}"
        yield f"+   {sanitize_line(change.new_text)}"


def _tint_line(line: str, paint: bool) -> str:
    from cite_audit.report.render.media.sanitizer import sanitize_text

    safe_line = sanitize_text(line)
    code = {"+": "32", "-": "31", "@": "36"}.get(line[:1])
    return f"\x1b[{code}m{safe_line}\x1b[0m" if paint and code else safe_line
