"""The pdf reader."""

from __future__ import annotations

from cite_audit.errors import ReadError
from cite_audit.parse.readers.base import Document

NAME = "pdf"
SUFFIXES: tuple[str, ...] = (".pdf",)


def matches(head: bytes) -> bool:
    """Whether this is pdf."""
    return b"%PDF-" in head[:1024]


def read(data: bytes, path: str) -> Document:
    """Not read yet."""
    raise ReadError(path, "pdf is not read yet")
