"""Comments in a report's source that are addressed to this program; `report.findings.ignores` interprets them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cite_audit.model import Comment
from cite_audit.parse.readers import find_format
from cite_audit.parse.readers.base import Document

_COMMENT = re.compile(r"<!--\s*cite-audit:\s*(?P<text>[^\n]*?)\s*-->")


def attach_comments(document: Document, source: bytes) -> Document:
    """The document with its comments; one on a line of its own is about the next line with text."""
    wide = document.encoding.startswith(("utf-16", "utf-32"))
    if not find_format(document.format).has_comments or (b"cite-audit:" not in source and not wide):
        return document  # nearly always: the text need not be decoded once more
    lines = source.decode(document.encoding, "replace").split("\n")
    comments = []
    for number, line in enumerate(lines, 1):
        for match in _COMMENT.finditer(line) if "cite-audit:" in line else ():
            is_own_line = not _COMMENT.sub("", line).strip()
            comments.append(Comment(match["text"], number, _next_text_line(lines, number) if is_own_line else number))
    return replace(document, comments=tuple(comments)) if comments else document


def _next_text_line(lines: Sequence[str], number: int) -> int:
    return next((i + 1 for i in range(number, len(lines)) if lines[i].strip()), number)
