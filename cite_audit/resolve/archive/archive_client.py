"""Paced exchanges with an archive: few retries, and a circuit breaker for an archive that does not answer."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from cite_audit.errors import ArchiveError, ArchivePausedError
from cite_audit.model import FailureKind
from cite_audit.resolve.archive.base import Clock
from cite_audit.resolve.archive.rate_limiter import BUDGET_SPENT, RateClass, RateLimiter
from cite_audit.resolve.check.base import Fetcher, Reply, Request
from cite_audit.resolve.http.user_agents import PLAIN_HEADERS

_USER_AGENT = PLAIN_HEADERS[0]  # archives ask that a client names itself and whom to write to
MAX_RETRIES = 2
MAX_SERVER_ERRORS = 5  # answers 5xx, after which the archive counts as down for this run
MAX_FAILURES = 3  # exchanges without an answer
MAX_FAILURES_UNANSWERED = 2  # the same, when nothing has answered yet and the failure means that no server is there
_ABSENT_KINDS = {
    FailureKind.DNS_NO_NAME,
    FailureKind.DNS_TEMPORARY,
    FailureKind.REFUSED,
    FailureKind.UNREACHABLE,
    FailureKind.TIMEOUT_CONNECT,
    FailureKind.NO_NETWORK,
    FailureKind.UNSAFE_LITERAL,
    FailureKind.UNSAFE_NAME,
    FailureKind.INVALID_URL,
}


class RateLimitedError(ArchivePausedError):
    """The archive answered 429, so it has not done what was asked."""


@dataclass(slots=True)
class _HostFailures:
    """The failures of a host; server errors by rate class, since its index may be down while its playback is not."""

    answered: bool = False
    failure_count: int = 0
    server_errors: Counter[str] = field(default_factory=Counter)


class ArchiveClient:
    """Asks archives through one Fetcher and one RateLimiter. `jitter` gives numbers in [0, 1)."""

    def __init__(self, fetcher: Fetcher, limiter: RateLimiter, clock: Clock, jitter: Callable[[], float]) -> None:
        self._fetcher = fetcher
        self.limiter = limiter
        self._clock = clock
        self._jitter = jitter
        self._failures_by_host: dict[str, _HostFailures] = {}
        self._slots: dict[str, asyncio.Semaphore] = {}

    async def fetch_answer(
        self,
        rate_class: RateClass,
        request: Request,
        *,
        retries: int = MAX_RETRIES,
        on_send: Callable[[], None] | None = None,
    ) -> Reply:
        """An answer of the archive itself, or of a capture it plays back, whatever its status.

        `on_send` is called right before the request is sent. Raises ArchiveError when there was no answer: the network
        failed, the archive is down; ArchivePausedError when nothing is asked any more; RateLimitedError after a 429.
        """
        request = replace(request, headers=(_USER_AGENT, *request.headers))
        failures = self._failures_by_host.setdefault(urlsplit(request.url).netloc, _HostFailures())
        problem = ""
        for attempt in range(retries + 1):
            if attempt:
                await self._clock.sleep(min(2**attempt * (0.5 + self._jitter()), self.limiter.time_left))
            async with self._slots.setdefault(rate_class.name, asyncio.Semaphore(rate_class.at_once)):
                started_at = await self.limiter.wait_for_turn(rate_class)
                if on_send:
                    on_send()
                reply = await self._fetcher.fetch(self._within_budget(request))
            if not reply.status and not self.limiter.time_left:
                raise ArchivePausedError(BUDGET_SPENT)  # it was cut short, which says nothing of the archive
            problem = self._problem_with(rate_class, failures, reply, started_at)
            if not problem:
                return reply
        raise RateLimitedError(problem) if reply.status == 429 else ArchiveError(problem)

    @property
    def time_left(self) -> float:
        """Seconds left of the archive budget; infinite without one."""
        return self.limiter.time_left

    def _within_budget(self, request: Request) -> Request:
        budget = self.limiter.time_left
        return request if request.timeout <= budget else replace(request, timeout=max(budget, 0.001))

    def stop_rate_class(self, rate_class: RateClass, why: str) -> None:
        """Send no more requests of a rate class in this run."""
        self.limiter.stop_rate_class(rate_class, why)

    def forgive_pauses(self, rate_class: RateClass) -> None:
        """The archive takes requests again: earlier pauses of this rate class no longer end the run."""
        self.limiter.forgive_pauses(rate_class)

    def _problem_with(self, rate_class: RateClass, failures: _HostFailures, reply: Reply, started_at: float) -> str:
        """Why a reply is no answer, in words; empty when it is one."""
        if reply.status == 0 or reply.failure is not None:
            return self._record_no_answer(rate_class, failures, reply)
        failures.answered, failures.failure_count = True, 0
        if reply.header("memento-datetime"):
            failures.server_errors[rate_class.name] = 0
            return ""  # a capture, whatever status it has
        if reply.status == 429:
            self.limiter.record_refusal(rate_class, started_at, retry_after_seconds(reply, self._clock.time()))
            return "rate limited: the archive answers 429 Too Many Requests"
        if reply.status >= 500:
            failures.server_errors[rate_class.name] += 1
            problem = f"the archive is down: it answers {reply.status}"
            if failures.server_errors[rate_class.name] >= MAX_SERVER_ERRORS:
                self.limiter.stop_rate_class(rate_class, problem)
            return problem
        failures.server_errors[rate_class.name] = 0
        return ""

    def _record_no_answer(self, rate_class: RateClass, failures: _HostFailures, reply: Reply) -> str:
        kind = reply.failure.kind if reply.failure else FailureKind.EMPTY_REPLY
        problem = f"the archive cannot be reached: {kind.value}"
        if kind is FailureKind.REFUSED:
            self.limiter.record_block(rate_class)
        failures.failure_count += 1
        # Without a network, a retry for each of a thousand links gains nothing.
        absent = not failures.answered and kind in _ABSENT_KINDS
        if failures.failure_count >= (MAX_FAILURES_UNANSWERED if absent else MAX_FAILURES):
            self.limiter.stop_rate_class(rate_class, problem)
            raise ArchivePausedError(problem)
        return problem


def retry_after_seconds(reply: Reply, now: float) -> float | None:
    """The seconds a `Retry-After` asks for (RFC 9110 §10.2.3: a number or a date), or None."""
    value = reply.header("retry-after").strip()
    if value.isascii() and value.isdigit():
        return float(value[:6])
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.fromtimestamp(now, UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None
