"""Reads WARC files record by record and checks their digests; damage costs the records it hits and no other.

Each record is one gzip member (WARC 1.1, annex D), so reading resumes at the next member after a damaged one.
"""

from __future__ import annotations

import hashlib
import zlib
from base64 import b32encode
from collections.abc import Iterator, Mapping
from typing import IO

from cite_audit.frozen_record import frozen_record

MEMBER_START = b"\x1f\x8b\x08"  # RFC 1952 §2.3.1: magic number, method deflate
FIRST_CHUNK = 8192  # bytes; each further chunk is twice as large, up to CHUNK
CHUNK = 256 * 1024
MAX_RECORD = 1 << 30  # bytes of one record, uncompressed


class DamagedRecordError(Exception):
    """The bytes at a place are no readable record."""


@frozen_record(kw_only=True)
class WarcRecord:
    """A record: where its member lies in the WARC, its headers (lower-case names) and its block."""

    offset: int
    length: int
    headers: Mapping[str, str]
    block: bytes

    @property
    def kind(self) -> str:
        return self.headers.get("warc-type", "")

    @property
    def url(self) -> str:
        return self.headers.get("warc-target-uri", "")

    @property
    def date(self) -> str:
        return self.headers.get("warc-date", "")

    @property
    def digest(self) -> str:
        """The payload's SHA-1 in base32, without its prefix; empty where the record has none."""
        return self.headers.get("warc-payload-digest", "").removeprefix("sha1:")

    @property
    def payload(self) -> bytes:
        """What follows the HTTP headers."""
        return self.block.partition(b"\r\n\r\n")[2]


@frozen_record(kw_only=True)
class DamagedSpan:
    """Bytes that are no readable record; `is_cut`: the last member of a file, which only breaks off."""

    offset: int
    length: int
    is_cut: bool = False


def iter_records(stream: IO[bytes], start: int, size: int, position: int = 0) -> Iterator[WarcRecord | DamagedSpan]:
    """Every record from `position` on of the WARC that lies at `start` of a stream; offsets count from there."""
    while position < size:
        try:
            record = read_record(stream, start, position, size)
        except DamagedRecordError as error:
            next_position = _find_next_member(stream, start, position + 1, size)
            is_cut = next_position == size and isinstance(error.__cause__, EOFError)
            yield DamagedSpan(offset=position, length=next_position - position, is_cut=is_cut)
            position = next_position
        else:
            yield record
            position += record.length


def read_record(stream: IO[bytes], start: int, offset: int, size: int) -> WarcRecord:
    """The record at an offset of the WARC of `size` bytes at `start`. Raises DamagedRecordError, OSError."""
    try:
        stream.seek(start + offset)
        content, length = _inflate_member(stream, size - offset)
        return _parse_record(content, offset, length)
    except (zlib.error, ValueError, OverflowError, EOFError) as error:
        raise DamagedRecordError(str(error)) from error


def is_intact(record: WarcRecord) -> bool:
    """Whether a record has the digests that were written with it; a record without any is.

    A revisit's payload digest is that of the body it repeats, so that its block digest counts.
    """
    if record.kind == "response" and record.digest and compute_digest(record.payload) == record.digest:
        return True
    block_digest = record.headers.get("warc-block-digest", "")
    if block_digest.startswith("sha1:"):
        return compute_digest(record.block) == block_digest.removeprefix("sha1:")
    return record.kind != "response" or not record.digest


def compute_digest(*parts: bytes | memoryview) -> str:
    """SHA-1 in base32, as WARC files and the Wayback Machine's index have it, of parts that follow one another."""
    digest = hashlib.sha1()  # noqa: S324  the format's digest
    for part in parts:
        digest.update(part)
    return b32encode(digest.digest()).decode()


def _inflate_member(stream: IO[bytes], limit: int) -> tuple[bytes, int]:
    """The content of the gzip member at the stream's position, and its length in bytes."""
    inflater = zlib.decompressobj(31)
    parts: list[bytes] = []
    consumed, total, chunk_size = 0, 0, FIRST_CHUNK
    while not inflater.eof:
        chunk = stream.read(min(chunk_size, limit - consumed))
        if not chunk:
            raise EOFError("the record breaks off")
        consumed += len(chunk)
        parts.append(inflater.decompress(chunk, MAX_RECORD - total + 1))
        total += len(parts[-1])
        if total > MAX_RECORD:
            raise ValueError("the record is too large")
        chunk_size = min(2 * chunk_size, CHUNK)
    return b"".join(parts), consumed - len(inflater.unused_data)


def _parse_record(content: bytes, offset: int, length: int) -> WarcRecord:
    head_end = content.find(b"\r\n\r\n")
    version, _, lines = content[: max(head_end, 0)].partition(b"\r\n")
    if not version.startswith(b"WARC/"):
        raise ValueError("not a WARC record")
    fields = (line.partition(":") for line in lines.decode("utf-8", "replace").split("\r\n"))
    headers = {name.strip().lower(): value.strip() for name, _, value in fields}
    start, block_size = head_end + 4, int(headers.get("content-length", "-1"))
    if not 0 <= block_size <= len(content) - start:
        raise ValueError("the record's block is short")
    return WarcRecord(offset=offset, length=length, headers=headers, block=content[start : start + block_size])


def _find_next_member(stream: IO[bytes], start: int, position: int, size: int) -> int:
    """Where the next member that begins a record lies; `size` when there is none."""
    while position < size:
        stream.seek(start + position)
        window = stream.read(min(CHUNK, size - position))
        found_at = window.find(MEMBER_START)
        while found_at >= 0:
            if _starts_record(stream, start + position + found_at, size - position - found_at):
                return position + found_at
            found_at = window.find(MEMBER_START, found_at + 1)
        if len(window) < CHUNK:
            return size
        position += len(window) - len(MEMBER_START) + 1
    return size


def _starts_record(stream: IO[bytes], place: int, limit: int) -> bool:
    stream.seek(place)
    try:
        return zlib.decompressobj(31).decompress(stream.read(min(4096, limit)), 5) == b"WARC/"
    except zlib.error:
        return False
