"""Time confirms, resets and doubts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cite_audit.model import Health, Reason, Verdict, VerdictState
from cite_audit.resolve.judge.history import settle_verdict

NOW = datetime(2026, 3, 10, tzinfo=UTC)
ALIVE, BROKEN, UNKNOWN = Health.ALIVE, Health.BROKEN, Health.UNKNOWN


def _ago(days: float, health: Health, reason: Reason) -> tuple[datetime, Health, Reason]:
    return NOW - timedelta(days=days), health, reason


def _now(health: Health, reason: Reason, state: VerdictState = VerdictState.SUSPECTED, detail: str = "") -> Verdict:
    return Verdict("http://h.test/", health, reason, confidence=0.9, evidence=("seen",), state=state, detail=detail)


LASTING = [Reason.TIMEOUT, Reason.REFUSED, Reason.SERVER_ERROR, Reason.PROTOCOL_ERROR]


@pytest.mark.parametrize("reason", LASTING)
def test_three_failures_three_days_apart_are_the_end(reason: Reason) -> None:
    past = [_ago(7, UNKNOWN, reason), _ago(3.5, UNKNOWN, reason)]
    settled = settle_verdict(_now(UNKNOWN, reason), past, now=NOW)
    assert (settled.health, settled.reason, settled.state) == (BROKEN, reason, VerdictState.CONFIRMED)
    assert "2026-03-03" in settled.evidence[-1]


def test_three_failures_in_three_days_are_not() -> None:
    past = [_ago(2, UNKNOWN, Reason.TIMEOUT), _ago(1, UNKNOWN, Reason.TIMEOUT)]
    assert settle_verdict(_now(UNKNOWN, Reason.TIMEOUT), past, now=NOW).health is UNKNOWN


def test_many_failures_count_by_days_not_by_runs() -> None:
    past = [_ago(days / 10, UNKNOWN, Reason.TIMEOUT) for days in range(1, 50)]
    assert settle_verdict(_now(UNKNOWN, Reason.TIMEOUT), past, now=NOW).health is UNKNOWN


def test_patience_is_the_callers() -> None:
    past = [_ago(2, UNKNOWN, Reason.TIMEOUT), _ago(1, UNKNOWN, Reason.TIMEOUT)]
    assert settle_verdict(_now(UNKNOWN, Reason.TIMEOUT), past, timedelta(hours=24), NOW).health is BROKEN


def test_one_success_between_resets() -> None:
    past = [_ago(9, UNKNOWN, Reason.TIMEOUT), _ago(6, ALIVE, Reason.OK), _ago(3, UNKNOWN, Reason.TIMEOUT)]
    assert settle_verdict(_now(UNKNOWN, Reason.TIMEOUT), past[1:], now=NOW).health is UNKNOWN


def test_a_success_now_is_a_success() -> None:
    past = [_ago(days, BROKEN, Reason.NOT_FOUND) for days in (9, 6, 3)]
    assert settle_verdict(_now(ALIVE, Reason.OK, VerdictState.CONFIRMED), past, now=NOW) == _now(
        ALIVE, Reason.OK, VerdictState.CONFIRMED
    )


def test_kinds_of_trouble_add_up() -> None:
    past = [_ago(7, UNKNOWN, Reason.REFUSED), _ago(3.5, UNKNOWN, Reason.SERVER_ERROR)]
    assert settle_verdict(_now(UNKNOWN, Reason.TIMEOUT), past, now=NOW).health is BROKEN


@pytest.mark.parametrize("reason", [Reason.BLOCKED, Reason.LOGIN_REQUIRED, Reason.GEO_BLOCKED, Reason.DNS_TEMPORARY])
def test_walls_never_add_up(reason: Reason) -> None:
    past = [_ago(days, UNKNOWN, reason) for days in (20, 15, 10, 5)]
    assert settle_verdict(_now(UNKNOWN, reason), past, now=NOW).health is UNKNOWN


def test_walls_do_not_count_as_failures_or_successes() -> None:
    past = [_ago(8, UNKNOWN, Reason.TIMEOUT), _ago(6, UNKNOWN, Reason.BLOCKED), _ago(4, UNKNOWN, Reason.TIMEOUT)]
    assert settle_verdict(_now(UNKNOWN, Reason.TIMEOUT), past, now=NOW).health is BROKEN


def test_a_wrong_certificate_name_lasts_an_expired_one_does_not() -> None:
    past = [_ago(7, UNKNOWN, Reason.TLS_FAILURE), _ago(3.5, UNKNOWN, Reason.TLS_FAILURE)]
    assert settle_verdict(_now(UNKNOWN, Reason.TLS_FAILURE, detail="host-mismatch"), past, now=NOW).health is BROKEN
    assert settle_verdict(_now(UNKNOWN, Reason.TLS_FAILURE, detail="expired"), past, now=NOW).health is UNKNOWN


def test_coming_and_going_proves_nothing() -> None:
    past = [
        _ago(12, BROKEN, Reason.NOT_FOUND),
        _ago(9, ALIVE, Reason.OK),
        _ago(6, BROKEN, Reason.NOT_FOUND),
        _ago(3, ALIVE, Reason.OK),
    ]
    settled = settle_verdict(_now(BROKEN, Reason.NOT_FOUND, VerdictState.CONFIRMED), past, now=NOW)
    assert (settled.health, settled.reason) == (UNKNOWN, Reason.NOT_FOUND)


def test_a_suspected_dead_link_is_confirmed_a_day_later() -> None:
    first = _now(BROKEN, Reason.SOFT_404)
    assert settle_verdict(first, [], now=NOW).state == "suspected"
    assert settle_verdict(first, [_ago(0.2, BROKEN, Reason.SOFT_404)], now=NOW).state == "suspected"
    assert settle_verdict(first, [_ago(1.5, BROKEN, Reason.SOFT_404)], now=NOW).state == "confirmed"


def test_hard_evidence_needs_no_history() -> None:
    verdict = _now(BROKEN, Reason.NOT_FOUND, VerdictState.CONFIRMED)
    assert settle_verdict(verdict, [], now=NOW) == verdict
    assert settle_verdict(verdict, [_ago(1, ALIVE, Reason.OK)], now=NOW).health is BROKEN


def test_entries_of_the_future_are_left_out() -> None:
    past = [_ago(-5, UNKNOWN, Reason.TIMEOUT), _ago(-9, UNKNOWN, Reason.TIMEOUT)]
    assert settle_verdict(_now(UNKNOWN, Reason.TIMEOUT), past, now=NOW).health is UNKNOWN
