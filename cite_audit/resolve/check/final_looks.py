"""Final looks: a failure that may have passed is looked at once more at the end, with what is left of its budget."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cite_audit.frozen_record import frozen_record
from cite_audit.model import CitedLink, Health, Reason, Verdict
from cite_audit.resolve.check.investigation import Investigation
from cite_audit.resolve.check.link_check import LinkChecker
from cite_audit.resolve.judge.look import REQUEST_BUDGET

BACKOFFS = 2.0  # pause between the last failure and the final looks, in units of a retry's first back-off
STALE_TIMEOUT = 30.0  # seconds after which a time-out deserves another look, though it was hedged
TRANSIENT_REASONS = {
    Reason.TIMEOUT,
    Reason.REFUSED,
    Reason.SERVER_ERROR,
    Reason.PROTOCOL_ERROR,
    Reason.DNS_TEMPORARY,
    Reason.RATE_LIMITED,
}


@frozen_record
class TransientFailure:
    """A link that may do better later, and when it failed (loop time)."""

    link: CitedLink
    investigation: Investigation
    failed_at: float

    def deserves_final_look(self, now: float) -> bool:
        """Whether a request is left, and a time-out, which was hedged, is long ago; `now` is loop time."""
        verdict = self.investigation.verdict
        if verdict.attempts >= REQUEST_BUDGET:
            return False
        return verdict.reason is not Reason.TIMEOUT or now - self.failed_at > STALE_TIMEOUT


def is_transient_failure(verdict: Verdict) -> bool:
    return verdict.reason in TRANSIENT_REASONS and verdict.health is not Health.ALIVE


def pause_before_final_looks(failures: Iterable[TransientFailure], backoff: float, now: float) -> float:
    """Seconds to wait, so that trouble has time to pass since the last of the failures; negative when it had."""
    return max(failure.failed_at for failure in failures) + BACKOFFS * backoff - now


async def take_final_look(link_checker: LinkChecker, failure: TransientFailure) -> Investigation:
    """The investigation that stands after one more, without retries; its verdict counts the requests of both."""
    first = failure.investigation
    last = await link_checker.find_verdict(failure.link, REQUEST_BUDGET - first.verdict.attempts, retries=0)
    attempts = first.verdict.attempts + last.verdict.attempts
    standing = first if last.verdict.reason in TRANSIENT_REASONS else last
    return replace(standing, verdict=replace(standing.verdict, attempts=attempts))
