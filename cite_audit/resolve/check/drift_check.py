"""Drift check: live pages against their archived copies, all on request, else those that look taken over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from cite_audit.errors import ArchivePausedError
from cite_audit.model import CitedLink, Health, Memento, Verdict
from cite_audit.resolve.check.base import ArchiveAnswer, KeyValueStore
from cite_audit.resolve.check.investigation import Investigation
from cite_audit.resolve.check.link_check import LinkChecker
from cite_audit.resolve.judge.look import REQUEST_BUDGET

COMPARISON_LOOKS = 3  # looks that a comparison may take: the page in two profiles, and the copy


def needs_comparison(verdict: Verdict, compare_all: bool) -> bool:
    """Whether a live page is to be compared: all are, or its words are those of a taken-over domain."""
    return (
        verdict.health is Health.ALIVE
        and not verdict.from_cache
        and verdict.attempts <= REQUEST_BUDGET - COMPARISON_LOOKS
        and (compare_all or bool(verdict.suspected_trade))
    )


@dataclass(slots=True, kw_only=True)
class DriftChecker:
    """Judges live links again with the good memento nearest to their citation, paced as the archive asks."""

    link_checker: LinkChecker
    limits: KeyValueStore  # of the archives
    answers: Mapping[str, ArchiveAnswer]
    compare_all: bool  # all live pages, not only suspects
    outcomes: dict[str, Investigation] = field(default_factory=dict)

    async def compare_links(self, links: Iterable[CitedLink], verdicts: Mapping[str, Verdict]) -> None:
        """Compare what can be compared into `outcomes`. Ends early where an archive asks for a pause."""
        chosen = [(link, memento) for link in links if (memento := self._comparison_memento(verdicts.get(link.url)))]
        if not chosen:
            return
        from cite_audit.resolve.archive.base import SystemClock
        from cite_audit.resolve.archive.rate_limiter import RateLimiter, rate_class_at

        limiter = RateLimiter(self.limits, SystemClock())
        for link, memento in chosen:
            try:
                await limiter.wait_for_turn(rate_class_at("playback", urlsplit(memento.uri_m).netloc))
            except ArchivePausedError:
                return
            await self._compare_link(link, verdicts[link.url], memento)

    def _comparison_memento(self, verdict: Verdict | None) -> Memento | None:
        if verdict is None or not needs_comparison(verdict, self.compare_all):
            return None
        answer = self.answers.get(verdict.url)
        return next((memento for memento in answer.mementos if memento.is_good), None) if answer else None

    async def _compare_link(self, link: CitedLink, live_verdict: Verdict, memento: Memento) -> None:
        investigation = await self.link_checker.find_verdict(
            link, REQUEST_BUDGET - live_verdict.attempts, retries=0, memento=memento
        )
        verdict = investigation.verdict
        if verdict.health in (Health.ALIVE, Health.BROKEN):
            attempts = live_verdict.attempts + verdict.attempts
            self.outcomes[link.url] = replace(investigation, verdict=replace(verdict, attempts=attempts))
