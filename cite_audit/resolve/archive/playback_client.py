"""Plays one memento back: follows the hop to the nearest capture, and archived redirects."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cite_audit.errors import ArchiveError
from cite_audit.frozen_record import frozen_record
from cite_audit.model import Memento
from cite_audit.resolve.archive.archive_client import ArchiveClient
from cite_audit.resolve.archive.link_format import LinkRelation, memento_relations
from cite_audit.resolve.archive.playback import (
    PlaybackAnswer,
    PlaybackKind,
    playback_url,
    raw_playback_url,
    read_playback,
    split_playback_url,
)
from cite_audit.resolve.archive.rate_limiter import RateClass
from cite_audit.resolve.check.base import Reply, Request
from cite_audit.resolve.judge.capture import CaptureContent, CaptureGrade, assess_capture, is_same_page

MAX_HOPS = 5
MAX_CAPTURE_SIZE = 64 * 1024  # bytes of a capture that are looked at
MAX_WHOLE_SIZE = 512 * 1024  # bytes of one that is asked for once more, since its beginning does not show the page
TIMEOUT = 30.0
NEIGHBOUR_WINDOW = timedelta(days=1)


@frozen_record
class PlayedCapture:
    """A judged capture. `links` are the neighbours its headers name; `playback` is the last answer, with the body.

    `redirected_to`: where an archived redirect led in the end. `refresh_uri`: the playback address to which a `meta`
    refresh of its page leads.
    """

    memento: Memento
    playback: PlaybackAnswer
    links: tuple[LinkRelation, ...] = ()
    redirected_to: str = ""
    refresh_uri: str = ""


class PlaybackClient:
    """Plays back from one archive. `rate_class_of`: the class of an address; `base`: if set, the only base asked."""

    def __init__(
        self, client: ArchiveClient, rate_class_of: Callable[[str], RateClass], archive: str, base: str = ""
    ) -> None:
        self._client = client
        self._rate_class_of = rate_class_of
        self._archive = archive
        self._base = base

    async def play_memento(self, uri_m: str, cited_url: str) -> PlayedCapture | PlaybackAnswer:
        """The capture at `uri_m`, or nearest to it; a playback answer (MISSING or EXCLUDED) when there is none.

        `cited_url` is the address it must be a capture of. Raises ArchiveError when the archive gave no answer.
        """
        try:
            return await self._follow_playback(uri_m, cited_url)
        except ValueError as error:
            raise ArchiveError("its answer holds an address that cannot be read") from error

    async def _follow_playback(self, uri_m: str, cited_url: str) -> PlayedCapture | PlaybackAnswer:
        first_capture: PlaybackAnswer | None = None
        visited: set[str] = set()
        for _ in range(MAX_HOPS + 1):
            visited.add(_without_scheme(uri_m))
            answer = read_playback(
                await self._client.fetch_answer(self._rate_class_of(uri_m), self._playback_request(uri_m))
            )
            if answer.kind in (PlaybackKind.MISSING, PlaybackKind.EXCLUDED):
                # The target of an archived redirect has no capture: the redirect itself is all there is.
                return (
                    self._judge_capture(first_capture, first_capture, cited_url, "redirect-unresolved")
                    if first_capture
                    else answer
                )
            if answer.kind is PlaybackKind.CAPTURE:
                # http to https is no redirect to an archive: both are the same page, and the page is what to cite
                is_same = first_capture is not None and is_same_page(first_capture.uri_r, answer.uri_r)
                first_capture = answer if first_capture is None or is_same else first_capture
                capture = await self._judge_whole(first_capture, answer, cited_url)
                if not capture.refresh_uri or _without_scheme(capture.refresh_uri) in visited:
                    return capture
                following = capture.refresh_uri
            else:
                first_capture = first_capture or (answer if answer.kind is PlaybackKind.REDIRECT else None)
                following = (
                    answer.location
                    if _without_scheme(answer.location) not in visited
                    else _neighbour_capture(answer, visited)
                )
            if not following:
                break
            uri_m = self._within_base(following)
        if first_capture is None:
            raise ArchiveError("the archive sends from capture to capture without giving one")
        return self._judge_capture(first_capture, first_capture, cited_url, "redirect-loop")

    def _playback_request(self, uri_m: str, max_size: int = MAX_CAPTURE_SIZE) -> Request:
        # The Wayback Machine honours a range, which keeps the connection; pywb answers 416 when a page is shorter.
        ranged = (("range", f"bytes=0-{max_size - 1}"),) if self._base else ()
        return Request(uri_m, headers=ranged, max_body=max_size, timeout=TIMEOUT)

    def _within_base(self, location: str) -> str:
        """The address on the archive's own base, so that its answers lead to no other host."""
        if not self._base or location.startswith(self._base + "/"):
            return location
        path = urlsplit(self._base).path
        position = location.find(path + "/")
        if position < 0:
            raise ArchiveError(f"the archive sends us to another host: {urlsplit(location).netloc}")
        return self._base + location[position + len(path) :]

    async def _judge_whole(
        self, first_capture: PlaybackAnswer, last_capture: PlaybackAnswer, cited_url: str
    ) -> PlayedCapture:
        """The judged capture; one whose beginning does not show the page is read on, once."""
        capture = self._judge_capture(first_capture, last_capture, cited_url)
        if capture.memento.is_good or last_capture.status != 200 or not _is_cut(last_capture.reply):
            return capture
        request = self._playback_request(last_capture.reply.url, MAX_WHOLE_SIZE)
        try:
            whole = read_playback(await self._client.fetch_answer(self._rate_class_of(request.url), request))
        except ArchiveError:
            return capture
        if whole.kind is not PlaybackKind.CAPTURE or whole.captured_at != last_capture.captured_at:
            return capture
        return self._judge_capture(whole if first_capture is last_capture else first_capture, whole, cited_url)

    def _judge_capture(
        self, first_capture: PlaybackAnswer, last_capture: PlaybackAnswer, cited_url: str, quality_word: str = ""
    ) -> PlayedCapture:
        reply, has_moved = last_capture.reply, last_capture is not first_capture
        content = CaptureContent(
            cited_url=cited_url,
            final_url=last_capture.uri_r,
            status=last_capture.status,
            headers=reply.headers,
            body=reply.body,
            mimetype=last_capture.mimetype,
            redirected=has_moved,
            is_cut=_is_cut(reply),
        )
        assessment = assess_capture(content)
        quality = (quality_word,) if quality_word else assessment.faults
        if not quality_word and has_moved and not is_same_page(first_capture.uri_r, cited_url):
            quality = ("other-address", *quality)
        memento = Memento(
            uri_r=first_capture.uri_r or cited_url,
            uri_m=first_capture.uri_m,
            captured_at=_capture_time(first_capture),
            archive=self._archive,
            status=last_capture.status,
            quality=quality,
            is_suspect=assessment.grade is CaptureGrade.SUSPECT and quality == assessment.faults,
            mimetype=last_capture.mimetype,
            digest=_body_digest(reply),
        )
        return PlayedCapture(
            memento,
            last_capture,
            first_capture.links,
            redirected_to=last_capture.uri_r if has_moved else "",
            refresh_uri=_refresh_uri(last_capture, assessment.refresh_target),
        )


def _refresh_uri(playback: PlaybackAnswer, target: str) -> str:
    """The playback address, of the same moment, to which a page's `meta` refresh leads; empty without one."""
    base = split_playback_url(playback.reply.url)[0]
    return playback_url(base, _capture_time(playback), target) if base and target else ""


def _is_cut(reply: Reply) -> bool:
    """Whether the archive holds more of the body than came (RFC 9110 §14.4: the length behind the slash)."""
    total = reply.header("content-range").rpartition("/")[2]
    return reply.truncated or (reply.status == 206 and total != str(len(reply.body)))


def _capture_time(playback: PlaybackAnswer) -> datetime:
    if playback.captured_at is None:
        raise ArchiveError("the archive gave a capture without a readable time")
    return playback.captured_at


def _body_digest(reply: Reply) -> str:
    """SHA-1 in base32 of a body that came whole, as indexes have it; empty for a part."""
    is_whole = reply.status in (200, 206) and not _is_cut(reply)
    return b32encode(hashlib.sha1(reply.body).digest()).decode() if is_whole and reply.body else ""  # noqa: S324


def _neighbour_capture(answer: PlaybackAnswer, visited: set[str]) -> str:
    """The capture next to one that redirects to its own page: a crawler takes the page itself a moment later."""
    captured_at = answer.captured_at
    if captured_at is None:
        return ""
    near = [
        (abs(link.memento_time - captured_at), raw_playback_url(link.uri))
        for link in memento_relations(answer.links)
        if link.memento_time and link.memento_time != captured_at
    ]
    fresh = [
        (distance, uri)
        for distance, uri in near
        if distance <= NEIGHBOUR_WINDOW and _without_scheme(uri) not in visited
    ]
    return min(fresh)[1] if fresh else ""


def _without_scheme(uri_m: str) -> str:
    return uri_m.partition("://")[2]
