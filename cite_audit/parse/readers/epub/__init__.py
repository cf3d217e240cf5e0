"""EPUB: its chapters, in the order of the spine, read as one XHTML page."""

from __future__ import annotations

from cite_audit.parse.readers.base import Document, FormatFacts

__all__ = ["FORMAT", "matches", "read"]

FORMAT = FormatFacts(name="epub", suffixes=(".epub",), has_line_breaks=True)


def matches(head: bytes) -> bool:
    """Whether the first entry names this format, as OCF demands."""
    return head.startswith(b"PK") and b"application/epub+zip" in head[:128]


def read(data: bytes, path: str) -> Document:
    """The book's text. Raises ReadError."""
    from cite_audit.parse.readers.epub.reader import read_epub

    return read_epub(data, path)
