"""What the end of a run means to its caller: the exit codes, and which outcome gets which. Nothing else knows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING

from cite_audit.errors import CiteAuditError, OutputError

if TYPE_CHECKING:
    from cite_audit.config import Policy
    from cite_audit.model import Audit, Report, Unread

__all__ = ["MEANINGS", "Exit", "first", "of_error", "outcome", "unreadable", "unstarted"]


class Exit(IntEnum):
    """The exit codes; the order of precedence is that of MEANINGS."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    INCOMPLETE = 3
    BUG = 70
    INTERRUPTED = 130


# Where several hold, the first of these is the code of the run. The format of a document has no say in it.
MEANINGS = {
    Exit.BUG: "A bug in cite-audit; what to report is on standard error.",
    Exit.INTERRUPTED: "Interrupted. The partial result is written.",
    Exit.USAGE: "Could not start: usage, configuration, a missing or unreadable report, "
    "no links where some were expected.",
    Exit.INCOMPLETE: "Could not finish: the network was down, the disk was full, or --max-unknown was exceeded. "
    "The partial result is written.",
    Exit.FINDINGS: "Findings at or above --fail-on, or a grade below --fail-grade.",
    Exit.OK: "Everything asked for was done; nothing new at or above --fail-on.",
}


def first(codes: Iterable[Exit]) -> Exit:
    """The code of a run that several hold for."""
    return min(codes, key=list(MEANINGS).index, default=Exit.OK)


def of_error(error: CiteAuditError) -> Exit:
    """The code of a command that ended with an error."""
    return Exit.INCOMPLETE if isinstance(error, OutputError) else Exit.USAGE


def unreadable(unread: Sequence[Unread], *, allow_empty: bool = False) -> str:
    """The reports that should have been read and could not be, with the reasons; empty when there are none."""
    return "; ".join(f"{one.path}: {one.problem}" for one in unread if not (allow_empty and one.empty))


def unstarted(reports: Sequence[Report], unread: Sequence[Unread], *, allow_empty: bool) -> str:
    """Why a run over these is no success whatever it finds; empty when it may be one."""
    if problems := unreadable(unread, allow_empty=allow_empty):
        return problems
    if not allow_empty and not any(report.citations for report in reports):
        return "no links in any report (--allow-empty accepts that)"
    return ""


def outcome(audit: Audit, policy: Policy) -> tuple[Exit, str]:
    """The exit code of a finished audit and, for stderr, why it is not 0."""
    from cite_audit.report.policy import failing, low_grades, too_many_unknown
    from cite_audit.report.render.wording import count

    if audit.interrupted:
        return Exit.INTERRUPTED, "interrupted; the result is partial"
    if why := unstarted(audit.reports, audit.unread, allow_empty=policy.allow_empty):
        return Exit.USAGE, why
    if audit.incomplete:
        return Exit.INCOMPLETE, "the run could not finish; the result is partial"
    if why := too_many_unknown(audit, policy):
        return Exit.INCOMPLETE, why
    if found := failing(audit, policy):
        return _unless(policy, f"{count(len(found), 'new finding')} at or above {policy.fail_on} (--fail-on)")
    if low := low_grades(audit.grades, policy):
        return _unless(policy, f"graded below {policy.fail_grade}: {', '.join(low)}")
    return Exit.OK, ""


def _unless(policy: Policy, why: str) -> tuple[Exit, str]:
    return (Exit.OK, f"{why} (--exit-zero)") if policy.exit_zero else (Exit.FINDINGS, why)
