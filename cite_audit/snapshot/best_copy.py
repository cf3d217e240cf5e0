"""Which copy of a page leads, and what its outcome is when it could not be captured again. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from cite_audit.resolve.judge.capture_faults import describe_fault
from cite_audit.snapshot.model import Capture, Outcome

# Codes after which a page counts as gone: HTTP 404 and 410, a soft 404, a parked domain, and Save Page Now's own words.
# Any other failure may pass: the page is then “not captured now”.
GONE_CODES = frozenset({"status-404", "status-410", "soft-404", "parked", "not-found"})
_UNFINISHED = (Outcome.PENDING, Outcome.SUBMITTING, Outcome.EXCLUDED, Outcome.KEPT)


def find_best_copy(copies: Sequence[Capture], near: date | None) -> Capture | None:
    """The verified copy nearest the citation's day; the newest when the day is not known."""
    verified_copies = [copy for copy in copies if copy.outcome is Outcome.VERIFIED and copy.captured_at]
    if near is None:
        return max(verified_copies, key=_captured_at, default=None)
    cited_at = datetime.combine(near, time(12), UTC)
    return min(verified_copies, key=lambda copy: abs(_captured_at(copy) - cited_at), default=None)


def choose_lead(latest: Capture, copies: Sequence[Capture], near: date | None) -> Capture:
    """What stands for a page: its best copy, with the outcome that the latest attempt gives the page.

    `latest` itself when there is no verified copy, or while a capture is under way.
    """
    best_copy = find_best_copy(copies, near)
    if best_copy is None or latest.outcome in _UNFINISHED:
        return latest
    lead = replace(best_copy, at=latest.at, attempts=latest.attempts)
    if latest.outcome is Outcome.VERIFIED:
        return lead
    kept_copy = f"copy of {_captured_at(best_copy):%Y-%m-%d} kept"
    if latest.code in GONE_CODES:
        return replace(lead, outcome=Outcome.DIED, code=latest.code, message=f"died; {kept_copy}")
    reason = describe_fault(latest.code) if latest.outcome is Outcome.BAD else latest.message or latest.code
    message = f"not captured now ({reason or latest.outcome}); {kept_copy}"
    return replace(lead, outcome=Outcome.KEPT, code=latest.code or latest.outcome.value, message=message)


def _captured_at(capture: Capture) -> datetime:
    return capture.captured_at or capture.at
