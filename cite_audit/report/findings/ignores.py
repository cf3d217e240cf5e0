"""Ignores: decisions not to act on findings, each with a reason and perhaps an expiry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from cite_audit.config.settings import Ignore
from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Audit, Finding, FindingState, Report
from cite_audit.report.findings.finders import IGNORE_FINDERS
from cite_audit.report.findings.ignore_scope import ignore_covers
from cite_audit.report.findings.rules import load_catalogue
from cite_audit.report.findings.subject import IgnoreSubject

__all__ = ["apply_ignores", "read_inline_ignores"]

# ignore[CA105, CA103] until 2027-01-31: the reason; ignore-file holds for the whole report
_IGNORE_COMMENT = compile_lazily(
    r"ignore(?P<file>-file)?\s*(?:\[(?P<rules>[^\]\n]*)\])?"
    r"(?:\s+until\s+(?P<until>\d{4}-\d\d-\d\d))?[\s:]*(?P<reason>[^\n]*)"
)


def read_inline_ignores(report: Report) -> list[Ignore]:
    """The ignores written in a report's comments."""
    ignores = []
    for comment in report.comments:
        if (match := _IGNORE_COMMENT.fullmatch(comment.text)) is None:
            continue
        rules = tuple(name.strip() for name in (match["rules"] or "").split(",") if name.strip())
        try:
            until = date.fromisoformat(match["until"]) if match["until"] else None
        except ValueError:
            until = date.min
        line, origin = None if match["file"] else comment.about_line, (report.path, comment.line)
        ignores.append(Ignore(match["reason"], until, report=report.path, rules=rules, line=line, origin=origin))
    return ignores


def apply_ignores(audit: Audit, ignores: Sequence[Ignore], today: date) -> Audit:
    """The audit with findings marked as ignored, and with findings about the ignores that need attention."""
    active_ignores = [i for i in ignores if i.reason and (i.until is None or i.until >= today)]
    used_indexes: set[int] = set()
    findings: dict[str, tuple[Finding, ...]] = {}
    for path, report_findings in audit.findings.items():
        updated_findings = []
        for finding in report_findings:
            covering_indexes = [i for i, ignore in enumerate(active_ignores) if ignore_covers(ignore, finding, path)]
            used_indexes.update(covering_indexes)
            updated_findings.append(
                replace(finding, state=FindingState.IGNORED, ignore_reason=active_ignores[covering_indexes[0]].reason)
                if covering_indexes
                else finding
            )
        findings[path] = tuple(updated_findings)
    unused = tuple(ignore for i, ignore in enumerate(active_ignores) if i not in used_indexes)
    subject = IgnoreSubject(audit=audit, ignores=tuple(ignores), unused=unused, today=today)
    rules = load_catalogue()
    advice = [finding for code, find in IGNORE_FINDERS.items() for finding in find(rules[code], subject)]
    for ignore_finding in advice:
        path = ignore_finding.location.path if ignore_finding.location.path in findings else next(iter(findings), "")
        if path:
            findings[path] = (*findings[path], ignore_finding)
    return replace(audit, findings=findings)
