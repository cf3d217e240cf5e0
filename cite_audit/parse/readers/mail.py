"""The mail reader."""

from __future__ import annotations

from cite_audit.errors import ReadError
from cite_audit.parse.readers.base import Document

NAME = "mail"
SUFFIXES: tuple[str, ...] = (".eml", ".mht", ".mhtml")


def matches(head: bytes) -> bool:
    """Whether this is mail."""
    return head.lower().startswith((b"from:", b"mime-version:"))


def read(data: bytes, path: str) -> Document:
    """Not read yet."""
    raise ReadError(path, "mail is not read yet")
