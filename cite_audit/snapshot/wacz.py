"""WACZ: a WARC with its index and the list of cited pages, in one file that replays anywhere.

The format is WACZ 1.1.1 (specs.webrecorder.net). A bundle replaces its WARC only after it was read back: it then holds
the same bytes, and its index names every record with its digest. Needs the extra `archive`.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from cite_audit import __version__
from cite_audit.errors import StoreError
from cite_audit.files import open_for_update, replace_file
from cite_audit.frozen_record import frozen_record
from cite_audit.resolve.archive.warc_place import WarcPlace, locate_member
from cite_audit.snapshot.folder import INDEX_NAME, read_index
from cite_audit.snapshot.warc_records import DamagedSpan, WarcRecord, is_intact, iter_records

WACZ_VERSION = "1.1.1"
INDEX_BLOCK = 1024  # lines of one compressed block, as other writers have them
INDEXED_KINDS = ("response", "revisit", "resource")
PAGES_NAME = "pages/pages.jsonl"
_CHUNK = 1 << 20
_STATUS_LINE = re.compile(rb"HTTP/\S+ (\d{3})")
_CONTENT_TYPE = re.compile(rb"^content-type:[ \t]*([^;\r\n]*)", re.I | re.M)


class ShortfallError(StoreError):
    """A bundle would hold less than its WARC; the WARC stays."""


@frozen_record
class _IndexedRecord:
    """A record as the index has it."""

    offset: int
    digest: str
    line: str


def write_wacz(
    warc: Path,
    target: Path,
    pages: Iterable[Mapping[str, object]],
    title: str = "Cited pages",
    *,
    whole_bytes: int = 0,
) -> None:
    """Replace a WARC by a bundle of it. Raises ShortfallError, with the pages named, and StoreError; the WARC stays.

    Each page of pages.jsonl carries what `pages` gives, besides an `id`. `whole_bytes` of the WARC are known to be
    good; a record that breaks off behind them, left by a killed run, is cut off.
    """
    unfinished = target.with_name(f".{target.name}")
    try:
        records = _index_warc(warc, whole_bytes)
        unfinished.unlink(missing_ok=True)  # a killed run's
        with open_for_update(unfinished, exclusive=True) as stream, zipfile.ZipFile(stream, "w") as package:
            _write_members(package, warc, records, pages, title)
        if fault := _find_shortfall(warc, unfinished, records):
            raise ShortfallError(f"{target}: {fault}; {warc.name} is kept")
        replace_file(unfinished, target)
        warc.unlink()
    except (OSError, zipfile.BadZipFile) as error:
        raise StoreError(f"{target}: cannot be written ({getattr(error, 'strerror', None) or error})") from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _index_warc(warc: Path, whole_bytes: int) -> list[_IndexedRecord]:
    """The index of a WARC. An unfinished last record is cut off; damage raises ShortfallError."""
    records: list[_IndexedRecord] = []
    damaged_offsets: list[str] = []
    size = warc.stat().st_size
    with warc.open("rb") as stream:
        for record in iter_records(stream, 0, size):
            if isinstance(record, DamagedSpan) and record.is_cut and record.offset >= whole_bytes:
                os.truncate(warc, record.offset)
            elif isinstance(record, DamagedSpan):
                damaged_offsets.append(f"bytes {record.offset}-{record.offset + record.length - 1}")
            elif not is_intact(record):
                damaged_offsets.append(record.url or f"byte {record.offset}")
            elif record.kind in INDEXED_KINDS:
                records.append(_index_record(record, stream, warc.name))
    if damaged_offsets:
        raise ShortfallError(f"{warc}: damaged ({', '.join(damaged_offsets[:5])}); it is kept and not bundled")
    return sorted(records, key=lambda record: record.line)


def _index_record(record: WarcRecord, stream: IO[bytes], filename: str) -> _IndexedRecord:
    from surt import surt

    head = record.block[: record.block.find(b"\r\n\r\n") + 2]
    status, content_type = _STATUS_LINE.match(head), _CONTENT_TYPE.search(head)
    mime = content_type[1].decode("latin-1").strip() if content_type else ""
    if record.kind == "resource":  # its block has no HTTP headers
        status, mime = None, record.headers.get("content-type", "").partition(";")[0].strip()
    stream.seek(record.offset)
    record_digest = hashlib.sha256(stream.read(record.length)).hexdigest()
    fields: dict[str, str] = {
        "url": record.url,
        "mime": "warc/revisit" if record.kind == "revisit" else mime or "unk",
        **({"status": status[1].decode()} if status else {}),
        "digest": f"sha1:{record.digest}",
        "length": str(record.length),
        "offset": str(record.offset),
        "filename": filename,
        "recordDigest": f"sha256:{record_digest}",
    }
    stamp = re.sub(r"\D", "", record.date)[:14]
    return _IndexedRecord(record.offset, record.digest, f"{surt(record.url)} {stamp} {json.dumps(fields)}\n")


def _write_members(
    package: zipfile.ZipFile,
    warc: Path,
    records: Sequence[_IndexedRecord],
    pages: Iterable[Mapping[str, object]],
    title: str,
) -> None:
    created = datetime.now(UTC)
    resources: list[dict[str, object]] = []

    def write_member(
        name: str, write_content: Callable[[_HashingStream], object], *, packed: bool, size: int = 0
    ) -> None:
        member = zipfile.ZipInfo(name, created.timetuple()[:6])
        member.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        with package.open(member, "w", force_zip64=size > 1 << 30) as stream:
            hashing = _HashingStream(stream)
            write_content(hashing)
        base = name.rpartition("/")[2]
        resources.append({"name": base.lower(), "path": name, "hash": hashing.digest(), "bytes": hashing.size})

    blocks, block_list = _pack_index([record.line for record in records])
    write_member(INDEX_NAME, lambda stream: stream.write(blocks), packed=False)
    write_member("indexes/index.idx", lambda stream: stream.write(block_list), packed=True)
    write_member(
        f"archive/{warc.name}", lambda stream: _copy_file(warc, stream), packed=False, size=warc.stat().st_size
    )
    write_member(PAGES_NAME, lambda stream: _write_pages(stream, pages, title), packed=True)
    description = {
        "profile": "data-package",
        "resources": resources,
        "title": title,
        "created": f"{created:%Y-%m-%dT%H:%M:%SZ}",
        "wacz_version": WACZ_VERSION,
        "software": f"cite-audit/{__version__}",
    }
    content = json.dumps(description, indent=2).encode()
    digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
    write_member("datapackage.json", lambda stream: stream.write(content), packed=True)
    write_member("datapackage-digest.json", lambda stream: stream.write(json.dumps(digest).encode()), packed=True)


class _HashingStream:
    """Hashes what passes through to a member of the package."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, content: bytes) -> int:
        self._hash.update(content)
        self.size += len(content)
        return self._stream.write(content)

    def digest(self) -> str:
        return f"sha256:{self._hash.hexdigest()}"


def _pack_index(lines: Sequence[str]) -> tuple[bytes, bytes]:
    """The index in compressed blocks, and the list of the blocks (ZipNum, as pywb reads it)."""
    blocks = bytearray()
    block_list = ['!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n']
    for first in range(0, len(lines), INDEX_BLOCK):
        block = gzip.compress("".join(lines[first : first + INDEX_BLOCK]).encode(), mtime=0)
        place = {"offset": len(blocks), "length": len(block), "digest": f"sha256:{hashlib.sha256(block).hexdigest()}"}
        block_list.append(f"{lines[first].partition('{')[0].strip()} {json.dumps(place)}\n")
        blocks += block
    return bytes(blocks), "".join(block_list).encode()


def _copy_file(path: Path, stream: _HashingStream) -> None:
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            stream.write(chunk)


def _write_pages(stream: _HashingStream, pages: Iterable[Mapping[str, object]], title: str) -> None:
    header = {"format": "json-pages-1.0", "id": "pages", "title": title, "hasText": True}
    stream.write(json.dumps(header, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    for page in pages:
        page_id = hashlib.sha256(f"{page['ts']} {page['url']}".encode("utf-8", "replace")).hexdigest()[:22]
        line = json.dumps({"id": page_id, **page}, ensure_ascii=False)
        stream.write(line.encode("utf-8", "replace") + b"\n")


def _find_shortfall(warc: Path, bundle: Path, records: Sequence[_IndexedRecord]) -> str:
    """What a finished bundle lacks of its WARC, read back from the disk; empty when it lacks nothing."""
    try:
        member = locate_member(bundle, f"archive/{warc.name}")
        if not _is_same_content(member, warc):
            return "the WARC inside it differs"
        indexed = {(int(entry["offset"]), entry["digest"].removeprefix("sha1:")) for entry in read_index(bundle)}
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        return f"it cannot be read back ({error})"
    missing = [record.line.split(" ", 1)[0] for record in records if (record.offset, record.digest) not in indexed]
    return f"its index lacks {', '.join(missing[:5])}" if missing else ""


def holds_warc(bundle: Path, warc: Path) -> bool:
    """Whether a bundle holds a WARC, byte for byte. Raises OSError when the WARC cannot be read."""
    try:
        return _is_same_content(locate_member(bundle, f"archive/{warc.name}"), warc)
    except (zipfile.BadZipFile, KeyError, ValueError, struct.error):
        return False


def _is_same_content(member: WarcPlace, warc: Path) -> bool:
    """Whether a member of a bundle holds the bytes of a file."""
    if member.size != warc.stat().st_size:
        return False
    with member.path.open("rb") as bundled, warc.open("rb") as own:
        bundled.seek(member.start)
        while chunk := own.read(_CHUNK):
            if bundled.read(len(chunk)) != chunk:
                return False
    return True
