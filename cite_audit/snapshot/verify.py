"""Whether a capture is there, is of the page, and shows it: by playback of its exact time, never by the index.

The index and availability learn of a capture hours later; playback mostly at once.
"""

from __future__ import annotations

import hashlib
from dataclasses import field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from cite_audit.errors import ArchiveError
from cite_audit.frozen_record import frozen_record
from cite_audit.resolve.archive.archive_client import ArchiveClient
from cite_audit.resolve.archive.base import Clock
from cite_audit.resolve.archive.playback import PlaybackAnswer, PlaybackKind, playback_url
from cite_audit.resolve.archive.playback_client import PlaybackClient, PlayedCapture
from cite_audit.resolve.archive.rate_limiter import rate_class_at
from cite_audit.resolve.judge.capture_faults import describe_faults
from cite_audit.snapshot.model import Outcome

PLAYBACK_RETRY_DELAY = 20.0  # seconds before playback is asked once more for a capture it does not show yet
SAME_CAPTURE_SPAN = timedelta(seconds=120)  # a redirect and its target are captured within this


@frozen_record
class Verification:
    """The outcome of a verification and what is to be kept with it."""

    outcome: Outcome
    fields: dict[str, Any] = field(default_factory=dict)


class CaptureVerifier:
    """Verifies captures of one Wayback Machine."""

    def __init__(self, base_url: str, archive_client: ArchiveClient, clock: Clock) -> None:
        self._web_root = f"{base_url}/web"
        self._clock = clock
        rate_class = rate_class_at("playback", urlsplit(base_url).netloc)
        self._player = PlaybackClient(archive_client, lambda _: rate_class, "wayback", self._web_root)

    async def find_newest(self, url: str) -> datetime | None:
        """The time of the newest capture, None when there is none. Raises ArchiveError."""
        playback = await self._player.play_memento(playback_url(self._web_root, self._current_time(), url), url)
        return playback.memento.captured_at if isinstance(playback, PlayedCapture) else None

    async def check_capture(self, url: str, captured_at: datetime) -> Verification:
        """Play back the capture of that time. Never raises for what the archive did."""
        uri_m = playback_url(self._web_root, captured_at, url, "")
        capture_fields: dict[str, Any] = {"uri_m": uri_m, "captured_at": captured_at}
        for is_retry in (False, True):
            if is_retry:
                await self._clock.sleep(PLAYBACK_RETRY_DELAY)
            try:
                playback = await self._player.play_memento(playback_url(self._web_root, captured_at, url), url)
            except ArchiveError as error:
                return Verification(Outcome.UNVERIFIED, {**capture_fields, "code": "no-answer", "message": str(error)})
            if (
                isinstance(playback, PlayedCapture)
                and abs(playback.memento.captured_at - captured_at) <= SAME_CAPTURE_SPAN
            ):
                return _assess_playback(playback)
        is_excluded = isinstance(playback, PlaybackAnswer) and playback.kind is PlaybackKind.EXCLUDED
        code = "excluded" if is_excluded else "not-shown"
        message = (
            "the archive keeps it from being shown" if is_excluded else "the archive does not show this capture yet"
        )
        return Verification(Outcome.UNVERIFIED, {**capture_fields, "code": code, "message": message})

    def _current_time(self) -> datetime:
        return datetime.fromtimestamp(self._clock.time(), UTC)


def _assess_playback(playback: PlayedCapture) -> Verification:
    memento = playback.memento
    capture_fields: dict[str, Any] = {
        "uri_m": memento.uri_m,
        "captured_at": memento.captured_at,
        "status": memento.status,
        "verified": "playback",
        # of the bytes as archived; a capture of which only the beginning was read has no digest
        "sha256": hashlib.sha256(playback.playback.reply.body).hexdigest() if memento.digest else "",
    }
    if memento.is_good:
        return Verification(Outcome.VERIFIED, capture_fields)
    return Verification(
        Outcome.BAD,
        {
            **capture_fields,
            "code": memento.quality[0],
            "message": describe_faults(memento.quality, is_suspect=memento.is_suspect),
        },
    )
