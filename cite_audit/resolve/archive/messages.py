"""Sentences about captures for the reader, and the answer that captures amount to. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cite_audit.errors import describe_own_fault
from cite_audit.model import Archived, Memento
from cite_audit.resolve.archive import ranking
from cite_audit.resolve.archive.playback_client import PlayedCapture
from cite_audit.resolve.archive.ranking import Candidate
from cite_audit.resolve.check.base import ArchiveAnswer
from cite_audit.resolve.judge.capture_faults import describe_fault

# archive → its capture, as the beginning of a sentence
_CAPTURES_OF = {"wayback": "the Wayback Machine's capture", "warc": "your own capture", "cited": "the cited capture"}


def faulty_answer(archive: str, url: str, error: Exception) -> ArchiveAnswer:
    """The answer where this program failed on what an archive said: not known, with the error."""
    return ArchiveAnswer(url, Archived.UNKNOWN, evidence=(f"{archive}: {describe_own_fault(error)}",))


def describe_bad_capture(memento: Memento) -> str:
    """One sentence on a capture that does not show the page."""
    is_what = f"{'may be' if memento.is_suspect else 'is'} {describe_fault(memento.quality[0])}"
    capture = _CAPTURES_OF.get(memento.archive, f"the capture at {memento.archive}")
    return f"{capture} of {memento.captured_at:%Y-%m-%d} {is_what}"


def describe_capture_date(memento: Memento, near: datetime) -> str:
    """One sentence on when a capture was made."""
    place = ranking.describe_distance(memento.captured_at, near)
    return f"{memento.archive}: captured {memento.captured_at:%Y-%m-%d}, {place} the date of citation"


def describe_good_capture(capture: PlayedCapture, near: datetime) -> tuple[str, ...]:
    """The facts of a good capture: its date, its redirect, and whether it may show another text."""
    memento = capture.memento
    sentences = [describe_capture_date(memento, near)]
    if capture.redirected_to:
        sentences.append(f"the capture is a redirect to {capture.redirected_to}")
    if ranking.days_from_target(memento.captured_at, near) > ranking.DRIFT_RISK:
        sentences.append("captured long after the citation: the page may have changed by then")
    return tuple(sentences)


def has_good_capture(captures: Sequence[PlayedCapture]) -> bool:
    """Whether one of the captures shows the page."""
    return any(capture.memento.is_good for capture in captures)


def answer_from_captures(url: str, captures: Sequence[PlayedCapture], near: datetime) -> ArchiveAnswer:
    """The answer from captures played back: the best good one first, or none good."""
    good = [capture for capture in captures if capture.memento.is_good]
    order = [capture.uri_m for capture in ranking.rank_candidates(map(_candidate_of, good), near)]
    good.sort(key=lambda one: order.index(one.memento.uri_m))
    bad = [capture for capture in captures if not capture.memento.is_good]
    if good:
        mementos = tuple(capture.memento for capture in (*good, *bad))
        return ArchiveAnswer(url, Archived.ARCHIVED, mementos, describe_good_capture(good[0], near))
    evidence = tuple(dict.fromkeys(describe_bad_capture(capture.memento) for capture in bad))
    return ArchiveAnswer(url, Archived.ARCHIVED_BAD, tuple(capture.memento for capture in bad), evidence)


def _candidate_of(capture: PlayedCapture) -> Candidate:
    memento = capture.memento
    return Candidate(memento.uri_m, memento.captured_at, memento.uri_r, memento.status, memento.mimetype)
