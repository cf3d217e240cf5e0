"""The command line's side of capturing: from flags to an order, from a result to documents and an exit code."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import typer

from cite_audit import loops
from cite_audit.cli.exits import Exit, first, unreadable, unstarted
from cite_audit.cli.output import Output, put_all
from cite_audit.cli.writing import spare, write_whole
from cite_audit.config import Settings
from cite_audit.errors import ArchiveError, OutputError, UsageError
from cite_audit.progress import Observer
from cite_audit.snapshot import manifest, robust
from cite_audit.snapshot.model import Outcome, Wish, wishes
from cite_audit.snapshot.running import Means, Order, Result, check

_Render = Callable[[Result, Sequence[Wish]], str]


SHOWN = 5  # pages named for one and the same trouble; the manifest has them all


def _text(result: Result, cited: Sequence[Wish]) -> str:
    lines = [*result.plans, *manifest.summary(result.captures), *result.remarks]
    troubles: dict[str, list[str]] = {}
    for one in result.captures:
        if one.outcome not in (Outcome.VERIFIED, Outcome.KEPT):
            why = ": ".join(part for part in (one.code, one.message) if part)
            said = f"{one.archive}: {manifest.WORDS.get(one.outcome, one.outcome.value)}" + (f" ({why})" if why else "")
            troubles.setdefault(said, []).append(one.uri_r)
    for said, pages in troubles.items():
        more = [f"… and {len(pages) - SHOWN} more"] if len(pages) > SHOWN else []
        lines += ["", said, *(f"  {page}" for page in (*pages[:SHOWN], *more))]
    made = ["", f"bundle: {result.wacz}"] if result.wacz else []
    return "\n".join([*lines, *made]) + "\n"


# -f name → what it writes
FORMATS: dict[str, _Render] = {
    "text": _text,
    "csv": lambda result, cited: manifest.as_csv(result.captures, cited),
    "jsonl": lambda result, cited: manifest.as_jsonl(result.captures, cited),
    "markdown": lambda result, cited: manifest.as_markdown(result.captures, cited),
    "links": lambda result, cited: robust.as_html(result.captures),
    "links-markdown": lambda result, cited: robust.as_markdown(result.captures),
    "csl": lambda result, cited: robust.as_csl(result.captures),
    "bibtex": lambda result, cited: robust.as_bibtex(result.captures),
}


def checked(name: str) -> str:
    """The name of a format. Raises UsageError for what is none."""
    if name not in FORMATS:
        raise UsageError(f"-f {name}: known are {', '.join(FORMATS)}")
    return name


def ordered(flags: Mapping[str, Any], newer_than: float | None, outputs: Sequence[str]) -> Order:
    """What the flags ask for; `newer_than` in seconds. Raises UsageError, also for an output over the journal."""
    directory = Path(flags["directory"])
    order = Order(
        to=tuple(part.strip() for part in flags["to"].split(",") if part.strip()),
        directory=directory,
        journal=Path(flags["journal"]) if flags["journal"] else directory / "captures.journal",
        missing=flags["missing"] or newer_than is not None,
        newer_than=None if newer_than is None else timedelta(seconds=newer_than),
        dry_run=flags["dry_run"],
        requisites=flags["requisites"],
        screenshot=flags["screenshot"],
        again=flags["again"],
    )
    spare(outputs, [str(order.journal)])
    check(order)
    return order


@dataclass(slots=True)
class Done:
    """What came of a call: of the capturing, of reading the reports (`unread`: why that failed), of the timestamp."""

    result: Result
    cited: Sequence[Wish]
    unread: str = ""
    unstamped: str = ""


def carry_out(
    reports: Sequence[str], order: Order, settings: Settings, observer: Observer, *, timestamp: str = ""
) -> Done:
    """Read the reports and capture what they cite. Raises UsageError when they cite nothing."""
    from cite_audit.pipeline import read

    reading = read(reports, settings, observer)
    cited = wishes(reading.reports)
    allow_empty = settings.policy.allow_empty
    if not cited and (why := unstarted(reading.reports, reading.unread, allow_empty=allow_empty)):
        raise UsageError(why)
    done = Done(Result(), cited, unreadable(reading.unread, allow_empty=allow_empty))
    loops.run(_captured(done, order, settings, observer, timestamp))
    return done


async def _captured(done: Done, order: Order, settings: Settings, observer: Observer, authority: str) -> None:
    from cite_audit.resolve.archive import SystemClock
    from cite_audit.resolve.live.client import Client
    from cite_audit.snapshot.keys import keep_back, keys
    from cite_audit.snapshot.running import snapshot
    from cite_audit.snapshot.timestamp import require
    from cite_audit.store import open_store

    if authority:
        require()
    store = open_store(settings.store)
    try:
        async with Client(settings.network) as client:
            own = keys(os.environ)
            why = keep_back(settings.archiving.wayback, settings.network.connect_to, client.proxy) if own else ""
            means = Means(settings, client, store.shelf("archive"), SystemClock(), None if why else own, observer)
            done.result = await snapshot(done.cited, order, means)
            done.result.remarks += [why] if why and "wayback" in order.to else []
            if authority and not order.dry_run:
                await _stamp(done, order, client, authority)
    finally:
        store.close()


async def _stamp(done: Done, order: Order, client: Any, authority: str) -> None:
    from cite_audit.snapshot import timestamp

    content = manifest.as_csv(done.result.captures, done.cited).encode()
    place = order.directory / "manifest.csv"
    try:
        order.directory.mkdir(parents=True, exist_ok=True)
        write_whole(str(place), content)
        token, when = await timestamp.stamped(content, authority, client)
        write_whole(f"{place}.tsr", token)
    except (ArchiveError, UsageError, OutputError) as error:
        done.unstamped = str(error)
    except OSError as error:
        done.unstamped = f"{order.directory}: cannot be made ({error.strerror})"
    else:
        done.result.remarks.append(f"{place} is timestamped {when:%Y-%m-%d %H:%M:%S} UTC: {place}.tsr")


def ended(done: Done, outputs: Sequence[Output], order: Order, *, quiet: int) -> NoReturn:
    """Write the documents and leave with the code that the outcomes mean."""
    result = done.result
    result.remarks += [why for why in (done.unread, done.unstamped) if why]
    shown = [out for out in outputs if out.path or quiet < 2]
    put_all((FORMATS[out.format](result, done.cited), out.path) for out in shown)
    if not quiet and not any(out.format == "text" and not out.path for out in outputs):
        for line in (*result.plans, *manifest.summary(result.captures), *result.remarks):
            typer.echo(f"cite-audit: {line}", err=True)
    raise typer.Exit(exit_code(done, dry_run=order.dry_run))


def exit_code(done: Done, *, dry_run: bool = False) -> Exit:
    """2 a report was not read, 3 some captures are not known or not done yet, or not stamped, 1 some will not be.

    In a dry run, whether everything could be looked up.
    """
    outcomes = {one.outcome for one in done.result.captures}
    unfinished = {Outcome.UNKNOWN} if dry_run else {Outcome.UNKNOWN, Outcome.PENDING, Outcome.UNVERIFIED}
    failed = set() if dry_run else {Outcome.BAD, Outcome.REFUSED, Outcome.FAILED}
    return first(
        code
        for code, holds in (
            (Exit.USAGE, done.unread),
            (Exit.INCOMPLETE, done.unstamped or outcomes & unfinished),
            (Exit.FINDINGS, outcomes & failed),
        )
        if holds
    )
