"""`cite-audit cache`: what this machine remembers of links, and how to make it forget."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cite_audit.cli import options
from cite_audit.cli.output_files import write_document

cache = typer.Typer(help="Look after what was seen: stats, prune, path, clear.", no_args_is_help=True)


@cache.command()
@options.with_shared_options()
def stats(store: str = options.SETTING, *, flags: dict[str, Any]) -> None:
    """Tell how much is remembered, since when, and in how many bytes."""
    from datetime import UTC, datetime

    from cite_audit.report.render.labels import format_count
    from cite_audit.store.maintenance import locate_store, measure_store

    statistics = measure_store(locate_store(store))
    names = {"verdict": "link", "page": "page", "history": "history entry", "run": "run", "shelf": "other entry"}
    lines = [f"{statistics.path}   {statistics.size / 1e6:.1f} MB"]
    for table, name in names.items():
        number, _, noun = format_count(statistics.rows[table], name).partition(" ")
        lines.append(f"{number:>10} {noun}")
    if statistics.oldest is not None and statistics.newest is not None:
        days = [
            f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}" for seconds in (statistics.oldest, statistics.newest)
        ]
        lines.append(f"{'':>10} from {days[0]} to {days[1]}")
    write_document("".join(f"{line}\n" for line in lines))


@cache.command()
@options.with_shared_options()
def prune(
    older_than: Annotated[str, typer.Option(help="Forget what is older: 90d, 12h.", metavar="TIME")] = "90d",
    store: str = options.SETTING,
    *,
    flags: dict[str, Any],
) -> None:
    """Forget what was seen long ago, and what has expired."""
    from cite_audit.cli.settings import parse_time_flag
    from cite_audit.errors import UsageError
    from cite_audit.report.render.labels import format_count
    from cite_audit.store.maintenance import locate_store
    from cite_audit.store.maintenance import prune_store as forget

    seconds = parse_time_flag("older-than", older_than)
    if seconds is None:
        raise UsageError("--older-than: a time is missing")
    write_document(f"{format_count(forget(locate_store(store), seconds), 'row')} forgotten\n")


@cache.command()
@options.with_shared_options()
def path(store: str = options.SETTING, *, flags: dict[str, Any]) -> None:
    """Tell where the database is."""
    from cite_audit.store.maintenance import locate_store

    write_document(f"{locate_store(store)}\n")


@cache.command()
@options.with_shared_options()
def clear(store: str = options.SETTING, *, flags: dict[str, Any]) -> None:
    """Forget everything."""
    from cite_audit.report.render.labels import format_count
    from cite_audit.store.maintenance import clear_store as forget
    from cite_audit.store.maintenance import locate_store

    write_document(f"{format_count(forget(locate_store(store)), 'row')} forgotten\n")
