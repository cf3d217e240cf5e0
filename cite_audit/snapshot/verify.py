"""Whether a capture is there, is of the page, and shows it: by playback of its exact time, never by the index.

The index and availability learn of a capture hours later; playback mostly at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from cite_audit.errors import ArchiveError
from cite_audit.resolve.archive.asking import Asker
from cite_audit.resolve.archive.base import Clock
from cite_audit.resolve.archive.limiter import pool
from cite_audit.resolve.archive.playback import Kind, Playback, address
from cite_audit.resolve.archive.player import Found, Player
from cite_audit.resolve.archive.words import say_fault
from cite_audit.snapshot.model import Outcome

LATER = 20.0  # seconds before playback is asked once more for a capture it does not show yet
SAME = timedelta(seconds=120)  # a redirect and its target are captured within this


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of a verification and what is to be kept with it."""

    outcome: Outcome
    fields: dict[str, Any] = field(default_factory=dict)


class Verifier:
    """Verifies captures of one Wayback Machine."""

    def __init__(self, base: str, asker: Asker, clock: Clock) -> None:
        self._web = f"{base}/web"
        self._clock = clock
        playback = pool("playback", urlsplit(base).netloc)
        self._player = Player(asker, lambda _: playback, "wayback", self._web)

    async def newest(self, url: str) -> datetime | None:
        """The time of the newest capture, None when there is none. Raises ArchiveError."""
        found = await self._player.play(address(self._web, self._now(), url), url)
        return found.memento.captured_at if isinstance(found, Found) else None

    async def check(self, url: str, captured_at: datetime) -> Checked:
        """Play back the capture of that time. Never raises for what the archive did."""
        uri_m = address(self._web, captured_at, url, "")
        told: dict[str, Any] = {"uri_m": uri_m, "captured_at": captured_at}
        for again in (False, True):
            if again:
                await self._clock.sleep(LATER)
            try:
                found = await self._player.play(address(self._web, captured_at, url), url)
            except ArchiveError as error:
                return Checked(Outcome.UNVERIFIED, {**told, "code": "no-answer", "message": str(error)})
            if isinstance(found, Found) and abs(found.memento.captured_at - captured_at) <= SAME:
                return _judged(found)
        excluded = isinstance(found, Playback) and found.kind is Kind.EXCLUDED
        code = "excluded" if excluded else "not-shown"
        said = "the archive keeps it from being shown" if excluded else "the archive does not show this capture yet"
        return Checked(Outcome.UNVERIFIED, {**told, "code": code, "message": said})

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._clock.time(), UTC)


def _judged(found: Found) -> Checked:
    memento = found.memento
    told: dict[str, Any] = {
        "uri_m": memento.uri_m,
        "captured_at": memento.captured_at,
        "status": memento.status,
        "verified": "playback",
    }
    if memento.good:
        return Checked(Outcome.VERIFIED, told)
    return Checked(
        Outcome.BAD, {**told, "code": memento.quality[0], "message": f"it is {say_fault(memento.quality[0])}"}
    )
