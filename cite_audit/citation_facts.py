"""The facts of each citation's sentence, before the pages are read and after: a step of `pipeline`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cite_audit.model import Report

if TYPE_CHECKING:
    from cite_audit.resolve.check.checker import Resolution
    from cite_audit.resolve.judge.look import Evidence


def attach_report_facts(reports: Iterable[Report]) -> tuple[Report, ...]:
    """The reports with the facts of their sentences; one without them where that fails, by a fault of this program."""
    return tuple(map(_attach_facts, reports))


def _attach_facts(report: Report) -> Report:
    from cite_audit.parse.facts.attachment import attach_facts

    try:
        return attach_facts(report)
    except Exception:  # a help to the reader: an audit does not fail for it
        return report


def answer_reports(reports: tuple[Report, ...], resolution: Resolution) -> tuple[Report, ...]:
    """The reports; each citation says what of its facts stands on its page."""
    from cite_audit.resolve.judge.claims.note_answers import answer_report

    if resolution.run_facts is None:
        return reports
    return tuple(answer_report(report, resolution.run_facts, resolution.verdicts) for report in reports)


def describe_quotes(evidence: Evidence, sentences: Iterable[str]) -> list[str]:
    """For `why --quote`: what of each sentence stands on the page that the looks showed, a line a fact."""
    from cite_audit.parse.facts.extraction import extract_facts
    from cite_audit.parse.facts.names import WordForms
    from cite_audit.prose.language import detect_language
    from cite_audit.resolve.judge.claims.answer import match_page
    from cite_audit.resolve.judge.claims.page_text import index_page
    from cite_audit.resolve.judge.page.text import sanitize_page_text

    page = index_page(evidence)
    if page is None:
        return ["the page has no text that can be searched"]
    lines = []
    for sentence in sentences:
        facts = extract_facts(sentence, WordForms([sentence]), detect_language(sentence))
        found = match_page(page, facts, detect_language(sentence), ()).found
        for fact in facts:
            snippet = f"…{found[fact.key].snippet}…" if fact.key in found else "not found by us"
            lines.append(sanitize_page_text(f"{fact.text}: {snippet}"))
    return lines or ["no quotation, number, day or name to look for"]
