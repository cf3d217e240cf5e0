"""One link: look and judge in turn until the judge has seen enough."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from cite_audit.model import Failure, FailureKind, Health, Memento, Probe, Reason, Verdict, Wanted
from cite_audit.resolve.asking import Asking, Looked
from cite_audit.resolve.base import Ask, Evidence
from cite_audit.resolve.judge import judge
from cite_audit.resolve.judge.history import PATIENCE, settle

BUDGET = 6  # looks at one link, retries and twins counted
ROUNDS = 12  # questions the judge may ask about one link

Past = tuple[datetime, Health, Reason]
Noted = Callable[[str, Probe], None]
Looks = Sequence[tuple[str, Probe]]  # the kind of ask, and what was seen


@dataclass(slots=True)
class Inquiry:
    """Finds verdicts. `noted` is told of each first look at a link; `token` makes the paths of sibling probes."""

    asking: Asking
    now: datetime
    token: str
    platforms: bool
    noted: Noted
    without_platforms: tuple[str, ...] = ()
    past: Mapping[str, Sequence[Past]] = field(default_factory=dict)  # earlier runs' verdicts
    patience: timedelta = PATIENCE  # between two failures that count
    shared: dict[Ask, asyncio.Task[Looked]] = field(default_factory=dict)
    pages: Counter[str] = field(default_factory=Counter)  # addresses cited with several fragments
    faults: list[str] = field(default_factory=list)

    def start_over(self) -> None:
        """Before the final looks: what was shared of a page is asked anew, and every host has another chance."""
        self.shared = {ask: task for ask, task in self.shared.items() if ask.kind != "page"}
        self.asking.give_second_chances()

    async def close(self) -> None:
        """End the looks that several links shared: nobody waits for them any more."""
        for task in self.shared.values():
            task.cancel()
        await asyncio.gather(*self.shared.values(), return_exceptions=True)

    async def verdict(
        self, link: Wanted, budget: int = BUDGET, retries: int | None = None, memento: Memento | None = None
    ) -> tuple[Verdict, Looks]:
        """What a link is, by at most `budget` looks, and these; `retries` instead of the run's.

        With a `memento` a live page is compared with it. Where this program fails on what it saw, that link alone is
        not told; `faults` keeps what to say of it.
        """
        try:
            return await self._verdict(link, budget, retries, memento)
        except Exception as error:
            said = f"{link.url} could not be judged, a fault of this program: {type(error).__name__}: {error}"
            self.faults.append(said)
            return Verdict(link.url, Health.UNKNOWN, Reason.PROTOCOL_ERROR, 0.0, (said,), state="suspected"), ()

    async def _verdict(
        self, link: Wanted, budget: int, retries: int | None, memento: Memento | None
    ) -> tuple[Verdict, Looks]:
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
        for _ in range(ROUNDS):
            answer = judge(evidence)
            if isinstance(answer, Verdict):
                settled = settle(answer, self.past.get(link.url, ()), self.patience, self.now)
                return _finished(settled, evidence, spent), [(ask.kind, probe) for ask, probe in evidence.looks]
            looked, cost = await self._look(answer, budget - spent, retries)
            if not evidence.looks and looked:
                self.noted(link.url, looked[-1][1])
            spent += cost
            for ask, probe in looked:
                evidence = evidence.plus(ask, probe)
        said = f"no verdict after {ROUNDS} questions"
        unsure = Verdict(
            link.url, Health.UNKNOWN, Reason.PROTOCOL_ERROR, 0.0, (said,), state="suspected", attempts=spent
        )
        return unsure, ()

    async def _look(self, ask: Ask, left: int, retries: int | None) -> tuple[Looked, int]:
        """What was seen, and how many requests of this link's budget it took."""
        page = replace(ask, url=ask.url.partition("#")[0]) if "#" in ask.url else ask
        if ask.shared or self.pages[page.url] > 1:
            own = page not in self.shared
            if own:
                self.shared[page] = asyncio.ensure_future(self.asking.ask(page, BUDGET, retries))
            looked = await asyncio.shield(self.shared[page])
            return [(replace(a, url=ask.url), probe) for a, probe in looked], _cost(looked) if own else 0
        if left <= 0:
            failure = Failure(FailureKind.TIMEOUT_TOTAL, f"not asked: {BUDGET} looks at this link were enough")
            now = self.asking.client.clock()
            return [(ask, Probe(ask.url, now, failure=failure, attempts=0, flags=("not-asked",)))], 0
        looked = await self.asking.ask(ask, left, retries)
        return looked, _cost(looked)


def _cost(looked: Looked) -> int:
    return sum(probe.attempts for _, probe in looked)


def _finished(verdict: Verdict, evidence: Evidence, spent: int) -> Verdict:
    """The verdict with what only the checker knows; the page's text stays behind, since thousands are kept."""
    probe = verdict.probe or evidence.look("page")
    return replace(
        verdict,
        probe=replace(probe, body=b"") if probe else None,
        checked_at=probe.asked_at if probe else evidence.now,
        attempts=spent,
    )
