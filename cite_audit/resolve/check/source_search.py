"""What is looked for once the links are judged: new homes, neighbours in the archive, and what the notes name."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime

from cite_audit.config.settings import Settings
from cite_audit.model import CitedLink, Verdict
from cite_audit.resolve.check.base import ArchiveAnswer
from cite_audit.resolve.check.identity_search import IdentitySearch
from cite_audit.resolve.check.link_check import LinkChecker
from cite_audit.resolve.check.new_home_search import NewHomeSearch
from cite_audit.resolve.check.section_search import SectionSearch
from cite_audit.resolve.check.verdict_cache import VerdictCache
from cite_audit.resolve.http.client import Client


class SourceSearch:
    """The three searches of one run."""

    def __init__(
        self,
        settings: Settings,
        client: Client,
        link_checker: LinkChecker,
        verdict_cache: VerdictCache,
        answers: Mapping[str, ArchiveAnswer],
        now: datetime,
    ) -> None:
        self.settings = settings
        network, budget, cache = settings.network, settings.archiving.budget, verdict_cache.archive_cache
        self.new_home_search = NewHomeSearch(
            link_checker=link_checker,
            cache=cache,
            limits=verdict_cache.archive_limits,
            answers=answers,
            now=now,
            basis=verdict_cache.basis,
            keep=settings.max_age,
            archive_deadline=None if budget is None else time.monotonic() + budget,
        )
        self.section_search = SectionSearch(
            archiving=settings.archiving, new_home_search=self.new_home_search, cache=cache, answers=answers, now=now
        )
        asks_registry = network.platforms and "doi" not in network.without_platforms
        self.identity_search = IdentitySearch(client if asks_registry else None, cache=cache, keep=settings.max_age)

    async def search_links(self, links: Sequence[CitedLink], verdicts: Mapping[str, Verdict]) -> None:
        """Ask archives and the sites of pages that are gone, and registries, as far as the settings allow."""
        if self.settings.archive and self.settings.archiving.new_homes:
            await self.new_home_search.search_links(links, verdicts)
            self.identity_search.compare_copies(links, self.new_home_search.copies)
        if self.settings.archive and self.settings.archiving.never_seen:
            await self.section_search.search_links(links, verdicts)
        await self.identity_search.compare_records(links, verdicts)

    def add_results(self, verdict: Verdict) -> Verdict:
        """A verdict with all that was found for its link."""
        verdict = self.section_search.add_neighbours(self.new_home_search.add_suggestions(verdict))
        return self.identity_search.add_identity(verdict)
