"""From verdicts, notes and sources to findings: every rule of the registry looks at the report.

Nothing is judged here: the verdict says whether a page is gone, and the policy applies ignores and the baseline.
What was not checked gives no finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from cite_audit.config.settings import Grading
from cite_audit.model import Finding, Grade, Report, Source, Verdict
from cite_audit.report.findings.finders import FINDERS
from cite_audit.report.findings.rules import load_catalogue
from cite_audit.report.findings.subject import RuleSubject
from cite_audit.report.grading import grade_with_basis
from cite_audit.report.grading.measures import GradeBasis

__all__ = ["evaluate_report"]


def evaluate_report(
    report: Report,
    verdicts: Mapping[str, Verdict],
    sources: Mapping[str, Source],
    grade: Grade,
    now: datetime,
    *,
    basis: GradeBasis | None = None,
    settings: Grading | None = None,
) -> tuple[Finding, ...]:
    """All findings of one report, in the order of its notes; links that were not checked give none.

    `basis` is what `grade` was made of, from `grade_with_basis`; without it the sources are measured here, as
    `settings` says.
    """
    if basis is None:
        basis = grade_with_basis(report, {}, sources, settings or Grading())[1]
    subject = RuleSubject(report=report, verdicts=verdicts, sources=sources, grade=grade, basis=basis, today=now.date())
    rules = load_catalogue()
    findings = [finding for code, find in FINDERS.items() for finding in find(rules[code], subject)]
    return tuple(sorted(findings, key=_finding_order))


def _finding_order(finding: Finding) -> tuple[int, int, str]:
    return (finding.location.line, finding.location.column, finding.rule)
