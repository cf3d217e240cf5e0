"""Captures on disk: each page fetched through the guarded client and written to a WARC file, hop by hop."""

from __future__ import annotations

import asyncio
import html
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from cite_audit.errors import StoreError
from cite_audit.resolve.archive.capture_quality import ORIGINAL_PREFIX, CaptureContent, find_faults
from cite_audit.resolve.archive.completion_stream import iter_as_completed
from cite_audit.resolve.archive.messages import describe_fault
from cite_audit.resolve.archive.playback import encode_url, format_stamp
from cite_audit.resolve.check.base import Fetcher, Reply, Request
from cite_audit.resolve.http.user_agents import BROWSER_HEADERS
from cite_audit.resolve.judge.page.markup import find_element_content
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.model import Capture, CaptureRequest, Outcome, SnapshotTarget
from cite_audit.snapshot.requisites import find_requisites
from cite_audit.snapshot.warc_files import StoredRecord, WarcFile, is_replayable
from cite_audit.urls import url_host

MAX_REDIRECTS = 10
MAX_BODY = 64 << 20  # bytes of one body
TIMEOUT = 60.0
MAX_CONCURRENT = 8  # pages, one at a time from each host; each may be LARGEST
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
    """Captures into one WARC file of `directory`. `clock` gives the time; a disk that is full ends the run."""

    archive = SnapshotTarget.LOCAL

    def __init__(
        self,
        fetcher: Fetcher,
        directory: Path,
        journal: Journal,
        clock: Callable[[], datetime],
        *,
        with_requisites: bool = False,
    ) -> None:
        self._fetcher = fetcher
        self._journal = journal
        self._clock = clock
        self._with_requisites = with_requisites
        self._path, valid_bytes = _choose_warc_file(directory / "archive", journal.entries(self.archive))
        self._warc = WarcFile(self._path, valid_bytes)
        self._fetched_addresses: set[str] = set()
        self._disk_error = ""

    def close(self) -> None:
        self._warc.__exit__(None, None, None)

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
            fetched = await self._fetch_page(capture_request.uri_r)
            result = self._assess_fetched(capture_request, fetched, attempts)
            if self._with_requisites and fetched.record:
                await self._capture_requisites(fetched)
            return self._journal.write(result, durable=False)
        except StoreError as error:
            self._disk_error = str(error)
            return self._make_result(capture_request, Outcome.UNKNOWN, attempts, code="disk", message=self._disk_error)

    async def _fetch_page(self, url: str) -> _FetchedPage:
        current_url = encode_url(url)
        record: StoredRecord | None = None
        began_at = self._clock()
        for _ in range(MAX_REDIRECTS + 1):
            request = Request(current_url, headers=_REQUEST_HEADERS, max_body=MAX_BODY, timeout=TIMEOUT)
            sent_at = self._clock()
            reply = await self._fetcher.fetch(request)
            if not reply.status:
                return _FetchedPage(reply, None, began_at, current_url)
            record = self._warc.write(request, reply, sent_at)
            location = reply.header("location")
            if not (300 <= reply.status < 400 and location):
                break
            next_url = _find_redirect_target(current_url, location)
            if not next_url:
                break
            current_url = next_url
        return _FetchedPage(reply, record, began_at, current_url)

    def _assess_fetched(self, capture_request: CaptureRequest, fetched: _FetchedPage, attempts: int) -> Capture:
        reply, record = fetched.reply, fetched.record
        if record is None:
            failure_kind = reply.failure.kind.value if reply.failure else "no-answer"
            return self._make_result(
                capture_request, Outcome.FAILED, attempts, code=failure_kind, message=f"no answer: {failure_kind}"
            )
        mimetype = reply.header("content-type").partition(";")[0].strip().lower()
        headers = tuple((ORIGINAL_PREFIX + name, value) for name, value in reply.headers)
        url = encode_url(capture_request.uri_r)
        fault_codes = find_faults(
            CaptureContent(
                url, fetched.final_url, reply.status, headers, reply.body[:65536], mimetype, fetched.final_url != url
            )
        )
        is_complete = is_replayable(self._path, record) and not reply.failure and not reply.truncated
        outcome = Outcome.BAD if fault_codes else Outcome.VERIFIED if is_complete else Outcome.UNVERIFIED
        return self._make_result(
            capture_request,
            outcome,
            attempts,
            code=fault_codes[0] if fault_codes else "" if is_complete else "incomplete",
            message=f"it is {describe_fault(fault_codes[0])}" if fault_codes else "",
            uri_m=f"{self._path.name}#{format_stamp(fetched.began_at)}/{url}",
            captured_at=fetched.began_at,
            verified="replay" if is_complete else "",
            sha256=record.sha256,
            status=reply.status,
            title=_extract_title(reply.body) if "html" in mimetype else "",
            file=self._path.name,
            end=self._warc.end,
        )

    def _make_result(self, capture_request: CaptureRequest, outcome: Outcome, attempts: int, **fields: Any) -> Capture:
        return Capture(capture_request.uri_r, self.archive, outcome, self._clock(), attempts=attempts, **fields)

    async def _capture_requisites(self, page: _FetchedPage) -> None:
        """What the page names, and what its style sheets name; a requisite that fails is left out, without an error."""
        mimetype = page.reply.header("content-type").partition(";")[0].strip().lower()
        pending_addresses = find_requisites(page.final_url, page.reply.body, mimetype)
        while pending_addresses:
            address = encode_url(pending_addresses.pop(0))
            if address in self._fetched_addresses:
                continue
            self._fetched_addresses.add(address)
            part = await self._fetch_page(address)
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


def _choose_warc_file(directory: Path, captures: Sequence[Capture]) -> tuple[Path, int]:
    """The file to append to and its whole bytes: the journal's latest, or a new one; never one it does not know."""
    ends: dict[str, int] = {}
    for entry in captures:
        if entry.file:
            ends[entry.file] = max(entry.end, ends.get(entry.file, 0))
    number = 1
    while (path := directory / f"captures-{number}.warc.gz").exists() and path.name not in ends:
        number += 1
    return path, ends.get(path.name, 0)


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
