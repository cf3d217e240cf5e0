"""From verdicts, notes and sources to findings: which rule applies where, and which fixes it suggests.

Nothing is judged here: the verdict says whether a page is gone, and the policy applies ignores and the baseline.
What was not checked gives no finding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from cite_audit.config.settings import Grading
from cite_audit.model import (
    Applicability,
    Archived,
    Citation,
    Finding,
    Fix,
    Grade,
    Health,
    Memento,
    Reason,
    Report,
    RuleObservation,
    Source,
    Verdict,
    VerdictState,
)
from cite_audit.report.findings.reading_rules import find_reading_problems, is_unreadable
from cite_audit.report.findings.rules import (
    build_citation_finding,
    find_rule_for_verdict,
    format_sentence,
)
from cite_audit.report.findings.sourcing_rules import find_sourcing_problems
from cite_audit.report.grading import grade_with_basis
from cite_audit.report.grading.measures import GradeBasis

__all__ = ["FAR_DAYS", "best_memento", "distance_in_days", "evaluate_report"]

FAR_DAYS = 180  # a capture further than this from the report is a finding (CA204)
MIN_ERROR_CONFIDENCE = 0.8  # a suspicion below it is not an error yet (docs/decisions/0706)
SAFE_FIX_CONFIDENCE = 0.9  # a verdict or repair at least this sure may be applied without asking


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
    findings = [*find_reading_problems(report), *find_sourcing_problems(report, sources, grade, basis)]
    checked_places: set[tuple[int | None, int, str]] = set()
    for citation in report.citations:
        place = (citation.note, citation.section, citation.link.url)
        verdict = verdicts.get(citation.link.url)
        if verdict is None or place in checked_places:
            continue
        checked_places.add(place)
        findings += _find_live_problems(citation, verdict, report.published)
        findings += _find_archive_problems(citation, verdict, report.published)
    return tuple(sorted(findings, key=_finding_order))


def _finding_order(finding: Finding) -> tuple[int, int, str]:
    return (finding.location.line, finding.location.column, finding.rule)


def _find_live_problems(citation: Citation, verdict: Verdict, published: date | None) -> Iterator[Finding]:
    rule = find_rule_for_verdict(verdict.health, verdict.reason)
    if rule is None or (verdict.reason is Reason.INVALID and is_unreadable(citation.link)):
        return  # CA301 covers it
    details = _join_evidence(verdict.evidence)
    if verdict.state == VerdictState.SUSPECTED and verdict.health is Health.BROKEN:
        details = f"{details} Suspected so far: a run on another day confirms it or clears it.".strip()
    if rule.code == "CA104" and verdict.moved_to:
        yield build_citation_finding(
            rule.code, citation, details, (Fix(Applicability.UNSAFE, verdict.moved_to, "the page's new address"),)
        )
        return
    needs_copy = verdict.health is Health.BROKEN or verdict.reason in (Reason.DRIFTED, Reason.TLS_FAILURE)
    finding = build_citation_finding(
        rule.code, citation, details, _suggest_memento(verdict, published) if needs_copy else ()
    )
    is_doubtful = verdict.state == VerdictState.SUSPECTED and verdict.confidence < MIN_ERROR_CONFIDENCE
    yield replace(finding, severity=rule.doubtful) if rule.doubtful and is_doubtful else finding


def _suggest_memento(verdict: Verdict, published: date | None) -> tuple[Fix, ...]:
    memento = best_memento(verdict)
    if memento is None or not memento.is_good:
        return ()
    is_sure = (
        verdict.health is Health.BROKEN
        and verdict.confidence >= SAFE_FIX_CONFIDENCE
        and verdict.state == VerdictState.CONFIRMED
    )
    is_near = published is not None and abs(distance_in_days(memento, published)) <= FAR_DAYS
    applicability = Applicability.SAFE if is_sure and is_near else Applicability.UNSAFE
    return (Fix(applicability, memento.uri_m, _describe_capture(memento, published)),)


def best_memento(verdict: Verdict) -> Memento | None:
    """The memento the archives put first among the good ones, else the first of any."""
    return next(
        (memento for memento in verdict.mementos if memento.is_good), verdict.mementos[0] if verdict.mementos else None
    )


def distance_in_days(memento: Memento, day: date) -> int:
    """Days from `day` to the capture; negative when the capture is older."""
    return (memento.captured_at.date() - day).days


def _describe_capture(memento: Memento, published: date | None) -> str:
    text = f"captured {memento.captured_at:%Y-%m-%d}"
    if published is None:
        return text
    days = distance_in_days(memento, published)
    if days == 0:
        return f"{text}, on the day of the report"
    plural = "day" if abs(days) == 1 else "days"
    return f"{text}, {abs(days):,} {plural} {'after' if days > 0 else 'before'} the report"


def _find_archive_problems(citation: Citation, verdict: Verdict, published: date | None) -> Iterator[Finding]:
    memento = best_memento(verdict)
    details = _join_evidence(verdict.archive_evidence)
    if verdict.archived is Archived.NOT_ARCHIVED:
        if verdict.health is Health.BROKEN:
            yield build_citation_finding("CA202", citation, details)
        elif verdict.health is not Health.SKIPPED:
            yield build_citation_finding("CA201", citation, details)
    elif verdict.archived is Archived.ARCHIVED_BAD:
        yield build_citation_finding("CA203", citation, details or _describe_memento_faults(memento))
    elif verdict.archived is Archived.EXCLUDED:
        yield build_citation_finding("CA205", citation, details)
    elif memento is not None and published is not None and abs(distance_in_days(memento, published)) > FAR_DAYS:
        yield build_citation_finding("CA204", citation, f"{_describe_capture(memento, published).capitalize()}.")


def _describe_memento_faults(memento: Memento | None) -> str:
    return f"What speaks against it: {', '.join(memento.quality)}." if memento and memento.quality else ""


MAX_EVIDENCE_SENTENCES = 2  # of evidence in a message; the document has all of it


def _join_evidence(evidence: tuple[str, ...]) -> str:
    """The first evidence as sentences, without the rules of the judge behind it, which are too much for an editor."""
    statements = dict.fromkeys(
        observation.statement if isinstance(observation, RuleObservation) else observation for observation in evidence
    )
    return " ".join(format_sentence(text) for text in [text for text in statements if text][:MAX_EVIDENCE_SENTENCES])
