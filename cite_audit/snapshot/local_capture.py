"""Captures on disk: each page fetched through the guarded client and written to its report's WARC, hop by hop."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from cite_audit.errors import StoreError
from cite_audit.resolve.archive.completion_stream import iter_as_completed
from cite_audit.resolve.archive.playback import encode_url, format_stamp
from cite_audit.resolve.check.base import Fetcher, Reply, Request
from cite_audit.resolve.http.user_agents import BROWSER_HEADERS
from cite_audit.resolve.judge.capture import ORIGINAL_PREFIX, CaptureContent, CaptureGrade, assess_capture
from cite_audit.resolve.judge.capture_faults import describe_faults
from cite_audit.snapshot.folder import CaptureFolder
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.model import Capture, CaptureRequest, Outcome, SnapshotTarget
from cite_audit.snapshot.report_output import ReportOutput
from cite_audit.snapshot.requisites import find_requisites
from cite_audit.snapshot.warc_files import StoredRecord, is_replayable
from cite_audit.urls import url_host

MAX_REDIRECTS = 10
MAX_BODY = 64 << 20  # bytes of one body
MAX_JUDGED = 512 << 10  # bytes of a body that the judge reads
TIMEOUT = 60.0
MAX_CONCURRENT = 8  # pages, one at a time from each host; each may be LARGEST
_TITLE_TAG = re.compile(rb"<title[^>]*>(.*?)</title", re.I | re.S)
# As a browser, since that is what readers see; uncompressed, so that the stored bytes are the server's.
_REQUEST_HEADERS = (
    *(field for field in BROWSER_HEADERS if field[0] != "Accept-Encoding"),
    ("Accept-Encoding", "identity"),
)


@dataclass(frozen=True, slots=True)
class _FetchedPage:
    """A page after its redirects: the last exchange, the address it was found at, and when the first one began."""

    reply: Reply
    record: StoredRecord | None
    began_at: datetime
    final_url: str


class LocalCapture:
    """Captures into one new WARC for each report, that of the first place which cites a page.

    `clock` gives the time; a disk that is full ends the run. `files`: the WARC files made, as paths in the folder.
    """

    archive = SnapshotTarget.LOCAL

    def __init__(
        self,
        fetcher: Fetcher,
        folder: CaptureFolder,
        journal: Journal,
        clock: Callable[[], datetime],
        *,
        with_requisites: bool = False,
    ) -> None:
        self._fetcher = fetcher
        self._folder = folder
        self._journal = journal
        self._clock = clock
        self._with_requisites = with_requisites
        self._outputs: dict[str, ReportOutput] = {}
        self._fetched_addresses: set[str] = set()
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
            self._outputs[report] = ReportOutput(self._folder, name, report)
        return self._outputs[report]

    async def save(self, requests: Sequence[CaptureRequest]) -> AsyncIterator[Capture]:
        """One result for each page, as they come; hosts side by side, the pages of a host one after another."""
        host_locks: dict[str, asyncio.Lock] = {}

        async def capture_in_turn(capture_request: CaptureRequest) -> Capture:
            async with host_locks.setdefault(url_host(capture_request.uri_r), asyncio.Lock()):
                return await self._capture_page(capture_request)

        async for result in iter_as_completed(_interleave_hosts(requests), capture_in_turn, MAX_CONCURRENT):
            yield result

    async def _capture_page(self, capture_request: CaptureRequest) -> Capture:
        earlier_capture = self._journal.get(self.archive, capture_request.uri_r)
        attempts = (earlier_capture.attempts if earlier_capture else 0) + 1
        if self._disk_error:
            return self._make_result(
                capture_request, Outcome.UNKNOWN, attempts - 1, code="disk", message=self._disk_error
            )
        try:
            output = self._open_output(capture_request.places[0].report if capture_request.places else "")
            fetched = await self._fetch_page(capture_request.uri_r, output)
            result = self._assess_fetched(capture_request, fetched, attempts, output)
            if self._with_requisites and fetched.record:
                await self._capture_requisites(fetched, output)
            return self._journal.write(result, durable=False)
        except StoreError as error:
            self._disk_error = str(error)
            return self._make_result(capture_request, Outcome.UNKNOWN, attempts, code="disk", message=self._disk_error)

    async def _fetch_page(self, url: str, output: ReportOutput) -> _FetchedPage:
        current_url = encode_url(url)
        record: StoredRecord | None = None
        began_at = self._clock()
        for _ in range(MAX_REDIRECTS + 1):
            request = Request(current_url, headers=_REQUEST_HEADERS, max_body=MAX_BODY, timeout=TIMEOUT)
            sent_at = self._clock()
            reply = await self._fetcher.fetch(request)
            if not reply.status:
                return _FetchedPage(reply, None, began_at, current_url)
            record = output.warc.write(request, reply, sent_at)
            location = reply.header("location")
            if not (300 <= reply.status < 400 and location):
                break
            next_url = _find_redirect_target(current_url, location)
            if not next_url:
                break
            current_url = next_url
        return _FetchedPage(reply, record, began_at, current_url)

    def _assess_fetched(
        self, capture_request: CaptureRequest, fetched: _FetchedPage, attempts: int, output: ReportOutput
    ) -> Capture:
        reply, record = fetched.reply, fetched.record
        if record is None:
            failure_kind = reply.failure.kind.value if reply.failure else "no-answer"
            return self._make_result(
                capture_request, Outcome.FAILED, attempts, code=failure_kind, message=f"no answer: {failure_kind}"
            )
        mimetype = reply.header("content-type").partition(";")[0].strip().lower()
        url = encode_url(capture_request.uri_r)
        assessment = assess_capture(_content_of(fetched, url, mimetype))
        fault_codes = assessment.faults
        is_complete = is_replayable(output.warc.path, record) and not reply.failure and not reply.truncated
        outcome = Outcome.BAD if fault_codes else Outcome.VERIFIED if is_complete else Outcome.UNVERIFIED
        is_html = "html" in mimetype
        if is_html and not record.is_revisit:
            output.keep_text(fetched.began_at, url, reply.body)
        return self._make_result(
            capture_request,
            outcome,
            attempts,
            code=fault_codes[0] if fault_codes else "" if is_complete else "incomplete",
            message=describe_faults(fault_codes, is_suspect=assessment.grade is CaptureGrade.SUSPECT),
            uri_m=f"{output.name}#{format_stamp(fetched.began_at)}/{url}",
            captured_at=fetched.began_at,
            verified="replay" if is_complete else "",
            sha256=record.sha256,
            status=reply.status,
            title=_extract_title(reply.body) if is_html else "",
            file=output.name,
            end=output.warc.end,
            offset=record.offset,
        )

    def _make_result(self, capture_request: CaptureRequest, outcome: Outcome, attempts: int, **fields: Any) -> Capture:
        return Capture(capture_request.uri_r, self.archive, outcome, self._clock(), attempts=attempts, **fields)

    async def _capture_requisites(self, page: _FetchedPage, output: ReportOutput) -> None:
        """What the page names, and what its style sheets name; a requisite that fails is left out, without an error."""
        mimetype = page.reply.header("content-type").partition(";")[0].strip().lower()
        pending_addresses = find_requisites(page.final_url, page.reply.body, mimetype)
        while pending_addresses:
            address = encode_url(pending_addresses.pop(0))
            if address in self._fetched_addresses:
                continue
            self._fetched_addresses.add(address)
            part = await self._fetch_page(address, output)
            part_type = part.reply.header("content-type").partition(";")[0].strip().lower()
            if part.record and "css" in part_type and urlsplit(address).hostname:
                pending_addresses += [
                    part_address
                    for part_address in find_requisites(part.final_url, part.reply.body, part_type)
                    if part_address not in self._fetched_addresses
                ]


def _find_redirect_target(current_url: str, location: str) -> str:
    """Where a redirect leads; empty when that is no web address."""
    try:
        target = encode_url(urljoin(current_url, location))
    except ValueError:
        return ""
    return target if target.startswith(("http://", "https://")) else ""


def _interleave_hosts(requests: Sequence[CaptureRequest]) -> list[CaptureRequest]:
    """The first page of each host, then the second of each, and so on: no page waits for all pages of a large host."""
    counts: dict[str, int] = {}
    turns = []
    for capture_request in requests:
        hostname = url_host(capture_request.uri_r)
        turns.append((counts.get(hostname, 0), capture_request))
        counts[hostname] = counts.get(hostname, 0) + 1
    return [capture_request for _, capture_request in sorted(turns, key=lambda pair: pair[0])]


def _content_of(fetched: _FetchedPage, url: str, mimetype: str) -> CaptureContent:
    """What was fetched, as the judge of captures takes it."""
    reply = fetched.reply
    return CaptureContent(
        cited_url=url,
        final_url=fetched.final_url,
        status=reply.status,
        headers=tuple((ORIGINAL_PREFIX + name, value) for name, value in reply.headers),
        body=reply.body[:MAX_JUDGED],
        mimetype=mimetype,
        redirected=fetched.final_url != url,
        is_cut=len(reply.body) > MAX_JUDGED,
    )


def _extract_title(body: bytes) -> str:
    match = _TITLE_TAG.search(body[:262144])
    return html.unescape(" ".join(match[1].decode("utf-8", "replace").split()))[:300] if match else ""
