"""JSON that is safe to print: valid UTF-8, and what a terminal might act upon written as an escape.

Indented text is put together here: the standard library's C encoder cannot indent, and its Python one takes a second
for ten thousand links. An iterator of pairs is written as an object, so that a large one is never held whole.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from json.encoder import c_make_encoder  # type: ignore[attr-defined]  # typeshed leaves it out
from json.encoder import encode_basestring as quoted
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cite_audit.report.render.base import RenderOptions
    from cite_audit.report.render.table import Table

# What a terminal might act upon stays data, but is written as an escape; only strings can hold it.
_UNSAFE_CHARACTERS = re.compile(
    "[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_SCALARS = (str, int, float)
_CONTAINERS = (dict, list, tuple)
_PLAIN_TYPES = {str, int, float, bool, type(None)}


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
    """A value as JSON text on one line; or indented, and the last line ended. NaN and infinities raise ValueError."""
    if indent is not None:
        return encode_indented(value, indent)
    return escape_unsafe(json.dumps(value, ensure_ascii=False, allow_nan=False))


def write_table(table: Table, options: RenderOptions) -> str:
    """JSON Lines: one object for each row, keys in the order of the columns; lists stay lists."""
    return "".join(f"{dump_json({name: row[name] for name in table.column_names})}\n" for row in table.rows)


def escape_unsafe(text: str) -> str:
    """JSON text without what a terminal might act upon."""
    if (text.isascii() and "\x7f" not in text) or text.replace("\n", "").isprintable():
        return text
    return _UNSAFE_CHARACTERS.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def encode_indented(value: object, indent: int) -> str:
    """The lines of a value, safe to print; the same as of `json.dumps(indent=…)`, but for what is escaped."""
    pieces: list[str] = []
    _write_value(value, "\n", " " * indent, pieces.append)
    pieces.append("\n")  # here, where it costs no copy of the whole
    # piece by piece: most are ASCII, which a string knows of itself, and one quotation mark would have all searched
    return "".join([piece if piece.isascii() and "\x7f" not in piece else escape_unsafe(piece) for piece in pieces])


def _write_value(value: Any, line: str, step: str, put: Callable[[str], None]) -> None:
    """`line` begins a line at the depth of the value."""
    if isinstance(value, dict):
        _write_pairs(value.items(), line, step, put)
    elif type(value) is SharedValue:
        put(value.text_at_depth(line, step))
    elif isinstance(value, list | tuple):
        _write_items(value, line, step, put)
    elif isinstance(value, Iterator):
        _write_pairs(value, line, step, put)
    else:
        put(json.dumps(value, ensure_ascii=False, allow_nan=False))


def _write_pairs(pairs: Iterable[tuple[str, Any]], line: str, step: str, put: Callable[[str], None]) -> None:
    inner = line + step
    opening, separator = "{" + inner, "," + inner
    flat: dict[str, Any] = {}
    for name, value in pairs:
        if type(value) in _PLAIN_TYPES or _is_flat(value):
            flat[name] = value
            continue
        if flat:
            put(opening + _flat_encoder(inner)(flat)[1:-1])
            opening, flat = separator, {}
        put(opening + _encode_name(name))
        _write_value(value, inner, step, put)
        opening = separator
    if flat:
        put(opening + _flat_encoder(inner)(flat)[1:-1])
        opening = separator
    put(line + "}" if opening is separator else "{}")


def _is_flat(value: object) -> bool:
    """Whether a value is written on one line."""
    kind = type(value)
    if kind in _CONTAINERS:
        return not value
    return kind in _PLAIN_TYPES or isinstance(value, _SCALARS)


def _write_items(items: list[Any] | tuple[Any, ...], line: str, step: str, put: Callable[[str], None]) -> None:
    inner = line + step
    opening, separator = "[" + inner, "," + inner
    if items and all(map(_is_flat, items)):
        put(f"{opening}{_flat_encoder(inner)(items)[1:-1]}{line}]")
        return
    for value in items:
        put(opening)
        _write_value(value, inner, step, put)
        opening = separator
    put(line + "]" if opening is separator else "[]")


@lru_cache(maxsize=32)
def _flat_encoder(inner: str) -> Callable[[object], str]:
    """The C encoder, for what holds no lines: it cannot indent, but what it puts between two pairs or items can.

    It is made once for each depth; `JSONEncoder.encode` makes one for each value, which takes as long as its work.
    """
    encoder = json.JSONEncoder(
        ensure_ascii=False, allow_nan=False, check_circular=False, separators=("," + inner, ": ")
    )
    if c_make_encoder is None:  # another Python
        return encoder.encode
    encode = c_make_encoder(None, encoder.default, quoted, None, ": ", "," + inner, False, False, False)
    return lambda value: "".join(encode(value, 0))


@lru_cache(maxsize=1024)
def _encode_name(name: str) -> str:
    return quoted(name) + ": "
