"""Duplicates: two pages of one site captured with the same bytes, so that neither capture shows its page. Pure.

A soft 404, a front page, a login or an empty shell looks like this whatever language it speaks, and no phrase list is
needed to see it. It can only be seen once the second one is known, so the first answer is then given again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from cite_audit.model import Archived, Memento
from cite_audit.resolve.archive.messages import describe_bad_capture
from cite_audit.resolve.check.base import ArchiveAnswer
from cite_audit.urls import canonical_key, url_host

DUPLICATE_WORD = "same-as-another"


async def flag_duplicates(answers: AsyncIterator[ArchiveAnswer]) -> AsyncIterator[ArchiveAnswer]:
    """The answers as they come; one whose capture proves to be a duplicate comes again, as archived badly."""
    by_digest: dict[tuple[str, str], dict[str, ArchiveAnswer]] = {}
    async for answer in answers:
        memento = next((capture for capture in answer.mementos if capture.is_good), None)
        if answer.outcome is not Archived.ARCHIVED or memento is None or not _is_comparable(memento):
            yield answer
            continue
        group = by_digest.setdefault((url_host(answer.url), memento.digest), {})
        group[canonical_key(answer.url)] = answer
        if len(group) == 1:
            yield answer
            continue
        for name, duplicate in group.items():
            if duplicate.outcome is Archived.ARCHIVED:
                group[name] = _mark_duplicate(duplicate, memento.digest)
                yield group[name]


def _is_comparable(memento: Memento) -> bool:
    """Whether equal bytes are a fault: two links may lead to one file, but two articles are never equal."""
    return bool(memento.digest) and "html" in memento.mimetype


def _mark_duplicate(answer: ArchiveAnswer, digest: str) -> ArchiveAnswer:
    mementos = tuple(
        replace(memento, quality=(*memento.quality, DUPLICATE_WORD)) if memento.digest == digest else memento
        for memento in answer.mementos
    )
    evidence = tuple(describe_bad_capture(memento) for memento in mementos if memento.quality)
    outcome = Archived.ARCHIVED if any(memento.is_good for memento in mementos) else Archived.ARCHIVED_BAD
    return replace(answer, outcome=outcome, mementos=mementos, evidence=evidence)
