"""The registry in memory: rows by key, from our tables and the user's."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from cite_audit.errors import ConfigError
from cite_audit.lazy_pattern import compile_lazily
from cite_audit.report.sources.groups import SourceMedium
from cite_audit.urls import to_ascii

DATA = Path(__file__).parent / "data"
_DISARMED = compile_lazily("^'(?=[-=+@＝＋－＠])")  # the apostrophe with which our own tables disarm a formula
TABLE_PATTERNS = ("hosts-*.csv", "channels*.csv", "suffixes*.csv")


class RegistryRow(NamedTuple):
    """One row of a table, as `data/README.md` describes the columns; `file` and `line` say where it stands."""

    key: str
    id: str = ""
    name: str = ""
    medium: str = ""
    control: str = ""
    country: str = ""
    origin: str = ""
    publisher: str = ""
    typology: str = ""
    valid_from: str = ""
    valid_to: str = ""
    successor: str = ""
    confidence: str = ""
    basis: str = ""
    file: str = ""
    line: int = 0
    reliability: str = ""  # only in users' tables: a rating of the source (Admiralty A–F, or words)
    credibility: str = ""  # only in users' tables: a rating of what it says (1–6)

    @property
    def file_and_line(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def period_text(self) -> str:
        """The period in words: `2014-03 to 2019-08`, `until 2021-05-18`; empty for always."""
        if self.valid_from and self.valid_to:
            return f"{self.valid_from} to {self.valid_to}"
        return f"from {self.valid_from}" if self.valid_from else f"until {self.valid_to}" if self.valid_to else ""


COLUMNS = RegistryRow._fields[:-4]
RATING_COLUMNS = RegistryRow._fields[-2:]
PASS_THROUGH_MEDIA = frozenset(
    {"", SourceMedium.UNKNOWN, SourceMedium.SHORTENER, SourceMedium.WEB_ARCHIVE, SourceMedium.DOCUMENT_HOST}
)


def _split_line(line: str) -> list[str]:
    """The cells of a line of CSV; few of ours hold a quotation mark."""
    return next(csv.reader([line])) if '"' in line else line.split(",")


class SourceTable:
    """The rows of one origin (ours, or one overlay) by key, periods in order of time.

    Lines of our tables are parsed when their key is looked up: of thousands a report needs a few dozen.
    """

    def __init__(self) -> None:
        self._rows: dict[str, list[RegistryRow]] = {}
        self._lines: dict[str, tuple[str, int, str]] = {}  # file, number and text of the first line of a key
        self._later_lines: dict[str, list[tuple[str, int, str]]] = {}
        self._keys_of_id: dict[str, list[str]] = {}  # the keys of hosts by the id of their source
        self._sites: dict[str, str] = {}
        self.hosts_with_paths: set[str] = set()  # hosts that have rows for paths below them
        self.suffixes: set[str] = set()  # endings, without their dot, that have rows

    def add_row(self, row: RegistryRow) -> None:
        self._rows.setdefault(row.key, []).append(row)
        self._rows[row.key].sort(key=lambda entry: entry.valid_from)
        if row.key.startswith("."):
            self.suffixes.add(row.key[1:])
        if "/" in row.key:
            self.hosts_with_paths.add(row.key.partition("/")[0])
        elif row.id:
            self._keys_of_id.setdefault(row.id, []).append(row.key)

    def add_lines(self, lines: list[str], file: str) -> None:
        """The lines of one of our own tables: one row each, key and id never quoted."""
        first_lines, keys_of_id = self._lines, self._keys_of_id
        for number, line in enumerate(lines[1:], 2):
            key, id, _ = line.split(",", 2)
            if key in first_lines:
                self._later_lines.setdefault(key, []).append((file, number, line))
            else:
                first_lines[key] = file, number, line
            if key[0] == ".":
                self.suffixes.add(key[1:])
            if "/" in key:
                self.hosts_with_paths.add(key.partition("/")[0])
            elif id in keys_of_id:
                keys_of_id[id].append(key)
            elif id:
                keys_of_id[id] = [key]

    def get_rows(self, key: str) -> list[RegistryRow] | None:
        """The rows of a key, or None."""
        if first_line := self._lines.pop(key, None):
            rows = [
                RegistryRow._make((*_split_line(line), file, number, "", ""))
                for file, number, line in (first_line, *self._later_lines.get(key, ()))
            ]
            self._rows[key] = sorted(rows, key=lambda row: row.valid_from)
        return self._rows.get(key)

    def site_key(self, id: str) -> str | None:
        """The key of the host row that describes a source best: one that knows its control, the shortest of them.

        A shortener or an archive of a newsroom ranks after its pages.
        """
        if id not in self._sites:
            rows_by_key = {key: self.get_rows(key) or [] for key in self._keys_of_id.get(id, ())}
            keys_with_control = [key for key, rows in rows_by_key.items() if any(row.control for row in rows)]
            order = sorted(
                keys_with_control, key=lambda key: (rows_by_key[key][-1].medium in PASS_THROUGH_MEDIA, len(key), key)
            )
            self._sites[id] = order[0] if order else ""
        return self._sites[id] or None

    def iterate_rows(self) -> Iterator[RegistryRow]:
        for key in [*self._lines, *self._rows]:
            yield from self.get_rows(key) or ()


@dataclass(frozen=True, slots=True, eq=False)
class Registry:
    """Every table that is asked, overlays first, and the version of them all together."""

    tables: tuple[SourceTable, ...]
    blocs: dict[str, str]
    version: str

    def iterate_rows(self) -> Iterator[RegistryRow]:
        for table in self.tables:
            yield from table.iterate_rows()


def normalize_key(key: str) -> str:
    """A key as the registry spells it: no scheme, no `www.`, ASCII host, lower case, no trailing slash."""
    key = re.sub(r"^[a-z]+://", "", key.strip().lower())
    host, slash, path = key.partition("/")
    dot = "." if host.startswith(".") else ""
    host = to_ascii(host.removeprefix("*.").removeprefix(".").removeprefix("www."))
    if path:
        host = {"twitter.com": "x.com", "telegram.me": "t.me"}.get(host, host)
    return (dot + host + slash + path).rstrip("/")


def choose_row(periods: list[RegistryRow], on: str) -> RegistryRow:
    """The row for a day (`YYYY-MM-DD`): the one whose period holds it, else the nearest earlier, else the first.

    Without a day the latest one. ISO dates of any precision compare as text: from is included, to is not.
    """
    if len(periods) == 1 or not on:
        return periods[-1]
    for row in reversed(periods):
        if row.valid_from <= on and (not row.valid_to or on < row.valid_to):
            return row
    return next((row for row in reversed(periods) if row.valid_from <= on), periods[0])


def read_table_rows(text: Iterable[str], file: str) -> Iterator[RegistryRow]:
    """The rows of a table whose first line names the columns; unknown columns are passed over.

    Comment lines (`# made 2026-11-30 from …`) may stand before it. Raises ConfigError where there is no `key` column.
    What the fields say is not checked here: `registry_check` does.
    """
    remaining_text = iter(text)
    comments = 0
    while (first_line := next(remaining_text, "")).startswith("#"):
        comments += 1
    lines = csv.reader(chain([first_line], remaining_text))
    header = tuple(cell.strip().lower() for cell in next(lines, []))
    if "key" not in header:
        raise ConfigError(f"{file}: the first line names no column “key”; it should read: {','.join(COLUMNS)}")
    kept_columns = [name if name in (*COLUMNS, *RATING_COLUMNS) else "" for name in header]
    for cells in lines:
        fields = {
            name: _DISARMED.sub("", cell.strip()) for name, cell in zip(kept_columns, cells, strict=False) if name
        }
        if fields.get("key"):
            yield RegistryRow(**fields, file=file, line=comments + lines.line_num)


def find_table_date(text: str) -> str:
    """The day on which a table was made, from the comment that `sources import` writes above it, or empty."""
    match = re.match(r"# made (\d{4}-\d\d-\d\d)", text)
    return match[1] if match else ""


def find_registry_date() -> str:
    """The day of our newest table, as `data/tables.csv` says."""
    with (DATA / "tables.csv").open(encoding="utf-8", newline="") as text:
        return max(record["made"] for record in csv.DictReader(text))


def _load_overlay(path: str) -> tuple[SourceTable, bytes, str]:
    """A table of the user's, its content, and the day it was made."""
    table = SourceTable()
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: the table of sources cannot be read: {error.strerror or error}") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: the table of sources is not UTF-8 (byte {error.start})") from error
    for row in read_table_rows(io.StringIO(text, newline=""), path):
        table.add_row(row._replace(key=normalize_key(row.key)))
    return table, content, find_table_date(text)


@lru_cache(maxsize=8)
def load_registry(overlays: tuple[str, ...] = ()) -> Registry:
    """The registry with the user's tables on top, later ones first. Raises ConfigError for a table it cannot read."""
    own_table = SourceTable()
    contents = []
    count = 0
    for path in sorted({path for pattern in TABLE_PATTERNS for path in DATA.glob(pattern)}):
        contents.append(path.read_bytes())
        lines = contents[-1].decode().rstrip("\n").split("\n")
        own_table.add_lines(lines, path.name)
        count += len(lines) - 1
    contents.append((DATA / "blocs.csv").read_bytes())
    blocs = dict(line.split(",") for line in contents[-1].decode().split()[1:])
    version = f"{count}-{_sum_up(contents)} of {find_registry_date()}"
    loaded_overlays = [_load_overlay(path) for path in reversed(overlays)]
    if loaded_overlays:
        overlay_date = max(date for _, _, date in loaded_overlays)
        overlay_sum = _sum_up(content for _, content, _ in loaded_overlays)
        version += f"+{overlay_sum}" + (f" of {overlay_date}" if overlay_date else "")
    return Registry((*(table for table, _, _ in loaded_overlays), own_table), blocs, version)


def _sum_up(contents: Iterable[bytes]) -> str:
    """A digest of tables, to tell two states of them apart."""
    return hashlib.sha256(b"".join(contents)).hexdigest()[:8]
