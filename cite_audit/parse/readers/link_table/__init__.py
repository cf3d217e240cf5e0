"""Tables of links: CSV and TSV, as spreadsheets and librarians keep them."""

from __future__ import annotations

from cite_audit.parse.readers.base import Document, FormatFacts

__all__ = ["FORMAT", "matches", "read"]

FORMAT = FormatFacts(
    name="table",
    suffixes=(".csv", ".tsv", ".tab"),
    is_textual=True,
    has_lines=True,
    is_link_list=True,
    is_named_only=True,
)


def matches(head: bytes) -> bool:
    """Never by content: any text may hold commas; the suffix tells."""
    return False


def read(data: bytes, path: str) -> Document:
    """Each row as a note with the addresses in it. Raises ReadError."""
    from cite_audit.parse.readers.link_table.reader import read_link_table

    return read_link_table(data, path)
