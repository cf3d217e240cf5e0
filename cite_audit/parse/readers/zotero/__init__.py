"""Zotero RDF: the export of a library; each item is a note."""

from __future__ import annotations

import re

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse.readers.base import Document, FormatFacts

__all__ = ["FORMAT", "matches", "read"]

FORMAT = FormatFacts(
    name="zotero-rdf", suffixes=(".rdf",), is_textual=True, has_lines=True, is_link_list=True, is_named_only=True
)

OPENING = compile_lazily(rb"(?:\xef\xbb\xbf)?(?>\s|<\?[^>]{0,500}\?>|<!--.{0,2000}?-->)*+<rdf:RDF(?=[\s>])", re.DOTALL)


def matches(head: bytes) -> bool:
    """Whether this is RDF that names Zotero's own terms."""
    return OPENING.match(head) is not None and b"zotero.org/namespaces/export" in head


def read(data: bytes, path: str) -> Document:
    """The items in their order. Raises ReadError; entities are never expanded."""
    from cite_audit.parse.readers.zotero.reader import read_zotero

    return read_zotero(data, path)
