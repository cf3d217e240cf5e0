"""A directory of local WARC and WACZ files as an archive (`warc:DIR`): needs the extra `archive`, no network."""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from cite_audit.errors import UsageError
from cite_audit.model import Archived, CitedLink, Memento
from cite_audit.resolve.archive import ranking
from cite_audit.resolve.archive.messages import describe_bad_capture, describe_capture_date
from cite_audit.resolve.archive.playback import format_stamp
from cite_audit.resolve.archive.playback_client import MAX_WHOLE_SIZE
from cite_audit.resolve.archive.ranking import Candidate
from cite_audit.resolve.check.base import ArchiveAnswer
from cite_audit.resolve.judge.capture import ORIGINAL_PREFIX, CaptureContent, CaptureGrade, assess_capture
from cite_audit.urls import canonical_key, join_url

if TYPE_CHECKING:
    from cite_audit.resolve.archive.drivers import DriverContext

RECORD_TYPES = ("response", "revisit", "resource")
MAX_STEPS = 5  # archived redirects that are followed within the files


def open_archive(place: str, context: DriverContext) -> WarcDirectory:
    """The driver. Raises UsageError when `place` is no directory, or warcio is missing."""
    if find_spec("warcio") is None:
        raise UsageError("warc: archives need the extra “archive”: pip install 'cite-audit[archive]'")
    if not Path(place).is_dir():
        raise UsageError(f"warc:{place}: no such directory")
    return WarcDirectory(Path(place), context.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredResponse:
    """One capture of a file.

    `location`: where an archived redirect leads. `is_revisit`: its body is that of another record.
    """

    candidate: Candidate
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)
    location: str = ""
    is_revisit: bool = False
    is_cut: bool = False

    @property
    def captured_at(self) -> datetime:
        return self.candidate.captured_at


@dataclass(slots=True)
class WarcHoldings:
    """What the files hold: records by page, and one with a body for each digest; `unread` says which files, and why.

    A file is read once for each step of the longest chain of archived redirects.
    """

    records: dict[str, list[StoredResponse]] = field(default_factory=dict)
    by_digest: dict[str, StoredResponse] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)

    def add(self, page: str, record: StoredResponse) -> None:
        self.records.setdefault(page, []).append(record)
        if not record.is_revisit and record.candidate.digest:
            self.by_digest.setdefault(record.candidate.digest, record)

    def missing_parts(self) -> tuple[set[str], set[str]]:
        """The pages to which redirects lead, and the digests to which revisits refer, without a record so far."""
        records = [record for page_records in self.records.values() for record in page_records]
        pages = {canonical_key(record.location) for record in records if record.location} - self.records.keys()
        digests = {record.candidate.digest for record in records if record.is_revisit} - self.by_digest.keys()
        return pages, digests

    def resolve_capture(self, record: StoredResponse) -> tuple[StoredResponse, str]:
        """The record that shows what a record of the cited page does, and the address it was captured at."""
        visited: set[str] = set()
        while record.location and (page := canonical_key(record.location)) not in visited:
            visited.add(page)
            targets = self.records.get(page, [])
            if not targets:
                break
            when = record.captured_at
            record = min(targets, key=lambda target: (abs(target.captured_at - when), bool(target.location)))
        url = record.candidate.uri_r
        original = self.by_digest.get(record.candidate.digest) if record.is_revisit else None
        if original is None:
            return record, url
        body_record = replace(record, body=original.body, is_revisit=False, is_cut=original.is_cut)
        has_own_headers = any(name == f"{ORIGINAL_PREFIX}content-type" for name, _ in record.headers)
        return (body_record if has_own_headers else replace(body_record, headers=original.headers)), url


class WarcDirectory:
    """Archive driver for the WARC and WACZ files below a directory, read through once for a look-up."""

    name = "warc"

    def __init__(self, directory: Path, now: datetime) -> None:
        self._directory = directory
        self._now = now

    async def lookup(self, wanted_links: Sequence[CitedLink]) -> AsyncIterator[ArchiveAnswer]:
        """One answer for each link. A link that is not found while a file is unreadable is unknown."""
        pages = {canonical_key(link.url) for link in wanted_links}
        holdings = await asyncio.to_thread(read_directory, self._directory, pages)
        for link in wanted_links:
            yield self._answer_from(link, holdings)

    def _answer_from(self, link: CitedLink, holdings: WarcHoldings) -> ArchiveAnswer:
        near = ranking.target_instant(link.near, self._now)
        records = {record.candidate: record for record in holdings.records.get(canonical_key(link.url), [])}
        if not records and holdings.unread:
            return ArchiveAnswer(link.url, Archived.UNKNOWN, evidence=(f"warc: {holdings.unread[0]}",))
        if not records:
            explanation = f"no capture in {self._directory}"
            return ArchiveAnswer(link.url, Archived.NOT_ARCHIVED, evidence=(explanation,))
        mementos = [
            _judge_record(link.url, records[candidate], holdings)
            for candidate in ranking.rank_candidates(records, near)
        ]
        mementos.sort(key=lambda memento: not memento.is_good)
        if mementos[0].is_good:
            return ArchiveAnswer(
                link.url, Archived.ARCHIVED, tuple(mementos), (describe_capture_date(mementos[0], near),)
            )
        return ArchiveAnswer(link.url, Archived.ARCHIVED_BAD, tuple(mementos), (describe_bad_capture(mementos[0]),))


def read_directory(directory: Path, pages: set[str] | None = None) -> WarcHoldings:
    """Every capture of `pages` (all of them if None) in the WARC and WACZ files below a directory.

    Targets of archived redirects, and the records to which revisits refer, are read too.
    """
    holdings = WarcHoldings()
    _read_files(directory, holdings, pages, set())
    for _ in range(MAX_STEPS if pages is not None else 0):
        missing_pages, missing_digests = holdings.missing_parts()
        known = len(holdings.records), len(holdings.by_digest)
        if missing_pages or missing_digests:
            holdings.unread.clear()
            _read_files(directory, holdings, missing_pages, missing_digests)
        if known == (len(holdings.records), len(holdings.by_digest)):
            break
    return holdings


def _read_files(directory: Path, holdings: WarcHoldings, pages: set[str] | None, digests: set[str]) -> None:
    for path in sorted(directory.rglob("*")):
        if path.name.endswith((".warc", ".warc.gz", ".wacz")):
            try:
                for name, stream in _open_streams(path):
                    _read_records(name, stream, holdings, pages, digests)
            except Exception as error:  # whatever a broken file makes warcio or zipfile raise
                holdings.unread.append(f"{path.name} cannot be read: {type(error).__name__}: {error}"[:200])


def _open_streams(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """The WARC files in a file: itself, or those in a WACZ."""
    if path.suffix != ".wacz":
        with path.open("rb") as stream:
            yield path.absolute().as_uri(), stream
        return
    with zipfile.ZipFile(path) as bundle:
        for name in bundle.namelist():
            if name.startswith("archive/") and name.endswith((".warc", ".warc.gz")):
                with bundle.open(name) as stream:
                    yield path.absolute().as_uri(), stream


def _read_records(
    name: str, stream: IO[bytes], holdings: WarcHoldings, pages: set[str] | None, digests: set[str]
) -> None:
    from warcio.archiveiterator import ArchiveIterator

    record: Any = None
    for record in ArchiveIterator(stream):
        url = record.rec_headers.get_header("WARC-Target-URI") or ""
        if record.rec_type not in RECORD_TYPES or not url.startswith("http"):
            continue
        page, digest = canonical_key(url), _payload_digest(record)
        if pages is None or page in pages:
            holdings.add(page, _read_record(name, url, record))
        elif digest in digests and record.rec_type != "revisit":
            holdings.by_digest.setdefault(digest, _read_record(name, url, record))
    if getattr(getattr(record, "raw_stream", None), "limit", 0) > 0:
        raise EOFError("it breaks off in its last record")


def _payload_digest(record: Any) -> str:
    return (record.rec_headers.get_header("WARC-Payload-Digest") or "").removeprefix("sha1:")


def _read_record(name: str, url: str, record: Any) -> StoredResponse:
    http = record.http_headers
    headers = tuple((f"{ORIGINAL_PREFIX}{key.lower()}", value) for key, value in http.headers) if http else ()
    status = int(http.get_statuscode()) if http and (http.get_statuscode() or "").isdigit() else 200
    mimetype = (http.get_header("content-type") if http else record.rec_headers.get_header("Content-Type")) or ""
    when = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")).astimezone(UTC)
    is_revisit = record.rec_type == "revisit"
    body = b"" if is_revisit else record.content_stream().read(MAX_WHOLE_SIZE + 1)
    location = (http.get_header("location") or "") if http and 300 < status < 400 else ""
    return StoredResponse(
        candidate=Candidate(
            f"{name}#{format_stamp(when)}/{url}",
            when,
            url,
            None if is_revisit else status,
            mimetype.partition(";")[0].strip().lower(),
            _payload_digest(record),
        ),
        status=status,
        headers=headers,
        body=body[:MAX_WHOLE_SIZE],
        location=join_url(url, location) if location else "",
        is_revisit=is_revisit,
        is_cut=len(body) > MAX_WHOLE_SIZE or bool(record.rec_headers.get_header("WARC-Truncated")),
    )


def _judge_record(cited_url: str, record: StoredResponse, holdings: WarcHoldings) -> Memento:
    """A record of the cited page as a memento, judged by what it leads to."""
    shown, shown_url = holdings.resolve_capture(record)
    content = CaptureContent(
        cited_url=cited_url,
        final_url=shown_url,
        status=shown.status,
        headers=shown.headers,
        body=shown.body,
        mimetype=shown.candidate.mimetype,
        redirected=bool(record.location),
        is_cut=shown.is_cut,
    )
    assessment = assess_capture(content)
    faults, is_suspect = assessment.faults, assessment.grade is CaptureGrade.SUSPECT
    if shown.is_revisit:  # nothing of its body is known
        faults, is_suspect = ("revisit-unresolved",), True
    candidate = record.candidate
    return Memento(
        uri_r=candidate.uri_r,
        uri_m=candidate.uri_m,
        captured_at=candidate.captured_at,
        archive="warc",
        status=shown.status,
        quality=faults,
        is_suspect=is_suspect,
        mimetype=shown.candidate.mimetype,
        digest=shown.candidate.digest,
    )
