"""An archive that remembers: each page is asked for once, and what was found is not asked for again."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from cite_audit.model import Archived, Memento, Wanted
from cite_audit.resolve.archive.base import Archive
from cite_audit.resolve.archive.choose import Candidate, ranked, target, window
from cite_audit.resolve.archive.words import say_near
from cite_audit.resolve.base import ArchiveAnswer, Shelf
from cite_audit.urls import key

MOST = 20  # captures of one page that are kept for other dates
# seconds an outcome is kept; a capture does not un-happen (None: for ever), and an error is never kept
KEEP: dict[Archived, float | None] = {
    Archived.ARCHIVED: None,
    Archived.ARCHIVED_BAD: 24 * 3600.0,
    Archived.EXCLUDED: 24 * 3600.0,
    Archived.NOT_ARCHIVED: 24 * 3600.0,
}


class Remembered:
    """An Archive behind a memory. Links that are one page (SURT key) wanted near one day are one question."""

    def __init__(self, archive: Archive, shelf: Shelf, now: datetime) -> None:
        self.name = archive.name
        self._archive = archive
        self._shelf = shelf
        self._now = now

    async def lookup(self, wanted: Sequence[Wanted]) -> AsyncIterator[ArchiveAnswer]:
        """Answers from memory first, then from the archive."""
        groups: dict[str, list[Wanted]] = {}
        for link in wanted:
            groups.setdefault(self._key(link), []).append(link)
        asked: dict[str, str] = {}
        for name, links in groups.items():
            if (known := _read(self._shelf.get(name)) or self._at_hand(links[0])) is not None:
                for link in links:
                    yield replace(known, url=link.url, from_cache=True)
            else:
                asked[links[0].url] = name
        async for answer in self._archive.lookup([groups[name][0] for name in asked.values()]):
            name = asked[answer.url]
            if answer.outcome in KEEP:
                self._shelf.put(name, _write(answer), KEEP[answer.outcome])
                self._note(answer)
            for link in groups[name]:
                yield replace(answer, url=link.url)

    def _note(self, answer: ArchiveAnswer) -> None:
        """Keep good captures for other dates too: one of those days may be wanted by another report."""
        good = [one for one in answer.mementos if one.good]
        bad = {one.uri_m for one in answer.mementos if not one.good}
        if not good and not bad:
            return

        def add(text: str | None) -> str:
            known = _read(text)
            kept = {one.uri_m: one for one in (*(known.mementos if known else ()), *good) if one.uri_m not in bad}
            return _write(ArchiveAnswer("", Archived.ARCHIVED, tuple(kept.values())[-MOST:]))

        self._shelf.update(self._all(answer.url), add)

    def _at_hand(self, link: Wanted) -> ArchiveAnswer | None:
        """An answer from captures seen for other dates, when one lies in the best window of this one."""
        kept = _read(self._shelf.get(self._all(link.url)))
        near = target(link.near, self._now)
        best = ranked((Candidate(one.uri_m, one.captured_at) for one in kept.mementos), near) if kept else []
        if kept is None or not best or window(best[0].captured_at, near) > 0:
            return None
        memento = next(one for one in kept.mementos if one.uri_m == best[0].uri_m)
        return replace(kept, mementos=(memento,), evidence=(say_near(memento, near),))

    def _all(self, url: str) -> str:
        return f"{self.name} * {key(url)}"

    def _key(self, link: Wanted) -> str:
        return f"{self.name} {target(link.near, self._now):%Y%m%d} {key(link.url)}"


def _write(answer: ArchiveAnswer) -> str:
    mementos = [{**asdict(one), "captured_at": one.captured_at.isoformat()} for one in answer.mementos]
    return json.dumps({"outcome": answer.outcome, "mementos": mementos, "evidence": answer.evidence})


def _read(text: str | None) -> ArchiveAnswer | None:
    """A remembered answer; None for nothing, and for what another version of this program wrote."""
    if not text:
        return None
    try:
        kept = json.loads(text)
        return ArchiveAnswer(
            "",
            Archived(kept["outcome"]),
            tuple(_memento(one) for one in kept["mementos"]),
            tuple(kept["evidence"]),
            from_cache=True,
        )
    except (ValueError, TypeError, KeyError):
        return None


def _memento(kept: dict[str, object]) -> Memento:
    when = datetime.fromisoformat(str(kept["captured_at"]))
    quality = tuple(kept["quality"]) if isinstance(kept["quality"], list) else ()
    return Memento(**{**kept, "captured_at": when, "quality": quality})  # type: ignore[arg-type]
