"""What earlier runs add to a verdict: suspected becomes confirmed, lasting trouble becomes broken, a success resets.

The rule is IABot's (three failures, three days apart), narrowed to failures of servers that are gone; walls and logins
never add up to a broken link.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from cite_audit.model import Health, Reason, Verdict, VerdictState
from cite_audit.resolve.judge.assessment import FailureDetail

PATIENCE = timedelta(hours=72)
FAILURES_TO_BREAK = 3
CONFIRMATION_DELAY = timedelta(days=1)
PastVerdicts = Sequence[tuple[datetime, Health, Reason]]

# Trouble that means a lost page when it lasts; a certificate only when it is for another name.
LASTING_REASONS = {Reason.TIMEOUT, Reason.REFUSED, Reason.SERVER_ERROR, Reason.PROTOCOL_ERROR}


def settle_verdict(
    verdict: Verdict, past_verdicts: PastVerdicts, patience: timedelta = PATIENCE, now: datetime | None = None
) -> Verdict:
    """The verdict in the light of earlier runs, in any order.

    `past_verdicts` are (when, health, reason). Unknown trouble becomes broken after three failures at least
    `patience` apart; a suspected dead link is confirmed by a second run a day later; a success between them resets, and
    a link that came and went more than once stays unknown.
    """
    checked_at = now or verdict.checked_at
    if checked_at is None or verdict.health in (Health.ALIVE, Health.SKIPPED, Health.UNCHECKED):
        return verdict
    earlier_verdicts = sorted((entry for entry in past_verdicts if entry[0] < checked_at), key=lambda entry: entry[0])
    if _count_flips(earlier_verdicts) >= 2:
        return _mark_flapping(verdict, earlier_verdicts)
    failures = _entries_since_success(earlier_verdicts)
    if verdict.health is Health.BROKEN:
        return _confirm_if_repeated(verdict, failures, checked_at)
    if verdict.reason in LASTING_REASONS or (
        verdict.reason is Reason.TLS_FAILURE and verdict.detail == FailureDetail.HOST_MISMATCH
    ):
        return _break_if_lasting(verdict, failures, patience, checked_at)
    return verdict


def _entries_since_success(earlier_verdicts: PastVerdicts) -> list[tuple[datetime, Health, Reason]]:
    """The entries after the last success."""
    last_success = max((place for place, entry in enumerate(earlier_verdicts) if entry[1] is Health.ALIVE), default=-1)
    return list(earlier_verdicts[last_success + 1 :])


def _count_flips(earlier_verdicts: PastVerdicts) -> int:
    """How often the link changed between alive and failing; walls and the like are neither."""
    states = [
        health is Health.ALIVE
        for _, health, reason in earlier_verdicts
        if health is Health.ALIVE or _is_failure(health, reason)
    ]
    return sum(before_change != after_change for before_change, after_change in pairwise(states))


def _is_failure(health: Health, reason: Reason) -> bool:
    return health is Health.BROKEN or reason in LASTING_REASONS or reason is Reason.TLS_FAILURE


def _mark_flapping(verdict: Verdict, earlier_verdicts: PastVerdicts) -> Verdict:
    observation = f"the link has come and gone in {len(earlier_verdicts)} earlier runs; one more failure proves nothing"
    return replace(
        verdict,
        health=Health.UNKNOWN,
        confidence=0.5,
        state=VerdictState.SUSPECTED,
        evidence=(*verdict.evidence, observation),
    )


def _confirm_if_repeated(verdict: Verdict, failures: PastVerdicts, checked_at: datetime) -> Verdict:
    if verdict.state is VerdictState.CONFIRMED:
        return verdict
    earlier_failures = [
        failed_at
        for failed_at, health, _ in failures
        if health is Health.BROKEN and checked_at - failed_at >= CONFIRMATION_DELAY
    ]
    if not earlier_failures:
        return verdict
    observation = f"the same was seen on {earlier_failures[0]:%Y-%m-%d}"
    return replace(verdict, state=VerdictState.CONFIRMED, evidence=(*verdict.evidence, observation))


def _break_if_lasting(verdict: Verdict, failures: PastVerdicts, patience: timedelta, checked_at: datetime) -> Verdict:
    spaced_failures: list[datetime] = []
    for failed_at in [
        *(failed_at for failed_at, health, reason in failures if _is_failure(health, reason)),
        checked_at,
    ]:
        if not spaced_failures or failed_at - spaced_failures[-1] >= patience:
            spaced_failures.append(failed_at)
    if len(spaced_failures) < FAILURES_TO_BREAK:
        observation = (
            f"failure {len(spaced_failures)} of {FAILURES_TO_BREAK}, counted when {_format_patience(patience)} apart"
        )
        return replace(verdict, evidence=(*verdict.evidence, observation)) if len(spaced_failures) > 1 else verdict
    dates = ", ".join(f"{failed_at:%Y-%m-%d}" for failed_at in spaced_failures[-FAILURES_TO_BREAK:])
    spacing = f"at least {_format_patience(patience)} apart"
    observation = f"it failed on {dates}, {spacing}, and never answered between"
    evidence = (*verdict.evidence, observation)
    return replace(verdict, health=Health.BROKEN, state=VerdictState.CONFIRMED, confidence=0.9, evidence=evidence)


def _format_patience(patience: timedelta) -> str:
    hours = patience.total_seconds() / 3600
    return f"{hours / 24:g} days" if hours >= 48 else f"{hours:g} hours"
