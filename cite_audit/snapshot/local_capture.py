"""Captures on disk: the live inquiry of each page, written to its report's WARC exchange by exchange."""

from __future__ import annotations

import asyncio
import html
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cite_audit.errors import StoreError
from cite_audit.model import Verdict
from cite_audit.resolve.archive.completion_stream import iter_as_completed
from cite_audit.resolve.archive.playback import format_stamp
from cite_audit.resolve.http.client import Client
from cite_audit.resolve.http.cookies import CookieJar
from cite_audit.resolve.http.exchange_recorder import Exchange, Recording, record_exchanges
from cite_audit.resolve.judge.capture import MAX_SUSPICION, name_reason
from cite_audit.resolve.judge.capture_faults import describe_faults, is_fault
from cite_audit.resolve.judge.page.markup import find_element_content
from cite_audit.snapshot.folder import CaptureFolder
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.model import Capture, CaptureRequest, Outcome, SnapshotTarget
from cite_audit.snapshot.page_parts import PartCapture, media_type
from cite_audit.snapshot.recorded_inquiry import InquiredPage, PageInquirer
from cite_audit.snapshot.report_output import ReportOutput, extract_text
from cite_audit.snapshot.warc_files import StoredRecord
from cite_audit.urls import url_host

if TYPE_CHECKING:
    from cite_audit.snapshot.browser.browser_capture import BrowsedPage, BrowserCapture
    from cite_audit.snapshot.media_capture import MediaCapture

MAX_BODY = 64 << 20  # bytes of one body
TIMEOUT = 60.0  # seconds for one body
MAX_CONCURRENT = 8  # pages, one at a time from each host; each may be LARGEST


@dataclass(frozen=True, slots=True)
class CaptureExtras:
    """What is captured besides the page, and how.

    `with_requisites`: its style sheets, images, scripts and media. `cookies`: the user's own. `browser`: opens each
    page. `media`: gets the videos and sounds of posts. `operator`: who captures, for the files.
    """

    with_requisites: bool = False
    cookies: CookieJar | None = field(default=None, repr=False)
    browser: BrowserCapture | None = None
    media: MediaCapture | None = None
    operator: str = ""


class LocalCapture:
    """Captures into one new WARC for each report, that of the first place which cites a page.

    `clock` gives the time; a disk that is full ends the run. `files`: the WARC files made, as paths in the folder.
    """

    archive = SnapshotTarget.LOCAL

    def __init__(
        self,
        client: Client,
        folder: CaptureFolder,
        journal: Journal,
        clock: Callable[[], datetime],
        extras: CaptureExtras = CaptureExtras(),
    ) -> None:
        self._client = client
        self._folder = folder
        self._journal = journal
        self._clock = clock
        self._extras = extras
        self._outputs: dict[str, ReportOutput] = {}
        self._parts = PartCapture(client)
        self._disk_error = ""

    @property
    def files(self) -> list[str]:
        return [output.name for output in self._outputs.values()]

    def close(self) -> None:
        for output in self._outputs.values():
            output.close()

    def _open_output(self, report: str) -> ReportOutput:
        if report not in self._outputs:
            name = self._folder.choose_warc(report, self._clock())
            self._outputs[report] = ReportOutput(self._folder, name, report, self._extras.operator)
        return self._outputs[report]

    async def save(self, requests: Sequence[CaptureRequest]) -> AsyncIterator[Capture]:
        """One result for each page, as they come; hosts side by side, the pages of a host one after another.

        Pages whose trouble may pass are inquired into once more at the end, and told then.
        """
        host_locks: dict[str, asyncio.Lock] = {}
        inquirer = PageInquirer(self._client, self._clock())

        async def capture_in_turn(capture_request: CaptureRequest) -> Capture:
            async with host_locks.setdefault(url_host(capture_request.uri_r), asyncio.Lock()):
                recording = Recording(MAX_BODY, TIMEOUT, self._extras.cookies)
                with record_exchanges(recording):
                    return await self._capture_page(capture_request, inquirer, recording)

        try:
            troubled: dict[str, Capture] = {}
            async for result in iter_as_completed(_interleave_hosts(requests), capture_in_turn, MAX_CONCURRENT):
                if result.outcome is not Outcome.VERIFIED and inquirer.may_pass(result.uri_r):
                    troubled[result.uri_r] = result
                else:
                    yield result
            again = await inquirer.begin_final_inquiries(list(troubled))
            for uri_r, result in troubled.items():
                if uri_r not in again:
                    yield result
            turns = _interleave_hosts([one for one in requests if one.uri_r in again])
            async for result in iter_as_completed(turns, capture_in_turn, MAX_CONCURRENT):
                yield result
        finally:
            await inquirer.close()

    async def _capture_page(
        self, capture_request: CaptureRequest, inquirer: PageInquirer, recording: Recording
    ) -> Capture:
        earlier_capture = self._journal.get(self.archive, capture_request.uri_r)
        attempts = (earlier_capture.attempts if earlier_capture else 0) + 1
        if self._disk_error:
            return self._make_result(
                capture_request, Outcome.UNKNOWN, attempts - 1, code="disk", message=self._disk_error
            )
        try:
            output = self._open_output(capture_request.places[0].report if capture_request.places else "")
            page = await inquirer.inquire(capture_request.uri_r, recording)
            recording.keep_cookies_to_site(capture_request.uri_r)
            if self._extras.browser:
                page = await self._see_in_browser(page, recording)
            result = self._store_page(capture_request, page, attempts, output)
            remarks = [result.message, page.remark, *await self._store_parts(page, recording, output)]
            result = replace(result, message="; ".join(filter(None, remarks)))
            return self._journal.write(result, durable=False)
        except StoreError as error:
            self._disk_error = str(error)
            return self._make_result(capture_request, Outcome.UNKNOWN, attempts, code="disk", message=self._disk_error)

    async def _see_in_browser(self, page: InquiredPage, recording: Recording) -> InquiredPage:
        from cite_audit.snapshot.browser.browsed_inquiry import see_in_browser

        assert self._extras.browser
        return await see_in_browser(page, self._extras.browser, recording, self._clock())

    def _store_page(
        self, capture_request: CaptureRequest, page: InquiredPage, attempts: int, output: ReportOutput
    ) -> Capture:
        shown = page.exchanges or page.service_exchanges
        if not shown:
            code = _name_failure(page.verdict)
            return self._make_result(capture_request, Outcome.FAILED, attempts, code=code, message=f"no answer: {code}")
        for exchange in (*page.service_exchanges, *page.exchanges):
            record = output.warc.write(exchange.request, exchange.reply, exchange.sent_at)
        return self._assess_stored(capture_request, page, shown, record, attempts, output)

    def _assess_stored(
        self,
        capture_request: CaptureRequest,
        page: InquiredPage,
        shown: Sequence[Exchange],
        record: StoredRecord,
        attempts: int,
        output: ReportOutput,
    ) -> Capture:
        first, reply = shown[0], shown[-1].reply
        is_complete = record.is_read_back and not reply.failure and not reply.truncated
        outcome, code, message = _settle_outcome(page, is_complete)
        is_html = "html" in media_type(reply)
        if page.browsed:
            output.keep_text(first.sent_at, first.request.url, page.browsed.text)
            _write_views(output, page.browsed, first)
        elif is_html and not record.is_revisit:
            output.keep_text(first.sent_at, first.request.url, extract_text(reply.body))
        return self._make_result(
            capture_request,
            outcome,
            attempts,
            code=code,
            message=message,
            uri_m=f"{output.name}#{format_stamp(first.sent_at)}/{first.request.url}",
            captured_at=first.sent_at,
            verified="replay" if is_complete else "",
            sha256=record.sha256,
            status=reply.status,
            title=page.browsed.title if page.browsed else _extract_title(reply.body) if is_html else "",
            file=output.name,
            end=output.warc.end,
            offset=record.offset,
        )

    def _make_result(self, capture_request: CaptureRequest, outcome: Outcome, attempts: int, **fields: Any) -> Capture:
        return Capture(capture_request.uri_r, self.archive, outcome, self._clock(), attempts=attempts, **fields)

    async def _store_parts(self, page: InquiredPage, recording: Recording, output: ReportOutput) -> list[str]:
        """What the page names, where that is wanted; what a platform's service names always. Remarks on what is not."""
        for exchange in page.part_exchanges:
            output.warc.write(exchange.request, exchange.reply, exchange.sent_at)
        sources = list(page.service_exchanges[-1:])
        sources += page.exchanges[-1:] if self._extras.with_requisites else []
        known = [exchange.request.url for exchange in page.part_exchanges]
        is_cut = bool(sources) and await self._parts.capture_parts(sources, recording, output.warc, known)
        remarks = ["some requisites are left out"] if is_cut else []
        if self._extras.media and page.is_alive:
            remarks.append(await self._extras.media.capture_media(page, output.warc))
        return remarks


def _settle_outcome(page: InquiredPage, is_complete: bool) -> tuple[Outcome, str, str]:
    """The outcome of a stored page, its code and its message."""
    if page.doubt:
        is_known = is_fault(page.doubt)
        message = describe_faults((page.doubt,), is_suspect=True) if is_known else describe_verdict(page.verdict)[1]
        return Outcome.UNVERIFIED, page.doubt, message
    if page.is_alive:
        return (Outcome.VERIFIED, "", "") if is_complete else (Outcome.UNVERIFIED, "incomplete", "")
    return Outcome.BAD, *describe_verdict(page.verdict)


def describe_verdict(verdict: Verdict) -> tuple[str, str]:
    """The code and the message of a capture that does not show the page."""
    word = name_reason(verdict.reason)
    status = (verdict.probe.status if verdict.probe else None) or 0
    if 300 < status < 400 or (status >= 400 and not is_fault(word)):
        word = f"status-{status}" if status >= 400 else "redirect-unresolved"
    if is_fault(word):
        return word, describe_faults((word,), is_suspect=verdict.confidence <= MAX_SUSPICION)
    return word, str(verdict.evidence[0]) if verdict.evidence else word


def _write_views(output: ReportOutput, browsed: BrowsedPage, first: Exchange) -> None:
    """The page as the browser showed it, under the names that other archivists use (urn:view, urn:text)."""
    url = first.request.url
    views = (
        (f"urn:text:{url}", browsed.text.encode("utf-8", "replace"), "text/plain; charset=utf-8"),
        (f"urn:view:{url}", browsed.picture, "image/png"),
        (f"urn:view:pdf:{url}", browsed.print, "application/pdf"),
    )
    for uri, content, content_type in views:
        if content:
            output.warc.write_resource(uri, content, content_type, first.sent_at)


def _name_failure(verdict: Verdict) -> str:
    failure = verdict.probe.failure if verdict.probe else None
    kind = failure.kind if failure else None
    return kind.value if kind else verdict.reason.value


def _interleave_hosts(requests: Sequence[CaptureRequest]) -> list[CaptureRequest]:
    """The first page of each host, then the second of each, and so on: no page waits for all pages of a large host."""
    counts: dict[str, int] = {}
    turns = []
    for capture_request in requests:
        hostname = url_host(capture_request.uri_r)
        turns.append((counts.get(hostname, 0), capture_request))
        counts[hostname] = counts.get(hostname, 0) + 1
    return [capture_request for _, capture_request in sorted(turns, key=lambda pair: pair[0])]


def _extract_title(body: bytes) -> str:
    title = find_element_content(body[:262144], b"title") or b""
    return html.unescape(" ".join(title[:4096].decode("utf-8", "replace").split()))[:300]
