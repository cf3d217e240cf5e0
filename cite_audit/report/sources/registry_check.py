"""Whether a table of sources is sound: every problem with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cite_audit.report.sources.groups import TYPOLOGY, RowConfidence, SourceControl, SourceMedium
from cite_audit.report.sources.registry import RegistryRow, normalize_key

_VOCABULARIES = {  # `unknown` is said on purpose: no wider row fills it in
    "medium": frozenset(SourceMedium),
    "control": frozenset(SourceControl),
    "typology": TYPOLOGY,
    "confidence": frozenset(RowConfidence),
}
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HOST = re.compile(r"\.?([a-z0-9_]([a-z0-9_-]*+(?<!-))?\.)*+[a-z0-9]([a-z0-9-]*+(?<!-))?")
_NEEDS_REASON = frozenset(
    {
        SourceControl.STATE_RUN,
        SourceControl.STATE_AFFILIATED,
        SourceControl.COVERT_STATE,
        SourceControl.PRIVATE_ALIGNED,
    }
)


class TableProblem(NamedTuple):
    line: int
    column: str
    message: str


def find_table_problems(rows: Iterable[RegistryRow], *, strict: bool = False) -> Iterator[TableProblem]:
    """The problems of the rows of one table. `strict` also requires what our own tables promise: order and reasons."""
    line_of_place: dict[tuple[str, str], int] = {}
    previous_place = ("", "")
    for row in rows:
        yield from _find_row_problems(row, strict)
        place = (row.key, row.valid_from)
        if place in line_of_place:
            yield TableProblem(row.line, "key", f"{row.key} stands in line {line_of_place[place]} already")
        line_of_place[place] = row.line
        if strict and place < previous_place:
            yield TableProblem(row.line, "key", f"out of order: {row.key} comes after {previous_place[0]}")
        previous_place = place


def _find_row_problems(row: RegistryRow, strict: bool) -> Iterator[TableProblem]:
    if row.key != normalize_key(row.key):
        yield TableProblem(row.line, "key", f"“{row.key}” should be written “{normalize_key(row.key)}”")
    elif not _HOST.fullmatch(row.key.partition("/")[0]):
        yield TableProblem(row.line, "key", f"“{row.key}” is no host")
    for column, words in _VOCABULARIES.items():
        value = getattr(row, column)
        if value and value not in words:
            yield TableProblem(row.line, column, f"“{value}” is none of {', '.join(sorted(words))}")
    for column in ("country", "origin"):
        value = getattr(row, column)
        if value and not re.fullmatch(r"[A-Z]{2}", value):
            yield TableProblem(row.line, column, f"“{value}” is no ISO 3166-1 alpha-2 code")
    for column in ("id", "publisher"):
        value = getattr(row, column)
        if value and not _ID.fullmatch(value):
            yield TableProblem(row.line, column, f"“{value}” is not kebab-case ASCII")
    for column in ("valid_from", "valid_to"):
        value = getattr(row, column)
        if value and not _DATE.fullmatch(value):
            yield TableProblem(row.line, column, f"“{value}” is no date (YYYY, YYYY-MM or YYYY-MM-DD)")
    if row.valid_from and row.valid_to and row.valid_from >= row.valid_to:
        yield TableProblem(
            row.line, "valid_to", f"the period ends ({row.valid_to}) before it begins ({row.valid_from})"
        )
    if strict and row.control in _NEEDS_REASON and not row.basis:
        yield TableProblem(row.line, "basis", f"{row.key} is called {row.control} without a reason")
