"""RIS, as libraries and reference programs export it: each record is a note."""

from __future__ import annotations

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse.readers.base import Document, FormatFacts

__all__ = ["FORMAT", "matches", "read"]

FORMAT = FormatFacts(
    name="ris", suffixes=(".ris",), is_textual=True, has_lines=True, is_link_list=True, is_named_only=True
)

OPENING = compile_lazily(rb"(?:\xef\xbb\xbf)?\s*(?:\d{1,6}\.\s*)?TY  ?-[ \t]")


def matches(head: bytes) -> bool:
    """Whether the type of a record stands first."""
    return OPENING.match(head) is not None


def read(data: bytes, path: str) -> Document:
    """The records in their order. Raises ReadError."""
    from cite_audit.parse.readers.ris.reader import read_ris

    return read_ris(data, path)
