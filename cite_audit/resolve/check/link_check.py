"""Links of one run: their looks, shared where several links want the same, and their verdicts."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from datetime import datetime, timedelta

from cite_audit.errors import describe_own_fault
from cite_audit.frozen_record import frozen_record
from cite_audit.model import CitedLink, Failure, FailureKind, Memento, Probe
from cite_audit.resolve.check.hedging import HedgedClient, LookResults
from cite_audit.resolve.check.investigation import Investigation, investigate, undecided_verdict
from cite_audit.resolve.judge.history import PATIENCE, PastVerdicts
from cite_audit.resolve.judge.look import NOT_ASKED, REQUEST_BUDGET, Evidence, Look, LookKind, LookRequest

LookObserver = Callable[[str, Probe], None]


@dataclass(slots=True)
class LinkChecker:
    """Finds verdicts. `on_first_look` is called with each link and its first look; `token`: see `Evidence`."""

    hedged_client: HedgedClient
    now: datetime
    _: KW_ONLY
    token: str
    platforms: bool = True
    on_first_look: LookObserver = lambda url, probe: None
    without_platforms: tuple[str, ...] = ()
    past_verdicts: Mapping[str, PastVerdicts] = field(default_factory=dict)  # of earlier runs
    patience: timedelta = PATIENCE  # between two failures that count
    shared_looks: dict[LookRequest, asyncio.Task[LookResults]] = field(default_factory=dict)
    page_citations: Counter[str] = field(default_factory=Counter)  # links to each page: they differ in their fragments
    faults: list[str] = field(default_factory=list)

    def begin_final_looks(self) -> None:
        """Before the final looks: pages that links share are fetched anew, and every host has another chance."""
        self.shared_looks = {
            request: task for request, task in self.shared_looks.items() if request.kind is not LookKind.PAGE
        }
        self.hedged_client.give_second_chances()

    async def close(self) -> None:
        """Cancel the looks that several links shared, which no link waits for any more."""
        for task in self.shared_looks.values():
            task.cancel()
        await asyncio.gather(*self.shared_looks.values(), return_exceptions=True)

    async def find_verdict(
        self,
        link: CitedLink,
        budget: int = REQUEST_BUDGET,
        *,
        retries: int | None = None,
        memento: Memento | None = None,
    ) -> Investigation:
        """The verdict on a link, by at most `budget` requests; `retries` instead of the run's.

        With a `memento` a live page is compared with it. An error of this program leaves this link alone undecided;
        `faults` keeps the remark about it.
        """
        evidence = Evidence(
            link.url,
            self.now,
            near=link.near,
            quotes=link.quotes,
            memento=memento,
            token=self.token,
            platforms=self.platforms,
            without_platforms=self.without_platforms,
        )
        try:
            return await investigate(
                evidence,
                _WebLooks(self, retries),
                budget=budget,
                past_verdicts=self.past_verdicts.get(link.url, ()),
                patience=self.patience,
                on_first_look=lambda probe: self.on_first_look(link.url, probe),
            )
        except Exception as error:
            explanation = f"{link.url} could not be judged, {describe_own_fault(error)}"
            self.faults.append(explanation)
            return Investigation(
                undecided_verdict(link.url, "this program failed; the run's remarks say how"), evidence
            )

    async def look_at_web(self, request: LookRequest, budget: int, retries: int | None) -> tuple[LookResults, int]:
        """The results of a look, and how many requests of this link's budget it took."""
        page_request = replace(request, url=request.url.partition("#")[0]) if "#" in request.url else request
        if request.shared or self.page_citations[page_request.url] > 1:
            is_owner = page_request not in self.shared_looks
            if is_owner:
                self.shared_looks[page_request] = asyncio.ensure_future(
                    self.hedged_client.look_with_retries(page_request, REQUEST_BUDGET, retries)
                )
            results = await asyncio.shield(self.shared_looks[page_request])
            own_results = [(replace(original, url=request.url), probe) for original, probe in results]
            return own_results, _count_requests(results) if is_owner else 0
        if budget <= 0:
            return [(request, self._unasked_probe(request))], 0
        results = await self.hedged_client.look_with_retries(request, budget, retries)
        return results, _count_requests(results)

    def _unasked_probe(self, request: LookRequest) -> Probe:
        failure = Failure(FailureKind.TIMEOUT_TOTAL, f"not asked: {REQUEST_BUDGET} looks at this link were enough")
        now = self.hedged_client.client.clock()
        return Probe(request.url, now, failure=failure, attempts=0, flags=(NOT_ASKED,))


@frozen_record
class _WebLooks:
    """Takes looks at the web for one link."""

    link_checker: LinkChecker
    retries: int | None

    async def take_look(self, request: LookRequest, budget: int) -> tuple[list[Look], int]:
        results, cost = await self.link_checker.look_at_web(request, budget, self.retries)
        return [Look(original, probe) for original, probe in results], cost


def _count_requests(results: LookResults) -> int:
    return sum(probe.attempts for _, probe in results)
