"""Advice on archived copies (CA2xx), from what the archives that were asked have said."""

from __future__ import annotations

from collections.abc import Iterator

from cite_audit.model import Archived, Citation, Finding, Health, Memento, Verdict
from cite_audit.report.findings.link_rules import join_evidence
from cite_audit.report.findings.mementos import best_memento, describe_capture, is_far, suggest_memento
from cite_audit.report.findings.rules import FindingRule, build_citation_finding
from cite_audit.report.findings.subject import RuleSubject
from cite_audit.urls import Wrapping, unwrap_url

# What CA201, CA202, CA203 and CA205 speak of; of all else CA204 may speak.
NO_GOOD_COPY = (Archived.NOT_ARCHIVED, Archived.ARCHIVED_BAD, Archived.EXCLUDED)


def find_unarchived_links(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    for citation, verdict in _citations_with(Archived.NOT_ARCHIVED, subject):
        if verdict.health not in (Health.BROKEN, Health.SKIPPED):
            yield build_citation_finding(rule.code, citation, join_evidence(verdict.archive_evidence))


def find_lost_sources(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    for citation, verdict in _citations_with(Archived.NOT_ARCHIVED, subject):
        if verdict.health is Health.BROKEN:
            yield build_citation_finding(rule.code, citation, join_evidence(verdict.archive_evidence))


def find_bad_captures(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    for citation, verdict in _citations_with(Archived.ARCHIVED_BAD, subject):
        if _cites_capture(citation):
            continue
        details = join_evidence(verdict.archive_evidence) or _describe_memento_faults(best_memento(verdict))
        yield build_citation_finding(rule.code, citation, details, otherwise=_is_suspicion(verdict))


def find_bad_cited_captures(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    for citation, verdict in _citations_with(Archived.ARCHIVED_BAD, subject):
        if _cites_capture(citation):
            fixes = suggest_memento(verdict, subject.report.published)
            details = join_evidence(verdict.archive_evidence)
            yield build_citation_finding(rule.code, citation, details, fixes, otherwise=_is_suspicion(verdict))


def find_far_captures(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    published = subject.report.published
    for citation, verdict in subject.checked_citations if published is not None else ():
        memento = None if verdict.archived in NO_GOOD_COPY else best_memento(verdict)
        if published is not None and memento is not None and is_far(memento, published):
            details = f"{describe_capture(memento, published).capitalize()}."
            yield build_citation_finding(rule.code, citation, details)


def find_excluded_links(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    for citation, verdict in _citations_with(Archived.EXCLUDED, subject):
        yield build_citation_finding(rule.code, citation, join_evidence(verdict.archive_evidence))


def _citations_with(outcome: Archived, subject: RuleSubject) -> Iterator[tuple[Citation, Verdict]]:
    return ((citation, verdict) for citation, verdict in subject.checked_citations if verdict.archived is outcome)


def _cites_capture(citation: Citation) -> bool:
    """Whether the cited address is that of an archived copy."""
    inner = unwrap_url(citation.link.url)
    return inner is not None and inner.via == Wrapping.ARCHIVE


def _is_suspicion(verdict: Verdict) -> bool:
    """Whether one of the captures at least may be good: its defects are suspicions."""
    return any(memento.is_suspect for memento in verdict.mementos)


def _describe_memento_faults(memento: Memento | None) -> str:
    return f"What speaks against it: {', '.join(memento.quality)}." if memento and memento.quality else ""
