"""The Wayback Machine: bulk availability for hints, playback at a date for the answer, the index for contradictions.

A playback request with a timestamp is a look-up of the nearest capture at twenty times the rate of the index, and it
verifies in the same exchange. The index is asked only when the nearest capture is bad, or when two answers disagree.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cite_audit.config import Archiving
from cite_audit.errors import ArchiveError
from cite_audit.model import Archived, Wanted
from cite_audit.resolve.archive import bulk, choose
from cite_audit.resolve.archive.asking import Asker
from cite_audit.resolve.archive.choose import Candidate
from cite_audit.resolve.archive.limiter import Pool, pool
from cite_audit.resolve.archive.linkformat import mementos
from cite_audit.resolve.archive.playback import Kind, Playback, address, split
from cite_audit.resolve.archive.player import Found, Player
from cite_audit.resolve.archive.quality import expected_type
from cite_audit.resolve.archive.remember import Remembered
from cite_audit.resolve.archive.stream import as_they_come
from cite_audit.resolve.archive.twins import twins_told
from cite_audit.resolve.archive.words import answer_with, say_bad
from cite_audit.resolve.base import ArchiveAnswer, Request, Shelf

if TYPE_CHECKING:
    from cite_audit.resolve.archive.opening import Opening

IN_FLIGHT = 48  # links at once; their starts are paced, and answers of the index take up to a minute
BULK_FROM = 10  # links, from which one more request to another server pays
CDX_TIMEOUT = 75.0
CDX_ROWS = 5
TRIES = 2  # captures from the index that are played back before a link counts as badly archived
PROBE_KEEP = 24 * 3600.0  # seconds the verdict on the bulk endpoint holds


@dataclass(frozen=True, slots=True)
class _Job:
    wanted: Wanted
    near: datetime
    tag: int
    hint: datetime | None = None


_Known = dict[str, datetime | None]


def open_archive(place: str, opening: Opening) -> Remembered:
    """The driver behind a memory. `place`: the base of another archive that speaks like it; empty: as configured."""
    settings = replace(opening.settings, wayback=place, availability="") if place else opening.settings
    return Remembered(Wayback(settings, opening.asker, opening.shelf, opening.now), opening.shelf, opening.now)


class Hints:
    """What bulk availability knows of each job, asked a batch at a time and one batch ahead."""

    def __init__(self, jobs: Sequence[_Job], ask: Callable[[Sequence[_Job]], Awaitable[_Known]]) -> None:
        self._jobs = jobs
        self._ask = ask
        self._batches: dict[int, asyncio.Task[_Known]] = {}

    async def of(self, tag: int) -> datetime | None:
        """The time of a good capture of the job, or None."""
        here = tag // bulk.BATCH
        for batch in (here, here + 1):
            jobs = self._jobs[batch * bulk.BATCH : (batch + 1) * bulk.BATCH]
            if jobs and batch not in self._batches:
                self._batches[batch] = asyncio.ensure_future(self._batch(jobs))
        return (await asyncio.shield(self._batches[here])).get(str(tag))

    def close(self) -> None:
        for batch in self._batches.values():
            batch.cancel()

    async def _batch(self, jobs: Sequence[_Job]) -> _Known:
        return await self._ask(jobs)


class Wayback:
    """Archive driver for the Wayback Machine and what speaks like it."""

    name = "wayback"

    def __init__(self, settings: Archiving, asker: Asker, shelf: Shelf, now: datetime) -> None:
        self._base = settings.wayback.rstrip("/") + "/web"
        self._index = settings.wayback.rstrip("/") + "/cdx/search/cdx"
        self._availability = settings.availability
        host = urlsplit(settings.wayback).netloc
        self._cdx: Pool = pool("cdx", host)
        self._bulk: Pool = pool("availability", urlsplit(settings.availability).netloc)
        self._asker = asker
        playback = pool("playback", host)
        self._player = Player(asker, lambda _: playback, self.name, self._base)
        self._shelf = shelf
        self._now = now
        self._trusts_404 = False

    async def lookup(self, wanted: Sequence[Wanted]) -> AsyncIterator[ArchiveAnswer]:
        """One answer for each link. Never raises for what the archive did."""
        jobs = [_Job(link, choose.target(link.near, self._now), tag) for tag, link in enumerate(wanted)]
        hints = Hints(jobs, self._ask_bulk) if len(jobs) >= BULK_FROM else None

        async def work(job: _Job) -> ArchiveAnswer:
            return await self._answer(job, await hints.of(job.tag) if hints else None)

        try:
            async for answer in twins_told(as_they_come(jobs, work, IN_FLIGHT)):
                yield answer
        finally:
            if hints:
                hints.close()

    async def _ask_bulk(self, jobs: Sequence[_Job]) -> _Known:
        """What bulk availability knows, by tag; nothing when it does not work, since only hints are lost."""
        probe = f"bulk {self._availability}"
        if not self._availability or self._shelf.get(probe) == "no":
            return {}
        asked = {str(job.tag): (job.wanted.url, job.near) for job in jobs}
        try:
            reply = await self._asker.ask(self._bulk, bulk.request(self._availability, asked), retries=0)
            return bulk.hints(reply)
        except bulk.UnsupportedError:
            self._shelf.put(probe, "no", PROBE_KEEP)
        except ArchiveError:
            pass
        return {}

    async def _answer(self, job: _Job, hint: datetime | None) -> ArchiveAnswer:
        try:
            return await self._seek(replace(job, hint=hint))
        except ArchiveError as error:
            return ArchiveAnswer(job.wanted.url, Archived.UNKNOWN, evidence=(f"{self.name}: {error}",))

    async def _seek(self, job: _Job) -> ArchiveAnswer:
        url = job.wanted.url
        found = await self._player.play(address(self._base, job.hint or job.near, url), url)
        if isinstance(found, Playback):
            return await self._none(job, found)
        tried = [found]
        if better := self._neighbour(found, job.near):
            other = await self._player.play(better, url)
            tried += [other] if isinstance(other, Found) else []
        if not any(one.memento.good for one in tried):
            try:
                tried += await self._from_index(job, tried)
            except ArchiveError as error:
                text = f"{say_bad(found.memento)}; whether there is a better one is not known: {error}"
                return ArchiveAnswer(url, Archived.UNKNOWN, (found.memento,), (text,))
        return answer_with(url, tried, job.near)

    def _neighbour(self, found: Found, near: datetime) -> str:
        """A capture next to the one found that documents the date better, told by its Link header; or empty."""
        here = choose.window(found.memento.captured_at, near)
        known = [Candidate(link.uri, link.when) for link in mementos(found.links) if link.when]
        best = next(iter(choose.ranked(known, near)), None)
        if best is None or choose.window(best.captured_at, near) >= here:
            return ""
        return address(self._base, best.captured_at, split(best.uri_m)[2] or found.memento.uri_r)

    async def _none(self, job: _Job, answer: Playback) -> ArchiveAnswer:
        """Playback shows nothing: excluded, or not archived when nothing contradicts it."""
        url = job.wanted.url
        if answer.kind is Kind.EXCLUDED:
            said = "the Wayback Machine keeps this site's captures from being shown (excluded)"
            return ArchiveAnswer(url, Archived.EXCLUDED, evidence=(said,))
        if not job.hint and (answer.marked or self._trusts_404):
            return ArchiveAnswer(url, Archived.NOT_ARCHIVED, evidence=("the Wayback Machine has no capture",))
        rows = await self._rows(job, good_only=False)
        if rows is None:
            return ArchiveAnswer(url, Archived.EXCLUDED, evidence=("the index says that the site is excluded",))
        if not rows:
            self._trusts_404 = self._trusts_404 or not job.hint
            said = "the Wayback Machine has no capture; playback and index agree"
            return ArchiveAnswer(url, Archived.NOT_ARCHIVED, evidence=(said,))
        tried = await self._played(job, rows, [])
        if tried:
            return answer_with(url, tried, job.near)
        raise ArchiveError("its index lists captures that its playback does not show")

    async def _from_index(self, job: _Job, tried: list[Found]) -> list[Found]:
        rows = await self._rows(job, good_only=True) or []
        return await self._played(job, rows, tried)

    async def _played(self, job: _Job, rows: list[Candidate], tried: list[Found]) -> list[Found]:
        """The best captures that the index lists, played back until one is good."""
        seen = {one.memento.captured_at for one in tried}
        found: list[Found] = []
        fresh = [row for row in rows if row.captured_at not in seen]
        for row in choose.ranked(fresh, job.near, expected_type(job.wanted.url))[:TRIES]:
            one = await self._player.play(row.uri_m, job.wanted.url)
            if isinstance(one, Found):
                found.append(one)
                if one.memento.good:
                    break
        return found

    async def _rows(self, job: _Job, *, good_only: bool) -> list[Candidate] | None:
        """The captures the index lists nearest the date; None when the site is excluded."""
        from cite_audit.resolve.archive import waybackpy_model as model  # 90 ms, seldom needed

        asked = model.request_url(self._index, job.wanted.url, job.near, good_only=good_only, limit=CDX_ROWS)
        reply = await self._asker.ask(self._cdx, Request(asked, timeout=CDX_TIMEOUT))
        try:
            return model.candidates(self._base, reply.status, reply.body)
        except model.ExcludedError:
            return None
