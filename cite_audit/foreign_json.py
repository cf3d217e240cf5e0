"""JSON that others wrote: archives, platforms, journals, stores, reports. Its depth and its size are bounded."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

MAX_DEPTH = 64  # arrays and objects inside one another; the answers of archives have four
MAX_LENGTH = 16 << 20  # bytes or characters; an index answers at most 2 MB


def parse_foreign_json(content: str | bytes) -> Any:
    """The value of a JSON document, lone surrogates (RFC 8259 §8.2) replaced by `?`.

    Raises ValueError for what is no JSON, deeper than MAX_DEPTH or longer than MAX_LENGTH, and nothing else.
    """
    if len(content) > MAX_LENGTH:
        raise ValueError(f"JSON of more than {MAX_LENGTH >> 20} MB")
    text = content if isinstance(content, str) else content.decode("utf-8-sig", "replace")
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError("JSON that is nested too deeply") from None
    _check_depth(value)
    if _has_lone_surrogate(text):
        value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    return value


def parse_foreign_time(text: str) -> datetime:
    """A time in ISO 8601 with its zone. Raises ValueError, or TypeError for what is no text."""
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError("a time of no zone")
    return time


def _has_lone_surrogate(text: str) -> bool:
    """Whether there may be one; a pair of them is one character and stays as it is."""
    return "\\ud" in text or "\\uD" in text or not _is_encodable(text)


def _is_encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _check_depth(value: Any) -> None:
    """Raises ValueError for a value deeper than MAX_DEPTH, level by level, since recursion has limits of its own."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            if isinstance(outer, list | dict)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, list | dict)
        ]
        if not level:
            return
    raise ValueError(f"JSON with more than {MAX_DEPTH} levels")
