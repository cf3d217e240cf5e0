"""The meaning of a playback answer: the decision table of `/web/<timestamp>id_/<url>`. Pure.

One header decides: with `Memento-Datetime` (RFC 7089 §2.1.1) the answer is a capture, whatever its status is;
without it the archive itself is talking. Works for the Wayback Machine, pywb and others that use its addresses.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import quote, urlsplit

from cite_audit.errors import ArchiveError
from cite_audit.frozen_record import frozen_record
from cite_audit.resolve.archive.link_format import LinkRelation, parse_http_date, parse_relations
from cite_audit.resolve.check.base import Reply
from cite_audit.urls import join_url, to_ascii


class PlaybackKind(StrEnum):
    CAPTURE = "capture"
    REDIRECT = "redirect"  # a capture that is a redirect; `location` is where its playback leads
    ELSEWHERE = "elsewhere"  # no capture at this instant; `location` is the nearest one
    MISSING = "missing"
    EXCLUDED = "excluded"


@frozen_record
class PlaybackAnswer:
    """One answer, read. `status` is the archived one; `marked`: a MISSING that is recognisably the archive's word."""

    kind: PlaybackKind
    reply: Reply
    uri_m: str = ""
    uri_r: str = ""
    status: int = 0
    captured_at: datetime | None = None
    location: str = ""
    links: tuple[LinkRelation, ...] = ()
    is_recognised: bool = True

    @property
    def mimetype(self) -> str:
        return self.reply.header("content-type").partition(";")[0].strip().lower()


_PLAYBACK_URL = re.compile(
    r"^(?P<base>.*?)/(?P<stamp>\d{4,14})(?P<modifier>[a-z]{2}_)?/(?P<url>https?:/{1,2}.+)$", re.I
)
_EXCLUDED = re.compile(
    r"AccessControlException|Blocked Site Error|Blocked By Robots|(?:URL|site|page) has been excluded|"
    r"excluded from the Wayback Machine",
    re.I,
)
_OWN_404 = re.compile(
    rb"Wayback Machine|not archived|has not been archived|not (?:found|in) (?:the )?archive|in this collection", re.I
)
_OWN_HEADERS = ("x-app-server", "x-ts", "x-archive-wayback-runtime-error", "x-archive-src", "x-page-cache")


def format_stamp(when: datetime) -> str:
    """An instant as the 14 digits of archive addresses."""
    return when.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def parse_stamp(digits: str) -> datetime | None:
    """The instant that 4 to 14 digits name (missing parts are the first possible), or None."""
    padded = digits + "00000101000000"[len(digits) :]
    try:
        return datetime.strptime(padded, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def encode_url(url: str) -> str:
    """A link as it is sent: without fragment, its host in punycode, other letters percent-encoded."""
    url = url.partition("#")[0]
    name = "" if url.isascii() else urlsplit(url).netloc.rpartition("@")[2].partition(":")[0]
    position = url.find(name) if name and not name.isascii() else -1
    if position >= 0:
        url = url[:position] + to_ascii(name) + url[position + len(name) :]
    return quote(url, safe="%/:?&=+,;@!$'()*~[]|-._")


def playback_url(base: str, when: datetime, url: str, modifier: str = "id_") -> str:
    """The playback address of a link at an instant; `base` is what precedes the digits, without slash."""
    return f"{base}/{format_stamp(when)}{modifier}/{encode_url(url)}"


def split_playback_url(uri_m: str) -> tuple[str, datetime | None, str]:
    """The base, the instant and the original of a playback address; empty and None for any other address."""
    match = _PLAYBACK_URL.match(uri_m)
    if not match:
        return "", None, ""
    return match["base"], parse_stamp(match["stamp"]), re.sub(r"^(https?):/{1,2}", r"\1://", match["url"])


def citable_url(uri_m: str) -> str:
    """A playback address as one cites it: without the modifier that asks for raw bytes."""
    match = _PLAYBACK_URL.match(uri_m)
    return f"{match['base']}/{match['stamp']}/{match['url']}" if match else uri_m


def raw_playback_url(uri_m: str) -> str:
    """A playback address that gives the bytes as archived; any other address as it is."""
    match = _PLAYBACK_URL.match(uri_m)
    return f"{match['base']}/{match['stamp']}id_/{match['url']}" if match else uri_m


def read_playback(reply: Reply) -> PlaybackAnswer:
    """What a playback answer means. Raises ArchiveError when it is neither a capture nor a word of the archive."""
    links = tuple(parse_relations(", ".join(value for name, value in reply.headers if name == "link")))
    when = parse_http_date(reply.header("memento-datetime"))
    if reply.header("memento-datetime"):
        return _read_capture(reply, when, links)
    location = _location_target(reply)
    if 300 <= reply.status < 400 and split_playback_url(location)[1]:
        return PlaybackAnswer(PlaybackKind.ELSEWHERE, reply, location=raw_playback_url(location), links=links)
    start = reply.body[:65536].decode("utf-8", "replace")
    if _EXCLUDED.search(start) or _EXCLUDED.search(reply.header("x-archive-wayback-runtime-error")):
        return PlaybackAnswer(PlaybackKind.EXCLUDED, reply)
    if reply.status == 404:
        is_recognised = bool(_OWN_404.search(reply.body)) or any(reply.header(name) for name in _OWN_HEADERS)
        return PlaybackAnswer(PlaybackKind.MISSING, reply, is_recognised=is_recognised)
    raise ArchiveError(f"the archive gave an answer that is no capture: status {reply.status}, no Memento-Datetime")


def _read_capture(reply: Reply, when: datetime | None, links: tuple[LinkRelation, ...]) -> PlaybackAnswer:
    uri_m = (
        join_url(reply.url, reply.header("content-location"))
        if split_playback_url(reply.header("content-location"))[1]
        else ""
    )
    _, asked_at, requested_url = split_playback_url(uri_m or reply.url)
    when = when or asked_at
    if when is None:
        raise ArchiveError("the archive gave a capture without a readable time")
    uri_r = next((link.uri for link in links if "original" in link.rel), requested_url)
    status = 200 if reply.status in (206, 416) else reply.status  # we asked for a range (RFC 9110 §15.3.7)
    location = _location_target(reply)
    redirect = (
        300 <= status < 400
        and location
        and (split_playback_url(location)[1] or urlsplit(location).scheme.startswith("http"))
    )
    if (
        redirect and not split_playback_url(location)[1]
    ):  # the original Location, not rewritten (pywb): its capture of that moment
        base = split_playback_url(reply.url)[0]
        location = playback_url(base, when, join_url(uri_r, _redirect_location(reply))) if base else location
    return PlaybackAnswer(
        PlaybackKind.REDIRECT if redirect else PlaybackKind.CAPTURE,
        reply,
        uri_m=citable_url(uri_m or reply.url),
        uri_r=uri_r,
        status=status,
        captured_at=when,
        location=raw_playback_url(location) if redirect else "",
        links=links,
    )


def _redirect_location(reply: Reply) -> str:
    return reply.header("location") or reply.header("x-archive-orig-location")


def _location_target(reply: Reply) -> str:
    location = _redirect_location(reply)
    return join_url(reply.url, location) if location else ""
