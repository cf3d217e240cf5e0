"""The exit codes, and which outcome gets which; no other module holds them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING

from cite_audit.errors import CiteAuditError, OutputError

if TYPE_CHECKING:
    from cite_audit.config.settings import Policy
    from cite_audit.model import Audit, Report, UnreadReport

__all__ = [
    "MEANINGS",
    "ExitCode",
    "audit_exit_code",
    "describe_unread",
    "error_exit_code",
    "find_start_problem",
    "gravest_exit_code",
]


class ExitCode(IntEnum):
    """The exit codes; the order of precedence is that of MEANINGS."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    INCOMPLETE = 3
    BUG = 70
    INTERRUPTED = 130


# Where several hold, the first of these is the code of the run, whatever the output format.
MEANINGS = {
    ExitCode.BUG: "A bug in cite-audit; what to report is on standard error.",
    ExitCode.INTERRUPTED: "Interrupted. The partial result is written.",
    ExitCode.USAGE: "Could not start: usage, configuration, a missing or unreadable report, "
    "no links where some were expected.",
    ExitCode.INCOMPLETE: "Could not finish: the network was down, the disk was full, or --max-unknown was exceeded. "
    "The partial result is written.",
    ExitCode.FINDINGS: "Findings at or above --fail-on, or a grade below --fail-grade.",
    ExitCode.OK: "Everything asked for was done; nothing new at or above --fail-on.",
}


def gravest_exit_code(codes: Iterable[ExitCode]) -> ExitCode:
    """The code of a run that several hold for."""
    return min(codes, key=list(MEANINGS).index, default=ExitCode.OK)


def error_exit_code(error: CiteAuditError) -> ExitCode:
    """The code of a command that ended with an error."""
    return ExitCode.INCOMPLETE if isinstance(error, OutputError) else ExitCode.USAGE


def describe_unread(unread: Sequence[UnreadReport], *, allow_empty: bool = False) -> str:
    """The reports that should have been read and could not be, with the reasons; empty when there are none."""
    return "; ".join(f"{report.path}: {report.problem}" for report in unread if not (allow_empty and report.empty))


def find_start_problem(reports: Sequence[Report], unread: Sequence[UnreadReport], *, allow_empty: bool) -> str:
    """Why a run over these cannot succeed, whatever it finds; empty where it can."""
    if problems := describe_unread(unread, allow_empty=allow_empty):
        return problems
    if not allow_empty and not any(report.citations or report.indicators for report in reports):
        return "no links in any report (--allow-empty accepts that)"
    return ""


def audit_exit_code(audit: Audit, policy: Policy) -> tuple[ExitCode, str]:
    """The exit code of a finished audit and, for stderr, why it is not 0."""
    from cite_audit.report.findings.policy import explain_too_many_unknown, find_failing, find_low_grades
    from cite_audit.report.render.labels import format_count

    if audit.interrupted:
        return ExitCode.INTERRUPTED, "interrupted; the result is partial"
    if why := find_start_problem(audit.reports, audit.unread, allow_empty=policy.allow_empty):
        return ExitCode.USAGE, why
    if audit.incomplete:
        return ExitCode.INCOMPLETE, "the run could not finish; the result is partial"
    if why := explain_too_many_unknown(audit, policy):
        return ExitCode.INCOMPLETE, why
    if failures := find_failing(audit, policy):
        return _exit_for_findings(
            policy, f"{format_count(len(failures), 'new finding')} at or above {policy.fail_on} (--fail-on)"
        )
    if low := find_low_grades(audit.grades, policy):
        return _exit_for_findings(policy, f"graded below {policy.fail_grade}: {', '.join(low)}")
    return ExitCode.OK, ""


def _exit_for_findings(policy: Policy, why: str) -> tuple[ExitCode, str]:
    return (ExitCode.OK, f"{why} (--exit-zero)") if policy.exit_zero else (ExitCode.FINDINGS, why)
