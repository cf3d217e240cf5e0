"""Two pages of one site that were captured with the very same bytes: neither capture shows the page cited. Pure.

A soft 404, a front page, a login or an empty shell looks like this whatever language it speaks, and no phrase list is
needed to see it. It can only be seen once the second one is known, so the first answer is then given again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from cite_audit.model import Archived, Memento
from cite_audit.resolve.archive.words import say_bad
from cite_audit.resolve.base import ArchiveAnswer
from cite_audit.urls import host, key

WORD = "same-as-another"


async def twins_told(answers: AsyncIterator[ArchiveAnswer]) -> AsyncIterator[ArchiveAnswer]:
    """The answers as they come; one whose capture turns out to have a twin comes again, as archived badly."""
    seen: dict[tuple[str, str], dict[str, ArchiveAnswer]] = {}
    async for answer in answers:
        memento = next((one for one in answer.mementos if one.good), None)
        if answer.outcome is not Archived.ARCHIVED or memento is None or not _telling(memento):
            yield answer
            continue
        group = seen.setdefault((host(answer.url), memento.digest), {})
        group[key(answer.url)] = answer
        if len(group) == 1:
            yield answer
            continue
        for name, twin in group.items():
            if twin.outcome is Archived.ARCHIVED:
                group[name] = _demoted(twin, memento.digest)
                yield group[name]


def _telling(memento: Memento) -> bool:
    """Whether equal bytes mean anything: two links to one file may well be meant, two articles are never equal."""
    return bool(memento.digest) and "html" in memento.mimetype


def _demoted(answer: ArchiveAnswer, digest: str) -> ArchiveAnswer:
    mementos = tuple(
        replace(one, quality=(*one.quality, WORD)) if one.digest == digest else one for one in answer.mementos
    )
    evidence = tuple(say_bad(one) for one in mementos if one.quality)
    outcome = Archived.ARCHIVED if any(one.good for one in mementos) else Archived.ARCHIVED_BAD
    return replace(answer, outcome=outcome, mementos=mementos, evidence=evidence)
