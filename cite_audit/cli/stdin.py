"""Input of the command line besides files: standard input and addresses."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence


def read_stdin_report(reports: Sequence[str], stdin_name: str) -> tuple[list[str], dict[str, bytes]]:
    """The paths to read, with `-` under the name it is to have, and the bytes read from standard input."""
    if "-" not in reports:
        return list(reports), {}
    name = stdin_name or "-"
    return [name if path == "-" else path for path in reports], {name: read_stdin()}


def read_stdin() -> bytes:
    """Standard input, or as much of it as shows that it is too long to be a report."""
    from cite_audit.files import read_bounded
    from cite_audit.parse import MAX_FILE_BYTES

    return read_bounded(sys.stdin.buffer, MAX_FILE_BYTES)


def parse_address(text: str) -> str:
    """The address or host in an argument, refanged. Raises UsageError for anything else."""
    from cite_audit.errors import UsageError
    from cite_audit.parse.links.refang import refang
    from cite_audit.urls import url_host

    if os.path.exists(text) or _names_report(text):
        command = f"cite-audit audit {shlex.quote(text)}"
        raise UsageError(f"{text} is a report, no address; what its links lead to is told by: {command}")
    url = refang(text.strip())
    if url.split() != [url] or not url_host(url) or not any(mark in url for mark in ".:"):
        raise UsageError(f"{text!r} is no address")
    return url


def _names_report(text: str) -> bool:
    """Whether a text is the name of a document; `.md` is a top-level domain too, and may be a site."""
    from cite_audit.parse.readers import collect_suffixes

    suffix = os.path.splitext(text)[1].lower()
    return "://" not in text and suffix != ".md" and suffix in (*collect_suffixes(), ".doc", ".rtf")
