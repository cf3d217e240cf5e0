"""The nouns of capturing: requests and their outcomes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cite_audit.model import CitedLink, Report
from cite_audit.resolve.archive.archive_urls import answer_if_memento
from cite_audit.urls import Wrapping, canonical_key, unwrap_url


class SnapshotTarget(StrEnum):
    """Where captures are made."""

    LOCAL = "local"  # WARC files on this machine
    WAYBACK = "wayback"  # Save Page Now of the Wayback Machine


class Outcome(StrEnum):
    """The outcome of a capture. Only `VERIFIED` is a success; `KEPT` is one that was there before."""

    VERIFIED = "archived_verified"
    UNVERIFIED = "archived_unverified"
    BAD = "captured_bad"
    PENDING = "pending"
    REFUSED = "refused"
    FAILED = "failed"
    UNKNOWN = "unknown"
    KEPT = "kept"
    EXCLUDED = "excluded"
    SUBMITTING = "submitting"  # in the journal only: asked, and the answer did not arrive


@dataclass(frozen=True, slots=True)
class CitationPlace:
    """Where a link is cited: report, note (None: inline), and the spelling printed there."""

    report: str
    note: int | None
    raw: str


@dataclass(frozen=True, slots=True)
class CaptureRequest:
    """A page to be captured, with everything that cites it."""

    uri_r: str
    near: date | None = None
    places: tuple[CitationPlace, ...] = ()


@dataclass(frozen=True, slots=True)
class Capture:
    """One page in one archive. `code`: why it is no success, in the archive's words; `attempts`: over all runs."""

    uri_r: str
    archive: str
    outcome: Outcome
    at: datetime  # of the last change
    uri_m: str = ""
    captured_at: datetime | None = None
    attempts: int = 0
    code: str = ""
    message: str = ""
    job_id: str = ""
    verified: str = ""  # how: playback or replay
    sha256: str = ""  # of the stored body
    status: int | None = None
    title: str = ""
    file: str = ""
    end: int = 0  # bytes of `file` that are whole after this capture


def collect_capture_requests(reports: Iterable[Report]) -> list[CaptureRequest]:
    """Each page that the reports cite once, in order of appearance; archive addresses need no capture."""
    requests: dict[str, CaptureRequest] = {}
    for report in reports:
        for citation in report.citations:
            url = citation.link.url
            unwrapped = unwrap_url(url)
            is_archived = answer_if_memento(CitedLink(url)) or (unwrapped and unwrapped.via == Wrapping.ARCHIVE)
            if not url.startswith(("http://", "https://")) or is_archived:
                continue
            place = CitationPlace(report.path, citation.note, citation.link.raw)
            earlier_request = requests.get(canonical_key(url))
            if earlier_request is None:
                requests[canonical_key(url)] = CaptureRequest(url, report.published, (place,))
            elif place not in earlier_request.places:
                nearest_date = min((day for day in (earlier_request.near, report.published) if day), default=None)
                requests[canonical_key(url)] = CaptureRequest(
                    earlier_request.uri_r, nearest_date, (*earlier_request.places, place)
                )
    return list(requests.values())
