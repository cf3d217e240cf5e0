"""One web page in a zip archive, as Google Docs saves it: “Web page (.html, zipped)”."""

from __future__ import annotations

import re

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse.readers.base import Document, FormatFacts

__all__ = ["FORMAT", "matches", "read"]

FORMAT = FormatFacts(name="zipped-page", suffixes=(".zip",), is_named_only=True)

# The name of the first entry (APPNOTE 4.3.7): the page, or a picture of it; packages of programs begin otherwise.
FIRST_ENTRY = compile_lazily(rb"PK\x03\x04.{26}(?:images/|[^/\x00-\x1f]{0,200}?\.x?html?)", re.DOTALL | re.IGNORECASE)


def matches(head: bytes) -> bool:
    """Whether a page or a folder of pictures is the first entry of a zip archive."""
    return FIRST_ENTRY.match(head) is not None


def read(data: bytes, path: str) -> Document:
    """The page. Raises ReadError where there is none, or more than one."""
    from dataclasses import replace

    from cite_audit.errors import ReadError
    from cite_audit.parse.readers import html
    from cite_audit.parse.readers.text_size import refuse_long_text
    from cite_audit.parse.readers.zip_package import ZipPackage

    package = ZipPackage(data, path)
    pages = [name for name in package.entries if name.lower().endswith((".html", ".htm", ".xhtml"))]
    pages = [name for name in pages if not name.startswith("__MACOSX/")]
    if len(pages) != 1:
        found = "no web page" if not pages else f"{len(pages)} web pages"
        raise ReadError(path, f"this is a zip archive with {found} in it, not one; unpack it and name the report")
    page = package.read_part(pages[0])
    refuse_long_text(page, path)
    return replace(html.read(page, path), format=FORMAT.name)
