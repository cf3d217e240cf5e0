"""Our own tables keep their promises, and a user's are checked line by line."""

import csv
import io

import pytest

from cite_audit.report.sources.registry import (
    COLUMNS,
    DATA,
    TABLE_PATTERNS,
    RegistryRow,
    choose_row,
    load_registry,
    normalize_key,
    read_table_rows,
)
from cite_audit.report.sources.registry_check import find_table_problems

FILES = sorted({path for pattern in TABLE_PATTERNS for path in DATA.glob(pattern)})


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.name))
def test_our_tables_are_sound(path):  # type: ignore[no-untyped-def]
    text = path.read_text("utf-8")
    rows = list(read_table_rows(io.StringIO(text, newline=""), path.name))
    assert len(rows) == text.count("\n") - 1 > 0, "one row a line, no line empty, the last one ended"
    assert list(find_table_problems(rows)) == []


def test_no_two_of_our_files_speak_of_one_key_and_period() -> None:
    seen: dict[tuple[str, str], str] = {}
    twice = []
    for row in load_registry().iterate_rows():
        other = seen.setdefault((row.key, row.valid_from), row.file_and_line)
        if other != row.file_and_line:
            twice.append((row.key, other, row.file_and_line))
    assert twice == []


def test_state_media_rows_say_why() -> None:
    silent = [
        row.file_and_line
        for row in load_registry().iterate_rows()
        if row.control in ("state_run", "covert_state") and not row.basis
    ]
    assert silent == []


def test_platforms_are_read_from_their_table() -> None:
    with (DATA / "platforms.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["platform"] for row in rows}) > 25
    assert all(row["home"] and row["hosts"] and row["keys"] for row in rows)


def _row(**fields: str) -> RegistryRow:
    return RegistryRow(**{"key": "example.org", **fields}, file="x.csv", line=2)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (_row(key="https://www.Example.org/"), "key"),
        (_row(key="exa mple.org"), "key"),
        (_row(control="goverment"), "control"),
        (_row(medium="newspaper"), "medium"),
        (_row(country="Russia"), "country"),
        (_row(id="Novaya Gazeta"), "id"),
        (_row(valid_from="March 2014"), "valid_from"),
        (_row(valid_from="2019", valid_to="2014"), "valid_to"),
        (_row(confidence="sure"), "confidence"),
    ],
)
def test_a_mistake_is_found_with_its_line_and_column(row: RegistryRow, column: str) -> None:
    assert [(found.line, found.column) for found in find_table_problems([row])] == [(2, column)]


def test_repeated_keys_and_missing_reasons_are_found() -> None:
    row = _row(control="state_run")
    assert [found.column for found in find_table_problems([row, row], strict=True)] == ["basis", "basis", "key"]


@pytest.mark.parametrize(
    ("written", "tidy"),
    [
        ("https://www.Example.org/", "example.org"),
        ("мид.рф", "xn--d1ahl.xn--p1ai"),
        ("twitter.com/Reuters", "x.com/reuters"),
        ("*.gov.ru", "gov.ru"),
        (".gov.ru", ".gov.ru"),
    ],
)
def test_keys_are_tidied(written: str, tidy: str) -> None:
    assert normalize_key(written) == tidy


def test_periods_include_their_first_day_and_not_their_last() -> None:
    early, late = RegistryRow("a", valid_to="2014-03"), RegistryRow("a", valid_from="2015")
    assert choose_row([early, late], "2014-02-28") is early
    assert choose_row([early, late], "2014-06-01") is early, "between two periods the earlier still serves"
    assert choose_row([early, late], "2015-01-01") is late
    assert choose_row([early, late], "") is late


def test_rows_of_overlays_may_leave_columns_out_and_order_them_freely() -> None:
    rows = list(read_table_rows(["control,key,remark\n", "private,example.org,x\n", ",,\n"], "mine.csv"))
    assert rows == [RegistryRow("example.org", control="private", file="mine.csv", line=2)]
    assert len(COLUMNS) == 14
