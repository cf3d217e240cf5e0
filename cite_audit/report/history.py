"""What changed between runs: links that died or came back, copies that were made. Pure.

Runs in which a link could not be judged say nothing about it: only alive and broken are states, as for the archives
only archived and not archived are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cite_audit.model import Archived, Audit, Health, Report

__all__ = ["Event", "archive_events", "live_events", "noted", "recalled"]

LIVE = {
    (Health.ALIVE, Health.BROKEN): "newly dead",
    (Health.BROKEN, Health.ALIVE): "recovered",
}
COPIES = {
    (Archived.NOT_ARCHIVED, Archived.ARCHIVED): "newly archived",
    (Archived.ARCHIVED_BAD, Archived.ARCHIVED): "newly archived",
    (Archived.EXCLUDED, Archived.ARCHIVED): "newly archived",
    (Archived.ARCHIVED, Archived.EXCLUDED): "now kept out of the archive",
    (Archived.ARCHIVED, Archived.NOT_ARCHIVED): "no longer in the archive",
}
SETTLED = (Archived.ARCHIVED, Archived.ARCHIVED_BAD, Archived.EXCLUDED, Archived.NOT_ARCHIVED)


@dataclass(frozen=True, slots=True)
class Event:
    """One change of one link: when it was first seen, in which words, and since when the state before had been seen."""

    url: str
    at: datetime
    kind: str
    why: str = ""
    before: datetime | None = None


def live_events(url: str, seen: Iterable[tuple[datetime, str, str]]) -> Iterator[Event]:
    """The changes in a link's verdicts; `seen` are (time, health, reason), oldest first."""
    last: tuple[datetime, Health] | None = None
    for at, health, reason in seen:
        if health not in (Health.ALIVE, Health.BROKEN):
            continue
        state = Health(health)
        if last is not None and (kind := LIVE.get((last[1], state))):
            yield Event(url, at, kind, reason, last[0])
        last = (at, state)


def archive_events(url: str, seen: Iterable[tuple[datetime, Archived]]) -> Iterator[Event]:
    """The changes in what the archives said of a link, oldest first."""
    last: tuple[datetime, Archived] | None = None
    for at, outcome in seen:
        if last is not None and (kind := COPIES.get((last[1], outcome))):
            yield Event(url, at, kind, "", last[0])
        last = (at, outcome)


def noted(before: str | None, audit: Audit, report: Report) -> str:
    """The record of one report's copies with this run added: each link's outcomes, only where they changed."""
    record = {url: [list(entry) for entry in entries] for url, entries in _loaded(before).items()}
    for url in dict.fromkeys(citation.link.url for citation in report.citations):
        verdict = audit.verdicts.get(url)
        if verdict is None or verdict.archived not in SETTLED:
            continue
        entries = record.setdefault(url, [])
        if not entries or entries[-1][1] != verdict.archived.value:
            entries.append([audit.generated_at.isoformat(timespec="seconds"), verdict.archived.value])
    return json.dumps(record, ensure_ascii=True, separators=(",", ":"))


def recalled(record: str | None) -> Mapping[str, list[tuple[datetime, Archived]]]:
    """What `noted` wrote; nothing for a record that cannot be read."""
    found: dict[str, list[tuple[datetime, Archived]]] = {}
    for url, entries in _loaded(record).items():
        try:
            found[url] = [(datetime.fromisoformat(at), Archived(outcome)) for at, outcome in entries]
        except ValueError:
            continue
    return found


def _loaded(record: str | None) -> Mapping[str, Sequence[Sequence[str]]]:
    try:
        loaded = json.loads(record or "{}")
    except ValueError:
        return {}
    return loaded if isinstance(loaded, dict) else {}
