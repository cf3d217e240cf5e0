"""What our own tables promise whoever reads them: layout, words, order, reasons, and enough of the world."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from datetime import date
from functools import cache
from itertools import pairwise

import pytest

from cite_audit.report.sources.groups import CONTROLS, MEDIA, TYPOLOGY
from cite_audit.report.sources.registry import COLUMNS, DATA, RegistryRow, read_table_rows
from cite_audit.report.sources.registry_check import find_table_problems

HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
ISO = re.compile(  # 3166-1 alpha-2, by first letter; EU and XK are used besides
    r"A[DEFGILMOQRSTUWXZ]|B[ABDEFGHIJLMNOQRSTVWYZ]|C[ACDFGHIKLMNORUVWXYZ]|D[EJKMOZ]|E[CEGHRST]|F[IJKMOR]"
    r"|G[ABDEFGHILMNPQRSTUWY]|H[KMNRTU]|I[DELMNOQRST]|J[EMOP]|K[EGHIMNPRWYZ]|L[ABCIKRSTUVY]"
    r"|M[ACDEFGHKLMNOPQRSTUVWXYZ]|N[ACEFGILOPRUZ]|O[M]|P[AEFGHKLMNRSTWY]|Q[A]|R[EOSUW]"
    r"|S[ABCDEGHIJKLMNORSTVXYZ]|T[CDFGHJKLMNORTVWZ]|U[AGMSYZ]|V[ACEGINU]|W[FS]|Y[ET]|Z[AMW]"
    r"|EU|XK"
)
ACCOUNTS = ("t.me", "x.com", "youtube.com", "facebook.com", "vk.com", "ok.ru", "instagram.com", "tiktok.com")
TABLES = sorted(path.name for pattern in ("hosts-*.csv", "channels*.csv") for path in DATA.glob(pattern))


@cache
def rows_of(name: str) -> tuple[RegistryRow, ...]:
    with (DATA / name).open(encoding="utf-8", newline="") as text:
        return tuple(read_table_rows(text, name))


def every_row() -> list[RegistryRow]:
    return [row for name in TABLES for row in rows_of(name)]


def places(rows: list[RegistryRow]) -> list[str]:
    return [f"{row.file_and_line}: {row.key}" for row in rows]


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_the_documented_layout(name: str) -> None:
    content = (DATA / name).read_bytes()
    assert content.startswith(",".join(COLUMNS).encode() + b"\n")
    assert b"\r" not in content
    assert content.endswith(b"\n")


@pytest.mark.parametrize("name", TABLES)
def test_a_table_passes_the_check_users_run_on_theirs(name: str) -> None:
    assert list(find_table_problems(rows_of(name), strict=True)) == []


@pytest.mark.parametrize("name", TABLES)
def test_rows_are_sorted_by_key_and_period(name: str) -> None:
    order = [(row.key, row.valid_from) for row in rows_of(name)]
    assert order == sorted(order)


def test_words_are_those_of_the_glossary() -> None:
    for row in every_row():
        assert row.medium in MEDIA | {""}, row
        assert row.control in CONTROLS | {""}, row
        assert row.typology in TYPOLOGY | {""}, row
        assert row.confidence in {"high", "medium", "low", ""}, row


def test_countries_are_iso_codes() -> None:
    for row in every_row():
        assert not row.country or ISO.fullmatch(row.country), row
        assert not row.origin or ISO.fullmatch(row.origin), row


def test_keys_are_lower_case_ascii_hosts() -> None:
    assert places([row for row in every_row() if not HOST.fullmatch(row.key.partition("/")[0])]) == []
    assert places([row for row in every_row() if row.key != row.key.lower() or not row.key.isascii()]) == []
    assert places([row for row in every_row() if row.key.startswith("www.") or row.key.endswith("/")]) == []


def test_every_row_says_why_and_what_it_is_called() -> None:
    assert places([row for row in every_row() if len(row.basis) < 4]) == []
    assert places([row for row in every_row() if not row.name or not row.id]) == []


def test_every_channel_row_says_where_the_account_was_seen() -> None:
    evidence = re.compile(r"cited|\blists?\b|listed|linked|sample|seed|report|study|says|named|VIGINUM", re.I)
    rows = [row for row in every_row() if row.file.startswith("channels")]
    unseen = [row for row in rows if not evidence.search(row.basis) or "not seen" in row.basis]
    assert places(unseen) == []


def test_every_data_file_tells_when_and_from_what_it_was_made() -> None:
    with (DATA / "tables.csv").open(encoding="utf-8", newline="") as text:
        made = {record["file"]: record for record in csv.DictReader(text)}
    assert set(made) == {path.name for path in DATA.glob("*.csv")} - {"tables.csv"}
    assert [name for name, record in made.items() if not record["from"]] == []
    assert [name for name, record in made.items() if not date.fromisoformat(record["made"])] == []


def test_no_key_has_two_rows_for_one_day() -> None:
    periods = defaultdict(list)
    for row in every_row():
        periods[row.key].append(row)
    for rows in periods.values():
        for earlier, later in pairwise(sorted(rows, key=lambda row: row.valid_from)):
            apart = bool(earlier.valid_to) and later.valid_from >= earlier.valid_to
            assert apart, f"{earlier.file_and_line} overlaps {later.file_and_line}"


def test_a_key_stands_in_the_files_its_kind_belongs_to() -> None:
    for row in every_row():
        host, slash, _ = row.key.partition("/")
        assert row.file.startswith("channels") or not (slash and host in ACCOUNTS), row.file_and_line


def test_an_id_has_one_publisher() -> None:
    publishers = defaultdict(set)
    for row in every_row():
        publishers[row.id].add(row.publisher or row.id)
    assert {name: found for name, found in publishers.items() if len(found) > 1} == {}


def test_a_row_without_control_of_its_own_finds_it_at_its_site() -> None:
    sites = {row.id for row in every_row() if row.control and not row.file.startswith("channels")}
    lost = [row for row in every_row() if not row.control and not row.medium and row.id not in sites]
    assert places(lost) == []


def test_state_labels_name_the_state() -> None:
    named = {"state_run", "state_affiliated", "covert_state", "government"}
    assert places([row for row in every_row() if row.control in named and not row.country]) == []


def test_the_registry_covers_the_world() -> None:
    rows = every_row()
    hosts = {row.key for row in rows if not row.file.startswith("channels")}
    channels = {row.key for row in rows if row.file.startswith("channels")}
    state = {row.country for row in rows if row.control in {"state_run", "state_affiliated"}}
    press = {row.country for row in rows if row.control in {"private", "public_service", "nonprofit"}}
    exiled = {row.origin for row in rows if row.control == "exile"} - {""}
    assert len(hosts) >= 2000
    assert len(channels) >= 300
    assert len(state) >= 100
    assert len(press) >= 100
    assert {"RU", "BY", "IR", "CN", "SY", "MM", "NI", "VE", "AF", "AZ", "TM"} <= exiled
