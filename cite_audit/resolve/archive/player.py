"""Plays one memento back to its end: over the hop to the nearest capture and over archived redirects."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cite_audit.errors import ArchiveError
from cite_audit.model import Memento
from cite_audit.resolve.archive.asking import Asker
from cite_audit.resolve.archive.limiter import Pool
from cite_audit.resolve.archive.linkformat import Relation, mementos
from cite_audit.resolve.archive.playback import Kind, Playback, raw, read
from cite_audit.resolve.archive.quality import Captured, faults, same_page
from cite_audit.resolve.base import Reply, Request

HOPS = 5
LENGTH = 64 * 1024  # bytes of a capture that are looked at
TIMEOUT = 30.0
MOMENT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Found:
    """A capture, judged. `links` are the neighbours it told of; `playback` the last answer, with the body."""

    memento: Memento
    playback: Playback
    links: tuple[Relation, ...] = ()
    led_to: str = ""  # where an archived redirect led in the end


class Player:
    """Plays back from one archive. `pool_of`: the pool of an address; `base`: if set, no other address is asked for."""

    def __init__(self, asker: Asker, pool_of: Callable[[str], Pool], archive: str, base: str = "") -> None:
        self._asker = asker
        self._pool_of = pool_of
        self._archive = archive
        self._base = base

    async def play(self, uri_m: str, asked: str) -> Found | Playback:
        """The capture at `uri_m`, or nearest to it; a Playback (MISSING or EXCLUDED) when there is none.

        `asked` is the cited address it must be a capture of. Raises ArchiveError when the archive gave no answer.
        """
        try:
            return await self._play(uri_m, asked)
        except ValueError as error:
            raise ArchiveError("its answer holds an address that cannot be read") from error

    async def _play(self, uri_m: str, asked: str) -> Found | Playback:
        first: Playback | None = None
        seen: set[str] = set()
        for _ in range(HOPS + 1):
            seen.add(_same(uri_m))
            answer = read(await self._asker.ask(self._pool_of(uri_m), self._request(uri_m)))
            if answer.kind in (Kind.MISSING, Kind.EXCLUDED):
                # The target of an archived redirect has no capture: the redirect itself is all there is.
                return self._found(first, first, asked, "redirect-unresolved") if first else answer
            if answer.kind is Kind.CAPTURE:
                # http to https is no redirect to an archive: both are the same page, and the page is what to cite
                itself = first is not None and same_page(first.uri_r, answer.uri_r)
                return self._found(answer if first is None or itself else first, answer, asked)
            if answer.kind is Kind.REDIRECT:
                first = first or answer
            following = answer.location if _same(answer.location) not in seen else _beside(answer, seen)
            if not following:
                break
            uri_m = self._inside(following)
        if first is None:
            raise ArchiveError("the archive sends from capture to capture without giving one")
        return self._found(first, first, asked, "redirect-loop")

    def _request(self, uri_m: str) -> Request:
        # The Wayback Machine honours a range, which keeps the connection; pywb answers 416 when a page is shorter.
        ranged = (("range", f"bytes=0-{LENGTH - 1}"),) if self._base else ()
        return Request(uri_m, headers=ranged, max_body=LENGTH, timeout=TIMEOUT)

    def _inside(self, location: str) -> str:
        """The address on the archive's own base, so that nothing it says leads us elsewhere."""
        if not self._base or location.startswith(self._base + "/"):
            return location
        path = urlsplit(self._base).path
        at = location.find(path + "/")
        if at < 0:
            raise ArchiveError(f"the archive sends us to another host: {urlsplit(location).netloc}")
        return self._base + location[at + len(path) :]

    def _found(self, first: Playback, last: Playback, asked: str, word: str = "") -> Found:
        captured = Captured(
            asked=asked,
            final=last.uri_r,
            status=last.status,
            headers=last.reply.headers,
            body=last.reply.body,
            mimetype=last.mimetype,
            redirected=last is not first,
        )
        quality = (word,) if word else faults(captured)
        if not word and last is not first and not same_page(first.uri_r, asked):
            quality = ("other-address", *quality)
        memento = Memento(
            uri_r=first.uri_r or asked,
            uri_m=first.uri_m,
            captured_at=_time(first),
            archive=self._archive,
            status=last.status,
            quality=quality,
            mimetype=last.mimetype,
            digest=_digest(last.reply),
        )
        return Found(memento, last, first.links, last.uri_r if last is not first else "")


def _time(playback: Playback) -> datetime:
    if playback.captured_at is None:
        raise ArchiveError("the archive gave a capture without a readable time")
    return playback.captured_at


def _digest(reply: Reply) -> str:
    """SHA-1 in base32 of a body that came whole, as indexes have it; empty for a part."""
    total = reply.header("content-range").rpartition("/")[2]
    whole = (
        reply.status in (200, 206) and not reply.truncated and (reply.status == 200 or total == str(len(reply.body)))
    )
    return b32encode(hashlib.sha1(reply.body).digest()).decode() if whole and reply.body else ""  # noqa: S324


def _beside(answer: Playback, seen: set[str]) -> str:
    """The capture next to one that redirects to its own page: a crawler takes the page itself a moment later."""
    here = answer.captured_at
    if here is None:
        return ""
    near = [
        (abs(link.when - here), raw(link.uri)) for link in mementos(answer.links) if link.when and link.when != here
    ]
    fresh = [(distance, uri) for distance, uri in near if distance <= MOMENT and _same(uri) not in seen]
    return min(fresh)[1] if fresh else ""


def _same(uri_m: str) -> str:
    return uri_m.partition("://")[2]
