"""The epub reader."""

from __future__ import annotations

from cite_audit.errors import ReadError
from cite_audit.parse.readers.base import Document

NAME = "epub"
SUFFIXES: tuple[str, ...] = (".epub",)


def matches(head: bytes) -> bool:
    """Whether this is epub."""
    return head.startswith(b"PK") and b"application/epub+zip" in head[:128]


def read(data: bytes, path: str) -> Document:
    """Not read yet."""
    raise ReadError(path, "epub is not read yet")
