"""A directory of local WARC and WACZ files as an archive (`warc:DIR`): needs the extra `archive`, no network."""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from cite_audit.errors import UsageError
from cite_audit.model import Archived, CitedLink, Memento
from cite_audit.resolve.archive import ranking
from cite_audit.resolve.archive.capture_quality import ORIGINAL_PREFIX, CaptureContent, find_faults
from cite_audit.resolve.archive.messages import describe_bad_capture, describe_capture_date
from cite_audit.resolve.archive.playback import format_stamp
from cite_audit.resolve.archive.playback_client import MAX_CAPTURE_SIZE
from cite_audit.resolve.archive.ranking import Candidate
from cite_audit.resolve.check.base import ArchiveAnswer
from cite_audit.urls import canonical_key

if TYPE_CHECKING:
    from cite_audit.resolve.archive.drivers import DriverContext

RECORD_TYPES = ("response", "revisit", "resource")


def open_archive(place: str, context: DriverContext) -> WarcDirectory:
    """The driver. Raises UsageError when `place` is no directory, or warcio is missing."""
    if find_spec("warcio") is None:
        raise UsageError("warc: archives need the extra “archive”: pip install 'cite-audit[archive]'")
    if not Path(place).is_dir():
        raise UsageError(f"warc:{place}: no such directory")
    return WarcDirectory(Path(place), context.now)


@dataclass(slots=True)
class WarcHoldings:
    """What the files hold, by page; `unread` names files that could not be read to their end, and why."""

    captures: dict[str, list[tuple[Candidate, CaptureContent]]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


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
        captures = dict(holdings.captures.get(canonical_key(link.url), []))
        if not captures and holdings.unread:
            return ArchiveAnswer(link.url, Archived.UNKNOWN, evidence=(f"warc: {holdings.unread[0]}",))
        if not captures:
            explanation = f"no capture in {self._directory}"
            return ArchiveAnswer(link.url, Archived.NOT_ARCHIVED, evidence=(explanation,))
        mementos = [_build_memento(capture, captures[capture]) for capture in ranking.rank_candidates(captures, near)]
        mementos.sort(key=lambda one: not one.is_good)
        if mementos[0].is_good:
            return ArchiveAnswer(
                link.url, Archived.ARCHIVED, tuple(mementos), (describe_capture_date(mementos[0], near),)
            )
        return ArchiveAnswer(link.url, Archived.ARCHIVED_BAD, tuple(mementos), (describe_bad_capture(mementos[0]),))


def read_directory(directory: Path, pages: set[str] | None = None) -> WarcHoldings:
    """Every capture of `pages` (all of them if None) in the WARC and WACZ files below a directory."""
    holdings = WarcHoldings()
    for path in sorted(directory.rglob("*")):
        if path.name.endswith((".warc", ".warc.gz", ".wacz")):
            try:
                for name, stream in _open_streams(path):
                    _read_records(name, stream, holdings, pages)
            except Exception as error:  # whatever a broken file makes warcio or zipfile raise
                holdings.unread.append(f"{path.name} cannot be read: {type(error).__name__}: {error}"[:200])
    return holdings


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


def _read_records(name: str, stream: IO[bytes], holdings: WarcHoldings, pages: set[str] | None) -> None:
    from warcio.archiveiterator import ArchiveIterator

    record: Any = None
    for record in ArchiveIterator(stream):
        url = record.rec_headers.get_header("WARC-Target-URI") or ""
        if (
            record.rec_type in RECORD_TYPES
            and url.startswith("http")
            and (pages is None or canonical_key(url) in pages)
        ):
            candidate, content = _read_record(name, url, record)
            holdings.captures.setdefault(canonical_key(url), []).append((candidate, content))
    if getattr(getattr(record, "raw_stream", None), "limit", 0) > 0:
        raise EOFError("it breaks off in its last record")


def _read_record(name: str, url: str, record: Any) -> tuple[Candidate, CaptureContent]:
    http = record.http_headers
    headers = tuple((f"{ORIGINAL_PREFIX}{key.lower()}", value) for key, value in http.headers) if http else ()
    status = int(http.get_statuscode()) if http and (http.get_statuscode() or "").isdigit() else 200
    mimetype = (http.get_header("content-type") if http else record.rec_headers.get_header("Content-Type")) or ""
    mimetype = mimetype.partition(";")[0].strip().lower()
    when = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")).astimezone(UTC)
    revisit = record.rec_type == "revisit"
    body = b"" if revisit else record.content_stream().read(MAX_CAPTURE_SIZE)
    digest = (record.rec_headers.get_header("WARC-Payload-Digest") or "").removeprefix("sha1:")
    candidate = Candidate(
        f"{name}#{format_stamp(when)}/{url}", when, url, None if revisit else status, mimetype, digest
    )
    return candidate, CaptureContent(url, url, status, headers, body, mimetype)


def _build_memento(candidate: Candidate, content: CaptureContent) -> Memento:
    # A revisit has no body of its own: its digest says that it is the one of an earlier capture.
    quality = tuple(word for word in find_faults(content) if candidate.status is not None or word != "empty")
    return Memento(
        uri_r=candidate.uri_r,
        uri_m=candidate.uri_m,
        captured_at=candidate.captured_at,
        archive="warc",
        status=content.status,
        quality=quality,
        mimetype=candidate.mimetype,
        digest=candidate.digest,
    )
