"""Captures in the Wayback Machine: submitted at its rate, journalled first, polled together, verified by playback.

The rule that matters: nothing is saved twice and nothing is lost, whenever the process dies. So the journal says
“submitting” before a request goes out, and a page with such an entry is looked up before it is submitted again.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from cite_audit.errors import ArchiveError, ArchivePausedError
from cite_audit.resolve.archive.asking import Asker, RateLimitedError
from cite_audit.resolve.archive.base import Clock
from cite_audit.resolve.archive.limiter import pool
from cite_audit.snapshot import spn, statuses
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.keys import Keys
from cite_audit.snapshot.model import Capture, Outcome
from cite_audit.snapshot.verify import Verifier

POLL = 6.0  # seconds between two questions about all jobs
FIRST_POLL = 10.0  # seconds before the first; captures take 16 to 33
GIVE_UP = 3600.0  # seconds after which a job stays pending for this run
SETTLE = 150.0  # seconds after which a capture that was asked for is either there or will not come
TRIES = 3
AGAIN = 30.0  # seconds before a transient failure is tried again, doubling
SHORT_PAUSE = 60.0

KEEP_OUT = frozenset({"blocked", "blocked-url", "blocked-client-ip", "unauthorized", "no-access"})


@dataclass(slots=True)
class _Work:
    """A page on its way in this run."""

    url: str
    tries: int = 0
    submitted: float = 0.0


class Saver:
    """Saves pages. `alive`: whether we could see a page ourselves; `within`: seconds for which a capture is recent."""

    archive = "wayback"

    def __init__(
        self,
        base: str,
        asker: Asker,
        clock: Clock,
        journal: Journal,
        keys: Keys | None,
        *,
        within: float = 3600.0,
        screenshot: bool = False,
        alive: Callable[[str], bool] = lambda url: False,
    ) -> None:
        self._base = base.rstrip("/")
        host = urlsplit(base).netloc
        self._pool = pool("save" if keys else "save-anonymous", host)
        self._status_pool = pool("save-status", host)
        self._asker = asker
        self._clock = clock
        self._journal = journal
        self._keys = keys
        self._within = within
        self._screenshot = screenshot
        self._alive = alive
        self._verifier = Verifier(self._base, asker, clock)
        self._left: set[str] = set()
        self._queue: list[tuple[float, int, _Work]] = []
        self._jobs: dict[str, _Work] = {}
        self._results: asyncio.Queue[Capture | BaseException] = asyncio.Queue()
        self._order = 0

    async def save(self, wanted: Sequence[str]) -> AsyncIterator[Capture]:
        """One result for each page, as they come. Raises StoreError when the journal cannot be written."""
        self._left = set(wanted)
        for url in wanted:
            self._take_up(url)
        tasks = [asyncio.ensure_future(self._submit_all()), asyncio.ensure_future(self._poll_all())]
        for task in tasks:
            task.add_done_callback(self._ended)
        try:
            for _ in range(len(self._left)):
                result = await self._results.get()
                if isinstance(result, BaseException):
                    raise result
                yield result
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()):
            self._results.put_nowait(error)

    def _take_up(self, url: str) -> None:
        """Go on where the journal says that an earlier run stopped."""
        before = self._journal.get(self.archive, url)
        work = _Work(url)
        if before and before.outcome is Outcome.PENDING and before.job_id:
            self._jobs[before.job_id] = replace(work, submitted=before.at.timestamp())
        elif before and before.outcome is Outcome.SUBMITTING:
            self._enqueue(work, before.at.timestamp() + SETTLE - self._clock.time())
        else:
            self._enqueue(work)

    async def _submit_all(self) -> None:
        while self._left:
            now = self._clock.time()
            if not self._queue or self._queue[0][0] > now:
                soonest = self._queue[0][0] - now if self._queue else POLL
                await self._clock.sleep(min(soonest, POLL))
                continue
            await self._submit(heapq.heappop(self._queue)[2])

    async def _submit(self, work: _Work) -> None:
        before = self._journal.get(self.archive, work.url)
        if before and before.outcome is Outcome.SUBMITTING and await self._looked_up(work, before.at):
            return
        if before and before.outcome is Outcome.UNVERIFIED and before.captured_at:
            await self._verify(work, before.captured_at)
            return
        sent = False

        def sending() -> None:
            nonlocal sent
            sent = True
            attempts = (before.attempts if before else 0) + 1
            self._keep(work, Outcome.SUBMITTING, attempts=attempts)

        request = spn.save_request(self._base, work.url, self._keys, within=self._within, screenshot=self._screenshot)
        try:
            reply = await self._asker.ask(self._pool, request, retries=0, sending=sending)
            answer = spn.read_save(reply)
        except spn.KeysRefusedError as error:
            self._keep(work, Outcome.UNKNOWN, code="keys-refused", message=str(error))
            self._asker.close(self._pool, str(error))
            self._finish(work, Outcome.UNKNOWN, code="keys-refused", message=str(error))
        except RateLimitedError as error:
            self._keep(work, Outcome.UNKNOWN, code="rate-limited", message=str(error))
            self._enqueue(work)  # the limiter pauses, and closes the pool after three pauses
        except ArchivePausedError as error:
            self._finish(work, Outcome.UNKNOWN, code="paused", message=str(error), keep=False)
        except ArchiveError as error:
            self._again(work, SETTLE, Outcome.UNKNOWN, "no-answer", str(error), keep=not sent)
        else:
            await self._submitted(work, answer)

    async def _submitted(self, work: _Work, answer: spn.Answer) -> None:
        if answer.code:
            self._failed(work, answer.code, answer.message)
        elif answer.job_id:
            work.submitted = self._clock.time()
            self._jobs[answer.job_id] = work
            self._keep(work, Outcome.PENDING, job_id=answer.job_id, message=answer.message)
        elif not await self._looked_up(work, self._now() - timedelta(seconds=self._within)):
            said = answer.message or "it says that it has a recent capture, and shows none"
            self._finish(work, Outcome.UNVERIFIED, code="not-shown", message=said)

    async def _looked_up(self, work: _Work, since: datetime) -> bool:
        """Finish a page whose capture since that time is there. True also when that cannot be told now."""
        try:
            captured_at = await self._verifier.newest(work.url)
        except ArchiveError as error:
            self._finish(work, Outcome.UNKNOWN, code="no-answer", message=str(error), keep=False)
            return True
        if captured_at is None or captured_at < since - timedelta(seconds=60):
            return False
        await self._verify(work, captured_at)
        return True

    async def _poll_all(self) -> None:
        while self._left:
            now = self._clock.time()
            due = [job for job, work in self._jobs.items() if now - work.submitted >= FIRST_POLL]
            if due:
                await self._poll(due)
            await self._clock.sleep(POLL)

    async def _poll(self, due: list[str]) -> None:
        try:
            request = spn.status_request(self._base, due, self._keys)
            answers = spn.read_status(await self._asker.ask(self._status_pool, request, retries=1))
        except ArchivePausedError as error:
            for job in due:
                self._finish(self._jobs.pop(job), Outcome.PENDING, message=str(error), keep=False)
            return
        except ArchiveError:
            answers = {}
        for job in due:
            await self._heard(job, answers.get(job, spn.Answer(job, pending=True)))

    async def _heard(self, job: str, answer: spn.Answer) -> None:
        work = self._jobs[job]
        if answer.pending:
            if self._clock.time() - work.submitted >= GIVE_UP:
                del self._jobs[job]
                self._finish(work, Outcome.PENDING, message="still pending after an hour", keep=False)
            return
        del self._jobs[job]
        if answer.captured_at:
            await self._verify(work, answer.captured_at)
        elif answer.code == "job-not-found":  # jobs are forgotten after a while; the capture may be there
            since = datetime.fromtimestamp(work.submitted, UTC)
            if not await self._looked_up(work, since):
                self._again(work, 0.0, Outcome.FAILED, answer.code, answer.message)
        else:
            self._failed(work, answer.code, answer.message)

    async def _verify(self, work: _Work, captured_at: datetime) -> None:
        self._keep(work, Outcome.UNVERIFIED, captured_at=captured_at)
        checked = await self._verifier.check(work.url, captured_at)
        self._finish(work, checked.outcome, **checked.fields)

    def _failed(self, work: _Work, code: str, message: str) -> None:
        kind = statuses.kind(code)
        if code in statuses.ARCHIVER_BLOCKED and self._alive(work.url):
            message = f"the page's host keeps the archive out: {code}; {message}"
            self._finish(work, Outcome.REFUSED, code="archiver-blocked", message=message)
        elif kind is statuses.Kind.TRANSIENT:
            self._again(work, AGAIN * 2**work.tries, Outcome.FAILED, code, message)
        elif kind is statuses.Kind.PAUSE and code in statuses.SHORT:
            self._again(work, SHORT_PAUSE * 2**work.tries, Outcome.UNKNOWN, code, message)
        elif kind is statuses.Kind.PAUSE:
            self._asker.close(self._pool, f"the Wayback Machine takes no more captures today ({code})")
            self._finish(work, Outcome.UNKNOWN, code=code, message=message)
        else:
            refused = kind is statuses.Kind.TOMORROW or code in KEEP_OUT
            self._finish(work, Outcome.REFUSED if refused else Outcome.FAILED, code=code, message=message)

    def _again(self, work: _Work, wait: float, last: Outcome, code: str, message: str, *, keep: bool = True) -> None:
        """Try once more later, or end with `last`."""
        work.tries += 1
        if work.tries >= TRIES:
            self._finish(work, last, code=code, message=message, keep=keep)
            return
        if keep:
            self._keep(work, last, code=code, message=message)
        self._enqueue(work, wait)

    def _enqueue(self, work: _Work, wait: float = 0.0) -> None:
        self._order += 1
        heapq.heappush(self._queue, (self._clock.time() + max(0.0, wait), self._order, work))

    def _keep(self, work: _Work, outcome: Outcome, **fields: Any) -> Capture:
        before = self._journal.get(self.archive, work.url) or Capture(work.url, self.archive, outcome, self._now())
        fresh = {"code": "", "message": "", **fields}
        return self._journal.write(replace(before, outcome=outcome, at=self._now(), **fresh))

    def _finish(self, work: _Work, outcome: Outcome, *, keep: bool = True, **fields: Any) -> None:
        """One page is done for this run; `keep` False leaves the journal as it is, to go on from there."""
        if keep:
            result = self._keep(work, outcome, **fields)
        else:
            before = self._journal.get(self.archive, work.url) or Capture(work.url, self.archive, outcome, self._now())
            result = replace(before, outcome=outcome, **fields)
        self._left.discard(work.url)
        self._results.put_nowait(result)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.time(), UTC)
