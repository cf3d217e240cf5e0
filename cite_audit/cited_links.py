"""The distinct links of reports: what the resolver is asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from cite_audit.model import CitedLink, CitedWork, Fact, Report


def collect_links(reports: Iterable[Report]) -> list[CitedLink]:
    """Each distinct link once, with the sentences that cite it and the earliest day it was cited on.

    That day is the one on which the note's author looked at the page, else the report's date.
    """
    drafts: dict[str, _LinkDraft] = {}
    for report in reports:
        sentences: dict[tuple[int, int | None], list[str]] = {}
        for marker in report.markers:
            if marker.sentence:
                sentences.setdefault((marker.section, marker.number), []).append(marker.sentence)
        accessed: dict[tuple[int, int | None], date | None] = {
            (note.section, note.number): note.accessed for note in report.notes
        }
        language, published = report.language, report.published
        for citation in report.citations:
            place, url = (citation.section, citation.note), citation.link.url
            draft = drafts.get(url)
            if draft is None:
                draft = drafts[url] = _LinkDraft()
            draft.language = language
            day = accessed.get(place) or published
            if day and (draft.near is None or day < draft.near):
                draft.near = day
            if quotes := sentences.get(place):
                draft.quotes += quotes
            if citation.work.title:
                draft.works.append(citation.work)
            if citation.facts:
                draft.facts |= {fact.key: fact for fact in citation.facts}
            draft.facts_language = citation.facts_language or draft.facts_language
    return [draft.build_link(url) for url, draft in drafts.items()]


@dataclass(slots=True)
class _LinkDraft:
    """A distinct link while its citations are gathered."""

    near: date | None = None
    language: str = ""
    quotes: list[str] = field(default_factory=list)
    works: list[CitedWork] = field(default_factory=list)
    facts: dict[tuple[object, ...], Fact] = field(default_factory=dict)
    facts_language: str = ""

    def build_link(self, url: str) -> CitedLink:
        return CitedLink(
            url,
            self.near,
            quotes=tuple(dict.fromkeys(self.quotes)) if len(self.quotes) > 1 else tuple(self.quotes),
            works=tuple(dict.fromkeys(self.works)) if self.works else (),
            language=self.language,
            facts=tuple(self.facts.values()),
            facts_language=self.facts_language,
        )
