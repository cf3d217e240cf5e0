"""BibTeX and biblatex: each entry is a note with the address of the work."""

from __future__ import annotations

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse.readers.base import Document, FormatFacts

__all__ = ["FORMAT", "matches", "read"]

FORMAT = FormatFacts(
    name="bibtex", suffixes=(".bib", ".bibtex"), is_textual=True, has_lines=True, is_link_list=True, is_named_only=True
)

OPENING = compile_lazily(rb"(?:\xef\xbb\xbf)?(?>\s|%[^\n]*\n)*+@[A-Za-z]{3,20}\s*[{(][^\s{}(),=]{1,200}\s*(?:,|=)")


def matches(head: bytes) -> bool:
    """Whether an entry with a key, or a string, is the first thing in the file."""
    return OPENING.match(head) is not None


def read(data: bytes, path: str) -> Document:
    """The entries in their order. Raises ReadError."""
    from cite_audit.parse.readers.bibtex.entries import read_bibtex
    from cite_audit.parse.readers.link_list import LinkListBuilder
    from cite_audit.parse.readers.text import decode_text

    text, encoding = decode_text(data, path)
    builder = LinkListBuilder()
    for entry in read_bibtex(text, path).values():
        builder.add_entry(entry)
    return builder.build_document(FORMAT.name, text, encoding)
