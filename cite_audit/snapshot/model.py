"""The nouns of capturing: what is wished for, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cite_audit.model import Report, Wanted
from cite_audit.resolve.archive.cited import itself
from cite_audit.urls import key, unwrap


class Outcome(StrEnum):
    """What became of a capture. Only `VERIFIED` is a success; `KEPT` is one that was there before."""

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
class Place:
    """Where a link is cited: report, note (None: inline), and the spelling printed there."""

    report: str
    note: int | None
    raw: str


@dataclass(frozen=True, slots=True)
class Wish:
    """A page to be captured, with everything that cites it."""

    uri_r: str
    near: date | None = None
    places: tuple[Place, ...] = ()


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


def wishes(reports: Iterable[Report]) -> list[Wish]:
    """Each page that the reports cite once, in order of appearance; archive addresses need no capture."""
    found: dict[str, Wish] = {}
    for report in reports:
        for citation in report.citations:
            url = citation.link.url
            inner = unwrap(url)
            archived = itself(Wanted(url)) or (inner and inner.via == "archive")
            if not url.startswith(("http://", "https://")) or archived:
                continue
            place = Place(report.path, citation.note, citation.link.raw)
            before = found.get(key(url))
            if before is None:
                found[key(url)] = Wish(url, report.published, (place,))
            elif place not in before.places:
                near = min((day for day in (before.near, report.published) if day), default=None)
                found[key(url)] = Wish(before.uri_r, near, (*before.places, place))
    return list(found.values())
