"""Where the lines of a text start, in four bytes a line."""

from __future__ import annotations

import re
from array import array

from cite_audit.lazy_pattern import compile_lazily

NEWLINE = compile_lazily(r"\n")
ANY_LINE_END = compile_lazily(r"\r\n|\n|\r")  # a lone CR ends a line as well (old Mac files)
_CHUNK_LENGTH = (
    1 << 16
)  # characters searched at a time: a list of all offsets would need eight times the memory of the array


def line_starts(text: str, line_end: re.Pattern[str] = ANY_LINE_END) -> array[int]:
    """The offsets where lines start, in order."""
    starts = array("I", (0,))
    if line_end is ANY_LINE_END and "\r" not in text:
        line_end = NEWLINE
    chunk_start = 0
    while chunk_start < len(text):
        chunk_end = chunk_start + _CHUNK_LENGTH
        chunk_end += text.startswith("\r\n", chunk_end - 1)  # not between the two
        starts.extend([match.end() for match in line_end.finditer(text, chunk_start, chunk_end)])
        chunk_start = chunk_end
    return starts
