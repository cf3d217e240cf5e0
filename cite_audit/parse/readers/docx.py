"""The docx reader."""

from __future__ import annotations

from cite_audit.errors import ReadError
from cite_audit.parse.readers.base import Document

NAME = "docx"
SUFFIXES: tuple[str, ...] = (".docx", ".docm", ".dotx")


def matches(head: bytes) -> bool:
    """Whether this is docx."""
    return head.startswith(b"PK\x03\x04")


def read(data: bytes, path: str) -> Document:
    """Not read yet."""
    raise ReadError(path, "docx is not read yet")
