"""The one loop for a link: judge, look, judge again, until the judge has a verdict.

An audit, `why`, `why --seen` and the drift check all run it; they differ only in who takes the looks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from cite_audit.frozen_record import frozen_record
from cite_audit.model import Health, Probe, Reason, Verdict, VerdictState
from cite_audit.resolve.check.judge_thread import judge_evidence
from cite_audit.resolve.judge.history import PATIENCE, PastVerdicts, settle_verdict
from cite_audit.resolve.judge.look import REQUEST_BUDGET, Evidence, Look, LookKind, LookRequest

MAX_ROUNDS = 12  # looks that the judge may want of one link
LookRecords = Sequence[tuple[LookKind, Probe]]  # as the store keeps them


class LookTaker(Protocol):
    """Whoever takes the looks that the judge wants: the web, or what a store kept."""

    async def take_look(self, request: LookRequest, budget: int) -> tuple[list[Look], int]:
        """The looks that a request led to, the decisive one last, and the requests that they cost this link.

        `budget`: the requests left for the link.
        """
        ...


@frozen_record
class Investigation:
    """A link's verdict with the evidence for it."""

    verdict: Verdict
    evidence: Evidence

    @property
    def look_records(self) -> LookRecords:
        return [(look.kind, look.probe) for look in self.evidence.looks]

    def release_pages(self) -> None:
        """Free the pages that were read: an investigation that is kept needs their bytes only."""
        for look in self.evidence.looks:
            look.release_page()


async def investigate(
    evidence: Evidence,
    taker: LookTaker,
    *,
    budget: int = REQUEST_BUDGET,
    past_verdicts: PastVerdicts = (),
    patience: timedelta = PATIENCE,
    on_first_look: Callable[[Probe], None] = lambda probe: None,
) -> Investigation:
    """Look and judge in turn, from the evidence at hand, with at most `budget` more requests.

    `past_verdicts` and `patience` are those of `settle_verdict`. `on_first_look` is called with the first look taken.
    """
    spent = 0
    for _ in range(MAX_ROUNDS):
        answer = await judge_evidence(evidence)
        for look in evidence.looks:
            look.release_tree()
        if isinstance(answer, Verdict):
            settled = settle_verdict(answer, past_verdicts, patience, evidence.now)
            return Investigation(_complete_verdict(settled, evidence, spent), evidence)
        looks, cost = await taker.take_look(answer, budget - spent)
        if not evidence.looks and looks:
            on_first_look(looks[-1].probe)
        spent += cost
        for look in looks:
            evidence = evidence.with_look(look)
    return Investigation(undecided_verdict(evidence.url, f"no verdict after {MAX_ROUNDS} questions", spent), evidence)


def undecided_verdict(url: str, explanation: str, attempts: int = 0) -> Verdict:
    """The verdict where this program comes to no end, or fails."""
    return Verdict(
        url,
        Health.UNKNOWN,
        Reason.PROTOCOL_ERROR,
        confidence=0.0,
        evidence=(explanation,),
        state=VerdictState.SUSPECTED,
        attempts=attempts,
    )


def _complete_verdict(verdict: Verdict, evidence: Evidence, spent: int) -> Verdict:
    """The verdict with its requests and its time; without the page's bytes, since thousands are kept."""
    page_look = evidence.latest_look(LookKind.PAGE)
    probe = verdict.probe or (page_look.probe if page_look else None)
    return replace(
        verdict,
        probe=replace(probe, body=b"") if probe else None,
        checked_at=probe.asked_at if probe else evidence.now,
        attempts=spent,
    )
