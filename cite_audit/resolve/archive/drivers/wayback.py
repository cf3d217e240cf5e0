"""The Wayback Machine: bulk availability for hints, playback at a date for the answer, the index for contradictions.

A playback request with a timestamp is a look-up of the nearest capture at twenty times the rate of the index, and it
verifies in the same exchange. The index is asked only when the nearest capture is bad, or when two answers disagree.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cite_audit.config.settings import Archiving
from cite_audit.errors import ArchiveError, ArchivePausedError
from cite_audit.frozen_record import frozen_record
from cite_audit.model import Archived, CitedLink
from cite_audit.resolve.archive import availability, ranking
from cite_audit.resolve.archive.archive_cache import CachedArchive
from cite_audit.resolve.archive.archive_client import ArchiveClient
from cite_audit.resolve.archive.completion_stream import iter_as_completed
from cite_audit.resolve.archive.duplicate_captures import flag_duplicates
from cite_audit.resolve.archive.link_format import memento_relations
from cite_audit.resolve.archive.messages import (
    answer_from_captures,
    describe_bad_capture,
    faulty_answer,
    has_good_capture,
)
from cite_audit.resolve.archive.playback import PlaybackAnswer, PlaybackKind, playback_url, split_playback_url
from cite_audit.resolve.archive.playback_client import PlaybackClient, PlayedCapture
from cite_audit.resolve.archive.ranking import Candidate
from cite_audit.resolve.archive.rate_limiter import RateClass, rate_class_at
from cite_audit.resolve.check.base import ArchiveAnswer, KeyValueStore, Request
from cite_audit.resolve.judge.capture import expected_type

if TYPE_CHECKING:
    from cite_audit.resolve.archive.drivers import DriverContext

IN_FLIGHT = 48  # links at once; their starts are paced, and answers of the index take up to a minute
MIN_BULK_LINKS = 10  # links, from which one more request to another server pays
CDX_TIMEOUT = 75.0
CDX_ROWS = 20  # rows near the date; those with the bytes of a bad capture are left out
MAX_NEIGHBOURS = 3  # captures named by Link headers that are played back where the nearest is not good
MAX_TRIES = 2  # captures from the index that are played back, before a link counts as badly archived
PROBE_TTL = 24 * 3600.0  # seconds the verdict on the bulk endpoint holds


@frozen_record
class _LookupJob:
    link: CitedLink
    near: datetime
    tag: int
    hint: datetime | None = None


_HintTimes = dict[str, datetime | None]


def open_archive(place: str, context: DriverContext) -> CachedArchive:
    """The driver with its cache. `place`: the base of another archive with the same interface; empty: as configured."""
    settings = replace(context.settings, wayback=place, availability="") if place else context.settings
    return CachedArchive(
        WaybackArchive(settings, context.client, context.cache, context.now), context.cache, context.now
    )


class BulkHints:
    """The hints of bulk availability for each job, fetched a batch at a time and one batch ahead."""

    def __init__(
        self, jobs: Sequence[_LookupJob], ask: Callable[[Sequence[_LookupJob]], Awaitable[_HintTimes]]
    ) -> None:
        self._jobs = jobs
        self._ask = ask
        self._batches: dict[int, asyncio.Task[_HintTimes]] = {}

    async def hint_for(self, tag: int) -> datetime | None:
        """The time of a good capture of the job, or None."""
        own_batch = tag // availability.BATCH_SIZE
        for batch in (own_batch, own_batch + 1):
            jobs = self._jobs[batch * availability.BATCH_SIZE : (batch + 1) * availability.BATCH_SIZE]
            if jobs and batch not in self._batches:
                self._batches[batch] = asyncio.ensure_future(self._fetch_batch(jobs))
        return (await asyncio.shield(self._batches[own_batch])).get(str(tag))

    def close(self) -> None:
        for batch in self._batches.values():
            batch.cancel()

    async def _fetch_batch(self, jobs: Sequence[_LookupJob]) -> _HintTimes:
        return await self._ask(jobs)


class WaybackArchive:
    """Archive driver for the Wayback Machine and archives with its interface."""

    name = "wayback"

    def __init__(self, settings: Archiving, client: ArchiveClient, cache: KeyValueStore, now: datetime) -> None:
        self._base = settings.wayback.rstrip("/") + "/web"
        self._index_url = settings.wayback.rstrip("/") + "/cdx/search/cdx"
        self._availability = settings.availability
        host = urlsplit(settings.wayback).netloc
        self._index_rate: RateClass = rate_class_at("cdx", host)
        self._bulk_rate: RateClass = rate_class_at("availability", urlsplit(settings.availability).netloc)
        self._client = client
        playback_rate = rate_class_at("playback", host)
        self._playback = PlaybackClient(client, lambda _: playback_rate, self.name, self._base)
        self._cache = cache
        self._now = now
        self._trusts_404 = False

    async def lookup(self, wanted_links: Sequence[CitedLink]) -> AsyncIterator[ArchiveAnswer]:
        """One answer for each link. Never raises for what the archive did."""
        jobs = [
            _LookupJob(link, ranking.target_instant(link.near, self._now), tag) for tag, link in enumerate(wanted_links)
        ]
        hints = BulkHints(jobs, self._fetch_hints) if len(jobs) >= MIN_BULK_LINKS else None

        async def answer_with_hint(job: _LookupJob) -> ArchiveAnswer:
            return await self._answer_job(job, await hints.hint_for(job.tag) if hints else None)

        try:
            async for answer in flag_duplicates(iter_as_completed(jobs, answer_with_hint, IN_FLIGHT)):
                yield answer
        finally:
            if hints:
                hints.close()

    async def _fetch_hints(self, jobs: Sequence[_LookupJob]) -> _HintTimes:
        """The hints of bulk availability, by tag; none when it does not work."""
        probe = f"bulk {self._availability}"
        if not self._availability or self._cache.get(probe) == "no":
            return {}
        links_by_tag = {str(job.tag): (job.link.url, job.near) for job in jobs}
        with contextlib.suppress(Exception):  # the hints are a shortcut only
            request = availability.bulk_request(self._availability, links_by_tag)
            try:
                return availability.parse_hints(await self._client.fetch_answer(self._bulk_rate, request, retries=0))
            except availability.UnsupportedError:
                self._cache.put(probe, "no", PROBE_TTL)
        return {}

    async def _answer_job(self, job: _LookupJob, hint: datetime | None) -> ArchiveAnswer:
        try:
            return await self._find_capture(replace(job, hint=hint))
        except ArchiveError as error:
            return ArchiveAnswer(job.link.url, Archived.UNKNOWN, evidence=(f"{self.name}: {error}",))
        except Exception as error:
            return faulty_answer(self.name, job.link.url, error)

    async def _find_capture(self, job: _LookupJob) -> ArchiveAnswer:
        url = job.link.url
        capture = await self._playback.play_memento(playback_url(self._base, job.hint or job.near, url), url)
        if isinstance(capture, PlaybackAnswer):
            return await self._no_capture_answer(job, capture)
        captures = [capture]
        if better := self._better_neighbour(capture, job.near):
            neighbour = await self._playback.play_memento(better, url)
            captures += [neighbour] if isinstance(neighbour, PlayedCapture) else []
        if not has_good_capture(captures):
            captures += await self._play_neighbours(job, captures)
        if not has_good_capture(captures):
            try:
                captures += await self._play_from_index(job, captures)
            except ArchiveError as error:
                text = f"{describe_bad_capture(capture.memento)}; whether there is a better one is not known: {error}"
                return ArchiveAnswer(url, Archived.UNKNOWN, (capture.memento,), (text,))
        return answer_from_captures(url, captures, job.near)

    def _better_neighbour(self, capture: PlayedCapture, near: datetime) -> str:
        """A capture next to the one found that documents the date better, named by its Link header; or empty."""
        found_rank = ranking.window_rank(capture.memento.captured_at, near)
        best = next(iter(ranking.rank_candidates(self._linked_captures([capture]), near)), None)
        if best is None or ranking.window_rank(best.captured_at, near) >= found_rank:
            return ""
        return best.uri_m

    def _linked_captures(self, captures: Sequence[PlayedCapture]) -> list[Candidate]:
        """The captures that Link headers name and that were not played back, each once."""
        known_times = {capture.memento.captured_at for capture in captures}
        candidates: dict[datetime, Candidate] = {}
        for capture in captures:
            for link in memento_relations(capture.links):
                if link.memento_time and link.memento_time not in known_times:
                    original = split_playback_url(link.uri)[2] or capture.memento.uri_r
                    uri_m = playback_url(self._base, link.memento_time, original)
                    candidates[link.memento_time] = Candidate(uri_m, link.memento_time)
        return list(candidates.values())

    async def _play_neighbours(self, job: _LookupJob, earlier: Sequence[PlayedCapture]) -> list[PlayedCapture]:
        """Further captures that Link headers name, until one is good: the best by date, and at last the oldest.

        A page that went bad stays so in all later captures, and its first capture shows it as it was.
        """
        captures: list[PlayedCapture] = []
        for number in range(1, MAX_NEIGHBOURS + 1):
            candidates = self._linked_captures([*earlier, *captures])
            if not candidates:
                break
            is_last = number == MAX_NEIGHBOURS
            best = ranking.rank_candidates(candidates, job.near)[0]
            chosen = min(candidates, key=lambda candidate: candidate.captured_at) if is_last else best
            try:
                capture = await self._playback.play_memento(chosen.uri_m, job.link.url)
            except ArchivePausedError:
                raise
            except ArchiveError:
                break
            if not isinstance(capture, PlayedCapture):
                break
            captures.append(capture)
            if capture.memento.is_good:
                break
        return captures

    async def _no_capture_answer(self, job: _LookupJob, answer: PlaybackAnswer) -> ArchiveAnswer:
        """Playback shows nothing: excluded, or not archived when nothing contradicts it."""
        url = job.link.url
        if answer.kind is PlaybackKind.EXCLUDED:
            explanation = "the Wayback Machine keeps this site's captures from being shown (excluded)"
            return ArchiveAnswer(url, Archived.EXCLUDED, evidence=(explanation,))
        if not job.hint and (answer.is_recognised or self._trusts_404):
            return ArchiveAnswer(url, Archived.NOT_ARCHIVED, evidence=("the Wayback Machine has no capture",))
        rows = await self._index_rows(job, good_only=False)
        if rows is None:
            return ArchiveAnswer(url, Archived.EXCLUDED, evidence=("the index says that the site is excluded",))
        if not rows:
            self._trusts_404 = self._trusts_404 or not job.hint
            explanation = "the Wayback Machine has no capture; playback and index agree"
            return ArchiveAnswer(url, Archived.NOT_ARCHIVED, evidence=(explanation,))
        captures = await self._play_candidates(job, rows, [])
        if captures:
            return answer_from_captures(url, captures, job.near)
        raise ArchiveError("its index lists captures that its playback does not show")

    async def _play_from_index(self, job: _LookupJob, captures: list[PlayedCapture]) -> list[PlayedCapture]:
        rows = await self._index_rows(job, good_only=True) or []
        return await self._play_candidates(job, rows, captures)

    async def _play_candidates(
        self, job: _LookupJob, rows: list[Candidate], earlier: list[PlayedCapture]
    ) -> list[PlayedCapture]:
        """The best captures that the index lists, played back until one is good."""
        known_times = {capture.memento.captured_at for capture in earlier}
        bad_digests = {capture.memento.digest for capture in earlier if capture.memento.digest}
        captures: list[PlayedCapture] = []
        fresh = [row for row in rows if row.captured_at not in known_times and row.digest not in bad_digests]
        for row in ranking.rank_candidates(fresh, job.near, expected_type(job.link.url))[:MAX_TRIES]:
            capture = await self._playback.play_memento(row.uri_m, job.link.url)
            if isinstance(capture, PlayedCapture):
                captures.append(capture)
                if capture.memento.is_good:
                    break
        return captures

    async def _index_rows(self, job: _LookupJob, *, good_only: bool) -> list[Candidate] | None:
        """The captures the index lists nearest the date; None when the site is excluded."""
        from cite_audit.resolve.archive import cdx as model  # 90 ms, seldom needed

        index_url = model.cdx_request_url(self._index_url, job.link.url, job.near, good_only=good_only, limit=CDX_ROWS)
        reply = await self._client.fetch_answer(self._index_rate, Request(index_url, timeout=CDX_TIMEOUT))
        try:
            return model.parse_candidates(self._base, reply.status, reply.body)
        except model.ExcludedError:
            return None
