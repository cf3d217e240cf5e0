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
from cite_audit.model import Archived, Memento, Wanted
from cite_audit.resolve.archive import choose
from cite_audit.resolve.archive.choose import Candidate
from cite_audit.resolve.archive.playback import stamp
from cite_audit.resolve.archive.player import LENGTH
from cite_audit.resolve.archive.quality import ORIGINAL, Captured, faults
from cite_audit.resolve.archive.words import say_bad, say_near
from cite_audit.resolve.base import ArchiveAnswer
from cite_audit.urls import key

if TYPE_CHECKING:
    from cite_audit.resolve.archive.opening import Opening

KINDS = ("response", "revisit", "resource")


def open_archive(place: str, opening: Opening) -> WarcDirectory:
    """The driver. Raises UsageError when `place` is no directory, or warcio is missing."""
    if find_spec("warcio") is None:
        raise UsageError("warc: archives need the extra “archive”: pip install 'cite-audit[archive]'")
    if not Path(place).is_dir():
        raise UsageError(f"warc:{place}: no such directory")
    return WarcDirectory(Path(place), opening.now)


@dataclass(slots=True)
class Holdings:
    """What the files hold, by page; `unread` names files that could not be read to their end, and why."""

    captures: dict[str, list[tuple[Candidate, Captured]]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)


class WarcDirectory:
    """Archive driver for the WARC and WACZ files below a directory, read through once for a look-up."""

    name = "warc"

    def __init__(self, directory: Path, now: datetime) -> None:
        self._directory = directory
        self._now = now

    async def lookup(self, wanted: Sequence[Wanted]) -> AsyncIterator[ArchiveAnswer]:
        """One answer for each link. A link that is not found while a file is unreadable is unknown."""
        pages = {key(link.url) for link in wanted}
        holdings = await asyncio.to_thread(read_directory, self._directory, pages)
        for link in wanted:
            yield self._answer(link, holdings)

    def _answer(self, link: Wanted, holdings: Holdings) -> ArchiveAnswer:
        near = choose.target(link.near, self._now)
        captures = dict(holdings.captures.get(key(link.url), []))
        if not captures and holdings.unread:
            return ArchiveAnswer(link.url, Archived.UNKNOWN, evidence=(f"warc: {holdings.unread[0]}",))
        if not captures:
            said = f"no capture in {self._directory}"
            return ArchiveAnswer(link.url, Archived.NOT_ARCHIVED, evidence=(said,))
        found = [_memento(one, captures[one]) for one in choose.ranked(captures, near)]
        found.sort(key=lambda one: not one.good)
        if found[0].good:
            return ArchiveAnswer(link.url, Archived.ARCHIVED, tuple(found), (say_near(found[0], near),))
        return ArchiveAnswer(link.url, Archived.ARCHIVED_BAD, tuple(found), (say_bad(found[0]),))


def read_directory(directory: Path, pages: set[str] | None = None) -> Holdings:
    """Every capture of `pages` (all of them if None) in the WARC and WACZ files below a directory."""
    holdings = Holdings()
    for path in sorted(directory.rglob("*")):
        if path.name.endswith((".warc", ".warc.gz", ".wacz")):
            try:
                for name, stream in _streams(path):
                    _read(name, stream, holdings, pages)
            except Exception as error:  # whatever a broken file makes warcio or zipfile raise
                holdings.unread.append(f"{path.name} cannot be read: {type(error).__name__}: {error}"[:200])
    return holdings


def _streams(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
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


def _read(name: str, stream: IO[bytes], holdings: Holdings, pages: set[str] | None) -> None:
    from warcio.archiveiterator import ArchiveIterator

    record: Any = None
    for record in ArchiveIterator(stream):
        url = record.rec_headers.get_header("WARC-Target-URI") or ""
        if record.rec_type in KINDS and url.startswith("http") and (pages is None or key(url) in pages):
            candidate, captured = _capture(name, url, record)
            holdings.captures.setdefault(key(url), []).append((candidate, captured))
    if getattr(getattr(record, "raw_stream", None), "limit", 0) > 0:
        raise EOFError("it breaks off in its last record")


def _capture(name: str, url: str, record: Any) -> tuple[Candidate, Captured]:
    http = record.http_headers
    headers = tuple((f"{ORIGINAL}{key.lower()}", value) for key, value in http.headers) if http else ()
    status = int(http.get_statuscode()) if http and (http.get_statuscode() or "").isdigit() else 200
    kind = (http.get_header("content-type") if http else record.rec_headers.get_header("Content-Type")) or ""
    kind = kind.partition(";")[0].strip().lower()
    when = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")).astimezone(UTC)
    revisit = record.rec_type == "revisit"
    body = b"" if revisit else record.content_stream().read(LENGTH)
    digest = (record.rec_headers.get_header("WARC-Payload-Digest") or "").removeprefix("sha1:")
    candidate = Candidate(f"{name}#{stamp(when)}/{url}", when, url, None if revisit else status, kind, digest)
    return candidate, Captured(url, url, status, headers, body, kind)


def _memento(candidate: Candidate, captured: Captured) -> Memento:
    # A revisit has no body of its own: its digest says that it is the one of an earlier capture.
    quality = tuple(word for word in faults(captured) if candidate.status is not None or word != "empty")
    return Memento(
        uri_r=candidate.uri_r,
        uri_m=candidate.uri_m,
        captured_at=candidate.captured_at,
        archive="warc",
        status=captured.status,
        quality=quality,
        mimetype=candidate.mimetype,
        digest=candidate.digest,
    )
