"""A report with the facts of each citation's sentence."""

from __future__ import annotations

from dataclasses import replace

from cite_audit.model import Citation, Report
from cite_audit.parse.facts.extraction import extract_facts
from cite_audit.parse.facts.names import WordForms
from cite_audit.prose.language import detect_language

MAX_SENTENCES = 3  # that one note stands behind


def attach_facts(report: Report) -> Report:
    """The report; each citation has the sentence that rests on it, and the facts of that sentence.

    A note that stands behind several sentences has them all, as one text.
    """
    of_notes: dict[tuple[int, int | None], dict[str, None]] = {}
    for marker in report.markers:
        if marker.sentence:
            of_notes.setdefault((marker.section, marker.number), {})[marker.sentence] = None

    def sentence_of(citation: Citation) -> str:
        sentences = list(of_notes.get((citation.section, citation.note), ()))[:MAX_SENTENCES]
        return " ".join(sentences) or citation.sentence

    sentences = [sentence_of(citation) for citation in report.citations]
    distinct = dict.fromkeys([*sentences, *(marker.sentence for marker in report.markers)])
    forms, language = WordForms(distinct), (detect_language(" ".join(distinct)) or report.language[:2])
    facts = {sentence: extract_facts(sentence, forms, language) for sentence in dict.fromkeys(sentences) if sentence}
    citations = tuple(
        replace(citation, sentence=sentence, facts=facts[sentence], facts_language=language) if sentence else citation
        for citation, sentence in zip(report.citations, sentences, strict=True)
    )
    return replace(report, citations=citations)
