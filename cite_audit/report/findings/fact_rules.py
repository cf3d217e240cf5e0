"""Advice on what pages say of the sentences that cite them (CA5xx)."""

from __future__ import annotations

from collections.abc import Iterator

from cite_audit.model import FactAnswer, Finding
from cite_audit.report.findings.rules import FindingRule, build_citation_finding
from cite_audit.report.findings.subject import RuleSubject


def find_unmentioned_facts(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    for citation in subject.readable_citations:
        answer = citation.page_facts
        if answer is not None and answer.answer is FactAnswer.NONE:
            details = (
                f"None of the {answer.telling} telling names and numbers of the sentence was found on the page, "
                "which mentions other names of this report. Please look."
            )
            yield build_citation_finding(rule.code, citation, details)
