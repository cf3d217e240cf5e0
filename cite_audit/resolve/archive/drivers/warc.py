"""A directory of local WARC and WACZ files as an archive (`warc:DIR`): needs the extra `archive`, no network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from cite_audit.errors import UsageError
from cite_audit.installation import format_install_command
from cite_audit.model import Archived, CitedLink, Memento
from cite_audit.resolve.archive import ranking
from cite_audit.resolve.archive.messages import describe_bad_capture, describe_capture_date
from cite_audit.resolve.archive.warc_index import WarcHoldings, read_directory
from cite_audit.resolve.archive.warc_reader import ReadCapture, StoredCapture
from cite_audit.resolve.check.base import ArchiveAnswer
from cite_audit.resolve.judge.capture import CaptureAssessment, CaptureContent, CaptureGrade, assess_capture
from cite_audit.urls import canonical_key

if TYPE_CHECKING:
    from cite_audit.resolve.archive.drivers import DriverContext

MAX_JUDGED = 40  # captures of one page that are read, the best first; more are only counted


def open_archive(place: str, context: DriverContext) -> WarcDirectory:
    """The driver. Raises UsageError when `place` is no directory, or warcio is missing."""
    if find_spec("warcio") is None:
        raise UsageError(f"warc: archives need the extra “archive”: {format_install_command('archive')}")
    if not Path(place).is_dir():
        raise UsageError(f"warc:{place}: no such directory")
    return WarcDirectory(Path(place), context.now)


class WarcDirectory:
    """Archive driver for the WARC and WACZ files below a directory, read through once for a look-up."""

    name = "warc"

    def __init__(self, directory: Path, now: datetime) -> None:
        self._directory = directory
        self._now = now

    async def lookup(self, wanted_links: Sequence[CitedLink]) -> AsyncIterator[ArchiveAnswer]:
        """One answer for each link. A link that is not found while a file is unreadable is unknown."""
        pages = {canonical_key(link.url) for link in wanted_links}
        holdings = await asyncio.to_thread(read_directory, self._directory, pages)
        waiting: list[CitedLink] = []
        for link in wanted_links:
            targets_before = len(holdings.refresh_targets)
            answer = await asyncio.to_thread(self._answer_from, link, holdings)
            if len(holdings.refresh_targets) > targets_before:
                waiting.append(link)
            else:
                yield answer
        if waiting:
            await asyncio.to_thread(holdings.read_more, self._directory, set(holdings.refresh_targets))
        for link in waiting:
            yield await asyncio.to_thread(self._answer_from, link, holdings)

    def _answer_from(self, link: CitedLink, holdings: WarcHoldings) -> ArchiveAnswer:
        near = ranking.target_instant(link.near, self._now)
        records = {record.candidate: record for record in holdings.records.get(canonical_key(link.url), [])}
        if not records and holdings.unread:
            return ArchiveAnswer(link.url, Archived.UNKNOWN, evidence=(f"warc: {holdings.unread[0]}",))
        if not records:
            explanation = f"no capture in {self._directory}"
            return ArchiveAnswer(link.url, Archived.NOT_ARCHIVED, evidence=(explanation,))
        ranked = [records[candidate] for candidate in ranking.rank_candidates(records, near)]
        mementos, unread = _judge_captures(link.url, ranked, holdings)
        if not mementos:
            return ArchiveAnswer(link.url, Archived.UNKNOWN, evidence=(f"warc: {unread[0]}",))
        mementos.sort(key=lambda memento: not memento.is_good)
        if mementos[0].is_good:
            return ArchiveAnswer(
                link.url, Archived.ARCHIVED, tuple(mementos), (describe_capture_date(mementos[0], near),)
            )
        return ArchiveAnswer(link.url, Archived.ARCHIVED_BAD, tuple(mementos), (describe_bad_capture(mementos[0]),))


def _judge_captures(
    cited_url: str, candidates: Sequence[StoredCapture], holdings: WarcHoldings
) -> tuple[list[Memento], list[str]]:
    """The captures of the cited page as mementos, up to the first good one; what cannot be read is named instead."""
    mementos: list[Memento] = []
    unread: list[str] = []
    for capture in candidates[:MAX_JUDGED]:
        shown = holdings.resolve_capture(capture)
        if shown is None:
            unread.append(f"{capture.source.path.name} cannot be read: the capture at byte {capture.offset} is damaged")
            continue
        mementos.append(_judge_capture(cited_url, capture, shown, holdings))
    return mementos, unread


def _judge_capture(cited_url: str, capture: StoredCapture, shown: ReadCapture, holdings: WarcHoldings) -> Memento:
    """A capture of the cited page as a memento, judged by what it leads to."""
    is_moved = canonical_key(shown.url) != canonical_key(capture.candidate.uri_r)
    assessment = _assess(cited_url, shown, is_moved)
    if assessment.refresh_target:
        target = holdings.find_nearest(assessment.refresh_target, shown.captured_at)
        refreshed = holdings.resolve_capture(target) if target else None
        assessment = _assess(cited_url, refreshed, is_moved=True) if refreshed else assessment
    faults, is_suspect = assessment.faults, assessment.grade is CaptureGrade.SUSPECT
    if shown.is_revisit:  # nothing of its body is known
        faults, is_suspect = ("revisit-unresolved",), True
    return Memento(
        uri_r=capture.candidate.uri_r,
        uri_m=capture.candidate.uri_m,
        captured_at=capture.captured_at,
        archive="warc",
        status=shown.status,
        quality=faults,
        is_suspect=is_suspect,
        mimetype=shown.mimetype,
        digest=shown.digest,
    )


def _assess(cited_url: str, shown: ReadCapture, is_moved: bool) -> CaptureAssessment:
    return assess_capture(
        CaptureContent(
            cited_url=cited_url,
            final_url=shown.url if is_moved else cited_url,
            status=shown.status,
            headers=shown.headers,
            body=shown.body,
            mimetype=shown.mimetype,
            redirected=is_moved,
            is_cut=shown.is_cut,
        )
    )
