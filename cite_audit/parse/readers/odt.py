"""The odt reader."""

from __future__ import annotations

from cite_audit.errors import ReadError
from cite_audit.parse.readers.base import Document

NAME = "odt"
SUFFIXES: tuple[str, ...] = (".odt", ".ott")


def matches(head: bytes) -> bool:
    """Whether this is odt."""
    return head.startswith(b"PK") and b"application/vnd.oasis.opendocument.text" in head[:128]


def read(data: bytes, path: str) -> Document:
    """Not read yet."""
    raise ReadError(path, "odt is not read yet")
