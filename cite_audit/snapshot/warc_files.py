"""WARC 1.1 files, written capture by capture, so that the file stays valid after a crash.

Needs the extra `archive`. Payload digests are SHA-1 in base32, as the Wayback Machine's index has them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from cite_audit import __version__
from cite_audit.errors import StoreError
from cite_audit.files import check_inside, make_private_folder, open_for_update
from cite_audit.frozen_record import frozen_record
from cite_audit.resolve.check.base import Reply, Request
from cite_audit.snapshot.record_format import (
    REVISIT_PROFILE,
    build_record,
    format_info,
    format_request_head,
    format_response_head,
    make_record_id,
)
from cite_audit.snapshot.warc_records import compute_digest

_HTTP = "application/http; msgtype="


@frozen_record
class StoredRecord:
    """Where a capture lies: file, offset of its first record, and the bytes that are whole after it.

    `is_read_back`: the file then gave the bytes that were written; a bundle checks what they hold once more.
    """

    file: str
    offset: int
    end: int
    sha256: str
    is_revisit: bool
    is_read_back: bool


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
        digest, warc_date = compute_digest(reply.body), _format_time(captured_at)
        first_copy = self._find_first_copy(digest) if reply.body and not reply.truncated else None
        response_id = make_record_id()
        response = _build_response(response_id, reply, warc_date, digest, first_copy)
        place = [("WARC-Target-URI", reply.url), ("WARC-Date", warc_date), ("WARC-Concurrent-To", response_id)]
        head = format_request_head(request)
        asked = build_record("request", make_record_id(), place, f"{_HTTP}request", head)
        start = self._append_bytes(response + asked)
        if not first_copy and not reply.truncated:
            self._first_copies.setdefault(digest, (reply.url, warc_date))
        return StoredRecord(
            file=self.path.name,
            offset=start,
            end=self._end,
            sha256=hashlib.sha256(reply.body).hexdigest(),
            is_revisit=first_copy is not None,
            is_read_back=self._read_back(start, len(response)) == response,
        )

    def write_resource(
        self, uri: str, content: bytes, content_type: str, captured_at: datetime, concurrent_to: str = ""
    ) -> None:
        """Append something made of a page or got by another way than HTTP. Raises StoreError when the disk is full."""
        fields = [
            ("WARC-Target-URI", uri),
            ("WARC-Date", _format_time(captured_at)),
            ("WARC-Payload-Digest", f"sha1:{compute_digest(content)}"),
            ("WARC-Refers-To-Target-URI", concurrent_to),
        ]
        self._append_bytes(build_record("resource", make_record_id(), fields, content_type, content))

    def _find_first_copy(self, digest: str) -> tuple[str, str] | None:
        return self._first_copies.get(digest) or self._find_earlier(digest)

    def _write_info_record(self, is_part_of: str, operator: str) -> None:
        info_fields = [
            ("software", f"cite-audit/{__version__}"),
            ("format", "WARC File Format 1.1"),
            ("conformsTo", "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"),
            ("isPartOf", is_part_of),
            ("operator", operator),
        ]
        place = [("WARC-Filename", self.path.name), ("WARC-Date", _format_time(datetime.now(UTC)))]
        info = build_record("warcinfo", make_record_id(), place, "application/warc-fields", format_info(info_fields))
        self._append_bytes(info)

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

    def _read_back(self, start: int, size: int) -> bytes:
        try:
            with self.path.open("rb") as stream:
                stream.seek(start)
                return stream.read(size)
        except OSError:
            return b""


def _build_response(
    record_id: str, reply: Reply, warc_date: str, digest: str, first_copy: tuple[str, str] | None
) -> bytes:
    """A response, or a revisit of a `first_copy`, with who answered and how.

    WARC 1.1 §5.11; the IIPC's proposal for WARC-Protocol, which may be repeated.
    """
    refers_to_uri, refers_to_date = first_copy or ("", "")
    fields = [
        ("WARC-Target-URI", reply.url),
        ("WARC-Date", warc_date),
        ("WARC-Payload-Digest", f"sha1:{digest}"),
        ("WARC-Truncated", _name_truncation(reply) if reply.truncated else ""),
        ("WARC-Profile", REVISIT_PROFILE if first_copy else ""),
        ("WARC-Refers-To-Target-URI", refers_to_uri),
        ("WARC-Refers-To-Date", refers_to_date),
        ("WARC-IP-Address", reply.peer),
        *(("WARC-Protocol", protocol) for protocol in reply.protocols),
    ]
    block = (format_response_head(reply), b"" if first_copy else reply.body)
    return build_record("revisit" if first_copy else "response", record_id, fields, f"{_HTTP}response", *block)


def _format_time(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _name_truncation(reply: Reply) -> str:
    """Why a body is not whole (WARC 1.1 §5.13)."""
    if reply.failure is None:
        return "length"
    return "time" if reply.failure.kind.value.startswith("timeout") else "disconnect"
