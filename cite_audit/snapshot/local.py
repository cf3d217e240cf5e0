"""Captures on disk: each page fetched through the guarded client and written to a WARC file, hop by hop."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from cite_audit.errors import StoreError
from cite_audit.resolve.archive.playback import stamp, wire
from cite_audit.resolve.archive.quality import ORIGINAL, Captured, faults
from cite_audit.resolve.archive.stream import as_they_come
from cite_audit.resolve.archive.words import say_fault
from cite_audit.resolve.base import Fetcher, Reply, Request
from cite_audit.resolve.live.profiles import BROWSER
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.model import Capture, Outcome, Wish
from cite_audit.snapshot.requisites import requisites
from cite_audit.snapshot.warcs import WarcFile, Written, replayed
from cite_audit.urls import host

HOPS = 10
LARGEST = 64 << 20  # bytes of one body
TIMEOUT = 60.0
AT_ONCE = 8  # pages, one at a time from each host; each may be LARGEST
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.I | re.S)
# As a browser, since that is what readers see; uncompressed, so that the stored bytes are the server's.
_FIELDS = (*(field for field in BROWSER if field[0] != "Accept-Encoding"), ("Accept-Encoding", "identity"))


@dataclass(frozen=True, slots=True)
class _Fetched:
    """A page after its redirects: the last exchange, the address it was found at, and when the first one began."""

    reply: Reply
    written: Written | None
    at: datetime
    final: str


class LocalCapture:
    """Captures into one WARC file of `directory`. `clock` gives the time; a disk that is full ends the run."""

    archive = "local"

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
        self._path, whole = _place(directory / "archive", journal.entries(self.archive))
        self._warc = WarcFile(self._path, whole)
        self._had: set[str] = set()
        self._full = ""

    def close(self) -> None:
        self._warc.__exit__(None, None, None)

    async def save(self, wanted: Sequence[Wish]) -> AsyncIterator[Capture]:
        """One result for each page, as they come; hosts side by side, the pages of a host one after another."""
        turns: dict[str, asyncio.Lock] = {}

        async def work(wish: Wish) -> Capture:
            async with turns.setdefault(host(wish.uri_r), asyncio.Lock()):
                return await self._capture(wish)

        async for result in as_they_come(_by_turns(wanted), work, AT_ONCE):
            yield result

    async def _capture(self, wish: Wish) -> Capture:
        before = self._journal.get(self.archive, wish.uri_r)
        attempts = (before.attempts if before else 0) + 1
        if self._full:
            return self._result(wish, Outcome.UNKNOWN, attempts - 1, code="disk", message=self._full)
        try:
            fetched = await self._fetch(wish.uri_r)
            result = self._judged(wish, fetched, attempts)
            if self._with_requisites and fetched.written:
                await self._requisites(fetched)
            return self._journal.write(result, durable=False)
        except StoreError as error:
            self._full = str(error)
            return self._result(wish, Outcome.UNKNOWN, attempts, code="disk", message=self._full)

    async def _fetch(self, url: str) -> _Fetched:
        current = wire(url)
        written: Written | None = None
        began = self._clock()
        for _ in range(HOPS + 1):
            request = Request(current, headers=_FIELDS, max_body=LARGEST, timeout=TIMEOUT)
            at = self._clock()
            reply = await self._fetcher.fetch(request)
            if not reply.status:
                return _Fetched(reply, None, began, current)
            written = self._warc.write(request, reply, at)
            location = reply.header("location")
            if not (300 <= reply.status < 400 and location):
                break
            following = _following(current, location)
            if not following:
                break
            current = following
        return _Fetched(reply, written, began, current)

    def _judged(self, wish: Wish, fetched: _Fetched, attempts: int) -> Capture:
        reply, written = fetched.reply, fetched.written
        if written is None:
            kind = reply.failure.kind.value if reply.failure else "no-answer"
            return self._result(wish, Outcome.FAILED, attempts, code=kind, message=f"no answer: {kind}")
        mimetype = reply.header("content-type").partition(";")[0].strip().lower()
        headers = tuple((ORIGINAL + name, value) for name, value in reply.headers)
        url = wire(wish.uri_r)
        found = faults(
            Captured(url, fetched.final, reply.status, headers, reply.body[:65536], mimetype, fetched.final != url)
        )
        whole = replayed(self._path, written) and not reply.failure and not reply.truncated
        outcome = Outcome.BAD if found else Outcome.VERIFIED if whole else Outcome.UNVERIFIED
        return self._result(
            wish,
            outcome,
            attempts,
            code=found[0] if found else "" if whole else "incomplete",
            message=f"it is {say_fault(found[0])}" if found else "",
            uri_m=f"{self._path.name}#{stamp(fetched.at)}/{url}",
            captured_at=fetched.at,
            verified="replay" if whole else "",
            sha256=written.sha256,
            status=reply.status,
            title=_title(reply.body) if "html" in mimetype else "",
            file=self._path.name,
            end=self._warc.end,
        )

    def _result(self, wish: Wish, outcome: Outcome, attempts: int, **fields: Any) -> Capture:
        return Capture(wish.uri_r, self.archive, outcome, self._clock(), attempts=attempts, **fields)

    async def _requisites(self, page: _Fetched) -> None:
        """What the page names, and what its style sheets name; failures leave a hole, not an error."""
        mimetype = page.reply.header("content-type").partition(";")[0].strip().lower()
        wanted = requisites(page.final, page.reply.body, mimetype)
        while wanted:
            address = wire(wanted.pop(0))
            if address in self._had:
                continue
            self._had.add(address)
            part = await self._fetch(address)
            kind = part.reply.header("content-type").partition(";")[0].strip().lower()
            if part.written and "css" in kind and urlsplit(address).hostname:
                wanted += [one for one in requisites(part.final, part.reply.body, kind) if one not in self._had]


def _following(current: str, location: str) -> str:
    """Where a redirect leads; empty when that is no web address."""
    try:
        target = wire(urljoin(current, location))
    except ValueError:
        return ""
    return target if target.startswith(("http://", "https://")) else ""


def _place(directory: Path, known: Sequence[Capture]) -> tuple[Path, int]:
    """The file to append to and its whole bytes: the journal's latest, or a new one; never one it does not know."""
    ends: dict[str, int] = {}
    for entry in known:
        if entry.file:
            ends[entry.file] = max(entry.end, ends.get(entry.file, 0))
    number = 1
    while (path := directory / f"captures-{number}.warc.gz").exists() and path.name not in ends:
        number += 1
    return path, ends.get(path.name, 0)


def _by_turns(wanted: Sequence[Wish]) -> list[Wish]:
    """The first page of each host, then the second of each, and so on: nobody waits behind one large host."""
    count: dict[str, int] = {}
    order = []
    for wish in wanted:
        name = host(wish.uri_r)
        order.append((count.get(name, 0), wish))
        count[name] = count.get(name, 0) + 1
    return [wish for _, wish in sorted(order, key=lambda pair: pair[0])]


def _title(body: bytes) -> str:
    match = _TITLE.search(body[:262144])
    return html.unescape(" ".join(match[1].decode("utf-8", "replace").split()))[:300] if match else ""
