"""PDF: runs of text from a process of its own, then lines, footnotes and links."""

from __future__ import annotations

from cite_audit.parse.readers.base import Document, FormatFacts

__all__ = ["FORMAT", "matches", "read"]

FORMAT = FormatFacts(name="pdf", suffixes=(".pdf",))


def matches(head: bytes) -> bool:
    """Whether a PDF header stands in the first kilobyte, as readers of PDF allow."""
    return b"%PDF-" in head[:1024]


def read(data: bytes, path: str) -> Document:
    """The text of a PDF in reading order, page numbers kept; footnotes after the text. Raises ReadError."""
    from cite_audit.parse.readers.pdf.reader import read_pdf

    return read_pdf(data, path)
