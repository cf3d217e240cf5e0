"""WARC 1.1 files, written capture by capture, so that the file stays valid after a crash.

Needs the extra `archive`. Payload digests are SHA-1 in base32, as the Wayback Machine's index has them.
"""

from __future__ import annotations

import gzip
import hashlib
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from cite_audit import __version__
from cite_audit.errors import StoreError
from cite_audit.files import check_inside, make_private_folder, open_for_update
from cite_audit.resolve.check.base import Reply, Request
from cite_audit.snapshot.warc_records import DamagedRecordError, compute_digest, is_intact, read_record

if TYPE_CHECKING:
    from warcio.warcwriter import WARCWriter

GZIP_LEVEL = 5  # of gzip

# Headers about the transfer coding, which the decoded body no longer has: kept under another name.
_TRANSFER_HEADERS = frozenset({"transfer-encoding", "content-encoding", "content-length", "connection", "keep-alive"})


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """Where a capture lies: file, offset of its first record, and the bytes that are whole after it."""

    file: str
    offset: int
    end: int
    sha256: str
    digest: str
    is_revisit: bool = False


class WarcFile:
    """One new WARC file. `find_earlier`: address and WARC-Date of an earlier response with a payload digest, or None.

    `is_part_of`: the report, and `operator`: who runs this program, for the file's warcinfo record.
    Raises StoreError when the file exists or cannot be made.
    """

    def __init__(
        self,
        path: Path,
        *,
        is_part_of: str = "",
        operator: str = "",
        find_earlier: Callable[[str], tuple[str, str] | None] = lambda digest: None,
    ) -> None:
        self.path = path
        self._first_copies: dict[str, tuple[str, str]] = {}
        self._find_earlier = find_earlier
        self._end = 0
        try:
            make_private_folder(path.parent)
            self._file: IO[bytes] = open_for_update(check_inside(path, path.parent.parent), exclusive=True)
            self._write_info_record(is_part_of, operator)
        except OSError as error:
            raise StoreError(f"{path}: cannot be written ({error.strerror})") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def end(self) -> int:
        """Bytes that are whole."""
        return self._end

    def write(self, request: Request, reply: Reply, captured_at: datetime) -> StoredRecord:
        """Append an exchange: its response, or a revisit when the same body was stored before, and its request.

        Raises StoreError when the disk is full; the file then ends with the capture before.
        """
        digest = f"sha1:{compute_digest(reply.body)}"
        warc_date = captured_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        first_copy = self._find_first_copy(digest) if reply.body and not reply.truncated else None
        members = _GzipMembers()
        writer = _make_warc_writer(members)
        response = (
            _create_revisit(writer, reply, warc_date, digest, first_copy)
            if first_copy
            else _create_response(writer, reply, warc_date, digest)
        )
        writer.write_request_response_pair(_create_request(writer, request, warc_date), response)
        start = self._append_bytes(members.content())
        if not first_copy and not reply.truncated:
            self._first_copies.setdefault(digest, (reply.url, warc_date))
        sha256 = hashlib.sha256(reply.body).hexdigest()
        return StoredRecord(
            self.path.name, start, self._end, sha256, digest.removeprefix("sha1:"), first_copy is not None
        )

    def write_resource(
        self, uri: str, content: bytes, content_type: str, captured_at: datetime, concurrent_to: str = ""
    ) -> None:
        """Append something made of a page or got by another way than HTTP. Raises StoreError when the disk is full."""
        members = _GzipMembers()
        writer = _make_warc_writer(members)
        headers = {"WARC-Date": captured_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
        if concurrent_to:
            headers["WARC-Refers-To-Target-URI"] = concurrent_to
        record = writer.create_warc_record(
            uri,
            "resource",
            payload=io.BytesIO(content),
            length=len(content),
            warc_content_type=content_type,
            warc_headers_dict=headers,
        )
        writer.write_record(record)
        self._append_bytes(members.content())

    def _find_first_copy(self, digest: str) -> tuple[str, str] | None:
        return self._first_copies.get(digest) or self._find_earlier(digest.removeprefix("sha1:"))

    def _write_info_record(self, is_part_of: str, operator: str) -> None:
        members = _GzipMembers()
        info_fields = {
            "software": f"cite-audit/{__version__}",
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            **({"isPartOf": is_part_of} if is_part_of else {}),
            **({"operator": operator} if operator else {}),
        }
        writer = _make_warc_writer(members)
        writer.write_record(writer.create_warcinfo_record(self.path.name, info_fields))
        self._append_bytes(members.content())

    def _append_bytes(self, content: bytes) -> int:
        start = self._end
        try:
            unwritten = memoryview(content)
            while unwritten:
                unwritten = unwritten[self._file.write(unwritten) :]
        except OSError as error:
            self._file.truncate(start)  # the file stays valid up to the last record
            self._file.seek(start)
            raise StoreError(f"{self.path}: {error.strerror}") from error
        self._end = start + len(content)
        return start


def is_replayable(path: Path, stored_record: StoredRecord) -> bool:
    """Whether the record at its offset can be read back with the digest it was written with."""
    try:
        with path.open("rb") as stream:
            record = read_record(stream, 0, stored_record.offset, stored_record.end)
    except (OSError, DamagedRecordError):
        return False
    return record.digest == stored_record.digest and is_intact(record)


class _GzipMembers:
    """What warcio writes to: one gzip member for each record, at a level that costs a third of warcio's own."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._record: list[bytes] = []

    def write(self, data: bytes) -> None:
        self._record.append(data)

    def flush(self) -> None:
        """warcio flushes at the end of each record."""
        if self._record:
            self._parts.append(gzip.compress(b"".join(self._record), GZIP_LEVEL, mtime=0))
            self._record = []

    def content(self) -> bytes:
        return b"".join(self._parts)


def _make_warc_writer(members: _GzipMembers) -> WARCWriter:
    from warcio.warcwriter import WARCWriter

    return WARCWriter(members, gzip=False, warc_version="WARC/1.1")


def _create_response(writer: WARCWriter, reply: Reply, warc_date: str, digest: str) -> Any:
    headers: Mapping[str, str] = {
        "WARC-Date": warc_date,
        "WARC-Payload-Digest": digest,
        **({"WARC-Truncated": _name_truncation(reply)} if reply.truncated else {}),
    }
    response = writer.create_warc_record(
        reply.url,
        "response",
        payload=io.BytesIO(reply.body),
        length=len(reply.body),
        http_headers=_build_http_headers(reply),
        warc_headers_dict=headers,
    )
    return _add_provenance(response, reply)


def _create_revisit(writer: WARCWriter, reply: Reply, warc_date: str, digest: str, first_copy: tuple[str, str]) -> Any:
    revisit = writer.create_revisit_record(
        reply.url,
        digest,
        *first_copy,
        http_headers=_build_http_headers(reply),
        warc_headers_dict={"WARC-Date": warc_date},
    )
    return _add_provenance(revisit, reply)


def _add_provenance(record: Any, reply: Reply) -> Any:
    """Who answered, and how (WARC 1.1 §5.11; the IIPC's proposal for WARC-Protocol, which may be repeated)."""
    if reply.peer:
        record.rec_headers.add_header("WARC-IP-Address", reply.peer)
    for protocol in reply.protocols:
        record.rec_headers.add_header("WARC-Protocol", protocol)
    return record


def _name_truncation(reply: Reply) -> str:
    """Why a body is not whole (WARC 1.1 §5.13)."""
    if reply.failure is None:
        return "length"
    return "time" if reply.failure.kind.value.startswith("timeout") else "disconnect"


def _create_request(writer: WARCWriter, request: Request, warc_date: str) -> Any:
    from warcio.statusandheaders import StatusAndHeaders

    parts = urlsplit(request.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    http_headers = StatusAndHeaders(
        f"{request.method} {target} HTTP/1.1", [("Host", parts.netloc), *request.headers], is_http_request=True
    )
    return writer.create_warc_record(
        request.url, "request", http_headers=http_headers, warc_headers_dict={"WARC-Date": warc_date}
    )


def _build_http_headers(reply: Reply) -> Any:
    """The status line and headers; the body is stored decoded, so headers of its transfer get a name of their own."""
    from warcio.statusandheaders import StatusAndHeaders

    headers = [(f"x-orig-{name}" if name in _TRANSFER_HEADERS else name, value) for name, value in reply.headers]
    try:
        phrase = HTTPStatus(reply.status).phrase
    except ValueError:
        phrase = ""
    headers.append(("content-length", str(len(reply.body))))
    return StatusAndHeaders(f"{reply.status} {phrase}".rstrip(), headers, protocol="HTTP/1.1")
