"""HTML and XHTML: the tree, the main content, the metadata and the notes of a page."""

from __future__ import annotations

import re

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse.readers.base import Document, Editor, FormatFacts

__all__ = ["FORMAT", "matches", "read"]

FORMAT = FormatFacts(
    name="html",
    suffixes=(".html", ".htm", ".xhtml", ".xht"),
    is_textual=True,
    has_comments=True,
    has_line_breaks=True,
    has_lines=True,
    editor=Editor.HTML,
)

HTML_OPENING = compile_lazily(  # atomic: a comment ends at its first “-->”, else thirty of them take for ever
    rb"(?>\s|\xef\xbb\xbf|<\?xml[^>]{0,300}\?>|<!--.{0,2000}?-->)*+<(?:!doctype\s+html|html[\s>]|head[\s>]|body[\s>])",
    re.IGNORECASE | re.DOTALL,
)


def matches(head: bytes) -> bool:
    """Whether a document starts here, by its doctype or its first element; comments may come before."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[2:].replace(b"\x00", b"")
    return HTML_OPENING.match(head) is not None


def read(data: bytes, path: str) -> Document:
    """A page without its boilerplate. Offsets are of the decoded source. Never raises."""
    from cite_audit.parse.readers.html.reader import read_html

    return read_html(data, path)
