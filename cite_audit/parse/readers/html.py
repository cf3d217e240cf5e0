"""The html reader."""

from __future__ import annotations

from cite_audit.errors import ReadError
from cite_audit.parse.readers.base import Document

NAME = "html"
SUFFIXES: tuple[str, ...] = (".html", ".htm", ".xhtml")


def matches(head: bytes) -> bool:
    """Whether this is html."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html"))


def read(data: bytes, path: str) -> Document:
    """Not read yet."""
    raise ReadError(path, "html is not read yet")
