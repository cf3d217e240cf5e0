"""What `review` writes: a reviewed copy beside each report, never over anything."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cite_audit.cli.exit_codes import describe_unread
from cite_audit.errors import OutputError, ReadError, UsageError, describe_own_fault
from cite_audit.files import REVIEW_MARK, write_file

if TYPE_CHECKING:
    from cite_audit.config.settings import Settings
    from cite_audit.model import Audit, Report
    from cite_audit.review.decisions import DecisionFile
    from cite_audit.review.reviewed_report import ReviewedReport

__all__ = ["build_review", "check_review_call", "write_copy", "write_reviews"]

MAX_COPIES = 1000  # of one report


def check_review_call(paths: Iterable[str], style: str, output: str) -> None:
    """Raises UsageError for a style that there is not, and for one output of several reports."""
    from cite_audit.report_paths import URL_PREFIXES, expand_paths
    from cite_audit.review.reviewed_report import STYLES

    files = list(expand_paths(paths))
    if style and style not in STYLES.values():
        raise UsageError(f"--style: {style!r} is none of {', '.join(dict.fromkeys(STYLES.values()))}")
    if output and len(files) != 1:
        raise UsageError("-o is for one report; without it each review is written beside its report")
    for path in files:
        if path.startswith(URL_PREFIXES):
            raise UsageError(f"{path}: only files can be reviewed; save the page first, or use: cite-audit audit")


def write_reviews(audit: Audit, settings: Settings, *, style: str, output: str, quiet: int) -> None:
    """Write the review of every report and say where. Raises UsageError at the end for those that failed."""
    from cite_audit.report.render.media.sanitizer import sanitize_line

    if why := describe_unread(audit.unread, allow_empty=settings.policy.allow_empty):
        raise UsageError(why)
    problems: list[str] = []
    for report in audit.reports:
        try:
            reviewed = build_review(audit, report, settings, style=style)
            written = write_copy(Path(report.path), reviewed.data, output)
        except UsageError as error:
            problems.append(str(error))
            continue
        except OutputError:
            raise  # the disk is full, for the reports after it too
        except Exception as error:  # the reports after it are reviewed all the same
            problem = error.problem if isinstance(error, ReadError) else describe_own_fault(error)
            problems.append(f"{report.path}: cannot be reviewed, {problem}")
            continue
        if not quiet:
            typer.echo(sanitize_line(_describe_review(written, reviewed)), err=True)
            for skipped in reviewed.skipped:
                typer.echo(sanitize_line(f"  {skipped.link}: {skipped.why}"), err=True)
    if problems:
        raise UsageError("; ".join(problems))


def build_review(
    audit: Audit, report: Report, settings: Settings, *, style: str = "", decisions: DecisionFile | None = None
) -> ReviewedReport:
    """The review of one report of an audit; what is decided wins over what would be mended anyway.

    Raises UsageError for a format that cannot hold one, and ReadError.
    """
    from cite_audit.fix import FixOptions, plan_edits
    from cite_audit.parse import content_of, read_report
    from cite_audit.review.reviewed_report import review_report

    options = FixOptions()
    findings = audit.findings.get(report.path, ())
    planned = list(plan_edits(report, findings, audit.verdicts, options))
    if decisions is not None:
        from cite_audit.review.decision_plan import plan_with_decisions

        planned, left = plan_with_decisions(report, planned, findings, decisions)
        findings = tuple(left)
    return review_report(
        content_of(report.path),
        report,
        planned,
        findings,
        options,
        moment=audit.generated_at,
        reread=lambda new: read_report(report.path, new, publisher=settings.grading.publisher),
        style=style,
    )


def _describe_review(written: Path, reviewed: ReviewedReport) -> str:
    from cite_audit.report.render.labels import format_count

    changes = format_count(len(reviewed.applied), "change")
    return f"{written}: {changes} to accept or reject, {format_count(len(reviewed.comments), 'comment')}"


def write_copy(path: Path, data: bytes, output: str) -> Path:
    """Write `draft (reviewed).docx` beside the report, then `draft (reviewed 2).docx`; or to `output`.

    Raises UsageError and OutputError.
    """
    from cite_audit.cli.output_files import describe_write_failure, write_atomically

    if output:
        write_atomically(output, data)
        return Path(output)
    for number in range(1, MAX_COPIES + 1):
        copy = path.with_name(f"{path.stem}{REVIEW_MARK}{f' {number}' if number > 1 else ''}){path.suffix}")
        try:
            write_file(copy, data, mode_source=path, exclusive=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise describe_write_failure(str(copy), error) from error
        return copy
    raise UsageError(f"{path}: has {MAX_COPIES} reviewed copies; remove some")
