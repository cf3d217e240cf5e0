"""Memento lookup for a run, beside the live web."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from cite_audit.config.settings import Settings
from cite_audit.errors import ArchiveError, describe_own_fault
from cite_audit.model import Archived, CitedLink, Health, Verdict
from cite_audit.progress import Observer
from cite_audit.resolve.check.base import ArchiveAnswer, Fetcher, KeyValueStore
from cite_audit.resolve.judge.cited_capture import SUSPECT_CONFIDENCE


def is_cited_copy(answer: ArchiveAnswer) -> bool:
    """Whether an answer knows no copy but the one that the link itself is."""
    return all(memento.uri_m == answer.url for memento in answer.mementos)


@dataclass(slots=True, kw_only=True)
class MementoLookup:
    """The archives' answers so far; a link without one stays `unchecked`."""

    settings: Settings
    fetcher: Fetcher
    cache: KeyValueStore
    limits: KeyValueStore  # where the archives' rate limits are shared
    observer: Observer
    now: datetime
    answers: dict[str, ArchiveAnswer] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    busy: bool = False

    async def find_mementos(self, links: Sequence[CitedLink]) -> None:
        """Look up every web address, as the archives' own limits allow. Raises UsageError for an unknown archive."""
        web_links = [link for link in links if link.url.lower().startswith(("http://", "https://"))]
        if not self.settings.archive or not self.settings.archiving.archives or not web_links:
            return
        from cite_audit.resolve.archive import find_mementos, open_archives

        archives = open_archives(self.settings.archiving, self.fetcher, self.cache, self.now, limits=self.limits)
        self.observer.start_phase("archive", len(web_links))
        self.busy = True
        try:
            async for answer in find_mementos(web_links, archives):
                self.answers[answer.url] = answer
                self.observer.advance_phase("archive", answer.url)
        except Exception as error:
            problem = str(error) if isinstance(error, ArchiveError) else describe_own_fault(error)
            self.remarks.append(f"the archives could not all be asked: {problem}")
            for link in web_links:
                if link.url not in self.answers:
                    self.answers[link.url] = ArchiveAnswer(link.url, Archived.UNKNOWN, evidence=(problem,))
        finally:
            self.busy = False
            self.observer.finish_phase("archive")

    def add_archive_answer(self, verdict: Verdict) -> Verdict:
        """A verdict with what the archives say of its link."""
        answer = self.answers.get(verdict.url)
        if answer is None:
            return verdict
        if verdict.health is Health.BROKEN and answer.outcome is Archived.ARCHIVED and is_cited_copy(answer):
            # Its spelling alone says that it is a copy; the look at it found none.
            explanation = "the report cites an archived copy that could not be seen"
            return replace(verdict, archived=Archived.UNKNOWN, archive_evidence=(explanation,))
        if verdict.health is Health.ALIVE and answer.outcome in (Archived.UNKNOWN, Archived.NOT_ARCHIVED):
            answer = self._believe_look(verdict) or answer
        return replace(verdict, archived=answer.outcome, mementos=answer.mementos, archive_evidence=answer.evidence)

    def _believe_look(self, verdict: Verdict) -> ArchiveAnswer | None:
        """The answer where the link itself is a copy that was seen, be it in another archive than those asked.

        So is a page whose own site leads to a copy, as ministries do to their national archive.
        """
        from cite_audit.resolve.archive.archive_urls import answer_if_memento

        if verdict.confidence <= SUSPECT_CONFIDENCE:
            return None
        answer = answer_if_memento(CitedLink(verdict.url))
        if answer is None and verdict.probe and verdict.probe.hops:
            answer = answer_if_memento(CitedLink(verdict.probe.final_url))
            explanation = "the site itself leads to an archived copy"
            answer = replace(answer, url=verdict.url, evidence=(explanation,)) if answer else None
        return answer if answer is not None and answer.outcome is Archived.ARCHIVED else None
