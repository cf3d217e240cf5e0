"""The facts of each citation's sentence, before the pages are read and after: a step of `pipeline`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cite_audit.errors import describe_own_fault
from cite_audit.model import Report

if TYPE_CHECKING:
    from cite_audit.resolve.check.run import Resolution
    from cite_audit.resolve.judge.look import Evidence

MAX_LINKS = 1000  # of a run whose pages are searched: 9 ms a page of 30 kB


@dataclass(slots=True)
class SentenceFacts:
    """The step of one audit. A help to the reader: a report that it fails for goes on without, and a remark says so."""

    remarks: list[str] = field(default_factory=list)

    def attach_facts(self, reports: tuple[Report, ...]) -> tuple[Report, ...]:
        """The reports; each citation has the facts of its sentence, in a run of at most `MAX_LINKS` links."""
        from cite_audit.parse.facts.attachment import attach_facts

        if len({citation.link.url for report in reports for citation in report.citations}) > MAX_LINKS:
            return reports
        return tuple(self._try("read", attach_facts, report) for report in reports)

    def answer_reports(self, reports: tuple[Report, ...], resolution: Resolution) -> tuple[Report, ...]:
        """The reports; each citation says what of its facts stands on its page."""
        from cite_audit.resolve.judge.claims.note_answers import answer_report

        run_facts = resolution.run_facts
        if run_facts is None:
            return reports
        return tuple(
            self._try("looked for", lambda it: answer_report(it, run_facts, resolution.verdicts), report)
            for report in reports
        )

    def _try(self, what: str, step: Callable[[Report], Report], report: Report) -> Report:
        try:
            return step(report)
        except Exception as error:  # of this program: no report is lost for it
            self.remarks.append(
                f"{report.path}: the facts of its sentences were not {what}, {describe_own_fault(error)}"
            )
            return report


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
