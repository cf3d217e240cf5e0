"""A report with the facts of each citation's sentence."""

from __future__ import annotations

from dataclasses import replace

from cite_audit.model import Report
from cite_audit.parse.facts.extraction import extract_facts
from cite_audit.parse.facts.names import WordForms
from cite_audit.prose.language import detect_language


def attach_facts(report: Report) -> Report:
    """The report; each citation has the facts of the sentence that rests on it."""
    sentences = [citation.sentence for citation in report.citations]
    distinct = dict.fromkeys([*sentences, *(marker.sentence for marker in report.markers)])
    forms, language = WordForms(distinct), (detect_language(" ".join(distinct)) or report.language[:2])
    facts = {sentence: extract_facts(sentence, forms, language) for sentence in dict.fromkeys(sentences) if sentence}
    citations = tuple(
        replace(citation, facts=facts[sentence], facts_language=language) if sentence else citation
        for citation, sentence in zip(report.citations, sentences, strict=True)
    )
    return replace(report, citations=citations)
