"""Any archive that speaks Memento (RFC 7089): arquivo.pt, Archive-It, perma.cc, MemGator, a pywb of one's own.

`memento:https://host/coll` names what precedes the link in the address of its TimeGate: a collection of pywb
(`https://arquivo.pt/wayback`), or a path that ends in `timegate` (`https://perma.cc/timegate`, MemGator's too).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cite_audit.errors import ArchiveError, UsageError
from cite_audit.model import Archived, Wanted
from cite_audit.resolve.archive import choose
from cite_audit.resolve.archive.asking import Asker
from cite_audit.resolve.archive.choose import Candidate
from cite_audit.resolve.archive.limiter import Pool, pool
from cite_audit.resolve.archive.linkformat import Relation, mementos, relations
from cite_audit.resolve.archive.playback import Kind, Playback, raw, read, wire
from cite_audit.resolve.archive.player import Found, Player
from cite_audit.resolve.archive.quality import expected_type
from cite_audit.resolve.archive.remember import Remembered
from cite_audit.resolve.archive.stream import as_they_come
from cite_audit.resolve.archive.words import answer_with
from cite_audit.resolve.base import ArchiveAnswer, Reply, Request, Shelf
from cite_audit.urls import joined

if TYPE_CHECKING:
    from cite_audit.resolve.archive.opening import Opening

IN_FLIGHT = 12
TIMEOUT = 45.0  # an aggregator waits for the slowest of its archives
TRIES = 2  # further captures of the TimeMap that are tried when the nearest is bad
TIMEMAP = 2 << 20  # bytes of a TimeMap that are read
PROOF_KEEP = 30 * 24 * 3600.0  # seconds that an archive counts as one after it gave a memento


def open_archive(place: str, opening: Opening) -> Remembered:
    """The driver behind a memory. Raises UsageError when `place` is no http address."""
    if urlsplit(place).scheme not in ("http", "https") or not urlsplit(place).hostname:
        raise UsageError(f"memento:{place}: write the address of a TimeGate, e.g. memento:https://arquivo.pt/wayback")
    return Remembered(MementoArchive(place, opening.asker, opening.shelf, opening.now), opening.shelf, opening.now)


class MementoArchive:
    """Archive driver for one TimeGate."""

    def __init__(self, base: str, asker: Asker, shelf: Shelf, now: datetime) -> None:
        self.name = urlsplit(base).netloc
        self._gate = base.rstrip("/")
        self._asker = asker
        self._shelf = shelf
        self._now = now
        self._player = Player(asker, _pool, self.name)

    async def lookup(self, wanted: Sequence[Wanted]) -> AsyncIterator[ArchiveAnswer]:
        """One answer for each link. Never raises for what the archive did."""
        async for answer in as_they_come(wanted, self._answer, IN_FLIGHT):
            yield answer

    async def _answer(self, wanted: Wanted) -> ArchiveAnswer:
        try:
            return await self._seek(wanted.url, choose.target(wanted.near, self._now))
        except ArchiveError as error:
            return ArchiveAnswer(wanted.url, Archived.UNKNOWN, evidence=(f"{self.name}: {error}",))
        except ValueError:
            said = f"{self.name}: its answer holds an address that cannot be read"
            return ArchiveAnswer(wanted.url, Archived.UNKNOWN, evidence=(said,))

    async def _seek(self, url: str, near: datetime) -> ArchiveAnswer:
        gate = f"{self._gate}/{wire(url)}"
        accept = (("accept-datetime", format_datetime(near.astimezone(UTC), usegmt=True)),)
        reply = await self._asker.ask(_pool(gate), Request(gate, headers=accept, max_body=1 << 16, timeout=TIMEOUT))
        uri_m = _memento_of(reply, near)
        if not uri_m:
            return self._none(url, reply)
        found = await self._play(uri_m, url)
        if found is None:
            raise ArchiveError("its TimeGate leads to a memento that it does not show")
        self._shelf.put(f"memento {self._gate}", "proved", PROOF_KEEP)
        tried = [found]
        if not found.memento.good:
            links = (*relations(reply.header("link")), *found.links)
            tried += await self._from_timemap(links, url, near, found)
        return answer_with(url, tried, near)

    async def _play(self, uri_m: str, url: str) -> Found | None:
        """The memento with its original bytes where the archive gives them, else as it shows it."""
        for address in dict.fromkeys((raw(uri_m), uri_m)):
            try:
                found = await self._player.play(address, url)
            except ArchiveError:
                if address == uri_m:
                    raise
                continue
            if isinstance(found, Found):
                return found
        return None

    async def _from_timemap(self, links: tuple[Relation, ...], url: str, near: datetime, bad: Found) -> list[Found]:
        """The best other captures that the TimeMap lists, until one is good; none when it cannot be had."""
        timemap = next((link.uri for link in links if "timemap" in link.rel), "")
        if not timemap:
            return []
        timemap = joined(self._gate + "/", timemap)
        reply = await self._asker.ask(_pool(timemap), Request(timemap, max_body=TIMEMAP, timeout=TIMEOUT))
        known = [
            Candidate(link.uri, link.when)
            for link in mementos(relations(reply.body.decode("utf-8", "replace")))
            if link.when
        ]
        fresh = [one for one in known if one.captured_at != bad.memento.captured_at]
        found: list[Found] = []
        for one in choose.ranked(fresh, near, expected_type(url))[:TRIES]:
            played = await self._play(joined(timemap, one.uri_m), url)
            if played is not None:
                found.append(played)
                if played.memento.good:
                    break
        return found

    def _none(self, url: str, reply: Reply) -> ArchiveAnswer:
        """No memento: the archive's word when the answer bears its marks, or when it has proved to be an archive."""
        answer = read(reply)
        if answer.kind is Kind.EXCLUDED:
            return ArchiveAnswer(url, Archived.EXCLUDED, evidence=(f"{self.name}: excluded from this archive",))
        if answer.kind is not Kind.MISSING:
            raise ArchiveError("its TimeGate gave no address of a memento")
        if not (_is_gate(reply, answer) or self._shelf.get(f"memento {self._gate}")):
            raise ArchiveError("it answers 404 and nothing shows that it is a TimeGate")
        return ArchiveAnswer(url, Archived.NOT_ARCHIVED, evidence=(f"{self.name} has no capture",))


def _pool(address: str) -> Pool:
    return pool("timegate", urlsplit(address).netloc)


def _memento_of(reply: Reply, near: datetime) -> str:
    """The URI-M a TimeGate leads to, in any of the styles of RFC 7089 §4; empty when it leads to none.

    302 and 307 with Location; 200 with Content-Location, or as a memento itself; a frame with the memento in Link.
    """
    if 300 <= reply.status < 400 and reply.header("location"):
        return joined(reply.url, reply.header("location"))
    if reply.header("memento-datetime"):
        return joined(reply.url, reply.header("content-location")) or reply.url
    if reply.status == 200:
        known = [Candidate(link.uri, link.when) for link in mementos(relations(reply.header("link"))) if link.when]
        if known:
            return joined(reply.url, min(known, key=lambda one: abs(one.captured_at - near)).uri_m)
    return ""


def _is_gate(reply: Reply, answer: Playback) -> bool:
    negotiates = "accept-datetime" in reply.header("vary").lower()
    related = any(link.rel & {"timegate", "timemap", "original"} for link in answer.links)
    return answer.marked or negotiates or related or bool(reply.header("x-memento-count"))
