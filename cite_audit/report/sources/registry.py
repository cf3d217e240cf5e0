"""The registry in memory: rows by key, from our tables and the user's."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cite_audit.errors import ConfigError

DATA = Path(__file__).parent / "data"
OURS = ("hosts-*.csv", "channels*.csv", "suffixes*.csv")


class Row(NamedTuple):
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

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"

    @property
    def period(self) -> str:
        """The period in words: `2014-03 to 2019-08`, `until 2021-05-18`; empty for always."""
        if self.valid_from and self.valid_to:
            return f"{self.valid_from} to {self.valid_to}"
        return f"from {self.valid_from}" if self.valid_from else f"until {self.valid_to}" if self.valid_to else ""


COLUMNS = Row._fields[:-2]
MERE_WAYS = frozenset({"", "unknown", "shortener", "web_archive", "document_host"})


class Table:
    """The rows of one origin (ours, or one overlay) by key, periods in order of time.

    Lines of ours wait unread until somebody asks for their key: thousands are there, a report needs a few dozen.
    """

    def __init__(self) -> None:
        self._rows: dict[str, list[Row]] = {}
        self._lines: dict[str, list[tuple[str, int, str]]] = {}
        self._keys_of_id: dict[str, list[str]] = {}
        self._sites: dict[str, str] = {}
        self.with_paths: set[str] = set()  # hosts that have rows for paths below them

    def add(self, row: Row) -> None:
        self._rows.setdefault(row.key, []).append(row)
        self._rows[row.key].sort(key=lambda each: each.valid_from)
        self._index(row.key, row.id)

    def add_lines(self, lines: list[str], file: str) -> None:
        """The lines of one of our own tables: one row each, key and id never quoted."""
        for number, line in enumerate(lines[1:], 2):
            key, _, rest = line.partition(",")
            if key:
                self._lines.setdefault(key, []).append((file, number, line))
                self._index(key, rest.partition(",")[0])

    def _index(self, key: str, id: str) -> None:
        name, slash, _ = key.partition("/")
        if slash:
            self.with_paths.add(name)
        elif id:
            self._keys_of_id.setdefault(id, []).append(key)

    def get(self, key: str) -> list[Row] | None:
        """The rows of a key, or None."""
        if key in self._lines:
            waiting = self._lines.pop(key)
            rows = [Row._make((*next(csv.reader([line])), file, number)) for file, number, line in waiting]
            self._rows[key] = sorted(rows, key=lambda each: each.valid_from)
        return self._rows.get(key)

    def site(self, id: str) -> str | None:
        """The key of the host row that describes a source best: one that knows its control, the shortest of them.

        A shortener or an archive of a newsroom stands back behind its pages.
        """
        if id not in self._sites:
            known = {key: self.get(key) or [] for key in set(self._keys_of_id.get(id, ()))}
            good = [key for key, rows in known.items() if any(row.control for row in rows)]
            order = sorted(good, key=lambda key: (known[key][-1].medium in MERE_WAYS, len(key), key))
            self._sites[id] = order[0] if order else ""
        return self._sites[id] or None

    def rows(self) -> Iterator[Row]:
        for key in [*self._lines, *self._rows]:
            yield from self.get(key) or ()


@dataclass(frozen=True, slots=True, eq=False)
class Registry:
    """Every table that is asked, overlays first, and the version of them all together."""

    tables: tuple[Table, ...]
    blocs: dict[str, str]
    version: str

    def rows(self) -> Iterator[Row]:
        for table in self.tables:
            yield from table.rows()


def choose(periods: list[Row], on: str) -> Row:
    """The row for a day (`YYYY-MM-DD`): the one whose period holds it, else the nearest earlier, else the first.

    Without a day the latest one. ISO dates of any precision compare as text: from is included, to is not.
    """
    if len(periods) == 1 or not on:
        return periods[-1]
    for row in reversed(periods):
        if row.valid_from <= on and (not row.valid_to or on < row.valid_to):
            return row
    return next((row for row in reversed(periods) if row.valid_from <= on), periods[0])


def read_rows(text: Iterable[str], file: str) -> Iterator[Row]:
    """The rows of a table whose first line names the columns; unknown columns are passed over.

    Raises ConfigError where there is no `key` column. What the fields say is not checked here: `check` does.
    """
    lines = csv.reader(text)
    header = tuple(cell.strip().lower() for cell in next(lines, []))
    if "key" not in header:
        raise ConfigError(f"{file}: the first line names no column “key”; it should read: {','.join(COLUMNS)}")
    wanted = [name if name in COLUMNS else "" for name in header]
    for cells in lines:
        fields = {name: cell.strip() for name, cell in zip(wanted, cells, strict=False) if name}
        if fields.get("key"):
            yield Row(**fields, file=file, line=lines.line_num)


def _overlay(path: str, digest: hashlib._Hash) -> Table:
    from cite_audit.report.sources.check import tidy_key

    table = Table()
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: the table of sources cannot be read: {error.strerror or error}") from error
    digest.update(content)
    try:
        lines = io.StringIO(content.decode("utf-8-sig"), newline="")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: the table of sources is not UTF-8 (byte {error.start})") from error
    for row in read_rows(lines, path):
        table.add(row._replace(key=tidy_key(row.key)))
    return table


@lru_cache(maxsize=8)
def load(overlays: tuple[str, ...] = ()) -> Registry:
    """The registry with the user's tables on top, later ones first. Raises ConfigError for a table it cannot read."""
    digest = hashlib.sha256()
    ours = Table()
    count = 0
    for path in sorted({path for pattern in OURS for path in DATA.glob(pattern)}):
        content = path.read_bytes()
        digest.update(content)
        lines = content.decode().rstrip("\n").split("\n")
        ours.add_lines(lines, path.name)
        count += len(lines) - 1
    blocs_text = (DATA / "blocs.csv").read_text("utf-8")
    digest.update(blocs_text.encode())
    blocs = dict(line.split(",") for line in blocs_text.split()[1:])
    version = f"{count}-{digest.hexdigest()[:8]}"
    above = hashlib.sha256()
    tables = tuple(_overlay(path, above) for path in reversed(overlays))
    if tables:
        version += f"+{above.hexdigest()[:8]}"
    return Registry((*tables, ours), blocs, version)
