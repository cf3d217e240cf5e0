"""ODT: text with real footnotes and endnotes."""

from __future__ import annotations

from cite_audit.parse.readers.base import Document, Editor, FormatFacts

__all__ = ["FORMAT", "matches", "read"]

FORMAT = FormatFacts(name="odt", suffixes=(".odt", ".ott"), editor=Editor.ODT, has_line_breaks=True)


def matches(head: bytes) -> bool:
    """Whether the first entry names this format, as OpenDocument asks."""
    return head.startswith(b"PK") and b"application/vnd.oasis.opendocument.text" in head[:128]


def read(data: bytes, path: str) -> Document:
    """The body, then the footnotes, then the endnotes. Raises ReadError."""
    from cite_audit.parse.readers.odt.reader import read_odt

    return read_odt(data, path)
