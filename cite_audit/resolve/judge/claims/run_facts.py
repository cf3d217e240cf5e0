"""The facts of a whole run and the pages that were searched for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from cite_audit.model import CitedLink, Fact, FactAnswer, FactKind, Health, PageFacts
from cite_audit.resolve.judge.claims.answer import PageMatch, answer_for, match_page
from cite_audit.resolve.judge.claims.page_index import PageIndex
from cite_audit.resolve.judge.claims.page_text import index_copy, index_page
from cite_audit.resolve.judge.look import Evidence

MAX_SAMPLE = (
    24  # pages of a language that are searched for all facts of the run; the others for their own and some names
)
_SOME_NAMES = 120  # that tell a wall from a page of the report's matters


class RunFacts:
    """What of the facts of all links stands on each page; pages are added while their bodies are there."""

    def __init__(self, links: Iterable[CitedLink]) -> None:
        self.all_facts = list({fact.key: fact for link in links for fact in link.facts}.values())
        counts = Counter(fact.kind in (FactKind.NAME, FactKind.ACRONYM) for fact in self.all_facts)
        names = [fact for fact in self.all_facts if fact.kind in (FactKind.NAME, FactKind.ACRONYM)]
        self.some_names = names[:: max(counts[True] // _SOME_NAMES, 1)]
        self.pages: dict[str, PageMatch] = {}
        self.unread: dict[str, str] = {}
        self.sample_pages: dict[str, dict[str, PageMatch]] = {}  # language → those searched for all facts
        self.samples = Counter[str]()

    def add_page(self, link: CitedLink, evidence: Evidence) -> None:
        """Search the page of a link, and its copy where that was looked at."""
        page = index_page(evidence)
        if page is None:
            self.unread[link.url] = "the page has no text that can be searched"
            return
        match = self._match(page, link)
        if (copy := index_copy(evidence)) is not None:
            match = match.merge(self._match(copy, link))
        self._keep_match(link.url, match)
        self.unread.pop(link.url, None)

    def _keep_match(self, url: str, match: PageMatch) -> None:
        before = self.pages.get(url)
        if before and (before.language != match.language or not match.has_all):
            self.sample_pages.get(before.language, {}).pop(url, None)
        self.pages[url] = match
        if match.has_all:
            self.sample_pages.setdefault(match.language, {})[url] = match

    def _match(self, page: PageIndex, link: CitedLink) -> PageMatch:
        has_all = self.samples[page.language] < MAX_SAMPLE
        self.samples[page.language] += 1
        facts = self.all_facts if has_all else self.some_names
        return match_page(page, link.facts, link.facts_language, facts, has_all)

    def answer(self, url: str, facts: Sequence[Fact], health: Health) -> PageFacts:
        """The answer for a citation whose page was or was not searched."""
        url = url if url in self.pages or url in self.unread else f"https://{url}"
        page = self.pages.get(url)
        if page is None or health is not Health.ALIVE:
            reason = self.unread.get(url) if health is Health.ALIVE else "the page could not be read"
            reason = reason or "the page was not read in this run"
            return PageFacts(answer=FactAnswer.CANNOT_TELL, missing=tuple(facts), reason=reason)
        samples = self.sample_pages.get(page.language, {})
        others = [other for other_url, other in samples.items() if other_url != url]
        return answer_for(facts, page, others)
