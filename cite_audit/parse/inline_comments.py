"""Comments in a report's source that are addressed to this program; `report.findings.ignores` interprets them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Comment
from cite_audit.parse.readers import find_format
from cite_audit.parse.readers.base import Document

_OPENING = compile_lazily(r"<!--\s*cite-audit:")
_CLOSING = "-->"


def attach_comments(document: Document, source: bytes) -> Document:
    """The document with its comments; one on a line of its own is about the next line with text."""
    wide = document.encoding.startswith(("utf-16", "utf-32"))
    if not find_format(document.format).has_comments or (b"cite-audit:" not in source and not wide):
        return document  # nearly always: the text need not be decoded once more
    lines = source.decode(document.encoding, "replace").split("\n")
    comments = []
    for number, line in enumerate(lines, 1):
        if "cite-audit:" not in line:
            continue
        texts, rest = _split_comments(line)
        place = number if rest.strip() else _next_text_line(lines, number)
        comments += [Comment(text, number, place) for text in texts]
    return replace(document, comments=tuple(comments)) if comments else document


def _split_comments(line: str) -> tuple[list[str], str]:
    """The texts of the comments in a line, and the line without them."""
    texts: list[str] = []
    rest: list[str] = []
    start = 0
    while opening := _OPENING.search(line, start):
        end = line.find(_CLOSING, opening.end())
        if end < 0:
            break
        texts.append(line[opening.end() : end].strip())
        rest.append(line[start : opening.start()])
        start = end + len(_CLOSING)
    return texts, "".join([*rest, line[start:]])


def _next_text_line(lines: Sequence[str], number: int) -> int:
    return next((i + 1 for i in range(number, len(lines)) if lines[i].strip()), number)
