"""`cite-audit cache`: what this machine remembers of links, and how to make it forget."""

from __future__ import annotations

from typing import Annotated

import typer

STORE = Annotated[str, typer.Option("--store", help="Database of what was seen; the user's cache by default.")]

cache = typer.Typer(help="Look after what was seen: stats, prune, path, clear.", no_args_is_help=True)


@cache.command()
def stats(store: STORE = "") -> None:
    """Tell how much is remembered, since when, and in how many bytes."""
    from datetime import UTC, datetime

    from cite_audit.report.render.wording import count
    from cite_audit.store.upkeep import place, stock

    found = stock(place(store))
    names = {"verdict": "link", "page": "page", "history": "history entry", "run": "run", "shelf": "other entry"}
    typer.echo(f"{found.path}   {found.size / 1e6:.1f} MB")
    for table, name in names.items():
        number, _, noun = count(found.rows[table], name).partition(" ")
        typer.echo(f"{number:>10} {noun}")
    if found.oldest is not None and found.newest is not None:
        days = [f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}" for at in (found.oldest, found.newest)]
        typer.echo(f"{'':>10} from {days[0]} to {days[1]}")


@cache.command()
def prune(
    older_than: Annotated[str, typer.Option(help="Forget what is older: 90d, 12h.")] = "90d", store: STORE = ""
) -> None:
    """Forget what was seen long ago, and what has expired."""
    from cite_audit.config_values import value_of
    from cite_audit.errors import UsageError
    from cite_audit.report.render.wording import count
    from cite_audit.store.upkeep import place
    from cite_audit.store.upkeep import prune as forget

    try:
        seconds = value_of(float, older_than)
    except (ValueError, OverflowError):
        raise UsageError(f"--older-than: {older_than!r} is not a time such as 90d or 12h") from None
    typer.echo(f"{count(forget(place(store), seconds), 'row')} forgotten")


@cache.command()
def path(store: STORE = "") -> None:
    """Tell where the database is."""
    from cite_audit.store.upkeep import place

    typer.echo(place(store))


@cache.command()
def clear(store: STORE = "") -> None:
    """Forget everything."""
    from cite_audit.report.render.wording import count
    from cite_audit.store.upkeep import clear as forget
    from cite_audit.store.upkeep import place

    typer.echo(f"{count(forget(place(store)), 'row')} forgotten")
