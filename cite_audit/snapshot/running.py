"""A whole `snapshot`: look up what is missing, plan, capture on disk and in the Wayback Machine, bundle."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

from cite_audit.config import Settings
from cite_audit.errors import ArchiveError, StoreError, UsageError
from cite_audit.model import Wanted
from cite_audit.progress import Observer
from cite_audit.resolve.archive.asking import Asker
from cite_audit.resolve.archive.base import Clock
from cite_audit.resolve.archive.limiter import Limiter, pool
from cite_audit.resolve.archive.opening import find, open_archives
from cite_audit.resolve.base import ArchiveAnswer, Fetcher, Shelf
from cite_audit.snapshot import spn
from cite_audit.snapshot.bundle import BUNDLE, bundle
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.keys import Keys
from cite_audit.snapshot.local import LocalCapture
from cite_audit.snapshot.model import Capture, Outcome, Wish
from cite_audit.snapshot.plan import Plan, Terms, described, plan
from cite_audit.snapshot.save import Saver
from cite_audit.snapshot.screenshot import browser, pictures

TARGETS = ("local", "wayback")


@dataclass(frozen=True, slots=True)
class Order:
    """What a user asked for. `directory`: of the local captures; `journal`: of all."""

    to: tuple[str, ...]
    directory: Path
    journal: Path
    missing: bool = False
    newer_than: timedelta | None = None
    dry_run: bool = False
    requisites: bool = False
    screenshot: bool = False
    again: bool = False


@dataclass(slots=True)
class Result:
    """What came of it: a line for each plan, the captures, remarks said once, the WACZ if one was made."""

    plans: list[str] = field(default_factory=list)
    captures: list[Capture] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    wacz: Path | None = None


@dataclass(frozen=True, slots=True)
class Means:
    """What a run captures with."""

    settings: Settings
    fetcher: Fetcher
    shelf: Shelf
    clock: Clock
    keys: Keys | None
    observer: Observer

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.time(), UTC)


def check(order: Order) -> None:
    """Raise UsageError for what can be told before anything is asked."""
    unknown = [name for name in order.to if name not in TARGETS]
    if unknown or not order.to:
        raise UsageError(f"--to {','.join(unknown)}: known are {', '.join(TARGETS)}")
    if "local" in order.to and not (find_spec("warcio") and find_spec("wacz")):
        raise UsageError("captures on disk need the extra “archive”: pip install 'cite-audit[archive]'")
    if "local" in order.to and order.screenshot:
        browser()


async def snapshot(wishes: Sequence[Wish], order: Order, means: Means) -> Result:
    """Capture the pages wished for. Raises UsageError; everything else becomes an outcome or a remark."""
    check(order)
    result = Result()
    with ExitStack() as stack:
        journal = stack.enter_context(Journal(order.journal, writing=not order.dry_run))
        answers = await _looked_up(wishes, order, means) if order.missing else None
        terms = Terms(means.now(), order.newer_than, order.again)
        # what the archives have decides about the Wayback Machine; the disk is asked by its own journal
        plans = [
            plan(name, wishes, journal, terms, answers if name == "wayback" or order.to == ("local",) else None)
            for name in TARGETS
            if name in order.to
        ]
        result.plans = [described(one, keys=means.keys is not None, newer_than=order.newer_than) for one in plans]
        used_up = "wayback" in order.to and means.keys is not None and await _used_up(means.keys, means, result)
        for one in plans:
            result.captures += one.settled
            if one.archive == "wayback" and used_up:
                result.captures += _unknown(one, one.capture, means, "quota", "today's captures are used up")
            elif not order.dry_run:
                await _carry_out(one, wishes, order, means, journal, result)
    return result


async def _looked_up(wishes: Sequence[Wish], order: Order, means: Means) -> dict[str, ArchiveAnswer]:
    """What the archives have: near the citation's date, or near today when only young copies count."""
    today = means.now().date()
    wanted = [Wanted(wish.uri_r, today if order.newer_than is not None else wish.near) for wish in wishes]
    archives = open_archives(means.settings.archiving, means.fetcher, means.shelf, means.now(), clock=means.clock)
    means.observer.start("archive", len(wanted))
    answers = {}
    async for answer in find(wanted, archives):
        answers[answer.url] = answer
        means.observer.step("archive", answer.url)
    means.observer.finish("archive")
    return answers


async def _used_up(keys: Keys, means: Means, result: Result) -> bool:
    """Tell how many captures of the day are used, and whether none is left."""
    base = means.settings.archiving.wayback.rstrip("/")
    place = pool("save-status", base.partition("://")[2])
    try:
        asked = spn.quota_request(base, keys, means.clock.time())
        left = spn.read_quota(await _asker(means).ask(place, asked, retries=0))
    except ArchiveError as error:
        result.remarks.append(f"the day's quota is not known: {error}")
        return False
    used, limit = left.get("daily_captures"), left.get("daily_captures_limit")
    if used is None or limit is None:
        return False
    result.plans.append(f"wayback: {used} of {limit} captures used today")
    return used >= limit


def _unknown(one: Plan, wishes: Sequence[Wish], means: Means, code: str, message: str) -> list[Capture]:
    now = means.now()
    return [Capture(wish.uri_r, one.archive, Outcome.UNKNOWN, now, code=code, message=message) for wish in wishes]


async def _carry_out(
    one: Plan, wishes: Sequence[Wish], order: Order, means: Means, journal: Journal, result: Result
) -> None:
    means.observer.start(one.archive, len(one.capture))
    try:
        if one.archive == "local":
            await _to_disk(one, wishes, order, means, journal, result)
        else:
            await _to_wayback(one, order, means, journal, result)
    except StoreError as error:
        result.remarks.append(str(error))
        done = {(made.archive, made.uri_r) for made in result.captures}
        left = [wish for wish in one.capture if (one.archive, wish.uri_r) not in done]
        result.captures += _unknown(one, left, means, "disk", str(error))
    finally:
        means.observer.finish(one.archive)


async def _to_disk(
    one: Plan, wishes: Sequence[Wish], order: Order, means: Means, journal: Journal, result: Result
) -> None:
    capture = LocalCapture(means.fetcher, order.directory, journal, means.now, with_requisites=order.requisites)
    try:
        async for made in capture.save(one.capture):
            result.captures.append(made)
            means.observer.step(one.archive, made.uri_r)
    finally:
        capture.close()
    if one.capture or not (order.directory / BUNDLE).exists():
        bundle(order.directory, [c for c in journal.entries("local") if c.file], wishes)
    result.wacz = order.directory / BUNDLE
    if order.screenshot:
        taken = await asyncio.to_thread(pictures, order.directory, journal.entries("local"), browser())
        result.remarks.append(f"{len(taken)} pictures in {order.directory / 'screenshots'}")


async def _to_wayback(one: Plan, order: Order, means: Means, journal: Journal, result: Result) -> None:
    seen = {made.uri_r for made in result.captures if made.archive == "local" and made.outcome is Outcome.VERIFIED}
    within = order.newer_than.total_seconds() if order.newer_than else 3600.0
    saver = Saver(
        means.settings.archiving.wayback,
        _asker(means),
        means.clock,
        journal,
        means.keys,
        within=within,
        screenshot=order.screenshot,
        alive=seen.__contains__,
    )
    async for made in saver.save([wish.uri_r for wish in one.capture]):
        result.captures.append(made)
        means.observer.step(one.archive, made.uri_r)


def _asker(means: Means) -> Asker:
    import random

    budget = means.settings.archiving.budget
    deadline = None if budget is None else means.clock.time() + budget
    return Asker(means.fetcher, Limiter(means.shelf, means.clock, deadline), means.clock, random.random)
