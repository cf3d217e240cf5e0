"""One capture of a WARC: where it lies, and its record read when it is to be judged. Needs the extra `archive`."""

from __future__ import annotations

from dataclasses import field
from datetime import UTC, datetime
from typing import IO, Any

from cite_audit.frozen_record import frozen_record
from cite_audit.resolve.archive.playback import format_stamp
from cite_audit.resolve.archive.playback_client import MAX_WHOLE_SIZE
from cite_audit.resolve.archive.ranking import Candidate
from cite_audit.resolve.archive.warc_place import WarcSource
from cite_audit.resolve.judge.capture import ORIGINAL_PREFIX
from cite_audit.urls import join_url


@frozen_record(kw_only=True)
class StoredCapture:
    """Where one capture lies. `status` 0: not known. `is_revisit`: its body is that of another record."""

    candidate: Candidate
    source: WarcSource
    offset: int
    status: int = 0
    is_revisit: bool = False

    @property
    def captured_at(self) -> datetime:
        return self.candidate.captured_at

    @property
    def may_lead_on(self) -> bool:
        return not self.status or 300 < self.status < 400


@frozen_record(kw_only=True)
class ReadCapture:
    """A capture as it was read. `location`: where an archived redirect leads; `digest`: of the body it shows."""

    url: str
    captured_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)
    mimetype: str
    digest: str
    location: str = ""
    is_revisit: bool = False
    is_cut: bool = False


def describe_record(source: WarcSource, offset: int, url: str, record: Any) -> StoredCapture:
    """Where the record that warcio read lies, and what its headers say of it."""
    status, mimetype, when = _read_status(record), _read_type(record), _read_time(record)
    is_revisit = record.rec_type == "revisit"
    return StoredCapture(
        candidate=Candidate(
            f"{source.address}#{format_stamp(when)}/{url}",
            when,
            url,
            None if is_revisit else status,
            mimetype,
            _read_digest(record),
        ),
        source=source,
        offset=offset,
        status=status,
        is_revisit=is_revisit,
    )


def read_capture(capture: StoredCapture) -> ReadCapture | None:
    """The record of a capture, with at most MAX_WHOLE_SIZE bytes of its body; None when it cannot be read."""
    try:
        with capture.source.open_at(capture.offset) as stream:
            return _read_record(stream, capture)
    except Exception:  # whatever a broken file makes warcio or zipfile raise
        return None


def _read_record(stream: IO[bytes], capture: StoredCapture) -> ReadCapture | None:
    from warcio.archiveiterator import ArchiveIterator

    record: Any = next(iter(ArchiveIterator(stream)), None)
    url = record.rec_headers.get_header("WARC-Target-URI") if record else ""
    if url != capture.candidate.uri_r:  # the index names another record
        return None
    http, status = record.http_headers, _read_status(record)
    is_revisit = record.rec_type == "revisit"
    body = b"" if is_revisit else record.content_stream().read(MAX_WHOLE_SIZE + 1)
    location = (http.get_header("location") or "") if http and 300 < status < 400 else ""
    return ReadCapture(
        url=url,
        captured_at=_read_time(record),
        status=status,
        headers=tuple((f"{ORIGINAL_PREFIX}{key.lower()}", value) for key, value in http.headers) if http else (),
        body=body[:MAX_WHOLE_SIZE],
        mimetype=_read_type(record),
        digest=_read_digest(record),
        location=join_url(url, location) if location else "",
        is_revisit=is_revisit,
        is_cut=len(body) > MAX_WHOLE_SIZE or bool(record.rec_headers.get_header("WARC-Truncated")),
    )


def _read_status(record: Any) -> int:
    status = (record.http_headers.get_statuscode() if record.http_headers else "") or ""
    return int(status) if status.isdigit() else 200


def _read_type(record: Any) -> str:
    http = record.http_headers
    named = http.get_header("content-type") if http else record.rec_headers.get_header("Content-Type")
    return (named or "").partition(";")[0].strip().lower()


def _read_time(record: Any) -> datetime:
    return datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")).astimezone(UTC)


def _read_digest(record: Any) -> str:
    return (record.rec_headers.get_header("WARC-Payload-Digest") or "").removeprefix("sha1:")
