"""A Wayback Machine on loopback: availability, index, playback and saving, with every oddity of the real one.

    with LoopbackWayback([Capture("https://example.com/a", "20240114101112")]) as wayback:
        settings = Archiving(wayback=wayback.url, availability=wayback.availability)

`wayback.log` holds every request by pool; `wayback.trouble("playback", too_many(), times=1)` makes it misbehave.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from cite_audit.urls import canonical_key, url_host
from tests.loopback.serving import Serving
from tests.loopback.wayback_answers import (
    Answer,
    Asked,
    Capture,
    as_json,
    excluded,
    index_blocked,
    not_archived,
    offline,
    page,
    too_many,
    truncated_json,
)
from tests.loopback.wayback_index import availability, bulk_availability, index, timemap
from tests.loopback.wayback_playback import playback
from tests.loopback.wayback_save import SavePageNow

__all__ = [
    "Answer",
    "Asked",
    "Capture",
    "LoopbackWayback",
    "as_json",
    "excluded",
    "index_blocked",
    "not_archived",
    "offline",
    "page",
    "too_many",
    "truncated_json",
]


@dataclass
class _Trouble:
    pool: str
    answer: Answer | Callable[[Asked], Answer | None]
    times: int
    match: str
    after: int


class LoopbackWayback:
    """The server. `clock` gives the time that requests are logged with; tests pass their virtual one.

    `name`: the host it calls itself, for clients that route it here; archives on this machine are asked without pauses.
    """

    def __init__(
        self, captures: Iterable[Capture] = (), *, clock: Callable[[], float] = time.time, name: str = ""
    ) -> None:
        self.name = name
        self.captures: dict[str, list[Capture]] = {}
        self.log: list[Asked] = []
        self.excluded: dict[str, int] = {}  # host → status of its playback answers
        self.bulk = True  # whether bulk availability exists
        self.blind = False  # whether availability knows nothing, as on its bad days
        self.counts_skipped = True  # whether its index tells how many captures it left out
        self.save = SavePageNow(self)
        self._troubles: list[_Trouble] = []
        self._clock = clock
        self._lock = threading.Lock()
        self._stack = ExitStack()
        self._serving = Serving(self._respond)
        for capture in captures:
            self.add(capture)

    @property
    def url(self) -> str:
        return f"http://{self.name or self._serving.netloc}"

    @property
    def routes(self) -> dict[str, str]:
        """Where its name leads."""
        return {self.name: self._serving.netloc} if self.name else {}

    @property
    def availability(self) -> str:
        return f"{self.url}/wayback/available"

    def __enter__(self) -> Self:
        self._stack.enter_context(self._serving)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    def add(self, capture: Capture) -> None:
        """One more capture. Archives never see a fragment."""
        capture = replace(capture, url=capture.url.partition("#")[0])
        known = self.captures.setdefault(canonical_key(capture.url), [])
        known.append(capture)
        known.sort(key=lambda one: one.timestamp)

    def of(self, url: str) -> list[Capture]:
        """The captures of a page, oldest first; spellings that differ in scheme, www or case are one page."""
        return self.captures.get(canonical_key(url.partition("#")[0]), [])

    def _index(self, url: str, query: dict[str, list[str]]) -> Answer:
        return index(self._covered(url, query), query, self.counts_skipped)

    def _covered(self, url: str, query: dict[str, list[str]]) -> list[Capture]:
        """The captures that an index query is about: those of a page, of all that begins alike, of a domain's hosts."""
        match = query.get("matchType", ["exact"])[0]
        if match == "exact":
            return self.of(url)
        key = canonical_key(url) if match == "prefix" else canonical_key(url).partition(")")[0]
        key += "/" if match == "prefix" and url.endswith("/") and not key.endswith("/") else ""
        held = sorted(item for item in self.captures.items() if item[0].startswith(key))
        return [capture for _, captures in held for capture in captures]

    def trouble(
        self,
        pool: str,
        answer: Answer | Callable[[Asked], Answer | None],
        *,
        times: int = 1_000_000,
        match: str = "",
        after: int = 0,
    ) -> None:
        """Answer the next `times` requests of a pool (whose target contains `match`), after `after` good ones."""
        self._troubles.append(_Trouble(pool, answer, times, match, after))

    def refuse(self) -> None:
        """Refuse connections from now on."""
        threading.Thread(target=self._serving.refuse).start()

    def asked(self, pool: str = "") -> list[Asked]:
        """The requests of a pool (playback, cdx, availability, bulk, timegate, save, status), or all."""
        with self._lock:
            return [one for one in self.log if not pool or one.pool == pool]

    def most_in(self, pool: str, window: float = 60.0) -> int:
        """The most requests of a pool in any window of so many seconds of the clock."""
        times = sorted(one.at for one in self.asked(pool))
        return max((sum(1 for at in times if start <= at < start + window) for start in times), default=0)

    def _respond(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        asked = Asked(_pool(method, target, headers), self._clock(), method, target, headers, body)
        with self._lock:
            self.log.append(asked)
            troubled = self._troubled(asked)
        return troubled or self._answer(asked)

    def _troubled(self, asked: Asked) -> Answer | None:
        for trouble in self._troubles:
            if trouble.pool not in ("*", asked.pool) or not trouble.times or trouble.match not in unquote(asked.target):
                continue
            if trouble.after:
                trouble.after -= 1
                continue
            answer = trouble.answer(asked) if callable(trouble.answer) else trouble.answer
            if answer is not None:
                trouble.times -= 1
                return answer
        return None

    def _answer(self, asked: Asked) -> Answer:
        if asked.pool == "bulk":
            return bulk_availability(self, asked.body.decode("utf-8-sig")) if self.bulk else page(405, "No POST here")
        query = parse_qs(urlsplit(asked.target).query)
        url = query.get("url", [""])[0]
        if asked.pool == "availability":
            return availability(self, url, query.get("timestamp", [""])[0])
        if asked.pool == "cdx":
            if "/web/timemap/" in asked.target:
                return timemap(self, asked.target)
            return index_blocked() if url_host(url) in self.excluded else self._index(url, query)
        if asked.pool in ("save", "status"):
            return self.save.answer(asked)
        return playback(self, asked)


def _pool(method: str, target: str, headers: dict[str, str]) -> str:
    if target.startswith("/wayback/available"):
        return "bulk" if method == "POST" else "availability"
    if target.startswith(("/cdx/", "/web/timemap/")):
        return "cdx"
    if target.startswith("/save/status"):
        return "status"
    if target.startswith("/save"):
        return "save"
    return "timegate" if "accept-datetime" in headers else "playback"
