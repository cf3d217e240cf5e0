"""Workflow commands that GitHub shows as annotations: worst first, no more than it renders, nothing injectable.

GitHub shows ten annotations of each level for a step; a notice tells how many there are in all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from cite_audit.model import Audit, Finding, FindingState, Severity, UnreadReport
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.labels import (
    describe_states,
    format_count,
    format_severity_counts,
)
from cite_audit.report.render.media.sanitizer import sanitize_line

MAX_ANNOTATIONS = 10
COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(audit: Audit, options: RenderOptions) -> str:
    """Annotations for unread reports and new findings, and one summary."""
    relative = options.relative
    new_findings = [
        finding
        for report in audit.reports
        for finding in audit.findings.get(report.path, ())
        if finding.state == FindingState.NEW
    ]
    lines = [_annotate_unread(unread, relative) for unread in audit.unread][:MAX_ANNOTATIONS]
    for severity in (Severity.ERROR, Severity.WARNING):
        lines += [_annotate_finding(finding, relative) for finding in new_findings if finding.severity is severity][
            :MAX_ANNOTATIONS
        ]
    lines.append(f"::notice title=cite-audit::{_escape_message(_summarize_findings(audit, new_findings))}")
    lines += [_annotate_finding(finding, relative) for finding in new_findings if finding.severity is Severity.NOTE][
        : MAX_ANNOTATIONS - 1
    ]
    return "\n".join(lines) + "\n"


def _annotate_unread(unread: UnreadReport, relative: Callable[[str], str]) -> str:
    return f"::error file={_escape_property(relative(unread.path))},title=unread::{_escape_message(unread.problem)}"


def _annotate_finding(finding: Finding, relative: Callable[[str], str]) -> str:
    place = f"file={_escape_property(relative(finding.location.path))},line={finding.location.line}"
    note = f"note {finding.note}: " if finding.note is not None else ""
    message = f"{note}{finding.url} {finding.message}" if finding.url else f"{note}{finding.message}"
    fix_text = "".join(f" {fix.title} → {fix.replacement}" for fix in finding.fixes[:1])
    title = _escape_property(f"{finding.rule} {finding.name}")
    return f"::{COMMANDS[finding.severity]} {place},title={title}::{_escape_message(message + fix_text)}"


def _summarize_findings(audit: Audit, new_findings: Sequence[Finding]) -> str:
    by_severity = Counter(finding.severity for finding in new_findings)
    parts = [
        f"{format_count(len(new_findings), 'new finding')}"
        + (f" ({format_severity_counts(by_severity)})" if new_findings else "")
    ]
    findings = [finding for report_findings in audit.findings.values() for finding in report_findings]
    parts += describe_states(findings, among=False)
    hidden_count = sum(max(by_severity[state] - (MAX_ANNOTATIONS - (state is Severity.NOTE)), 0) for state in Severity)
    hidden_text = f" {hidden_count} of them are not shown here." if hidden_count else ""
    letters = ", ".join(f"{path}: {grade.letter}" for path, grade in audit.grades.items() if grade.letter)
    graded = f" Grades: {letters}." if letters else ""
    unread = f" {format_count(len(audit.unread), 'report')} could not be read." if audit.unread else ""
    partial = f"{unread} The run is incomplete." if audit.incomplete else unread
    unknown = format_count(audit.counts["unknown"], "link")
    return f"{', '.join(parts)}; {unknown} could not be judged.{hidden_text}{graded}{partial}"


def _escape_message(text: str) -> str:
    return sanitize_line(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_message(text).replace(":", "%3A").replace(",", "%2C")
