"""A report file becomes a `Report`. Pure but for reading the file itself."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cite_audit.model import Report

if TYPE_CHECKING:
    from cite_audit.parse.readers.base import Document

MAX_FILE_BYTES = 500_000_000  # of any report; of what is longer the rest is not loaded

__all__ = ["check_size", "content_of", "read_report"]


def read_report(
    path: str, data: bytes | None = None, *, name: str = "", published: date | None = None, publisher: str = ""
) -> Report:
    """The report in a file, or in `data` when given (its suffix comes from `name`).

    `published` and `publisher` win over what the report says of itself. Raises ReadError, whatever the bytes are.
    """
    from dataclasses import replace
    from hashlib import sha256

    from cite_audit.errors import CiteAuditError, ReadError, describe_own_fault
    from cite_audit.parse.report_builder import build_report

    try:
        content = content_of(path) if data is None else check_size(path, data)
        # No reference to the document stays here, so that its text is freed once it has been read.
        report = build_report(_read_document(path, content, name), path, published=published, publisher=publisher)
        return replace(report, sha256=sha256(content).hexdigest())
    except CiteAuditError:
        raise
    except Exception as error:  # RecursionError, MemoryError …: one report must not end the run of all
        raise ReadError(path, f"cannot be read, {describe_own_fault(error)}") from error


def _read_document(path: str, content: bytes, name: str) -> Document:
    from cite_audit.parse.inline_comments import attach_comments
    from cite_audit.parse.readers import choose_reader

    return attach_comments(choose_reader(content, name or path).read(content, path), content)


def content_of(path: str, limit: int = MAX_FILE_BYTES) -> bytes:
    """The bytes of a file. Raises ReadError with the plain reason, for more than `limit` bytes too."""
    from cite_audit.errors import ReadError
    from cite_audit.files import read_bounded

    try:
        with open(path, "rb") as file:
            return check_size(path, read_bounded(file, limit), limit)
    except IsADirectoryError:
        raise ReadError(path, "is a directory") from None
    except FileNotFoundError:
        raise ReadError(path, f"does not exist{_suggest_name(path)}") from None
    except PermissionError:
        raise ReadError(path, "may not be read (permission denied)") from None
    except (OSError, ValueError) as error:
        raise ReadError(path, f"cannot be read: {error.strerror if isinstance(error, OSError) else error}") from None


def check_size(path: str, content: bytes, limit: int = MAX_FILE_BYTES) -> bytes:
    """The content, if it has no more than `limit` bytes. Raises ReadError."""
    from cite_audit.errors import ReadError

    if len(content) > limit:
        raise ReadError(path, f"refused: more than {limit:,} bytes")
    return content


def _suggest_name(path: str) -> str:
    """`; did you mean draft.docx?` where the folder has a name like the one that is missing; else empty."""
    import os
    from difflib import get_close_matches

    folder, name = os.path.split(path)
    try:
        names = {entry.name.casefold(): entry.name for entry in os.scandir(folder or ".") if entry.is_file()}
    except (OSError, ValueError):
        return ""
    near = get_close_matches(name.casefold(), names, 1, cutoff=0.75)
    return f"; did you mean {os.path.join(folder, names[near[0]])}?" if near else ""
