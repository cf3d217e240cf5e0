"""The policy: severities, ignores and baseline applied to findings, and which of them fail a run. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from cite_audit.config.settings import Policy
from cite_audit.errors import UsageError
from cite_audit.model import Audit, FailOn, Finding, FindingState, Grade, Health, Severity
from cite_audit.report.counts import format_count
from cite_audit.report.findings.rules import find_rule, suggest_rule

if TYPE_CHECKING:
    from cite_audit.report.findings.baseline import Baseline, RelativePath

__all__ = [
    "FAIL_ON",
    "GRADES",
    "apply_policy",
    "check_policy",
    "explain_too_many_unknown",
    "find_failing",
    "find_low_grades",
]

FAIL_ON = tuple(FailOn)  # the most severe first
OFF = "off"  # the severity of a rule that is not applied
GRADES = ("A+", "A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D+", "D", "D-", "F")


def check_policy(policy: Policy) -> None:
    """Raises UsageError, naming the choices, for a policy that is not valid."""
    if policy.fail_on not in FAIL_ON:
        raise UsageError(f"fail-on: {policy.fail_on!r} is none of {', '.join(FAIL_ON)}")
    if policy.fail_grade and policy.fail_grade.upper() not in GRADES:
        raise UsageError(f"fail-grade: {policy.fail_grade!r} is none of {', '.join(GRADES)}")
    if policy.max_unknown and not re.fullmatch(r"\d+(?:\.\d+)?%|\d+", policy.max_unknown):
        raise UsageError(f"max-unknown: {policy.max_unknown!r} is neither a count (10) nor a share (20%)")
    for name, severity in policy.severities.items():
        if find_rule(name) is None:
            raise UsageError(
                f"severity: there is no rule {name!r}{suggest_rule(name) or '; cite-audit explain lists them'}"
            )
        if severity not in (*Severity, OFF):
            raise UsageError(f"severity of {name}: {severity!r} is none of {', '.join((*Severity, OFF))}")


def apply_policy(
    audit: Audit,
    policy: Policy,
    *,
    baseline: Baseline | None = None,
    relative: RelativePath = str,
    today: date,
) -> Audit:
    """The audit with the policy's severities and with each finding's state: new, known, resolved or ignored.

    `relative` writes a report's path as the baseline does. Ignores written in the reports count like the policy's.
    """
    from cite_audit.report.findings import ignores as ignoring  # every finder; what checks a policy alone needs none
    from cite_audit.report.findings.baseline import apply_baseline

    overrides = {
        rule.code: severity for name, severity in policy.severities.items() if (rule := find_rule(name)) is not None
    }
    findings = {
        path: tuple(_override_severity(finding, overrides.get(finding.rule, "")) for finding in report_findings)
        for path, report_findings in audit.findings.items()
    }
    kept_findings = {
        path: tuple(f for f in report_findings if f is not None) for path, report_findings in findings.items()
    }
    inline_ignores = [ignore for report in audit.reports for ignore in ignoring.read_inline_ignores(report)]
    audit = ignoring.apply_ignores(replace(audit, findings=kept_findings), (*policy.ignores, *inline_ignores), today)
    return apply_baseline(audit, baseline, relative) if baseline is not None else audit


def _override_severity(finding: Finding, severity: str) -> Finding | None:
    if severity == OFF:
        return None
    return replace(finding, severity=Severity(severity)) if severity else finding


def find_failing(audit: Audit, policy: Policy) -> list[Finding]:
    """The new findings at or above `fail_on`."""
    if policy.fail_on == FailOn.NEVER:
        return []
    threshold = FAIL_ON.index(FailOn(policy.fail_on))
    return [
        finding
        for report_findings in audit.findings.values()
        for finding in report_findings
        if finding.state == FindingState.NEW and FAIL_ON.index(FailOn(finding.severity)) <= threshold
    ]


def explain_too_many_unknown(audit: Audit, policy: Policy) -> str:
    """A sentence where more links could not be judged than `max_unknown` allows; else empty."""
    if not policy.max_unknown:
        return ""
    unknown = sum(verdict.health is Health.UNKNOWN for verdict in audit.verdicts.values())
    is_share = policy.max_unknown.endswith("%")
    allowed = float(policy.max_unknown.rstrip("%"))
    value = 100 * unknown / max(len(audit.verdicts), 1) if is_share else unknown
    message = f"{format_count(unknown, 'link')} could not be judged (at most {policy.max_unknown} allowed)"
    return message if value > allowed else ""


def find_low_grades(grades: Mapping[str, Grade], policy: Policy) -> list[str]:
    """The reports graded below `fail_grade`, each with its letter."""
    if not policy.fail_grade:
        return []
    threshold = GRADES.index(policy.fail_grade.upper())
    letters = ((path, grade.letter) for path, grade in grades.items())
    return [f"{path} ({letter})" for path, letter in letters if letter in GRADES and GRADES.index(letter) > threshold]
