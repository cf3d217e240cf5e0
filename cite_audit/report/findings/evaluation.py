"""From verdicts, notes and sources to advice: which rule speaks where, and what would mend it.

Nothing is judged here: whether a page is gone is the verdict's word, and what an ignore or a baseline makes of a
finding is the policy's. What was not checked gives no finding at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from cite_audit.config.settings import Grading
from cite_audit.model import (
    Archived,
    Citation,
    Finding,
    Fix,
    Grade,
    Health,
    Memento,
    Reason,
    Report,
    Source,
    Verdict,
)
from cite_audit.report.findings.reading_rules import find_reading_problems, is_unreadable
from cite_audit.report.findings.rules import build_finding, find_rule_for_verdict, format_sentence
from cite_audit.report.findings.sourcing_rules import find_sourcing_problems

__all__ = ["FAR_DAYS", "best_memento", "distance_in_days", "evaluate_report"]

FAR_DAYS = 180  # a capture further than this from the report is worth a word (CA204)
MIN_ERROR_CONFIDENCE = 0.8  # below it a suspicion has not the weight of an error yet (docs/decisions/0706)
SAFE_FIX_CONFIDENCE = 0.9  # a verdict or repair at least this sure may be mended without asking


def evaluate_report(
    report: Report,
    verdicts: Mapping[str, Verdict],
    sources: Mapping[str, Source],
    grade: Grade,
    now: datetime,
    *,
    settings: Grading | None = None,
) -> tuple[Finding, ...]:
    """Everything worth telling about one report, in the order of its notes; unchecked links give nothing."""
    findings = [*find_reading_problems(report), *find_sourcing_problems(report, sources, grade, settings or Grading())]
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


def _build_citation_finding(code: str, citation: Citation, details: str = "", fixes: tuple[Fix, ...] = ()) -> Finding:
    return build_finding(code, citation.location, details, note=citation.note, url=citation.link.url, fixes=fixes)


def _find_live_problems(citation: Citation, verdict: Verdict, published: date | None) -> Iterator[Finding]:
    rule = find_rule_for_verdict(verdict.health, verdict.reason)
    if rule is None or (verdict.reason is Reason.INVALID and is_unreadable(citation.link)):
        return  # CA301 says it already, from the print alone
    details = _join_evidence(observation.text for observation in verdict.evidence)
    if verdict.state == "suspected" and verdict.health is Health.BROKEN:
        details = f"{details} Suspected so far: a run on another day confirms it or clears it.".strip()
    if rule.code == "CA104" and verdict.moved_to:
        yield _build_citation_finding(
            rule.code, citation, details, (Fix("unsafe", verdict.moved_to, "the page's new address"),)
        )
        return
    needs_copy = verdict.health is Health.BROKEN or verdict.reason in (Reason.DRIFTED, Reason.TLS_FAILURE)
    finding = _build_citation_finding(
        rule.code, citation, details, _suggest_memento(verdict, published) if needs_copy else ()
    )
    is_doubtful = verdict.state == "suspected" and verdict.confidence < MIN_ERROR_CONFIDENCE
    yield replace(finding, severity=rule.doubtful) if rule.doubtful and is_doubtful else finding


def _suggest_memento(verdict: Verdict, published: date | None) -> tuple[Fix, ...]:
    memento = best_memento(verdict)
    if memento is None or not memento.is_good:
        return ()
    is_sure = (
        verdict.health is Health.BROKEN and verdict.confidence >= SAFE_FIX_CONFIDENCE and verdict.state == "confirmed"
    )
    is_near = published is not None and abs(distance_in_days(memento, published)) <= FAR_DAYS
    return (Fix("safe" if is_sure and is_near else "unsafe", memento.uri_m, _describe_capture(memento, published)),)


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
            yield _build_citation_finding("CA202", citation, details)
        elif verdict.health is not Health.SKIPPED:
            yield _build_citation_finding("CA201", citation, details)
    elif verdict.archived is Archived.ARCHIVED_BAD:
        yield _build_citation_finding("CA203", citation, details or _describe_memento_faults(memento))
    elif verdict.archived is Archived.EXCLUDED:
        yield _build_citation_finding("CA205", citation, details)
    elif memento is not None and published is not None and abs(distance_in_days(memento, published)) > FAR_DAYS:
        yield _build_citation_finding("CA204", citation, f"{_describe_capture(memento, published).capitalize()}.")


def _describe_memento_faults(memento: Memento | None) -> str:
    return f"What speaks against it: {', '.join(memento.quality)}." if memento and memento.quality else ""


MAX_EVIDENCE_SENTENCES = 2  # sentences of evidence in a message; all of it stands beside the link


def _join_evidence(evidence: Iterable[str]) -> str:
    """The first evidence as sentences: each begins with a capital and ends with a stop."""
    sentences = dict.fromkeys(text.strip() for text in evidence)
    return " ".join(format_sentence(text) for text in [text for text in sentences if text][:MAX_EVIDENCE_SENTENCES])
