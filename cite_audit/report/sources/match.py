"""Which rows of the registry speak of an address, most specific first."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from cite_audit.report.sources.channels import Account, account
from cite_audit.report.sources.registry import Registry, Row, Table, choose
from cite_audit.urls import see_through


class Match(NamedTuple):
    """An address taken apart: what it wraps, whose account it is, and the rows that speak of it in order of weight."""

    url: str  # the inner address
    host: str
    via: str  # archive, redirector, translate, amp … or the platform; empty for the source's own site
    account: Account | None
    rows: tuple[Row, ...]


def match(url: str, on: str, registry: Registry) -> Match:
    """The rows that speak of an address on a day (`YYYY-MM-DD`, or empty for the latest)."""
    url, host, path, query, via = see_through(url)
    host = host.removeprefix("www.")
    who = account(host, path, query)
    rows: list[Row] = []
    if who is not None and who.name:
        _of_account(who, on, registry, rows)
        return Match(url, host, via or who.platform, who, tuple(rows))
    if who is not None and who.home != host:
        host = who.home
    for row in _of_host(host, path, on, registry):
        if row.medium == "shortener" and (site := _site(row, on, registry)):
            rows += site  # a newsroom's own shortener, reut.rs, leads nowhere else
            via = via or "redirector"
        else:
            rows.append(row)
            if not (row.medium and row.control):
                rows += _site(row, on, registry)
    return Match(url, host, via or (who.platform if who else ""), who, tuple(rows))


def _of_account(who: Account, on: str, registry: Registry, rows: list[Row]) -> None:
    for name in who.keys:
        for table in registry.tables:
            if periods := table.get(name):
                row = choose(periods, on)
                rows.append(row)
                rows.extend(_site(row, on, registry))


def _site(row: Row, on: str, registry: Registry) -> list[Row]:
    """The row of the site that a channel or mirror row names by its id."""
    if not row.id:
        return []
    found = []
    for table in registry.tables:
        home = table.site(row.id)
        if home and home != row.key:
            found.append(choose(table.get(home) or [row], on))
    return found


def _of_host(host: str, path: str, on: str, registry: Registry) -> tuple[Row, ...]:
    """Longest path, then longest host, then longest suffix; of equal keys the user's table first."""
    return _of_pages(host, path if _has_paths(host, registry) else "", on, registry)


@lru_cache(maxsize=16384)
def _has_paths(host: str, registry: Registry) -> bool:
    """Whether rows speak of parts of a site, or of one that it is part of."""
    names = host.split(".")
    above = {".".join(names[level:]) for level in range(len(names))}
    return any(not above.isdisjoint(table.with_paths) for table in registry.tables)


@lru_cache(maxsize=16384)
def _of_pages(host: str, path: str, on: str, registry: Registry) -> tuple[Row, ...]:
    rows: list[Row] = []
    suffixes = []
    name = host
    while name:
        for table in registry.tables:
            if name in table.with_paths and path:
                rows.extend(_of_path(table, name, path, on))
        for table in registry.tables:
            if periods := table.get(name):
                rows.append(choose(periods, on))
            if periods := table.get("." + name):
                suffixes.append(choose(periods, on))
        _, _, name = name.partition(".")
    return *rows, *suffixes


def _of_path(table: Table, host: str, path: str, on: str) -> list[Row]:
    found = []
    below = host + path.rstrip("/").lower()
    while len(below) > len(host):
        if periods := table.get(below):
            found.append(choose(periods, on))
        below = below.rpartition("/")[0]
    return found
