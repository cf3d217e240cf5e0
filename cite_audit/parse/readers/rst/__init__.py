"""reStructuredText: footnotes, citations and targets, as docutils resolves them; nothing is included or run."""

from __future__ import annotations

from cite_audit.parse.readers.base import Document, FormatFacts

__all__ = ["FORMAT", "matches", "read"]

FORMAT = FormatFacts(name="rst", suffixes=(".rst", ".rest"), is_textual=True, has_lines=True)


def matches(head: bytes) -> bool:
    """Never by content: its signs are those of plain text; the suffix tells."""
    return False


def read(data: bytes, path: str) -> Document:
    """The body and its notes. Raises ReadError where docutils is not installed or gives up."""
    from cite_audit.parse.readers.rst.reader import read_rst

    return read_rst(data, path)
