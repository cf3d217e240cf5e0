"""Searches the pages of a run for the facts of the sentences that cite them, beside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from cite_audit.errors import OWN_FAULT, StoreError, describe_own_fault
from cite_audit.model import CitedLink, Health
from cite_audit.resolve.check.investigation import Investigation
from cite_audit.resolve.check.judge_thread import judge_thread
from cite_audit.resolve.check.kept_looks import restore_look
from cite_audit.resolve.judge.claims.run_facts import RunFacts
from cite_audit.resolve.judge.look import Evidence
from cite_audit.store.store import Store

MAX_SEARCHES = 4  # that hold their pages' trees


class FactSearch:
    """Fills `run_facts`. An error of this program leaves one page unsearched, no run."""

    def __init__(self, links: Iterable[CitedLink], store: Store) -> None:
        self.run_facts = RunFacts(links)
        self._store = store
        self._slots = asyncio.Semaphore(MAX_SEARCHES)
        self._faults: dict[str, list[str]] = {}  # addresses of pages by what went wrong

    @property
    def remarks(self) -> list[str]:
        """Each fault once, with the first page that it left unsearched."""
        return [
            f"{urls[0]}{f' and {len(urls) - 1} more' if len(urls) > 1 else ''} could not be searched for the facts "
            f"of their sentences, {fault}"
            for fault, urls in self._faults.items()
        ]

    async def search_page(self, link: CitedLink, investigation: Investigation) -> None:
        """Search what the looks of an investigation show, where they show the page."""
        if link.facts and investigation.verdict.health is Health.ALIVE:
            async with self._slots:
                await self._search(link, investigation.evidence)
            _release_trees(investigation.evidence)

    async def search_outcomes(self, links: Iterable[CitedLink], outcomes: Mapping[str, Investigation]) -> None:
        """Search the pages that were looked at again with their archived copies."""
        for link in links:
            if link.url in outcomes:
                await self.search_page(link, outcomes[link.url])

    async def search_kept_pages(self, links: Iterable[CitedLink]) -> None:
        """Search the pages that an earlier run saw and that are not looked at now."""
        for link in links:
            if link.facts and (evidence := self._load_evidence(link)) is not None:
                await self._search(link, evidence)

    def _load_evidence(self, link: CitedLink) -> Evidence | None:
        stored = self._store.load_looks(link.url)
        if stored is None or not stored.looks or stored.verdict.health is not Health.ALIVE:
            return None
        try:
            looks = tuple(restore_look(kind, link.url, probe) for kind, probe in stored.looks)
        except StoreError:
            return None
        return Evidence(link.url, datetime.fromtimestamp(stored.saved_at, UTC), looks=looks)

    async def _search(self, link: CitedLink, evidence: Evidence) -> None:
        try:
            await asyncio.get_running_loop().run_in_executor(judge_thread(), self.run_facts.add_page, link, evidence)
        except Exception as error:  # a help to the reader: the verdict stands without it
            self.run_facts.unread[link.url] = f"the page could not be searched, by {OWN_FAULT}"
            self._faults.setdefault(describe_own_fault(error), []).append(link.url)


def _release_trees(evidence: Evidence) -> None:
    for look in evidence.looks:
        look.release_tree()
