"""The journal of captures: one JSON line for each change, written before anything relies on the change.

A killed run leaves at most a partial line, which is skipped. The last line of a page in an archive counts.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from cite_audit.errors import StoreError, UsageError
from cite_audit.foreign_json import parse_foreign_json
from cite_audit.snapshot.model import Capture, Outcome
from cite_audit.urls import canonical_key

_FIELDS = tuple(field.name for field in fields(Capture))
_TEXT_FIELDS = tuple(field.name for field in fields(Capture) if field.type == "str")


class Journal:
    """A journal open for writing, by one process at a time; `writing` False opens it read-only.

    Raises UsageError when another run holds it, or it cannot be written.
    """

    def __init__(self, path: Path, *, writing: bool = True) -> None:
        self.path = path
        self._entries: dict[tuple[str, str], Capture] = {}
        self._file: IO[bytes] = (
            _open_journal(path) if writing else io.BytesIO(path.read_bytes() if path.is_file() else b"")
        )
        self._file.seek(0)
        content = self._file.read()
        for line in content.splitlines():
            if (entry := _parse_journal_line(line)) is not None:
                self._entries[entry.archive, canonical_key(entry.uri_r)] = entry
        if content and not content.endswith(b"\n"):
            self._append(b"\n")  # a partial line of a killed run

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._file.close()

    def get(self, archive: str, uri_r: str) -> Capture | None:
        """The last known state of a page in an archive."""
        return self._entries.get((archive, canonical_key(uri_r)))

    def entries(self, archive: str) -> list[Capture]:
        """Every page known of one archive."""
        return [entry for (name, _), entry in self._entries.items() if name == archive]

    def write(self, entry: Capture, *, durable: bool = True) -> Capture:
        """Keep a state; `durable`: on the disk itself before this returns. Raises StoreError when it cannot be."""
        line = (
            json.dumps(
                {name: getattr(entry, name) for name in _FIELDS}, default=_encode_value, ensure_ascii=False
            ).encode()
            + b"\n"
        )
        try:
            self._append(line)
            if durable:
                os.fsync(self._file.fileno())
        except OSError as error:
            raise StoreError(f"{self.path}: the journal cannot be written ({error.strerror})") from error
        self._entries[entry.archive, canonical_key(entry.uri_r)] = entry
        return entry

    def _append(self, line: bytes) -> None:
        self._file.write(line)
        self._file.flush()


def _open_journal(path: Path) -> IO[bytes]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+b")
    except OSError as error:
        raise UsageError(f"{path}: the journal cannot be written ({error.strerror})") from error
    if not _lock_file(file):
        file.close()
        raise UsageError(f"{path}: another run is writing this journal")
    return file


def _encode_value(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _parse_journal_line(line: bytes) -> Capture | None:
    try:
        values: dict[str, Any] = parse_foreign_json(line)
        values["outcome"] = Outcome(values["outcome"])
        values["at"] = _parse_time(values["at"])
        values["captured_at"] = _parse_time(values["captured_at"]) if values.get("captured_at") else None
        capture = Capture(**values)
        canonical_key(capture.uri_r)
    except Exception:  # whatever a line of others holds, it is skipped
        return None
    return (
        capture
        if all(isinstance(values.get(name, ""), str) for name in _TEXT_FIELDS) and _has_counts(capture)
        else None
    )


def _parse_time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _has_counts(capture: Capture) -> bool:
    """Whether the numbers are whole ones, not below 0."""
    counts = (capture.attempts, capture.end, capture.status or 0)
    return all(isinstance(count, int) and count >= 0 for count in counts)


def _lock_file(file: IO[bytes]) -> bool:
    """Hold the file for this process; True as well where the system has no such locks."""
    with contextlib.suppress(ImportError):
        import fcntl

        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True
