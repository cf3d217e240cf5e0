"""The cache in front of an archive: one question a page, and no second one while the answer is fresh."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from cite_audit.foreign_json import parse_foreign_json
from cite_audit.model import Archived, CitedLink, Memento
from cite_audit.resolve.archive.base import Archive
from cite_audit.resolve.archive.messages import describe_capture_date
from cite_audit.resolve.archive.ranking import Candidate, rank_candidates, target_instant, window_rank
from cite_audit.resolve.check.base import ArchiveAnswer, KeyValueStore
from cite_audit.resolve.judge.version import digest_judge
from cite_audit.urls import canonical_key

MAX_CAPTURES = 20  # captures of one page that are cached for other dates
# seconds an outcome is cached; a capture stays (None: for ever), and an error is never cached
OUTCOME_TTL: dict[Archived, float | None] = {
    Archived.ARCHIVED: None,
    Archived.ARCHIVED_BAD: 24 * 3600.0,
    Archived.EXCLUDED: 24 * 3600.0,
    Archived.NOT_ARCHIVED: 24 * 3600.0,
}


class CachedArchive:
    """An Archive with a cache. Links to one page (SURT key) near one day are one question."""

    def __init__(self, archive: Archive, cache: KeyValueStore, now: datetime) -> None:
        self.name = archive.name
        self._archive = archive
        self._cache = cache
        self._now = now

    async def lookup(self, wanted_links: Sequence[CitedLink]) -> AsyncIterator[ArchiveAnswer]:
        """Answers from the cache first, then from the archive."""
        groups: dict[str, list[CitedLink]] = {}
        for link in wanted_links:
            groups.setdefault(self._answer_key(link), []).append(link)
        key_by_url: dict[str, str] = {}
        for cache_key, links in groups.items():
            if (
                cached := _decode_answer(self._cache.get(cache_key)) or self._answer_from_captures(links[0])
            ) is not None:
                for link in links:
                    yield replace(cached, url=link.url, from_cache=True)
            else:
                key_by_url[links[0].url] = cache_key
        async for answer in self._archive.lookup([groups[cache_key][0] for cache_key in key_by_url.values()]):
            cache_key = key_by_url[answer.url]
            if answer.outcome in OUTCOME_TTL:
                self._cache.put(cache_key, _encode_answer(answer), OUTCOME_TTL[answer.outcome])
                self._keep_captures(answer)
            for link in groups[cache_key]:
                yield replace(answer, url=link.url)

    def _keep_captures(self, answer: ArchiveAnswer) -> None:
        """Cache good captures for other dates too: another report may cite the page on one of them."""
        good = [memento for memento in answer.mementos if memento.is_good]
        bad = {memento.uri_m for memento in answer.mementos if not memento.is_good}
        if not good and not bad:
            return

        def add_captures(text: str | None) -> str:
            stored = _decode_answer(text)
            by_uri = {
                memento.uri_m: memento
                for memento in (*(stored.mementos if stored else ()), *good)
                if memento.uri_m not in bad
            }
            return _encode_answer(ArchiveAnswer("", Archived.ARCHIVED, tuple(by_uri.values())[-MAX_CAPTURES:]))

        self._cache.update(self._captures_key(answer.url), add_captures)

    def _answer_from_captures(self, link: CitedLink) -> ArchiveAnswer | None:
        """An answer from captures seen for other dates, when one lies in the best window of this one."""
        cached = _decode_answer(self._cache.get(self._captures_key(link.url)))
        near = target_instant(link.near, self._now)
        if isinstance(link.near, datetime):  # a certain capture, of which no other one tells
            return None
        best = (
            rank_candidates((Candidate(capture.uri_m, capture.captured_at) for capture in cached.mementos), near)
            if cached
            else []
        )
        if cached is None or not best or window_rank(best[0].captured_at, near) > 0:
            return None
        memento = next(capture for capture in cached.mementos if capture.uri_m == best[0].uri_m)
        return replace(cached, mementos=(memento,), evidence=(describe_capture_date(memento, near),))

    def _captures_key(self, url: str) -> str:
        return f"{self.name} {digest_judge()} * {canonical_key(url)}"

    def _answer_key(self, link: CitedLink) -> str:
        target = target_instant(link.near, self._now)
        return f"{self.name} {digest_judge()} {target:%Y%m%d%H%M%S} {canonical_key(link.url)}"


def _encode_answer(answer: ArchiveAnswer) -> str:
    mementos = [{**asdict(memento), "captured_at": memento.captured_at.isoformat()} for memento in answer.mementos]
    return json.dumps({"outcome": answer.outcome, "mementos": mementos, "evidence": answer.evidence})


def _decode_answer(text: str | None) -> ArchiveAnswer | None:
    """A cached answer; None for no entry, and for one that another version of this program wrote."""
    if not text:
        return None
    try:
        fields = parse_foreign_json(text)
        return ArchiveAnswer(
            "",
            Archived(fields["outcome"]),
            tuple(_decode_memento(entry) for entry in fields["mementos"]),
            tuple(fields["evidence"]),
            from_cache=True,
        )
    except Exception:  # whatever a stored line holds, the archive is asked anew
        return None


def _decode_memento(fields: dict[str, object]) -> Memento:
    when = datetime.fromisoformat(str(fields["captured_at"]))
    quality = tuple(fields["quality"]) if isinstance(fields["quality"], list) else ()
    return Memento(**{**fields, "captured_at": when, "quality": quality})  # type: ignore[arg-type]
