"""JATS: the XML of journals' articles (NISO Z39.96), with footnotes and a list of references."""

from __future__ import annotations

import re

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse.readers.base import Document, FormatFacts

__all__ = ["FORMAT", "matches", "read"]

FORMAT = FormatFacts(name="jats", suffixes=(".jats", ".nxml"), is_textual=True, has_lines=True, has_line_breaks=True)

OPENING = compile_lazily(
    rb"(?:\xef\xbb\xbf)?(?>\s|<\?[^>]{0,500}\?>|<!--.{0,2000}?-->|<!DOCTYPE\s+article\b[^>\[]{0,500}(?:\[[^\]]{0,2000}\]\s*)?>)*+"
    rb"<article(?=[\s>])([^>]{0,2000})",
    re.DOTALL,
)
SIGNS = (b"jats", b"nlm.nih.gov", b"article-type", b"dtd-version", b"<front", b"<article-meta")


def matches(head: bytes) -> bool:
    """Whether the root is an article of JATS: HTML5 and DocBook have elements of that name as well."""
    match = OPENING.match(head)
    return match is not None and b"docbook" not in match[0] and any(sign in head.lower() for sign in SIGNS)


def read(data: bytes, path: str) -> Document:
    """The body, then the notes, then the references. Raises ReadError; entities are never expanded."""
    from cite_audit.parse.readers.jats.reader import read_jats

    return read_jats(data, path)
