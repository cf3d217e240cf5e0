"""Which failures get a look at the end of a run, and when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cite_audit.model import CitedLink, Health, Reason, Verdict
from cite_audit.resolve.check.final_looks import (
    BACKOFFS,
    STALE_TIMEOUT,
    TransientFailure,
    is_transient_failure,
    pause_before_final_looks,
)
from cite_audit.resolve.check.investigation import Investigation
from cite_audit.resolve.judge.look import REQUEST_BUDGET, Evidence

URL = "http://herald.test/2019/05/story-12"


def failure(reason: Reason, attempts: int = 2, failed_at: float = 100.0) -> TransientFailure:
    verdict = Verdict(URL, Health.UNKNOWN, reason, attempts=attempts)
    return TransientFailure(
        CitedLink(URL), Investigation(verdict, Evidence(URL, datetime(2026, 3, 1, tzinfo=UTC))), failed_at
    )


@pytest.mark.parametrize(
    ("reason", "attempts", "waited", "expected"),
    [
        (Reason.REFUSED, REQUEST_BUDGET - 1, 0.0, True),
        (Reason.REFUSED, REQUEST_BUDGET, 0.0, False),
        (Reason.TIMEOUT, 2, STALE_TIMEOUT, False),
        (Reason.TIMEOUT, 2, STALE_TIMEOUT + 0.1, True),
        (Reason.TIMEOUT, REQUEST_BUDGET, STALE_TIMEOUT + 0.1, False),
    ],
)
def test_a_failure_is_looked_at_again_while_a_request_is_left(
    reason: Reason, attempts: int, waited: float, expected: bool
) -> None:
    assert failure(reason, attempts).deserves_final_look(100.0 + waited) is expected


def test_the_pause_begins_with_the_last_failure() -> None:
    failures = [failure(Reason.REFUSED, failed_at=when) for when in (90.0, 99.0)]
    assert pause_before_final_looks(failures, 1.5, 100.0) == 99.0 + BACKOFFS * 1.5 - 100.0


@pytest.mark.parametrize("reason", [Reason.BLOCKED, Reason.NOT_FOUND, Reason.DNS_FAILURE, Reason.UNSAFE])
def test_what_does_not_pass_by_itself_gets_no_final_look(reason: Reason) -> None:
    assert not is_transient_failure(Verdict(URL, Health.UNKNOWN, reason))
