"""CSL-JSON, as Zotero, Mendeley and pandoc exchange references: each item is a note."""

from __future__ import annotations

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse.readers.base import Document, FormatFacts

__all__ = ["FORMAT", "matches", "read"]

FORMAT = FormatFacts(
    name="csl-json",
    suffixes=(".csljson", ".csl.json"),
    is_textual=True,
    has_lines=True,
    is_link_list=True,
    is_named_only=True,
)

OPENING = compile_lazily(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*\{|\{\s*\"(?:items|references)\"\s*:\s*\[\s*\{)\s*\"")
ITEM_KEY = compile_lazily(rb"\"(?:URL|DOI|issued|container-title|citation-key|accessed|archive_location)\"\s*:")
TYPE_KEY = compile_lazily(rb"\"(?:type|id|title)\"\s*:")


def matches(head: bytes) -> bool:
    """Whether a list of objects begins that have the keys of CSL's items."""
    return OPENING.match(head) is not None and bool(ITEM_KEY.search(head)) and bool(TYPE_KEY.search(head))


def read(data: bytes, path: str) -> Document:
    """The items in their order. Raises ReadError."""
    from cite_audit.parse.readers.csl.reader import read_csl

    return read_csl(data, path)
