"""The nouns of capturing: requests and their outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from cite_audit.frozen_record import frozen_record
from cite_audit.model import CitedWork, Report


class SnapshotTarget(StrEnum):
    """Where captures are made."""

    LOCAL = "local"  # WARC files on this machine
    WAYBACK = "wayback"  # Save Page Now of the Wayback Machine


class Outcome(StrEnum):
    """The outcome of a capture. Only `VERIFIED` is a success; `KEPT` and `DIED` have one from before."""

    VERIFIED = "archived_verified"
    UNVERIFIED = "archived_unverified"
    BAD = "captured_bad"
    PENDING = "pending"
    REFUSED = "refused"
    FAILED = "failed"
    UNKNOWN = "unknown"
    KEPT = "kept"  # with a `code`: not captured now, for that reason
    DIED = "died"  # the page is gone; a good copy of it is kept
    EXCLUDED = "excluded"
    SUBMITTING = "submitting"  # in the journal only: asked, and the answer did not arrive


GOOD_OUTCOMES = (Outcome.VERIFIED, Outcome.KEPT, Outcome.DIED)  # there is a copy that shows the page


@frozen_record
class CitationPlace:
    """Where a link is cited: report, note (None: inline), the spelling printed there, and the day.

    `cited_on`: when the note's author looked at the page, else the report's date.
    """

    report: str
    note: int | None
    raw: str
    cited_on: date | None = None


@frozen_record(kw_only=True)
class StoredFile:
    """A file of the captures folder as it was written: path in the folder, SHA-256 in hex, bytes."""

    path: str
    sha256: str
    size: int


@frozen_record
class CaptureRequest:
    """A page to be captured, with everything that cites it and what is first printed of the work."""

    uri_r: str
    near: date | None = None
    places: tuple[CitationPlace, ...] = ()
    work: CitedWork = field(default_factory=CitedWork)


@frozen_record
class Capture:
    """One page in one archive. `code`: why it is no success, in the archive's words; `attempts`: over all runs.

    `file`: the WARC, as a path in the captures folder; a bundle that replaced it has its name with the ending `.wacz`.
    """

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
    offset: int | None = None  # of the page's record in `file`


@dataclass(slots=True)
class SnapshotResult:
    """The outcome of a run: a line for each plan, the captures, remarks on the run, the WACZ files that were made.

    `requests`: what was asked for, with the places that cite it; `reports`: by which reports. `shortfalls`: what the
    folder should hold and lacks.
    `interrupted`: whether a signal ended the run early.
    """

    plan_lines: list[str] = field(default_factory=list)
    captures: list[Capture] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    shortfalls: list[str] = field(default_factory=list)
    wacz_paths: list[Path] = field(default_factory=list)
    requests: Sequence[CaptureRequest] = ()
    reports: Sequence[Report] = ()
    interrupted: bool = False


@frozen_record(kw_only=True)
class ListedCopy:
    """A copy, the file it lies in (empty when that is missing), the places that cite its page, good copies in all."""

    capture: Capture
    path: str
    places: tuple[CitationPlace, ...]
    good_copies: int


@frozen_record
class CopyList:
    """Copies in the order of the journal."""

    copies: Sequence[ListedCopy]


@frozen_record(kw_only=True)
class Damage:
    """One thing that is not as it was written: the file, what, the page, and the last good copy of the page."""

    file: str
    problem: str
    uri_r: str = ""
    good_copy: str = ""


@dataclass(slots=True)
class FixityResult:
    """What a check found. `block_bytes`: of the records read, uncompressed; `unlisted`: bundles the journal lacks.

    `unchecked`: what could not be checked here, and why.
    """

    directory: Path
    files: int = 0
    records: int = 0
    block_bytes: int = 0
    damages: list[Damage] = field(default_factory=list)
    unlisted: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    is_sample: bool = False


@frozen_record
class BagResult:
    """A bag that was written, what the check of the captures in it found, and reports that it lacks."""

    path: Path
    fixity: FixityResult
    absent_reports: Sequence[str] = ()


@frozen_record(kw_only=True)
class SitePage:
    """A page of an archive site: its leading copy, and where the site replays and pictures it (empty: nowhere)."""

    copy: ListedCopy
    replay: str
    picture: str


@frozen_record
class SiteResult:
    """A site that was written: its index, its pages, and a sentence for each file that is missing or damaged."""

    index: Path
    pages: Sequence[SitePage]
    losses: Sequence[str] = ()
