"""Live pages against their archived copies: all of them on request, else those that look taken over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from cite_audit.errors import ArchivePausedError
from cite_audit.model import Health, Memento, Verdict, Wanted
from cite_audit.resolve.base import ArchiveAnswer, Shelf
from cite_audit.resolve.inquiry import BUDGET, Inquiry, Looks
from cite_audit.resolve.judge.spam import SUSPECT

ROOM = 3  # looks that a comparison may take: the page in two profiles, and the copy


@dataclass(slots=True)
class Comparing:
    """Judges live links again with the good memento nearest to their citation, paced as the archive asks."""

    inquiry: Inquiry
    shelf: Shelf
    answers: Mapping[str, ArchiveAnswer]
    every: bool  # all live pages, not only suspects
    done: dict[str, tuple[Verdict, Looks]] = field(default_factory=dict)

    async def all(self, links: Iterable[Wanted], verdicts: Mapping[str, Verdict]) -> None:
        """Compare what can be compared; outcomes are in `done`. Ends early where an archive asks for a pause."""
        chosen = [(link, memento) for link in links if (memento := self._memento(verdicts.get(link.url)))]
        if not chosen:
            return
        from cite_audit.resolve.archive.base import SystemClock
        from cite_audit.resolve.archive.limiter import Limiter, pool

        limiter = Limiter(self.shelf, SystemClock())
        for link, memento in chosen:
            try:
                await limiter.start(pool("playback", urlsplit(memento.uri_m).netloc))
            except ArchivePausedError:
                return
            await self._one(link, verdicts[link.url], memento)

    def _memento(self, verdict: Verdict | None) -> Memento | None:
        if verdict is None or verdict.health is not Health.ALIVE or verdict.from_cache:
            return None
        answer = self.answers.get(verdict.url)
        if answer is None or verdict.attempts > BUDGET - ROOM or not (self.every or verdict.detail.startswith(SUSPECT)):
            return None
        return next((memento for memento in answer.mementos if memento.good), None)

    async def _one(self, link: Wanted, before: Verdict, memento: Memento) -> None:
        verdict, looks = await self.inquiry.verdict(link, BUDGET - before.attempts, retries=0, memento=memento)
        if verdict.health in (Health.ALIVE, Health.BROKEN):
            self.done[link.url] = replace(verdict, attempts=before.attempts + verdict.attempts), looks
