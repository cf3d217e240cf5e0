"""What time adds to a verdict: suspected becomes confirmed, lasting trouble becomes broken, one success resets.

The rule is IABot's (three failures, three days apart), narrowed to what a server that is really gone does; walls and
missing logins never add up to a dead link.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from cite_audit.model import Health, Reason, Verdict

PATIENCE = timedelta(hours=72)
FAILURES = 3
SECOND_RUN = timedelta(days=1)
Past = Sequence[tuple[datetime, Health, Reason]]

# Trouble that, kept up, is the end of a page. The certificate only when it is for another name.
LASTING = {Reason.TIMEOUT, Reason.REFUSED, Reason.SERVER_ERROR, Reason.PROTOCOL_ERROR}


def settle(verdict: Verdict, past: Past, patience: timedelta = PATIENCE, now: datetime | None = None) -> Verdict:
    """The verdict in the light of earlier runs, oldest first or in any order.

    `past` are earlier verdicts as (when, health, reason). Unknown trouble becomes broken after three failures at least
    `patience` apart; a suspected dead link is confirmed by a second run a day later; a success between them resets, and
    a link that came and went more than once stays unknown.
    """
    when = now or verdict.checked_at
    if when is None or verdict.health in (Health.ALIVE, Health.SKIPPED, Health.UNCHECKED):
        return verdict
    earlier = sorted((entry for entry in past if entry[0] < when), key=lambda entry: entry[0])
    if _flips(earlier) >= 2:
        return _flapping(verdict, earlier)
    failing = _since_success(earlier)
    if verdict.health is Health.BROKEN:
        return _confirmed(verdict, failing, when)
    if verdict.reason in LASTING or (verdict.reason is Reason.TLS_FAILURE and verdict.detail == "host-mismatch"):
        return _lasting(verdict, failing, patience, when)
    return verdict


def _since_success(earlier: Past) -> list[tuple[datetime, Health, Reason]]:
    """The entries after the last success."""
    last = max((place for place, entry in enumerate(earlier) if entry[1] is Health.ALIVE), default=-1)
    return list(earlier[last + 1 :])


def _flips(earlier: Past) -> int:
    """How often the link changed between alive and failing; walls and the like are neither."""
    states = [
        health is Health.ALIVE for _, health, reason in earlier if health is Health.ALIVE or _fails(health, reason)
    ]
    return sum(one != other for one, other in pairwise(states))


def _fails(health: Health, reason: Reason) -> bool:
    return health is Health.BROKEN or reason in LASTING or reason is Reason.TLS_FAILURE


def _flapping(verdict: Verdict, earlier: Past) -> Verdict:
    says = f"the link has come and gone in {len(earlier)} earlier runs; one more failure proves nothing"
    return replace(
        verdict, health=Health.UNKNOWN, confidence=0.5, state="suspected", evidence=(*verdict.evidence, says)
    )


def _confirmed(verdict: Verdict, failing: Past, when: datetime) -> Verdict:
    if verdict.state == "confirmed":
        return verdict
    before = [at for at, health, _ in failing if health is Health.BROKEN and when - at >= SECOND_RUN]
    if not before:
        return verdict
    says = f"the same was seen on {before[0]:%Y-%m-%d}"
    return replace(verdict, state="confirmed", evidence=(*verdict.evidence, says))


def _lasting(verdict: Verdict, failing: Past, patience: timedelta, when: datetime) -> Verdict:
    counted: list[datetime] = []
    for at in [*(at for at, health, reason in failing if _fails(health, reason)), when]:
        if not counted or at - counted[-1] >= patience:
            counted.append(at)
    if len(counted) < FAILURES:
        says = f"failure {len(counted)} of {FAILURES}, counted when {_days(patience)} apart"
        return replace(verdict, evidence=(*verdict.evidence, says)) if len(counted) > 1 else verdict
    days = ", ".join(f"{at:%Y-%m-%d}" for at in counted[-FAILURES:])
    return replace(
        verdict,
        health=Health.BROKEN,
        state="confirmed",
        confidence=0.9,
        evidence=(
            *verdict.evidence,
            f"it failed on {days}, at least {_days(patience)} apart, and never answered between",
        ),
    )


def _days(patience: timedelta) -> str:
    hours = patience.total_seconds() / 3600
    return f"{hours / 24:g} days" if hours >= 48 else f"{hours:g} hours"
