"""The command line's side of capturing: from flags to an order, from a result to documents and an exit code."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import typer

from cite_audit import loops
from cite_audit.cli.output import write_whole
from cite_audit.config import Settings
from cite_audit.errors import ArchiveError, UsageError
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


def outputs_for(formats: Sequence[str]) -> list[tuple[str, str]]:
    """(format, file) of each `-f`; an empty file is stdout. Raises UsageError."""
    outputs = [(name.strip(), path) for name, _, path in (text.partition("=") for text in formats)]
    for name, _ in outputs:
        if name not in FORMATS:
            raise UsageError(f"-f {name}: known are {', '.join(FORMATS)}")
    if sum(1 for _, path in outputs if not path) > 1:
        raise UsageError("two formats for stdout: write one of them to a file, as in -f text -f csv=captures.csv")
    return outputs


def ordered(flags: Mapping[str, Any], newer_than: timedelta | None) -> Order:
    """What the flags ask for. Raises UsageError."""
    directory = Path(flags["directory"])
    order = Order(
        to=tuple(part.strip() for part in flags["to"].split(",") if part.strip()),
        directory=directory,
        journal=Path(flags["journal"]) if flags["journal"] else directory / "captures.journal",
        missing=flags["missing"] or newer_than is not None,
        newer_than=newer_than,
        dry_run=flags["dry_run"],
        requisites=flags["requisites"],
        screenshot=flags["screenshot"],
        again=flags["again"],
    )
    check(order)
    return order


def carry_out(
    reports: Sequence[str],
    order: Order,
    settings: Settings,
    observer: Observer,
    *,
    timestamp: str = "",
    allow_empty: bool = False,
) -> tuple[Result, list[Wish]]:
    """Read the reports and capture what they cite. Raises UsageError when they cite nothing."""
    from cite_audit.pipeline import read

    reading = read(reports, settings, observer)
    cited = wishes(reading.reports)
    if not cited and not allow_empty:
        raise UsageError(f"no links in {', '.join(reports)}")
    result = loops.run(_captured(cited, order, settings, observer, timestamp))
    result.remarks += [f"{one.path}: {one.problem}" for one in reading.unread]
    return result, cited


async def _captured(
    cited: Sequence[Wish], order: Order, settings: Settings, observer: Observer, authority: str
) -> Result:
    from cite_audit.resolve.archive import SystemClock
    from cite_audit.resolve.live.client import Client
    from cite_audit.snapshot.keys import keys
    from cite_audit.snapshot.running import snapshot
    from cite_audit.snapshot.timestamp import require
    from cite_audit.store import open_store

    if authority:
        require()
    store = open_store(settings.store)
    try:
        async with Client(settings.network) as client:
            means = Means(settings, client, store.shelf("archive"), SystemClock(), keys(os.environ), observer)
            result = await snapshot(cited, order, means)
            if authority and not order.dry_run:
                await _stamp(result, cited, order, client, authority)
            return result
    finally:
        store.close()


async def _stamp(result: Result, cited: Sequence[Wish], order: Order, client: Any, authority: str) -> None:
    from cite_audit.snapshot import timestamp

    content = manifest.as_csv(result.captures, cited).encode()
    place = order.directory / "manifest.csv"
    write_whole(str(place), content)
    try:
        token, when = await timestamp.stamped(content, authority, client)
    except ArchiveError as error:
        result.remarks.append(str(error))
        return
    write_whole(f"{place}.tsr", token)
    result.remarks.append(f"{place} is timestamped {when:%Y-%m-%d %H:%M:%S} UTC: {place}.tsr")


def ended(
    result: Result, cited: Sequence[Wish], outputs: Sequence[tuple[str, str]], order: Order, *, quiet: int
) -> NoReturn:
    """Write the documents and leave: 0 all captured, 1 some will not be, 3 some are not known or not done yet."""
    for name, path in outputs:
        text = FORMATS[name](result, cited)
        if path:
            write_whole(path, text)
        elif quiet < 2:
            typer.echo(text, nl=False)
    if not quiet and not any(name == "text" and not path for name, path in outputs):
        for line in (*result.plans, *manifest.summary(result.captures), *result.remarks):
            typer.echo(f"cite-audit: {line}", err=True)
    raise typer.Exit(exit_code(result, dry_run=order.dry_run))


def exit_code(result: Result, *, dry_run: bool = False) -> int:
    """The exit code that the outcomes mean; in a dry run, whether everything could be looked up."""
    outcomes = {one.outcome for one in result.captures}
    if dry_run:
        return 3 if Outcome.UNKNOWN in outcomes else 0
    if outcomes & {Outcome.UNKNOWN, Outcome.PENDING, Outcome.UNVERIFIED}:
        return 3
    return 1 if outcomes & {Outcome.BAD, Outcome.REFUSED, Outcome.FAILED} else 0
