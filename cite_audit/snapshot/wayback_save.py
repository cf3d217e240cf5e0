"""Captures in the Wayback Machine: submitted at its rate, journalled first, polled together, verified by playback.

The journal says “submitting” before a request goes out, and a page with such an entry is looked up before it is
submitted again, so that no page is saved twice or lost, whenever the process ends.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from cite_audit.errors import ArchiveError, ArchivePausedError, StoreError, describe_own_fault
from cite_audit.resolve.archive.archive_client import ArchiveClient, RateLimitedError
from cite_audit.resolve.archive.base import Clock
from cite_audit.resolve.archive.rate_limiter import BUDGET_SPENT, rate_class_at
from cite_audit.snapshot import save_page_now, spn_errors
from cite_audit.snapshot.credentials import ArchiveKeys
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.model import Capture, Outcome, SnapshotTarget
from cite_audit.snapshot.save_queue import QueuedPage, SaveQueue
from cite_audit.snapshot.verify import CaptureVerifier

POLL_INTERVAL = 6.0  # seconds between two questions about all jobs
FIRST_POLL_DELAY = 10.0  # seconds before the first; captures take 16 to 33
MAX_PENDING = 3600.0  # seconds after which a job stays pending for this run
SETTLE_DELAY = 150.0  # seconds after which a capture that was asked for is either there or will not come
MAX_TRIES = 3
RETRY_DELAY = 30.0  # seconds before a transient failure is tried again, doubling
SHORT_PAUSE = 60.0


class WaybackSaver:
    """Saves pages. `is_alive`: whether we could see a page ourselves; `recent_seconds`: how old a recent capture is."""

    archive = SnapshotTarget.WAYBACK

    def __init__(
        self,
        base_url: str,
        archive_client: ArchiveClient,
        clock: Clock,
        journal: Journal,
        keys: ArchiveKeys | None,
        *,
        recent_seconds: float = 3600.0,
        screenshot: bool = False,
        is_alive: Callable[[str], bool] = lambda url: False,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        hostname = urlsplit(base_url).netloc
        self._save_rate_class = rate_class_at("save" if keys else "save-anonymous", hostname)
        self._status_rate_class = rate_class_at("save-status", hostname)
        self._archive_client = archive_client
        self._clock = clock
        self._journal = journal
        self._keys = keys
        self._recent_seconds = recent_seconds
        self._screenshot = screenshot
        self._is_alive = is_alive
        self._verifier = CaptureVerifier(self._base_url, archive_client, clock)
        self._unfinished: set[str] = set()
        self._queue = SaveQueue(clock)
        self._jobs: dict[str, QueuedPage] = {}
        self._results: asyncio.Queue[Capture | BaseException] = asyncio.Queue()

    async def save(self, urls: Sequence[str]) -> AsyncIterator[Capture]:
        """One result for each page, as they come. Raises StoreError when the journal cannot be written."""
        self._unfinished = set(urls)
        for url in urls:
            self._resume_page(url)
        tasks = [asyncio.ensure_future(self._submit_all()), asyncio.ensure_future(self._poll_all())]
        for task in tasks:
            task.add_done_callback(self._report_task_error)
        try:
            for _ in range(len(self._unfinished)):
                result = await self._results.get()
                if isinstance(result, BaseException):
                    raise result
                yield result
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _report_task_error(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()):
            self._results.put_nowait(error)

    def _resume_page(self, url: str) -> None:
        """Go on where the journal says that an earlier run stopped."""
        earlier_capture = self._journal.get(self.archive, url)
        page, now = QueuedPage(url), self._clock.time()  # a journal in the future: the clock was set back since
        recorded_at = min(earlier_capture.at.timestamp(), now) if earlier_capture else now
        if earlier_capture and earlier_capture.outcome is Outcome.PENDING and earlier_capture.job_id:
            self._jobs[earlier_capture.job_id] = replace(page, submitted_at=recorded_at)
        elif earlier_capture and earlier_capture.outcome is Outcome.SUBMITTING:
            self._queue.add(page, recorded_at + SETTLE_DELAY - now)
        else:
            self._queue.add(page)

    async def _submit_all(self) -> None:
        while self._unfinished:
            delay = self._queue.delay
            if delay > self._archive_client.time_left and not math.isinf(delay):
                given_up = {"code": "paused", "message": BUDGET_SPENT}
                self._finish_page(self._queue.pop(), Outcome.UNKNOWN, update_journal=False, **given_up)
            elif delay:
                await self._clock.sleep(min(delay, POLL_INTERVAL))
            else:
                page = self._queue.pop()
                await self._with_edge(page, self._submit_page(page))

    async def _with_edge(self, page: QueuedPage, work: Awaitable[None]) -> None:
        """Work on one page; a fault of this program ends that page alone."""
        try:
            await work
        except StoreError:
            raise
        except Exception as error:
            message = describe_own_fault(error)
            self._finish_page(page, Outcome.UNKNOWN, code="fault", message=message, update_journal=False)

    async def _submit_page(self, page: QueuedPage) -> None:
        earlier_capture = self._journal.get(self.archive, page.url)
        if (
            earlier_capture
            and earlier_capture.outcome is Outcome.SUBMITTING
            and await self._finish_if_captured(page, earlier_capture.at)
        ):
            return
        if earlier_capture and earlier_capture.outcome is Outcome.UNVERIFIED and earlier_capture.captured_at:
            await self._verify_capture(page, earlier_capture.captured_at)
            return
        sent = False

        def record_submission() -> None:
            nonlocal sent
            sent = True
            attempts = (earlier_capture.attempts if earlier_capture else 0) + 1
            self._record_state(page, Outcome.SUBMITTING, attempts=attempts)

        request = save_page_now.build_save_request(
            self._base_url, page.url, self._keys, recent_seconds=self._recent_seconds, screenshot=self._screenshot
        )
        try:
            reply = await self._archive_client.fetch_answer(
                self._save_rate_class, request, retries=0, on_send=record_submission
            )
            answer = save_page_now.read_save_answer(reply)
        except save_page_now.KeysRefusedError as error:
            self._record_state(page, Outcome.UNKNOWN, code="keys-refused", message=str(error))
            self._archive_client.stop_rate_class(self._save_rate_class, str(error))
            self._finish_page(page, Outcome.UNKNOWN, code="keys-refused", message=str(error))
        except RateLimitedError as error:
            self._record_state(page, Outcome.UNKNOWN, code="rate-limited", message=str(error))
            self._queue.add(page)  # the limiter pauses, and closes the pool after three pauses
        except ArchivePausedError as error:
            self._finish_page(page, Outcome.UNKNOWN, code="paused", message=str(error), update_journal=False)
        except ArchiveError as error:
            self._retry_later(page, SETTLE_DELAY, Outcome.UNKNOWN, "no-answer", str(error), update_journal=not sent)
        else:
            await self._process_save_answer(page, answer)

    async def _process_save_answer(self, page: QueuedPage, answer: save_page_now.SaveAnswer) -> None:
        if answer.code:
            self._process_failure(page, answer.code, answer.message)
        elif answer.job_id:
            self._archive_client.forgive_pauses(self._save_rate_class)
            page.submitted_at = self._clock.time() + answer.start_delay
            self._jobs[answer.job_id] = page
            self._record_state(page, Outcome.PENDING, job_id=answer.job_id, message=answer.message)
        elif not await self._finish_if_captured(page, self._current_time() - timedelta(seconds=self._recent_seconds)):
            message = answer.message or "it says that it has a recent capture, and shows none"
            self._finish_page(page, Outcome.UNVERIFIED, code="not-shown", message=message)

    async def _finish_if_captured(self, page: QueuedPage, since: datetime) -> bool:
        """Finish a page whose capture since that time is there. True also when that cannot be told now."""
        try:
            captured_at = await self._verifier.find_newest(page.url)
        except ArchiveError as error:
            self._finish_page(page, Outcome.UNKNOWN, code="no-answer", message=str(error), update_journal=False)
            return True
        if captured_at is None or captured_at < since - timedelta(seconds=60):
            return False
        await self._verify_capture(page, captured_at)
        return True

    async def _poll_all(self) -> None:
        while self._unfinished:
            now = self._clock.time()
            due_jobs = [job_id for job_id, page in self._jobs.items() if now - page.submitted_at >= FIRST_POLL_DELAY]
            if not (time_left := self._archive_client.time_left):
                self._suspend_jobs(list(self._jobs), BUDGET_SPENT)
            elif due_jobs:
                await self._poll_jobs(due_jobs)
            await self._clock.sleep(min(POLL_INTERVAL, time_left) or POLL_INTERVAL)

    def _suspend_jobs(self, job_ids: list[str], message: str) -> None:
        """Leave jobs pending: the next run asks about them."""
        for job_id in job_ids:
            self._finish_page(self._jobs.pop(job_id), Outcome.PENDING, message=message, update_journal=False)

    async def _poll_jobs(self, due_jobs: list[str]) -> None:
        try:
            request = save_page_now.build_status_request(self._base_url, due_jobs, self._keys)
            answers = save_page_now.read_status_answers(
                await self._archive_client.fetch_answer(self._status_rate_class, request, retries=1)
            )
        except ArchivePausedError as error:
            self._suspend_jobs(due_jobs, str(error))
            return
        except Exception:  # no answer, or none that can be read: they are asked about again
            answers = {}
        for job_id in due_jobs:
            answer = answers.get(job_id, save_page_now.SaveAnswer(job_id, pending=True))
            await self._with_edge(self._jobs[job_id], self._process_job_answer(job_id, answer))

    async def _process_job_answer(self, job_id: str, answer: save_page_now.SaveAnswer) -> None:
        page = self._jobs[job_id]
        if answer.pending:
            if self._clock.time() - page.submitted_at >= MAX_PENDING:
                del self._jobs[job_id]
                self._finish_page(page, Outcome.PENDING, message="still pending after an hour", update_journal=False)
            return
        del self._jobs[job_id]
        if answer.captured_at:
            await self._verify_capture(page, answer.captured_at)
        elif answer.code == "job-not-found":  # jobs are forgotten after a while; the capture may be there
            since = datetime.fromtimestamp(page.submitted_at, UTC)
            if not await self._finish_if_captured(page, since):
                self._retry_later(page, 0.0, Outcome.FAILED, answer.code, answer.message)
        else:
            self._process_failure(page, answer.code, answer.message)

    async def _verify_capture(self, page: QueuedPage, captured_at: datetime) -> None:
        self._record_state(page, Outcome.UNVERIFIED, captured_at=captured_at)
        verification = await self._verifier.check_capture(page.url, captured_at)
        self._finish_page(page, verification.outcome, **verification.fields)

    def _process_failure(self, page: QueuedPage, code: str, message: str) -> None:
        retry_class = spn_errors.classify_code(code)
        if code in spn_errors.ARCHIVER_BLOCKED_CODES and self._is_alive(page.url):
            message = f"the page's host keeps the archive out: {code}; {message}"
            self._finish_page(page, Outcome.REFUSED, code="archiver-blocked", message=message)
        elif retry_class is spn_errors.RetryClass.TRANSIENT:
            self._retry_later(page, RETRY_DELAY * 2**page.tries, Outcome.FAILED, code, message)
        elif retry_class is spn_errors.RetryClass.PAUSE and code in spn_errors.SHORT_PAUSE_CODES:
            self._retry_later(page, SHORT_PAUSE * 2**page.tries, Outcome.UNKNOWN, code, message)
        elif retry_class is spn_errors.RetryClass.PAUSE:
            self._archive_client.stop_rate_class(
                self._save_rate_class, f"the Wayback Machine takes no more captures today ({code})"
            )
            self._finish_page(page, Outcome.UNKNOWN, code=code, message=message)
        else:
            is_refused = retry_class is spn_errors.RetryClass.TOMORROW or code in spn_errors.REFUSAL_CODES
            self._finish_page(page, Outcome.REFUSED if is_refused else Outcome.FAILED, code=code, message=message)

    def _retry_later(
        self,
        page: QueuedPage,
        delay: float,
        final_outcome: Outcome,
        code: str,
        message: str,
        *,
        update_journal: bool = True,
    ) -> None:
        """Try once more later, or end with `last`."""
        page.tries += 1
        if page.tries >= MAX_TRIES:
            self._finish_page(page, final_outcome, code=code, message=message, update_journal=update_journal)
            return
        if update_journal:
            self._record_state(page, final_outcome, code=code, message=message)
        self._queue.add(page, delay)

    def _record_state(self, page: QueuedPage, outcome: Outcome, **fields: Any) -> Capture:
        now = self._current_time()
        earlier_capture = self._journal.get(self.archive, page.url) or Capture(page.url, self.archive, outcome, now)
        changes = {"code": "", "message": "", **fields}
        return self._journal.write(replace(earlier_capture, outcome=outcome, at=now, **changes))

    def _finish_page(self, page: QueuedPage, outcome: Outcome, *, update_journal: bool = True, **fields: Any) -> None:
        """One page is done for this run; `update_journal` False lets the next run resume from the journal."""
        if update_journal:
            result = self._record_state(page, outcome, **fields)
        else:
            new_capture = Capture(page.url, self.archive, outcome, self._current_time())
            earlier_capture = self._journal.get(self.archive, page.url) or new_capture
            result = replace(earlier_capture, outcome=outcome, **fields)
        self._unfinished.discard(page.url)
        self._results.put_nowait(result)

    def _current_time(self) -> datetime:
        return datetime.fromtimestamp(self._clock.time(), UTC)
