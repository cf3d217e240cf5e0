"""The journal of captures: one JSON line for each change, written before anything relies on the change.

It only grows. It holds three kinds of line: the state of a page in an archive, a place that cites a page, and a file of
the captures folder with its digest. Each line ends with a CRC-32 of what precedes it. A killed run leaves at most a
partial line, which is skipped.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from cite_audit.errors import StoreError, UsageError
from cite_audit.files import lock_file, make_private_folder, open_for_update, resolve_target
from cite_audit.snapshot.folder import is_member_path, warc_name
from cite_audit.snapshot.model import Capture, CitationPlace, Outcome, StoredFile
from cite_audit.urls import canonical_key

_DEFAULTS = {field.name: field.default for field in fields(Capture)}
_CHECKED_LINE = re.compile(rb'(\{.*), "crc": "([0-9a-f]{8})"\}', re.S)
MAX_JOURNAL = 256 << 20  # bytes; 100,000 captures take 50 MB
_PARTIAL_MARK = {"partial": True}


class Journal:
    """A journal open for writing, by one process at a time; `writing` False opens it read-only.

    `unreadable_lines`: numbers, from 1, of lines that are damaged. `renamed_files`: files by the names they had. Raises
    UsageError when another run holds it, or it cannot be written.
    """

    def __init__(self, path: Path, *, writing: bool = True) -> None:
        self.path = path
        self.files: dict[str, StoredFile] = {}
        self.renamed_files: dict[str, StoredFile] = {}
        self.unreadable_lines: list[int] = []
        self._latest: dict[tuple[str, str], Capture] = {}
        self._copies: dict[tuple[str, str], dict[datetime, Capture]] = {}
        self._places: dict[str, dict[CitationPlace, None]] = {}
        self.existed = path.is_file()
        if self.existed and path.stat().st_size > MAX_JOURNAL:
            raise UsageError(f"{path}: a journal of more than {MAX_JOURNAL >> 20} MB")
        self._file: IO[bytes] = (
            _open_journal(path) if writing else io.BytesIO(path.read_bytes() if self.existed else b"")
        )
        self._file.seek(0)
        content = self._file.read()
        self._read_lines(content.split(b"\n"))
        if writing and content and not content.endswith(b"\n"):  # the partial line of a killed run
            try:
                self._append(b"\n" + _encode_line(_PARTIAL_MARK))
            except OSError as error:
                self._file.close()
                raise UsageError(f"{path}: the journal cannot be written ({error.strerror})") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._file.close()

    def get(self, archive: str, uri_r: str) -> Capture | None:
        """The last known state of a page in an archive."""
        return self._latest.get((archive, canonical_key(uri_r)))

    def copies(self, archive: str, uri_r: str) -> list[Capture]:
        """Every capture of a page in an archive, oldest first."""
        return list(self._copies.get((archive, canonical_key(uri_r)), {}).values())

    def places(self, uri_r: str) -> tuple[CitationPlace, ...]:
        """Every place of any report that cites a page."""
        return tuple(self._places.get(canonical_key(uri_r), ()))

    def iter_places(self) -> Iterator[CitationPlace]:
        """Every place that cites a page."""
        for places in self._places.values():
            yield from places

    def entries(self, archive: str) -> list[Capture]:
        """The last known state of every page of one archive."""
        return [entry for (name, _), entry in self._latest.items() if name == archive]

    def captures(self, archive: str) -> list[Capture]:
        """Every capture of every page of one archive."""
        return [copy for (name, _), copies in self._copies.items() if name == archive for copy in copies.values()]

    def write(self, entry: Capture, *, durable: bool = True) -> Capture:
        """Keep a state; `durable`: on the disk itself before this returns. Raises StoreError when it cannot be."""
        values = {
            name: getattr(entry, name)
            for name, default in _DEFAULTS.items()
            if default is MISSING or getattr(entry, name) != default
        }
        self._write_lines([values], durable=durable)
        self._keep_capture(entry)
        return entry

    def cite(self, cited: Iterable[tuple[str, Iterable[CitationPlace]]]) -> None:
        """Keep the places that cite pages, each once. Raises StoreError."""
        new_lines = []
        for uri_r, places in cited:
            known_places = self._places.setdefault(canonical_key(uri_r), {})
            for place in places:
                if place not in known_places:
                    known_places[place] = None
                    day = {"cited_on": place.cited_on.isoformat()} if place.cited_on else {}
                    new_lines.append(
                        {"cited": uri_r, "report": place.report, "note": place.note, "raw": place.raw, **day}
                    )
        self._write_lines(new_lines, durable=False)

    def record_file(self, stored_file: StoredFile, *, earlier_path: str = "") -> None:
        """Keep the digest of a file of the folder, or that one of `earlier_path` has a new name. Raises StoreError."""
        renamed = {"was": earlier_path} if earlier_path else {}
        line = {"stored": stored_file.path, "sha256": stored_file.sha256, "bytes": stored_file.size, **renamed}
        self._write_lines([line])
        self.follow_file(stored_file, earlier_path)

    def follow_file(self, stored_file: StoredFile, earlier_path: str) -> None:
        """Know a file by its present name, and the captures in it; nothing is written."""
        self.files[stored_file.path] = stored_file
        if not earlier_path:
            return
        self.files.pop(earlier_path, None)
        self.renamed_files[earlier_path] = stored_file
        earlier_name, name = warc_name(earlier_path), warc_name(stored_file.path)

        def rename(capture: Capture) -> Capture:
            if capture.file != earlier_name:
                return capture
            return replace(capture, file=name, uri_m=capture.uri_m.replace(earlier_name, name, 1))

        self._latest = {page: rename(capture) for page, capture in self._latest.items()}
        for copies in self._copies.values():
            copies.update({time: rename(capture) for time, capture in copies.items()})

    def measure(self) -> tuple[int, str]:
        """Its size in bytes and its SHA-256."""
        self._file.seek(0)
        content = self._file.read()
        return len(content), hashlib.sha256(content).hexdigest()

    def has_prefix(self, size: int, sha256: str) -> bool:
        """Whether its first `size` bytes have a digest."""
        self._file.seek(0)
        content = self._file.read(size)
        return len(content) == size and hashlib.sha256(content).hexdigest() == sha256

    def _write_lines(self, lines: Iterable[Mapping[str, object]], *, durable: bool = True) -> None:
        try:
            self._append(b"".join(_encode_line(line) for line in lines))
            if durable:
                os.fsync(self._file.fileno())
        except OSError as error:
            raise StoreError(f"{self.path}: the journal cannot be written ({error.strerror})") from error

    def _append(self, content: bytes) -> None:
        unwritten = memoryview(content)
        while unwritten:
            unwritten = unwritten[self._file.write(unwritten) :]

    def _read_lines(self, lines: list[bytes]) -> None:
        for number, line in enumerate(lines, start=1):
            if not line:
                continue
            values = _parse_line(line.removesuffix(b"\r"))  # as an editor or a version control system leaves them
            if values == _PARTIAL_MARK:
                self.unreadable_lines = [other for other in self.unreadable_lines if other != number - 1]
            elif (values is None or not self._keep_line(values)) and number < len(lines):
                # the last one has no line end: a killed run's, or one that is being written
                self.unreadable_lines.append(number)

    def _keep_line(self, values: dict[str, Any]) -> bool:
        try:
            if "stored" in values:
                stored_file = StoredFile(
                    path=str(values["stored"]), sha256=str(values["sha256"]), size=int(values["bytes"])
                )
                if not is_member_path(stored_file.path):
                    raise ValueError("a file outside the folder")
                self.follow_file(stored_file, str(values.get("was", "")))
            elif "cited" in values:
                day = date.fromisoformat(values["cited_on"]) if values.get("cited_on") else None
                place = CitationPlace(values["report"], values["note"], values["raw"], day)
                if [type(place.report), type(place.raw)] != [str, str] or type(place.note) not in (int, type(None)):
                    raise TypeError("a place of another type")
                self._places.setdefault(canonical_key(values["cited"]), {})[place] = None
            else:
                self._keep_capture(decode_capture(values))
        except Exception:  # whatever a line holds, it counts as damaged
            return False
        return True

    def _keep_capture(self, entry: Capture) -> None:
        page = entry.archive, canonical_key(entry.uri_r)
        self._latest[page] = entry
        if entry.captured_at:
            self._copies.setdefault(page, {})[entry.captured_at] = entry


def _open_journal(path: Path) -> IO[bytes]:
    try:
        make_private_folder(path.parent)
        resolve_target(path.parent)
        file = open_for_update(path, append=True)
    except OSError as error:
        raise UsageError(f"{path}: the journal cannot be written ({error.strerror})") from error
    if not lock_file(file.fileno()):
        file.close()
        raise UsageError(f"{path}: another run is writing this journal")
    return file


def _encode_line(values: Mapping[str, object]) -> bytes:
    text = json.dumps(values, default=_encode_value, ensure_ascii=False).encode("utf-8", "surrogatepass")[:-1]
    return b'%b, "crc": "%08x"}\n' % (text, zlib.crc32(text))


def _encode_value(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _parse_line(line: bytes) -> dict[str, Any] | None:
    """The values of a line; None when it is damaged. Lines of journals before 2026-12 have no CRC."""
    checked_line = _CHECKED_LINE.fullmatch(line)
    if checked_line and zlib.crc32(checked_line[1]) != int(checked_line[2], 16):
        return None
    try:
        values = json.loads(checked_line[1] + b"}" if checked_line else line)
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None


def decode_capture(values: dict[str, Any]) -> Capture:
    """A capture of the values of a line. Raises ValueError, KeyError, TypeError, AttributeError and OverflowError."""
    values["outcome"] = Outcome(values["outcome"])
    values["at"] = _decode_time(values["at"])
    values["captured_at"] = _decode_time(values["captured_at"]) if values.get("captured_at") else None
    for name, default in _DEFAULTS.items():
        if isinstance(default, str | int) and type(values.get(name, default)) is not type(default):
            raise TypeError(f"{name} of another type")
    offset = values.get("offset")
    if not {type(offset), type(values.get("status"))} <= {int, type(None)}:
        raise TypeError("a number of another type")
    if min(values.get("attempts", 0), values.get("end", 0), offset or 0) < 0:
        raise ValueError("a count below 0")
    if not is_member_path(values.get("file", "")):
        raise ValueError("a file outside the folder")
    return Capture(**values)


def _decode_time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
