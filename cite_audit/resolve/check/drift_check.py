"""Live pages against their archived copies: all of them on request, else those that look taken over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from cite_audit.errors import ArchivePausedError
from cite_audit.model import CitedLink, Health, Memento, Verdict
from cite_audit.resolve.check.base import ArchiveAnswer, KeyValueStore
from cite_audit.resolve.check.link_check import LOOK_BUDGET, LinkChecker, LookRecords
from cite_audit.resolve.judge.detectors.lapsed_domain import SUSPECT_PREFIX

COMPARISON_LOOKS = 3  # looks that a comparison may take: the page in two profiles, and the copy


@dataclass(slots=True)
class DriftChecker:
    """Judges live links again with the good memento nearest to their citation, paced as the archive asks."""

    link_checker: LinkChecker
    cache: KeyValueStore
    answers: Mapping[str, ArchiveAnswer]
    compare_all: bool  # all live pages, not only suspects
    outcomes: dict[str, tuple[Verdict, LookRecords]] = field(default_factory=dict)

    async def compare_links(self, links: Iterable[CitedLink], verdicts: Mapping[str, Verdict]) -> None:
        """Compare what can be compared; outcomes are in `done`. Ends early where an archive asks for a pause."""
        chosen = [(link, memento) for link in links if (memento := self._comparison_memento(verdicts.get(link.url)))]
        if not chosen:
            return
        from cite_audit.resolve.archive.base import SystemClock
        from cite_audit.resolve.archive.rate_limiter import RateLimiter, rate_class_at

        limiter = RateLimiter(self.cache, SystemClock())
        for link, memento in chosen:
            try:
                await limiter.wait_for_turn(rate_class_at("playback", urlsplit(memento.uri_m).netloc))
            except ArchivePausedError:
                return
            await self._compare_link(link, verdicts[link.url], memento)

    def _comparison_memento(self, verdict: Verdict | None) -> Memento | None:
        if verdict is None or verdict.health is not Health.ALIVE or verdict.from_cache:
            return None
        answer = self.answers.get(verdict.url)
        if (
            answer is None
            or verdict.attempts > LOOK_BUDGET - COMPARISON_LOOKS
            or not (self.compare_all or verdict.detail.startswith(SUSPECT_PREFIX))
        ):
            return None
        return next((memento for memento in answer.mementos if memento.is_good), None)

    async def _compare_link(self, link: CitedLink, live_verdict: Verdict, memento: Memento) -> None:
        verdict, looks = await self.link_checker.find_verdict(
            link, LOOK_BUDGET - live_verdict.attempts, retries=0, memento=memento
        )
        if verdict.health in (Health.ALIVE, Health.BROKEN):
            self.outcomes[link.url] = replace(verdict, attempts=live_verdict.attempts + verdict.attempts), looks
