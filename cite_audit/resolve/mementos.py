"""The archives, asked beside the live web."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from cite_audit.config import Settings
from cite_audit.errors import ArchiveError
from cite_audit.model import Archived, Verdict, Wanted
from cite_audit.progress import Observer
from cite_audit.resolve.base import ArchiveAnswer, Fetcher, Shelf


@dataclass(slots=True)
class Mementos:
    """What the archives answered so far; an answer that never came leaves a link `unchecked`."""

    settings: Settings
    fetcher: Fetcher
    shelf: Shelf
    observer: Observer
    now: datetime
    answers: dict[str, ArchiveAnswer] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    busy: bool = False

    async def find(self, links: Sequence[Wanted]) -> None:
        """Look up every web address, as the archives' own limits allow. Raises UsageError for an unknown archive."""
        asked = [link for link in links if link.url.lower().startswith(("http://", "https://"))]
        if not self.settings.archive or not self.settings.archiving.archives or not asked:
            return
        from cite_audit.resolve.archive import find, open_archives

        archives = open_archives(self.settings.archiving, self.fetcher, self.shelf, self.now)
        self.observer.start("archive", len(asked))
        self.busy = True
        try:
            async for answer in find(asked, archives):
                self.answers[answer.url] = answer
                self.observer.step("archive", answer.url)
        except ArchiveError as error:
            self.remarks.append(f"the archives could not all be asked: {error}")
            for link in asked:
                if link.url not in self.answers:
                    self.answers[link.url] = ArchiveAnswer(link.url, Archived.UNKNOWN, evidence=(str(error),))
        finally:
            self.busy = False
            self.observer.finish("archive")

    def added(self, verdict: Verdict) -> Verdict:
        """A verdict with what the archives say of its link."""
        answer = self.answers.get(verdict.url)
        if answer is None:
            return verdict
        return replace(verdict, archived=answer.outcome, mementos=answer.mementos, archive_evidence=answer.evidence)
