"""Workflow commands that GitHub shows as annotations: worst first, no more than it renders, nothing injectable.

GitHub shows ten annotations of each level for a step; a notice tells how many there are in all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from cite_audit.model import Audit, Finding, Severity, Unread
from cite_audit.report.render.clean import clean
from cite_audit.report.render.wording import amount, count

OPTIONS = ("relative",)
SHOWN = 10
COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}


def render(audit: Audit, *, relative: Callable[[str], str] = str) -> str:
    """Annotations for unread reports and new findings, and one summary.

    `relative` writes paths from the repository's root.
    """
    fresh = [f for report in audit.reports for f in audit.findings.get(report.path, ()) if f.state == "new"]
    lines = [_unread(one, relative) for one in audit.unread][:SHOWN]
    for severity in (Severity.ERROR, Severity.WARNING):
        lines += [_annotation(f, relative) for f in fresh if f.severity is severity][:SHOWN]
    lines.append(f"::notice title=cite-audit::{_data(_summary(audit, fresh))}")
    lines += [_annotation(f, relative) for f in fresh if f.severity is Severity.NOTE][: SHOWN - 1]
    return "\n".join(lines) + "\n"


def _unread(unread: Unread, relative: Callable[[str], str]) -> str:
    return f"::error file={_property(relative(unread.path))},title=unread::{_data(unread.problem)}"


def _annotation(finding: Finding, relative: Callable[[str], str]) -> str:
    place = f"file={_property(relative(finding.location.path))},line={finding.location.line}"
    note = f"note {finding.note}: " if finding.note is not None else ""
    said = f"{note}{finding.url} {finding.message}" if finding.url else f"{note}{finding.message}"
    offered = "".join(f" {fix.title} → {fix.replacement}" for fix in finding.fixes[:1])
    title = _property(f"{finding.rule} {finding.name}")
    return f"::{COMMANDS[finding.severity]} {place},title={title}::{_data(said + offered)}"


def _summary(audit: Audit, fresh: Sequence[Finding]) -> str:
    states = Counter(f.state for found in audit.findings.values() for f in found)
    by_severity = Counter(f.severity for f in fresh)
    said = [f"{count(len(fresh), 'new finding')}" + (f" ({amount(by_severity)})" if fresh else "")]
    said += [f"{states[s]} {s}" for s in ("known", "resolved", "ignored") if states[s]]
    hidden = sum(max(by_severity[s] - (SHOWN - (s is Severity.NOTE)), 0) for s in Severity)
    more = f" {hidden} of them are not shown here." if hidden else ""
    letters = ", ".join(f"{path}: {grade.letter}" for path, grade in audit.grades.items() if grade.letter)
    graded = f" Grades: {letters}." if letters else ""
    unread = f" {count(len(audit.unread), 'report')} could not be read." if audit.unread else ""
    partial = f"{unread} The run is incomplete." if audit.incomplete else unread
    return f"{', '.join(said)}; {count(audit.counts['unknown'], 'link')} could not be judged.{more}{graded}{partial}"


def _data(text: str) -> str:
    return clean(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
