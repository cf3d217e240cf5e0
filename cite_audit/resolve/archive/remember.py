"""An archive that remembers: each page is asked for once, and what was found is not asked for again."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from cite_audit.model import Archived, Memento, Wanted
from cite_audit.resolve.archive.base import Archive
from cite_audit.resolve.archive.choose import target
from cite_audit.resolve.base import ArchiveAnswer, Shelf
from cite_audit.urls import key

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
            if (known := _read(self._shelf.get(name))) is not None:
                for link in links:
                    yield replace(known, url=link.url, from_cache=True)
            else:
                asked[links[0].url] = name
        async for answer in self._archive.lookup([groups[name][0] for name in asked.values()]):
            name = asked[answer.url]
            if answer.outcome in KEEP:
                self._shelf.put(name, _write(answer), KEEP[answer.outcome])
            for link in groups[name]:
                yield replace(answer, url=link.url)

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
