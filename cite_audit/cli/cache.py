"""`cite-audit cache`: what this machine remembers of links, and how to make it forget."""

from __future__ import annotations

from typing import Annotated

import typer

from cite_audit.cli.options import Store
from cite_audit.cli.writing import put

cache = typer.Typer(help="Look after what was seen: stats, prune, path, clear.", no_args_is_help=True)


@cache.command()
def stats(store: Store = "") -> None:
    """Tell how much is remembered, since when, and in how many bytes."""
    from datetime import UTC, datetime

    from cite_audit.report.render.wording import count
    from cite_audit.store.upkeep import place, stock

    found = stock(place(store))
    names = {"verdict": "link", "page": "page", "history": "history entry", "run": "run", "shelf": "other entry"}
    lines = [f"{found.path}   {found.size / 1e6:.1f} MB"]
    for table, name in names.items():
        number, _, noun = count(found.rows[table], name).partition(" ")
        lines.append(f"{number:>10} {noun}")
    if found.oldest is not None and found.newest is not None:
        days = [f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}" for at in (found.oldest, found.newest)]
        lines.append(f"{'':>10} from {days[0]} to {days[1]}")
    put("".join(f"{line}\n" for line in lines))


@cache.command()
def prune(
    older_than: Annotated[str, typer.Option(help="Forget what is older: 90d, 12h.", metavar="TIME")] = "90d",
    store: Store = "",
) -> None:
    """Forget what was seen long ago, and what has expired."""
    from cite_audit.cli.settings import span
    from cite_audit.errors import UsageError
    from cite_audit.report.render.wording import count
    from cite_audit.store.upkeep import place
    from cite_audit.store.upkeep import prune as forget

    seconds = span("older-than", older_than)
    if seconds is None:
        raise UsageError("--older-than: a time is missing")
    put(f"{count(forget(place(store), seconds), 'row')} forgotten\n")


@cache.command()
def path(store: Store = "") -> None:
    """Tell where the database is."""
    from cite_audit.store.upkeep import place

    put(f"{place(store)}\n")


@cache.command()
def clear(store: Store = "") -> None:
    """Forget everything."""
    from cite_audit.report.render.wording import count
    from cite_audit.store.upkeep import clear as forget
    from cite_audit.store.upkeep import place

    put(f"{count(forget(place(store)), 'row')} forgotten\n")
