"""JSON that is safe to print: valid UTF-8, and what a terminal might act upon written as an escape.

Indented text is put together here: the standard library's C encoder cannot indent, and its Python one takes a second
for ten thousand links. An iterator of pairs is written as an object, so that a large one is never held whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cite_audit.report.render.base import RenderOptions
    from cite_audit.report.render.table import Table

# What a terminal might act upon stays data, but is written as an escape; only strings can hold it.
_UNSAFE_CHARACTERS = re.compile(
    "[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_SHORT_TYPES = {int, bool, float, type(None)}
_PLAIN_TYPES = {str, *_SHORT_TYPES}
_CONTAINER_TYPES = {dict, list, tuple}


class SharedValue:
    """A value that many objects hold: its text is made once for each depth."""

    __slots__ = ("texts", "value")

    def __init__(self, value: dict[str, Any]) -> None:
        self.value = value
        self.texts: dict[str, str] = {}

    def text_at_depth(self, line: str, step: str) -> str:
        if line not in self.texts:
            pieces: list[str] = []
            _write_value(self.value, line, step, pieces.append)
            self.texts[line] = "".join(pieces)
        return self.texts[line]


def dump_json(value: object, indent: int | None = None) -> str:
    """A value as JSON text on one line, or indented; NaN and infinities raise ValueError."""
    if indent is not None:
        return encode_indented(value, indent)
    return escape_unsafe(json.dumps(value, ensure_ascii=False, allow_nan=False))


def write_table(table: Table, options: RenderOptions) -> str:
    """JSON Lines: one object for each row, keys in the order of the columns; lists stay lists."""
    return "".join(f"{dump_json({name: row[name] for name in table.column_names})}\n" for row in table.rows)


def escape_unsafe(text: str) -> str:
    """JSON text without what a terminal might act upon."""
    if text.isascii() and "\x7f" not in text:
        return text
    return _UNSAFE_CHARACTERS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def encode_indented(value: object, indent: int) -> str:
    """The text of a value, safe to print; the same characters as `json.dumps(indent=…)`, but for what is escaped."""
    pieces: list[str] = []
    _write_value(value, "\n", " " * indent, pieces.append)
    return "".join(pieces)


def _write_value(value: Any, line: str, step: str, put: Callable[[str], None]) -> None:
    """`line` begins a line at the depth of the value."""
    if isinstance(value, dict):
        nested = [
            1
            for item in value.values()
            if type(item) not in _PLAIN_TYPES and (item or type(item) not in _CONTAINER_TYPES)
        ]
        if value and not nested:
            inner = line + step
            put(f"{{{inner}{escape_unsafe(_object_encoder(inner).encode(value)[1:-1])}{line}}}")
        else:
            _write_pairs(value.items(), line, step, put)
    elif type(value) is SharedValue:
        put(value.text_at_depth(line, step))
    elif isinstance(value, list | tuple):
        _write_items(value, line, step, put)
    elif isinstance(value, Iterator):
        _write_pairs(value, line, step, put)
    else:
        put(_encode_scalar(value))


def _write_pairs(pairs: Iterable[tuple[str, Any]], line: str, step: str, put: Callable[[str], None]) -> None:
    inner = line + step
    opening, separator = "{" + inner, "," + inner
    for name, value in pairs:
        if type(value) is str:
            put(f"{opening}{_encode_name(name)}{escape_unsafe(quoted(value))}")
        elif value is None or type(value) in _SHORT_TYPES:
            put(f"{opening}{_encode_name(name)}{_encode_short(value)}")
        elif not value and isinstance(value, dict | list | tuple):
            put(f"{opening}{_encode_name(name)}{'{}' if isinstance(value, dict) else '[]'}")
        else:
            put(opening + _encode_name(name))
            _write_value(value, inner, step, put)
        opening = separator
    put(line + "}" if opening is separator else "{}")


def _write_items(items: Iterable[Any], line: str, step: str, put: Callable[[str], None]) -> None:
    inner = line + step
    opening, separator = "[" + inner, "," + inner
    for value in items:
        put(opening)
        _write_value(value, inner, step, put)
        opening = separator
    put(line + "]" if opening is separator else "[]")


@lru_cache(maxsize=32)
def _object_encoder(inner: str) -> json.JSONEncoder:
    """The C encoder, for objects that hold no other: it cannot indent, but what it puts between two pairs can."""
    return json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=("," + inner, ": "))


def _encode_scalar(value: object) -> str:
    if type(value) is str:
        return escape_unsafe(quoted(value))
    return (
        _encode_short(value)
        if type(value) in _SHORT_TYPES
        else escape_unsafe(json.dumps(value, ensure_ascii=False, allow_nan=False))
    )


@lru_cache(maxsize=1024)
def _encode_name(name: str) -> str:
    return escape_unsafe(quoted(name)) + ": "


@lru_cache(maxsize=1024, typed=True)
def _encode_short(value: object) -> str:
    return json.dumps(value, allow_nan=False)
