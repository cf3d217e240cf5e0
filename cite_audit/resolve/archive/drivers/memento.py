"""Any archive with the Memento protocol (RFC 7089): arquivo.pt, Archive-It, perma.cc, MemGator, a local pywb.

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
from cite_audit.model import Archived, CitedLink
from cite_audit.resolve.archive import ranking
from cite_audit.resolve.archive.archive_cache import CachedArchive
from cite_audit.resolve.archive.archive_client import ArchiveClient
from cite_audit.resolve.archive.completion_stream import iter_as_completed
from cite_audit.resolve.archive.link_format import LinkRelation, memento_relations, parse_relations
from cite_audit.resolve.archive.messages import answer_from_captures, faulty_answer
from cite_audit.resolve.archive.playback import (
    PlaybackAnswer,
    PlaybackKind,
    encode_url,
    raw_playback_url,
    read_playback,
)
from cite_audit.resolve.archive.playback_client import PlaybackClient, PlayedCapture
from cite_audit.resolve.archive.ranking import Candidate
from cite_audit.resolve.archive.rate_limiter import RateClass, rate_class_at
from cite_audit.resolve.check.base import ArchiveAnswer, KeyValueStore, Reply, Request
from cite_audit.resolve.judge.capture import expected_type
from cite_audit.urls import join_url

if TYPE_CHECKING:
    from cite_audit.resolve.archive.drivers import DriverContext

IN_FLIGHT = 12
TIMEOUT = 45.0  # an aggregator waits for the slowest of its archives
MAX_TRIES = 2  # further captures of the TimeMap that are tried when the nearest is bad
MAX_TIMEMAP_SIZE = 2 << 20  # bytes of a TimeMap that are read
PROOF_TTL = 30 * 24 * 3600.0  # seconds that an archive counts as one after it gave a memento


def open_archive(place: str, context: DriverContext) -> CachedArchive:
    """The driver with its cache. Raises UsageError when `place` is no http address."""
    if urlsplit(place).scheme not in ("http", "https") or not urlsplit(place).hostname:
        raise UsageError(f"memento:{place}: write the address of a TimeGate, e.g. memento:https://arquivo.pt/wayback")
    return CachedArchive(MementoArchive(place, context.client, context.cache, context.now), context.cache, context.now)


class MementoArchive:
    """Archive driver for one TimeGate."""

    def __init__(self, base: str, client: ArchiveClient, cache: KeyValueStore, now: datetime) -> None:
        self.name = urlsplit(base).netloc
        self._gate = base.rstrip("/")
        self._client = client
        self._cache = cache
        self._now = now
        self._playback = PlaybackClient(client, _timegate_rate, self.name)

    async def lookup(self, wanted_links: Sequence[CitedLink]) -> AsyncIterator[ArchiveAnswer]:
        """One answer for each link. Never raises for what the archive did."""
        async for answer in iter_as_completed(wanted_links, self._answer_link, IN_FLIGHT):
            yield answer

    async def _answer_link(self, link: CitedLink) -> ArchiveAnswer:
        try:
            return await self._find_memento(link.url, ranking.target_instant(link.near, self._now))
        except ArchiveError as error:
            return ArchiveAnswer(link.url, Archived.UNKNOWN, evidence=(f"{self.name}: {error}",))
        except ValueError:
            explanation = f"{self.name}: its answer holds an address that cannot be read"
            return ArchiveAnswer(link.url, Archived.UNKNOWN, evidence=(explanation,))
        except Exception as error:
            return faulty_answer(self.name, link.url, error)

    async def _find_memento(self, url: str, near: datetime) -> ArchiveAnswer:
        gate = f"{self._gate}/{encode_url(url)}"
        accept = (("accept-datetime", format_datetime(near.astimezone(UTC), usegmt=True)),)
        reply = await self._client.fetch_answer(
            _timegate_rate(gate), Request(gate, headers=accept, max_body=1 << 16, timeout=TIMEOUT)
        )
        uri_m = _timegate_memento(reply, near)
        if not uri_m:
            return self._no_memento_answer(url, reply)
        capture = await self._play_original(uri_m, url)
        if capture is None:
            raise ArchiveError("its TimeGate leads to a memento that it does not show")
        self._cache.put(f"memento {self._gate}", "proved", PROOF_TTL)
        captures = [capture]
        if not capture.memento.is_good:
            links = (*parse_relations(reply.header("link")), *capture.links)
            captures += await self._play_from_timemap(links, url, near, capture)
        return answer_from_captures(url, captures, near)

    async def _play_original(self, uri_m: str, url: str) -> PlayedCapture | None:
        """The memento with its original bytes where the archive gives them, else as it shows it."""
        for address in dict.fromkeys((raw_playback_url(uri_m), uri_m)):
            try:
                capture = await self._playback.play_memento(address, url)
            except ArchiveError:
                if address == uri_m:
                    raise
                continue
            if isinstance(capture, PlayedCapture):
                return capture
        return None

    async def _play_from_timemap(
        self, links: tuple[LinkRelation, ...], url: str, near: datetime, bad: PlayedCapture
    ) -> list[PlayedCapture]:
        """The best other captures that the TimeMap lists, until one is good; none when it cannot be had."""
        timemap = next((link.uri for link in links if "timemap" in link.rel), "")
        if not timemap:
            return []
        timemap = join_url(self._gate + "/", timemap)
        reply = await self._client.fetch_answer(
            _timegate_rate(timemap), Request(timemap, max_body=MAX_TIMEMAP_SIZE, timeout=TIMEOUT)
        )
        candidates = [
            Candidate(link.uri, link.memento_time)
            for link in memento_relations(parse_relations(reply.body.decode("utf-8", "replace")))
            if link.memento_time
        ]
        fresh = [candidate for candidate in candidates if candidate.captured_at != bad.memento.captured_at]
        captures: list[PlayedCapture] = []
        for candidate in ranking.rank_candidates(fresh, near, expected_type(url))[:MAX_TRIES]:
            capture = await self._play_original(join_url(timemap, candidate.uri_m), url)
            if capture is not None:
                captures.append(capture)
                if capture.memento.is_good:
                    break
        return captures

    def _no_memento_answer(self, url: str, reply: Reply) -> ArchiveAnswer:
        """No memento: believed when the answer has an archive's headers, or the server has proved to be an archive."""
        answer = read_playback(reply)
        if answer.kind is PlaybackKind.EXCLUDED:
            return ArchiveAnswer(url, Archived.EXCLUDED, evidence=(f"{self.name}: excluded from this archive",))
        if answer.kind is not PlaybackKind.MISSING:
            raise ArchiveError("its TimeGate gave no address of a memento")
        if not (_is_timegate(reply, answer) or self._cache.get(f"memento {self._gate}")):
            raise ArchiveError("it answers 404 and nothing shows that it is a TimeGate")
        return ArchiveAnswer(url, Archived.NOT_ARCHIVED, evidence=(f"{self.name} has no capture",))


def _timegate_rate(address: str) -> RateClass:
    return rate_class_at("timegate", urlsplit(address).netloc)


def _timegate_memento(reply: Reply, near: datetime) -> str:
    """The URI-M a TimeGate leads to, in any of the styles of RFC 7089 §4; empty when it leads to none.

    302 and 307 with Location; 200 with Content-Location, or as a memento itself; a frame with the memento in Link.
    """
    if 300 <= reply.status < 400 and reply.header("location"):
        return join_url(reply.url, reply.header("location"))
    if reply.header("memento-datetime"):
        return join_url(reply.url, reply.header("content-location")) or reply.url
    if reply.status == 200:
        candidates = [
            Candidate(link.uri, link.memento_time)
            for link in memento_relations(parse_relations(reply.header("link")))
            if link.memento_time
        ]
        if candidates:
            return join_url(reply.url, min(candidates, key=lambda candidate: abs(candidate.captured_at - near)).uri_m)
    return ""


def _is_timegate(reply: Reply, answer: PlaybackAnswer) -> bool:
    negotiates = "accept-datetime" in reply.header("vary").lower()
    related = any(link.rel & {"timegate", "timemap", "original"} for link in answer.links)
    return answer.is_recognised or negotiates or related or bool(reply.header("x-memento-count"))
