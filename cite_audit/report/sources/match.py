"""Which rows of the registry speak of an address, most specific first."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from cite_audit.report.sources.channels import Account, find_account
from cite_audit.report.sources.doi import RESOLVERS, find_registrant
from cite_audit.report.sources.groups import PLATFORMS, SourceMedium
from cite_audit.report.sources.lookalikes import find_lookalike_row
from cite_audit.report.sources.registry import Registry, RegistryRow, SourceTable, choose_row
from cite_audit.urls import Wrapping, unwrap_fully


class RegistryMatch(NamedTuple):
    """An address taken apart: what it wraps, whose account it is, and the rows that speak of it in order of weight."""

    url: str  # the inner address
    host: str
    via: str  # archive, redirector, translate, amp … or the platform; empty for the source's own site
    account: Account | None
    rows: tuple[RegistryRow, ...]
    path: str = ""


def match_address(url: str, on: str, registry: Registry) -> RegistryMatch:
    """The rows that speak of an address on a day (`YYYY-MM-DD`, or empty for the latest)."""
    url, host, path, query, via = unwrap_fully(url)
    host = host.removeprefix("www.")
    who = find_account(host, path, query, url.partition("#")[2])
    rows: list[RegistryRow] = []
    if who is not None and who.name:
        _add_account_rows(who, on, registry, rows)
        return RegistryMatch(url, host, via or who.platform, who, tuple(rows), path)
    if registrant := find_registrant(host, path):
        host, path, via = registrant.host, "/", via or Wrapping.REDIRECTOR
        rows = [registrant.row] if registrant.row and not _rows_of_host(host, path, on, registry) else []
    if who is not None and who.home != host:
        host = who.home
    via = _add_page_rows(host, path, via, on, registry, rows)
    return RegistryMatch(url, host, via or (who.platform if who else ""), who, tuple(rows), path)


@lru_cache(maxsize=16384)
def match_site(host: str, via: str, on: str, registry: Registry) -> RegistryMatch | None:
    """The match of every page of a host; None where accounts, identifiers or rows of paths tell its pages apart."""
    if find_account(host, "/") or host in RESOLVERS or _rows_of_site(host, on, registry)[1]:
        return None
    rows: list[RegistryRow] = []
    via = _add_page_rows(host, "/", via, on, registry, rows)
    return RegistryMatch("", host, via, None, tuple(rows), "/")


def _add_page_rows(host: str, path: str, via: str, on: str, registry: Registry, rows: list[RegistryRow]) -> str:
    """Add the rows of a page that is no account's; returns what it is seen through."""
    for row in _rows_of_host(host, path, on, registry):
        site_rows = _find_site_rows(row, on, registry) if row.medium == SourceMedium.SHORTENER else []
        if site_rows and not any(site_row.medium in PLATFORMS for site_row in site_rows):
            rows += site_rows  # a newsroom's own shortener (reut.rs) leads only to its site
            via = via or Wrapping.REDIRECTOR
        else:
            rows.append(row)
            if not (row.medium and row.control):
                rows += _find_site_rows(row, on, registry)
    if not rows and (suspicion := find_lookalike_row(host)):
        rows.append(suspicion)
    return via


def _add_account_rows(account: Account, on: str, registry: Registry, rows: list[RegistryRow]) -> None:
    for name in account.keys:
        for table in registry.tables:
            if periods := table.get_rows(name):
                row = choose_row(periods, on)
                rows.append(row)
                rows.extend(_find_site_rows(row, on, registry))


def _find_site_rows(row: RegistryRow, on: str, registry: Registry) -> list[RegistryRow]:
    """The row of the site that a channel or mirror row names by its id."""
    if not row.id:
        return []
    site_rows = []
    for table in registry.tables:
        site_key = table.site_key(row.id)
        if site_key and site_key != row.key:
            site_rows.append(choose_row(table.get_rows(site_key) or [row], on))
    return site_rows


def _rows_of_host(host: str, path: str, on: str, registry: Registry) -> tuple[RegistryRow, ...]:
    """Longest path, then longest host, then longest suffix; of equal keys the user's table first."""
    rows, has_paths = _rows_of_site(host, on, registry)
    return _rows_of_page(host, path, on, registry) if has_paths and path else rows


@lru_cache(maxsize=16384)
def _rows_of_site(host: str, on: str, registry: Registry) -> tuple[tuple[RegistryRow, ...], bool]:
    """The rows of a host, its parents and their suffixes, and whether others speak of pages of one of them."""
    rows: list[RegistryRow] = []
    suffixes = []
    has_paths = False
    name = host
    while name:
        for table in registry.tables:
            has_paths = has_paths or name in table.hosts_with_paths
            if periods := table.get_rows(name):
                rows.append(choose_row(periods, on))
            if name in table.suffixes and (periods := table.get_rows(f".{name}")):
                suffixes.append(choose_row(periods, on))
        name = name.partition(".")[2]
    return (*rows, *suffixes), has_paths


@lru_cache(maxsize=16384)
def _rows_of_page(host: str, path: str, on: str, registry: Registry) -> tuple[RegistryRow, ...]:
    """The rows of a host as `_rows_of_site` gives them, before those of each name the ones of its paths."""
    rows: list[RegistryRow] = []
    name = host
    while name:
        for table in registry.tables:
            if name in table.hosts_with_paths:
                rows.extend(_rows_of_path(table, name, path, on))
        rows.extend(choose_row(periods, on) for table in registry.tables if (periods := table.get_rows(name)))
        name = name.partition(".")[2]
    return *rows, *(row for row in _rows_of_site(host, on, registry)[0] if row.key[0] == ".")


def _rows_of_path(table: SourceTable, host: str, path: str, on: str) -> list[RegistryRow]:
    rows = []
    page_key = host + path.rstrip("/").lower()
    while len(page_key) > len(host):
        if periods := table.get_rows(page_key):
            rows.append(choose_row(periods, on))
        page_key = page_key.rpartition("/")[0]
    return rows
