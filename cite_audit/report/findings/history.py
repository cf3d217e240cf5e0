"""What changed between runs: links that died or came back, copies that were made. Pure.

Runs in which a link could not be judged say nothing about it: only alive and broken are states, as for the archives
only archived and not archived are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import KW_ONLY
from datetime import datetime
from enum import StrEnum

from cite_audit.foreign_json import parse_foreign_json, parse_foreign_time
from cite_audit.frozen_record import frozen_record
from cite_audit.model import Archived, Audit, Health, Report

__all__ = ["LinkEvent", "LinkEventKind", "find_archive_events", "find_live_events", "parse_record", "update_record"]


class LinkEventKind(StrEnum):
    """What changed of a link between two runs, in the words of the output."""

    NEWLY_DEAD = "newly dead"
    RECOVERED = "recovered"
    NEWLY_ARCHIVED = "newly archived"
    NOW_EXCLUDED = "now kept out of the archive"
    NO_LONGER_ARCHIVED = "no longer in the archive"


LIVE_CHANGES = {
    (Health.ALIVE, Health.BROKEN): LinkEventKind.NEWLY_DEAD,
    (Health.BROKEN, Health.ALIVE): LinkEventKind.RECOVERED,
}
ARCHIVE_CHANGES = {
    (Archived.NOT_ARCHIVED, Archived.ARCHIVED): LinkEventKind.NEWLY_ARCHIVED,
    (Archived.ARCHIVED_BAD, Archived.ARCHIVED): LinkEventKind.NEWLY_ARCHIVED,
    (Archived.EXCLUDED, Archived.ARCHIVED): LinkEventKind.NEWLY_ARCHIVED,
    (Archived.ARCHIVED, Archived.EXCLUDED): LinkEventKind.NOW_EXCLUDED,
    (Archived.ARCHIVED, Archived.NOT_ARCHIVED): LinkEventKind.NO_LONGER_ARCHIVED,
}
DECISIVE_OUTCOMES = (Archived.ARCHIVED, Archived.ARCHIVED_BAD, Archived.EXCLUDED, Archived.NOT_ARCHIVED)


@frozen_record
class LinkEvent:
    """One change of one link: when it was first seen, in which words, and since when the state before had been seen."""

    url: str
    first_seen_at: datetime
    kind: LinkEventKind
    _: KW_ONLY
    reason: str = ""
    previous_seen_at: datetime | None = None


def find_live_events(url: str, observations: Iterable[tuple[datetime, Health, str]]) -> Iterator[LinkEvent]:
    """The changes in a link's verdicts; `observations` are (time, health, reason), oldest first."""
    previous: tuple[datetime, Health] | None = None
    for seen_at, health, reason in observations:
        if health not in (Health.ALIVE, Health.BROKEN):
            continue
        if previous is not None and (kind := LIVE_CHANGES.get((previous[1], health))):
            yield LinkEvent(url, seen_at, kind, reason=reason, previous_seen_at=previous[0])
        previous = (seen_at, health)


def find_archive_events(url: str, observations: Iterable[tuple[datetime, Archived]]) -> Iterator[LinkEvent]:
    """The changes in what the archives said of a link, oldest first."""
    previous: tuple[datetime, Archived] | None = None
    for seen_at, outcome in observations:
        if previous is not None and (kind := ARCHIVE_CHANGES.get((previous[1], outcome))):
            yield LinkEvent(url, seen_at, kind, reason="", previous_seen_at=previous[0])
        previous = (seen_at, outcome)


def update_record(previous_record: str | None, audit: Audit, report: Report) -> str:
    """The record of one report's copies with this run added: each link's outcomes, only where they changed."""
    record = {
        url: [[seen_at.isoformat(timespec="seconds"), outcome.value] for seen_at, outcome in entries]
        for url, entries in parse_record(previous_record).items()
    }
    for url in dict.fromkeys(citation.link.url for citation in report.citations):
        verdict = audit.verdicts.get(url)
        if verdict is None or verdict.archived not in DECISIVE_OUTCOMES:
            continue
        entries = record.setdefault(url, [])
        if not entries or entries[-1][1] != verdict.archived.value:
            entries.append([audit.generated_at.isoformat(timespec="seconds"), verdict.archived.value])
    return json.dumps(record, ensure_ascii=True, separators=(",", ":"))


def parse_record(record: str | None) -> Mapping[str, list[tuple[datetime, Archived]]]:
    """What `update_record` wrote, read back; nothing for a record, or of a link, that cannot be read."""
    outcomes: dict[str, list[tuple[datetime, Archived]]] = {}
    try:
        loaded = dict(parse_foreign_json(record or "{}"))
    except (ValueError, TypeError):
        return outcomes
    for url, entries in loaded.items():
        try:
            outcomes[url] = [(parse_foreign_time(seen_at), Archived(outcome)) for seen_at, outcome in entries]
        except (ValueError, TypeError):
            continue
    return outcomes
