"""What is to be captured, and what need not be. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cite_audit.model import Archived
from cite_audit.resolve.archive.limiter import RATES
from cite_audit.resolve.base import ArchiveAnswer
from cite_audit.snapshot import statuses
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.model import Capture, Outcome, Wish

DAY = timedelta(hours=20)  # after which a page that had its captures of the day may be tried again


@dataclass(frozen=True, slots=True)
class Plan:
    """For one archive: the pages to capture, and the result of those that need none."""

    archive: str
    capture: tuple[Wish, ...]
    settled: tuple[Capture, ...] = ()

    def count(self, outcome: Outcome) -> int:
        """How many pages are settled with an outcome."""
        return sum(1 for one in self.settled if one.outcome is outcome)


@dataclass(frozen=True, slots=True)
class Terms:
    """What counts as captured. `newer_than`: None accepts any age; `again`: try also what failed for good."""

    now: datetime
    newer_than: timedelta | None = None
    again: bool = False

    def recent(self, captured_at: datetime | None) -> bool:
        """Whether a copy of that time is young enough."""
        return captured_at is not None and (self.newer_than is None or self.now - captured_at <= self.newer_than)


def plan(
    archive: str,
    wishes: Sequence[Wish],
    journal: Journal,
    terms: Terms,
    answers: Mapping[str, ArchiveAnswer] | None = None,
) -> Plan:
    """Who is to be captured in `archive`, given its journal and, with `--missing`, what the archives answered."""
    capture: list[Wish] = []
    settled: list[Capture] = []
    for wish in wishes:
        known = _journalled(journal.get(archive, wish.uri_r), terms)
        if known is None and answers is not None:
            known = _answered(archive, wish, answers.get(wish.uri_r), terms)
        if known is None:
            capture.append(wish)
        else:
            settled.append(known)
    return Plan(archive, tuple(capture), tuple(settled))


def _journalled(entry: Capture | None, terms: Terms) -> Capture | None:
    """The entry when it settles the page: a success that is young enough, or a failure that trying does not change."""
    if entry is None:
        return None
    if entry.outcome is Outcome.VERIFIED:
        return entry if terms.recent(entry.captured_at) else None
    if entry.outcome not in (Outcome.REFUSED, Outcome.FAILED, Outcome.BAD) or terms.again:
        return None
    kind = statuses.CODES.get(entry.code)
    if kind is statuses.Kind.TOMORROW or entry.code == "archiver-blocked" or entry.outcome is Outcome.BAD:
        return entry if terms.now - entry.at < DAY else None
    return entry if kind is statuses.Kind.PERMANENT and entry.archive == "wayback" else None


def _answered(archive: str, wish: Wish, answer: ArchiveAnswer | None, terms: Terms) -> Capture | None:
    if answer is None:
        return None
    good = next((one for one in answer.mementos if one.good), None)
    if answer.outcome is Archived.ARCHIVED and good and terms.recent(good.captured_at):
        return Capture(
            wish.uri_r,
            good.archive,
            Outcome.KEPT,
            terms.now,
            uri_m=good.uri_m,
            captured_at=good.captured_at,
            status=good.status,
        )
    told = {Archived.EXCLUDED: Outcome.EXCLUDED, Archived.UNKNOWN: Outcome.UNKNOWN}.get(answer.outcome)
    if told is None:
        return None
    said = "; ".join(line.removeprefix(f"{archive}: ") for line in answer.evidence)
    return Capture(wish.uri_r, archive, told, terms.now, message=said[:300])


def described(plan: Plan, *, keys: bool, newer_than: timedelta | None = None) -> str:
    """One line: `212 pages: 160 captured within 90 days, 9 excluded by the archive, 43 to capture (about …)`."""
    total = len(plan.capture) + len(plan.settled)
    within = f" within {_span(newer_than)}" if newer_than is not None else ""
    have = plan.count(Outcome.KEPT) + plan.count(Outcome.VERIFIED)
    parts = [
        (have, f"captured{within}"),
        (plan.count(Outcome.EXCLUDED), "excluded by the archive"),
        (plan.count(Outcome.UNKNOWN), "could not be looked up"),
        (plan.count(Outcome.REFUSED) + plan.count(Outcome.FAILED) + plan.count(Outcome.BAD), "given up on"),
    ]
    told = [f"{count} {words}" for count, words in parts if count]
    told.append(f"{len(plan.capture)} to capture{_duration(plan, keys)}")
    return f"{plan.archive}: {total} page{'' if total == 1 else 's'}: {', '.join(told)}"


def _span(time: timedelta) -> str:
    """`90 days`, `12 hours`, `1.5 hours`: in the largest unit that leaves at least two, or the smallest."""
    units = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
    seconds = time.total_seconds()
    size, name = next((unit for unit in units if seconds >= 2 * unit[0]), units[-1])
    number = f"{seconds / size:.1f}".removesuffix(".0")
    return f"{number} {name}{'' if number == '1' else 's'}"


def _duration(plan: Plan, keys: bool) -> str:
    if plan.archive != "wayback" or not plan.capture:
        return ""
    rate = RATES["save" if keys else "save-anonymous"]
    minutes = math.ceil(len(plan.capture) / rate)
    about = f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"
    return f" (about {about} at {rate:g}/min{'' if keys else ', anonymously'})"
