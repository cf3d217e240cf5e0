"""One link: look and judge in turn until the judge has seen enough."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from cite_audit.model import CitedLink, Failure, FailureKind, Health, Memento, Probe, Reason, Verdict, VerdictState
from cite_audit.resolve.check.base import Evidence, LookRequest
from cite_audit.resolve.check.hedging import HedgedClient, LookResults
from cite_audit.resolve.judge import judge
from cite_audit.resolve.judge.history import PATIENCE, settle_verdict

LOOK_BUDGET = 6  # looks at one link, retries and twins counted
MAX_ROUNDS = 12  # questions the judge may ask about one link

PastVerdict = tuple[datetime, Health, Reason]
LookObserver = Callable[[str, Probe], None]
LookRecords = Sequence[tuple[str, Probe]]  # the kind of ask, and what was seen


@dataclass(slots=True)
class LinkChecker:
    """Finds verdicts. `noted` is told of each first look at a link; `token` makes the paths of sibling probes."""

    hedged_client: HedgedClient
    now: datetime
    token: str
    platforms: bool
    on_first_look: LookObserver
    without_platforms: tuple[str, ...] = ()
    past_verdicts: Mapping[str, Sequence[PastVerdict]] = field(default_factory=dict)  # earlier runs' verdicts
    patience: timedelta = PATIENCE  # between two failures that count
    shared_looks: dict[LookRequest, asyncio.Task[LookResults]] = field(default_factory=dict)
    page_citations: Counter[str] = field(default_factory=Counter)  # addresses cited with several fragments
    faults: list[str] = field(default_factory=list)

    def begin_final_looks(self) -> None:
        """Before the final looks: what was shared of a page is asked anew, and every host has another chance."""
        self.shared_looks = {request: task for request, task in self.shared_looks.items() if request.kind != "page"}
        self.hedged_client.give_second_chances()

    async def close(self) -> None:
        """End the looks that several links shared: nobody waits for them any more."""
        for task in self.shared_looks.values():
            task.cancel()
        await asyncio.gather(*self.shared_looks.values(), return_exceptions=True)

    async def find_verdict(
        self, link: CitedLink, budget: int = LOOK_BUDGET, retries: int | None = None, memento: Memento | None = None
    ) -> tuple[Verdict, LookRecords]:
        """What a link is, by at most `budget` looks, and these; `retries` instead of the run's.

        With a `memento` a live page is compared with it. Where this program fails on what it saw, that link alone is
        not told; `faults` keeps what to say of it.
        """
        try:
            return await self._judge_link(link, budget, retries, memento)
        except Exception as error:
            explanation = f"{link.url} could not be judged, a fault of this program: {type(error).__name__}: {error}"
            self.faults.append(explanation)
            return Verdict(
                link.url,
                Health.UNKNOWN,
                Reason.PROTOCOL_ERROR,
                confidence=0.0,
                evidence=(explanation,),
                state=VerdictState.SUSPECTED,
            ), ()

    async def _judge_link(
        self, link: CitedLink, budget: int, retries: int | None, memento: Memento | None
    ) -> tuple[Verdict, LookRecords]:
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
        spent = 0
        for _ in range(MAX_ROUNDS):
            answer = judge(evidence)
            if isinstance(answer, Verdict):
                settled = settle_verdict(answer, self.past_verdicts.get(link.url, ()), self.patience, self.now)
                return _complete_verdict(settled, evidence, spent), [
                    (request.kind, probe) for request, probe in evidence.looks
                ]
            results, cost = await self._take_look(answer, budget - spent, retries)
            if not evidence.looks and results:
                self.on_first_look(link.url, results[-1][1])
            spent += cost
            for request, probe in results:
                evidence = evidence.with_look(request, probe)
        explanation = f"no verdict after {MAX_ROUNDS} questions"
        unsure = Verdict(
            link.url,
            Health.UNKNOWN,
            Reason.PROTOCOL_ERROR,
            confidence=0.0,
            evidence=(explanation,),
            state=VerdictState.SUSPECTED,
            attempts=spent,
        )
        return unsure, ()

    async def _take_look(self, request: LookRequest, budget: int, retries: int | None) -> tuple[LookResults, int]:
        """What was seen, and how many requests of this link's budget it took."""
        page_request = replace(request, url=request.url.partition("#")[0]) if "#" in request.url else request
        if request.shared or self.page_citations[page_request.url] > 1:
            is_owner = page_request not in self.shared_looks
            if is_owner:
                self.shared_looks[page_request] = asyncio.ensure_future(
                    self.hedged_client.look_with_retries(page_request, LOOK_BUDGET, retries)
                )
            results = await asyncio.shield(self.shared_looks[page_request])
            return [(replace(original, url=request.url), probe) for original, probe in results], _request_cost(
                results
            ) if is_owner else 0
        if budget <= 0:
            failure = Failure(FailureKind.TIMEOUT_TOTAL, f"not asked: {LOOK_BUDGET} looks at this link were enough")
            now = self.hedged_client.client.clock()
            return [(request, Probe(request.url, now, failure=failure, attempts=0, flags=("not-asked",)))], 0
        results = await self.hedged_client.look_with_retries(request, budget, retries)
        return results, _request_cost(results)


def _request_cost(results: LookResults) -> int:
    return sum(probe.attempts for _, probe in results)


def _complete_verdict(verdict: Verdict, evidence: Evidence, spent: int) -> Verdict:
    """The verdict with what only the checker knows; the page's text stays behind, since thousands are kept."""
    probe = verdict.probe or evidence.latest_look("page")
    return replace(
        verdict,
        probe=replace(probe, body=b"") if probe else None,
        checked_at=probe.asked_at if probe else evidence.now,
        attempts=spent,
    )
