"""One exchange with an archive, politely: paced, retried a little, and given up on quickly when nobody is there."""

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
from cite_audit.resolve.archive.limiter import Limiter, Pool
from cite_audit.resolve.base import Fetcher, Reply, Request
from cite_audit.resolve.live.profiles import PLAIN

_WHO = PLAIN[0]  # archives ask that a client names itself and whom to write to
RETRIES = 2
BROKEN_IN_A_ROW = 5  # answers 5xx, after which the archive counts as down for this run
FAILED_IN_A_ROW = 3  # exchanges without an answer
NEVER_ANSWERED = 2  # the same, when nothing has answered yet and the failure says that nobody is there
_NOBODY_THERE = {
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
class _Run:
    """What a host has done so far; `broken` by pool, since its index may be down while its playback is not."""

    answered: bool = False
    failed: int = 0
    broken: Counter[str] = field(default_factory=Counter)


class Asker:
    """Asks one or more archives through one Fetcher and one Limiter. `jitter` gives numbers in [0, 1)."""

    def __init__(self, fetcher: Fetcher, limiter: Limiter, clock: Clock, jitter: Callable[[], float]) -> None:
        self._fetcher = fetcher
        self._limiter = limiter
        self._clock = clock
        self._jitter = jitter
        self._runs: dict[str, _Run] = {}
        self._places: dict[str, asyncio.Semaphore] = {}

    async def ask(
        self, pool: Pool, request: Request, *, retries: int = RETRIES, sending: Callable[[], None] | None = None
    ) -> Reply:
        """An answer of the archive itself, or of a capture it plays back, whatever its status.

        `sending` is called right before the request goes out. Raises ArchiveError when there was no answer: the network
        failed, the archive is down; ArchivePausedError when nothing is asked any more; RateLimitedError after a 429.
        """
        request = replace(request, headers=(_WHO, *request.headers))
        run = self._runs.setdefault(urlsplit(request.url).netloc, _Run())
        problem = ""
        for attempt in range(retries + 1):
            if attempt:
                await self._clock.sleep(2**attempt * (0.5 + self._jitter()))
            async with self._places.setdefault(pool.name, asyncio.Semaphore(pool.at_once)):
                started = await self._limiter.start(pool)
                if sending:
                    sending()
                reply = await self._fetcher.fetch(request)
            problem = self._problem(pool, run, reply, started)
            if not problem:
                return reply
        raise RateLimitedError(problem) if reply.status == 429 else ArchiveError(problem)

    def close(self, pool: Pool, why: str) -> None:
        """Ask nothing more of a pool in this run."""
        self._limiter.close(pool, why)

    def _problem(self, pool: Pool, run: _Run, reply: Reply, started: float) -> str:
        """What keeps a reply from being an answer, in words; empty when it is one."""
        if reply.status == 0 or reply.failure is not None:
            return self._no_answer(pool, run, reply)
        run.answered, run.failed = True, 0
        if reply.header("memento-datetime"):
            run.broken[pool.name] = 0
            return ""  # a capture, whatever status it has
        if reply.status == 429:
            self._limiter.refused(pool, started, retry_after(reply, self._clock.time()))
            return "rate limited: the archive answers 429 Too Many Requests"
        if reply.status >= 500:
            run.broken[pool.name] += 1
            problem = f"the archive is down: it answers {reply.status}"
            if run.broken[pool.name] >= BROKEN_IN_A_ROW:
                self._limiter.close(pool, problem)
            return problem
        run.broken[pool.name] = 0
        return ""

    def _no_answer(self, pool: Pool, run: _Run, reply: Reply) -> str:
        kind = reply.failure.kind if reply.failure else FailureKind.EMPTY_REPLY
        problem = f"the archive cannot be reached: {kind.value}"
        if kind is FailureKind.REFUSED:
            self._limiter.shut_out(pool)
        run.failed += 1
        # Without network nothing is gained by asking again for each of a thousand links.
        absent = not run.answered and kind in _NOBODY_THERE
        if run.failed >= (NEVER_ANSWERED if absent else FAILED_IN_A_ROW):
            self._limiter.close(pool, problem)
            raise ArchivePausedError(problem)
        return problem


def retry_after(reply: Reply, now: float) -> float | None:
    """The seconds a `Retry-After` asks for (RFC 9110 §10.2.3: a number or a date), or None."""
    value = reply.header("retry-after").strip()
    if value.isascii() and value.isdigit():
        return float(value[:6])
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.fromtimestamp(now, UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None
