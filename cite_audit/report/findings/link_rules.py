"""Advice on what became of links (CA1xx), from their verdicts alone; a link that was not checked gives none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from cite_audit.model import (
    Applicability,
    Citation,
    Finding,
    Fix,
    Health,
    Reason,
    RuleObservation,
    Verdict,
    VerdictState,
)
from cite_audit.report.findings.mementos import suggest_memento
from cite_audit.report.findings.rules import FindingRule, build_citation_finding, format_sentence
from cite_audit.report.findings.subject import RuleSubject, is_unreadable

MIN_ERROR_CONFIDENCE = 0.8  # a suspicion below it is no error yet (docs/decisions/0706)
MAX_EVIDENCE_SENTENCES = 2  # sentences of evidence in a message; all of it stands beside the link


def find_judged_links(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    """One finding for each citation whose verdict the rule speaks of (its `on`)."""
    for citation, verdict in subject.citations_by_rule.get(rule.code, ()):
        yield _build_link_finding(rule, citation, verdict, subject.report.published)


def find_invalid_links(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    """One finding for each invalid address, but for those that CA301 shows to be unreadable from the print alone."""
    for citation, verdict in subject.citations_by_rule.get(rule.code, ()):
        if not is_unreadable(citation.link):
            yield _build_link_finding(rule, citation, verdict, subject.report.published)


def find_moved_links(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    """One finding for each citation of a page that has moved, with its new address."""
    for citation, verdict in subject.citations_by_rule.get(rule.code, ()):
        new_address = verdict.moved_to
        fixes = (Fix(Applicability.UNSAFE, new_address, "the page's new address"),) if new_address else ()
        is_spelling = verdict.probe is not None and verdict.probe.url != verdict.url.partition("#")[0]
        yield build_citation_finding(rule.code, citation, _describe_verdict(verdict), fixes, otherwise=is_spelling)


def find_new_homes(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    """One finding for each citation of a page that is gone and was found elsewhere."""
    for citation, verdict in subject.checked_citations:
        for home in verdict.suggestions[:1] if verdict.never_seen is None else ():
            details = f"{home.url}: {'; '.join(home.evidence)}."
            fixes = (Fix(Applicability.UNSAFE, home.url, "the page's new home"),)
            yield build_citation_finding(rule.code, citation, details, fixes)


def _build_link_finding(rule: FindingRule, citation: Citation, verdict: Verdict, published: date | None) -> Finding:
    needs_copy = verdict.health is Health.BROKEN or verdict.reason in (Reason.DRIFTED, Reason.TLS_FAILURE)
    fixes = suggest_memento(verdict, published) if needs_copy else ()
    finding = build_citation_finding(rule.code, citation, _describe_verdict(verdict), fixes)
    is_doubtful = verdict.state == VerdictState.SUSPECTED and verdict.confidence < MIN_ERROR_CONFIDENCE
    return replace(finding, severity=rule.doubtful) if rule.doubtful and is_doubtful else finding


def _describe_verdict(verdict: Verdict) -> str:
    details = join_evidence(verdict.evidence)
    if verdict.state == VerdictState.SUSPECTED and verdict.health is Health.BROKEN:
        return f"{details} Suspected so far: a run on another day confirms it or clears it.".strip()
    return details


def join_evidence(evidence: tuple[str, ...]) -> str:
    """The first evidence as sentences, without the rules of the judge behind it, which are too much for an editor."""
    statements = dict.fromkeys(
        observation.statement if isinstance(observation, RuleObservation) else observation for observation in evidence
    )
    return " ".join(format_sentence(text) for text in [text for text in statements if text][:MAX_EVIDENCE_SENTENCES])
