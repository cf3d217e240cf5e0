"""DOCX: text with real footnotes and endnotes."""

from __future__ import annotations

from cite_audit.parse.readers.base import Document, Editor, FormatFacts

__all__ = ["FORMAT", "matches", "read"]

FORMAT = FormatFacts(
    name="docx", suffixes=(".docx", ".docm", ".dotx", ".dotm"), editor=Editor.DOCX, has_line_breaks=True
)


def matches(head: bytes) -> bool:
    """Whether this is a zip package; which one, only its directory can tell."""
    return head.startswith(b"PK\x03\x04")


def read(data: bytes, path: str) -> Document:
    """The body, then the footnotes, then the endnotes. Raises ReadError."""
    from cite_audit.parse.readers.docx.reader import read_docx

    return read_docx(data, path)
