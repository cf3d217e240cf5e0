"""From verdicts, notes and sources to advice: which rule speaks where, and what would mend it.

Nothing is judged here: whether a page is gone is the verdict's word, and what an ignore or a baseline makes of a
finding is the policy's. What was not checked gives no finding at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from cite_audit.config import Grading
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
from cite_audit.report.reading_rules import reading, unreadable
from cite_audit.report.rules import advise, rule_for, sentence
from cite_audit.report.sourcing_rules import sourcing

__all__ = ["FAR_DAYS", "best_memento", "distance", "find"]

FAR_DAYS = 180  # a capture further than this from the report is worth a word (CA204)
DOUBTFUL = 0.8  # below it a suspicion has not the weight of an error yet (docs/decisions/0706)
SURE = 0.9  # a verdict or repair at least this sure may be mended without asking


def find(
    report: Report,
    verdicts: Mapping[str, Verdict],
    sources: Mapping[str, Source],
    grade: Grade,
    now: datetime,
    *,
    settings: Grading | None = None,
) -> tuple[Finding, ...]:
    """Everything worth telling about one report, in the order of its notes; unchecked links give nothing."""
    found = [*reading(report), *sourcing(report, sources, grade, settings or Grading())]
    seen: set[tuple[int | None, int, str]] = set()
    for citation in report.citations:
        place = (citation.note, citation.section, citation.link.url)
        verdict = verdicts.get(citation.link.url)
        if verdict is None or place in seen:
            continue
        seen.add(place)
        found += _live(citation, verdict, report.published)
        found += _archive(citation, verdict, report.published)
    return tuple(sorted(found, key=_order))


def _order(finding: Finding) -> tuple[int, int, str]:
    return (finding.location.line, finding.location.column, finding.rule)


def _cited(code: str, citation: Citation, details: str = "", fixes: tuple[Fix, ...] = ()) -> Finding:
    return advise(code, citation.location, details, note=citation.note, url=citation.link.url, fixes=fixes)


def _live(citation: Citation, verdict: Verdict, published: date | None) -> Iterator[Finding]:
    rule = rule_for(verdict.health, verdict.reason)
    if rule is None or (verdict.reason is Reason.INVALID and unreadable(citation.link)):
        return  # CA301 says it already, from the print alone
    details = _sentences(verdict.evidence)
    if verdict.state == "suspected" and verdict.health is Health.BROKEN:
        details = f"{details} Suspected so far: a run on another day confirms it or clears it.".strip()
    if rule.code == "CA104" and verdict.moved_to:
        yield _cited(rule.code, citation, details, (Fix("unsafe", verdict.moved_to, "the page's new address"),))
        return
    archived = verdict.health is Health.BROKEN or verdict.reason in (Reason.DRIFTED, Reason.TLS_FAILURE)
    finding = _cited(rule.code, citation, details, _replacement(verdict, published) if archived else ())
    doubtful = verdict.state == "suspected" and verdict.confidence < DOUBTFUL
    yield replace(finding, severity=rule.doubtful) if rule.doubtful and doubtful else finding


def _replacement(verdict: Verdict, published: date | None) -> tuple[Fix, ...]:
    memento = best_memento(verdict)
    if memento is None or not memento.good:
        return ()
    sure = verdict.health is Health.BROKEN and verdict.confidence >= SURE and verdict.state == "confirmed"
    near = published is not None and abs(distance(memento, published)) <= FAR_DAYS
    return (Fix("safe" if sure and near else "unsafe", memento.uri_m, _captured(memento, published)),)


def best_memento(verdict: Verdict) -> Memento | None:
    """The memento the archives put first among the good ones, else the first of any."""
    return next((m for m in verdict.mementos if m.good), verdict.mementos[0] if verdict.mementos else None)


def distance(memento: Memento, day: date) -> int:
    """Days from `day` to the capture; negative when the capture is older."""
    return (memento.captured_at.date() - day).days


def _captured(memento: Memento, published: date | None) -> str:
    text = f"captured {memento.captured_at:%Y-%m-%d}"
    if published is None:
        return text
    days = distance(memento, published)
    if days == 0:
        return f"{text}, on the day of the report"
    plural = "day" if abs(days) == 1 else "days"
    return f"{text}, {abs(days):,} {plural} {'after' if days > 0 else 'before'} the report"


def _archive(citation: Citation, verdict: Verdict, published: date | None) -> Iterator[Finding]:
    memento = best_memento(verdict)
    details = _sentences(verdict.archive_evidence)
    if verdict.archived is Archived.NOT_ARCHIVED:
        if verdict.health is Health.BROKEN:
            yield _cited("CA202", citation, details)
        elif verdict.health is not Health.SKIPPED:
            yield _cited("CA201", citation, details)
    elif verdict.archived is Archived.ARCHIVED_BAD:
        yield _cited("CA203", citation, details or _faults(memento))
    elif verdict.archived is Archived.EXCLUDED:
        yield _cited("CA205", citation, details)
    elif memento is not None and published is not None and abs(distance(memento, published)) > FAR_DAYS:
        yield _cited("CA204", citation, f"{_captured(memento, published).capitalize()}.")


def _faults(memento: Memento | None) -> str:
    return f"What speaks against it: {', '.join(memento.quality)}." if memento and memento.quality else ""


# where a rule of the judge stands in its evidence: kept in the JSON, too much for a sentence to an editor
_SOURCE = re.compile(r"\s*\((?:rule|adapter) [^()]*(?:\([^()]*\)[^()]*)*\)")
TOLD = 2  # sentences of evidence in a message; all of it stands beside the link


def _sentences(evidence: tuple[str, ...]) -> str:
    """The first evidence as sentences: each begins with a capital and ends with a stop."""
    told = dict.fromkeys(_SOURCE.sub("", text).strip() for text in evidence)
    return " ".join(sentence(text) for text in [text for text in told if text][:TOLD])
