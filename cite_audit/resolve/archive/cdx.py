"""The index of the Wayback Machine through waybackpy's request builder, row model and exceptions, without its I/O.

The only module that imports waybackpy; docs/decisions says why it sends nothing itself. Imported late: 90 ms.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from waybackpy.cdx_api import WaybackMachineCDXServerAPI
from waybackpy.cdx_snapshot import CDXSnapshot
from waybackpy.cdx_utils import full_url
from waybackpy.exceptions import BlockedSiteError, TooManyRequestsError, WaybackError

from cite_audit.errors import ArchiveError, ArchivePausedError
from cite_audit.foreign_json import parse_foreign_json
from cite_audit.resolve.archive.playback import encode_url, format_stamp, playback_url
from cite_audit.resolve.archive.ranking import Candidate

CDX_FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
_BLOCKED_MARKERS = ("AdministrativeAccessControlException", "Blocked Site Error", "RobotAccessControlException")


class ExcludedError(ArchiveError):
    """The site's owner, or the archive, keeps its captures from being shown."""


def cdx_request_url(endpoint: str, url: str, near: datetime, *, good_only: bool, limit: int) -> str:
    """The address that asks the index for the captures closest to `near`; `good_only`: archived status 200."""
    filters = ["statuscode:200"] if good_only else []
    query = WaybackMachineCDXServerAPI(
        encode_url(url), filters=filters, sort="closest", closest=format_stamp(near), limit=str(limit)
    )
    payload: dict[str, str] = {}
    query.add_payload(payload)
    return str(full_url(endpoint, {**payload, "limit": str(limit), "output": "json", "resolveRevisits": "true"}))


def section_request_url(endpoint: str, prefix: str, *, match: str, years: tuple[int, int] | None, limit: int) -> str:
    """The address that asks the index for the pages whose addresses begin with `prefix`, each once.

    `match`: prefix, or domain for all hosts of one. `years`: the first and the last year of the captures.
    """
    query = WaybackMachineCDXServerAPI(
        encode_url(prefix),
        filters=["statuscode:200"],
        match_type=match,
        collapses=["urlkey"],
        start_timestamp=str(years[0]) if years else None,
        end_timestamp=str(years[1]) if years else None,
        limit=str(limit),
    )
    payload: dict[str, str] = {}
    query.add_payload(payload)
    fields = {"limit": str(limit), "fl": "original,timestamp", "showSkipCount": "true", "output": "json"}
    return str(full_url(endpoint, {**payload, **fields}))


def parse_section(status: int, body: bytes) -> list[tuple[str, int]]:
    """The addresses that an answer of the index lists, with the number of their captures; 0 where it tells none.

    Raises as `parse_candidates`.
    """
    with _map_errors():
        return [(row["original"], _count_captures(row)) for row in _read_rows(status, body)]


def _count_captures(row: dict[str, str]) -> int:
    skipped = row.get("skipcount", "")
    return int(skipped) + 1 if skipped.isascii() and skipped.isdigit() else 0


def parse_candidates(base: str, status: int, body: bytes) -> list[Candidate]:
    """The captures an answer of the index lists, [] when it lists none.

    Raises ExcludedError, ArchivePausedError, or ArchiveError when the answer cannot be read.
    """
    with _map_errors():
        return [_candidate_from_row(base, row) for row in _parse_rows(status, body)]


@contextmanager
def _map_errors() -> Iterator[None]:
    """waybackpy's errors as ours."""
    try:
        yield
    except BlockedSiteError as error:
        raise ExcludedError(str(error)) from error
    except TooManyRequestsError as error:
        raise ArchivePausedError(str(error)) from error
    except WaybackError as error:
        raise ArchiveError(str(error)) from error


def _parse_rows(status: int, body: bytes) -> list[CDXSnapshot]:
    return [_parse_snapshot(row) for row in _read_rows(status, body)]


def _read_rows(status: int, body: bytes) -> list[dict[str, str]]:
    text = body.decode("utf-8", "replace")
    if any(word in text[:4096] for word in _BLOCKED_MARKERS):
        raise BlockedSiteError("the index says that the site is excluded from the archive")
    if status == 429:
        raise TooManyRequestsError("the index answers 429 Too Many Requests")
    if status != 200:
        raise WaybackError(f"the index answers {status}")
    try:
        table = parse_foreign_json(text)
    except ValueError as error:
        raise WaybackError("the index gave an answer that is no JSON") from error
    if not isinstance(table, list) or not all(isinstance(row, list) for row in table):
        raise WaybackError("the index gave JSON of another shape")
    if not table:
        return []
    header, *data_rows = table
    if not {"timestamp", "original"} <= {str(name) for name in header}:
        raise WaybackError("the index gave rows without header")
    full = [row for row in data_rows if len(row) == len(header)]  # resume keys and blank rows are shorter
    return [dict(zip(map(str, header), map(str, row), strict=True)) for row in full]


def _parse_snapshot(row: dict[str, str]) -> CDXSnapshot:
    try:
        return CDXSnapshot({name: row.get(name, "-") for name in CDX_FIELDS})
    except ValueError as error:
        raise WaybackError(f"the index gave a row without a time: {row.get('timestamp', '')[:20]}") from error


def _candidate_from_row(base: str, row: CDXSnapshot) -> Candidate:
    when = row.datetime_timestamp.replace(tzinfo=UTC)
    return Candidate(
        uri_m=playback_url(base, when, row.original),  # waybackpy's own archive_url knows one host only
        captured_at=when,
        uri_r=row.original,
        status=int(row.statuscode) if row.statuscode.isdigit() else None,
        mimetype=row.mimetype,
        digest="" if row.digest == "-" else row.digest,
    )
