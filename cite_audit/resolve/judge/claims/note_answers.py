"""Links of one note are judged together: where one page says it, no other page is called the wrong one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cite_audit.model import Citation, FactAnswer, PageFacts, Report, Verdict
from cite_audit.resolve.judge.claims.run_facts import RunFacts


def answer_report(report: Report, run_facts: RunFacts, verdicts: Mapping[str, Verdict]) -> Report:
    """The report; each citation whose sentence has facts says what of them stands on its page."""
    answers = [_answer_citation(citation, run_facts, verdicts) for citation in report.citations]
    by_note: dict[tuple[int, int | None, str], list[PageFacts]] = {}
    for citation, answer in zip(report.citations, answers, strict=True):
        if answer is not None:
            by_note.setdefault(_claim_of(citation), []).append(answer)
    citations = tuple(
        citation if answer is None else replace(citation, page_facts=_weigh(answer, by_note[_claim_of(citation)]))
        for citation, answer in zip(report.citations, answers, strict=True)
    )
    return replace(report, citations=citations)


def _claim_of(citation: Citation) -> tuple[int, int | None, str]:
    return citation.section, citation.note, citation.sentence


def _answer_citation(citation: Citation, run_facts: RunFacts, verdicts: Mapping[str, Verdict]) -> PageFacts | None:
    verdict = verdicts.get(citation.link.url)
    if verdict is None or not citation.facts:
        return None
    return run_facts.answer(citation.link.url, citation.facts, verdict.health)


def _weigh(answer: PageFacts, of_note: list[PageFacts]) -> PageFacts:
    others = [other for other in of_note if other is not answer]
    if answer.answer is not FactAnswer.NONE or all(other.answer is FactAnswer.NONE for other in others):
        return answer
    is_said = any(other.answer is FactAnswer.MENTIONS for other in others)
    reason = "another link of the note mentions them" if is_said else "another link of the note could not be searched"
    return replace(answer, answer=FactAnswer.CANNOT_TELL, reason=reason)
