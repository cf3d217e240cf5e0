"""Whether a table of sources is sound: every problem with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cite_audit.report.sources.groups import CONTROLS, MEDIA, TYPOLOGY
from cite_audit.report.sources.registry import Row
from cite_audit.urls import to_ascii

_UNSAID = {"unknown"}  # said on purpose: no wider row fills it in
_WORDS = {
    "medium": MEDIA | _UNSAID,
    "control": CONTROLS | _UNSAID,
    "typology": TYPOLOGY,
    "confidence": {"high", "medium", "low"},
}
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HOST = re.compile(r"\.?([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_NEEDS_REASON = frozenset({"state_run", "state_affiliated", "covert_state", "private_aligned"})


class Problem(NamedTuple):
    line: int
    column: str
    problem: str


def tidy_key(key: str) -> str:
    """A key as the registry spells it: no scheme, no `www.`, ASCII host, lower case, no trailing slash."""
    key = re.sub(r"^[a-z]+://", "", key.strip().lower())
    host, slash, path = key.partition("/")
    dot = "." if host.startswith(".") else ""
    host = to_ascii(host.removeprefix("*.").removeprefix(".").removeprefix("www."))
    if path:
        host = {"twitter.com": "x.com", "telegram.me": "t.me"}.get(host, host)
    return (dot + host + slash + path).rstrip("/")


def problems(rows: Iterable[Row], *, strict: bool = False) -> Iterator[Problem]:
    """What is wrong with the rows of one table. `strict` wants what our own tables promise: order and reasons."""
    seen: dict[tuple[str, str], int] = {}
    before = ("", "")
    for row in rows:
        yield from _of_row(row, strict)
        place = (row.key, row.valid_from)
        if place in seen:
            yield Problem(row.line, "key", f"{row.key} stands in line {seen[place]} already")
        seen[place] = row.line
        if strict and place < before:
            yield Problem(row.line, "key", f"out of order: {row.key} comes after {before[0]}")
        before = place


def _of_row(row: Row, strict: bool) -> Iterator[Problem]:
    if row.key != tidy_key(row.key):
        yield Problem(row.line, "key", f"“{row.key}” should be written “{tidy_key(row.key)}”")
    elif not _HOST.fullmatch(row.key.partition("/")[0]):
        yield Problem(row.line, "key", f"“{row.key}” is no host")
    for column, words in _WORDS.items():
        value = getattr(row, column)
        if value and value not in words:
            yield Problem(row.line, column, f"“{value}” is none of {', '.join(sorted(words))}")
    for column in ("country", "origin"):
        value = getattr(row, column)
        if value and not re.fullmatch(r"[A-Z]{2}", value):
            yield Problem(row.line, column, f"“{value}” is no ISO 3166-1 alpha-2 code")
    for column in ("id", "publisher"):
        value = getattr(row, column)
        if value and not _ID.fullmatch(value):
            yield Problem(row.line, column, f"“{value}” is not kebab-case ASCII")
    for column in ("valid_from", "valid_to"):
        value = getattr(row, column)
        if value and not _DATE.fullmatch(value):
            yield Problem(row.line, column, f"“{value}” is no date (YYYY, YYYY-MM or YYYY-MM-DD)")
    if row.valid_from and row.valid_to and row.valid_from >= row.valid_to:
        yield Problem(row.line, "valid_to", f"the period ends ({row.valid_to}) before it begins ({row.valid_from})")
    if strict and row.control in _NEEDS_REASON and not row.basis:
        yield Problem(row.line, "basis", f"{row.key} is called {row.control} without a reason")
