"""Which files the paths given by a user stand for: files as they are, folders as the reports below them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from cite_audit.errors import UsageError
from cite_audit.files import BACKUP_MARK, REVIEW_MARK
from cite_audit.model import UnreadReport
from cite_audit.parse.readers import collect_suffixes

URL_PREFIXES = ("http://", "https://")


def find_empty_folders(paths: Sequence[str]) -> list[UnreadReport]:
    """An unread report for each folder without any report."""
    return [
        UnreadReport(
            path, f"no reports in this folder (looked for {', '.join(sorted(collect_suffixes()))})", empty=True
        )
        for path in paths
        if os.path.isdir(path) and next(iter(expand_paths([path])), None) is None
    ]


def expand_paths(paths: Iterable[str]) -> Iterable[str]:
    """Files as they are, directories as the reports below them (sorted, without hidden ones and our copies of others).

    A file with several names comes once, under the first. Raises UsageError for an empty name.
    """
    visited: set[str] = set()
    for path in paths:
        if not path:  # Path("") would be the current directory, with all that is below it
            raise UsageError("the name of a report is empty")
        expanded = [path]
        if os.path.isdir(path):
            report_suffixes = collect_suffixes()  # loads every reader
            below = (
                file for file in Path(path).rglob("*") if file.suffix.lower() in report_suffixes and file.is_file()
            )
            expanded = [
                str(file_path)
                for file_path in sorted(below)
                if not any(part.startswith(".") for part in file_path.relative_to(path).parts)
                and not _is_copy(file_path)
            ]
        for file in expanded:
            identity = file if file.startswith(URL_PREFIXES) else os.path.realpath(file)
            if identity not in visited:
                visited.add(identity)
                yield file


def _is_copy(path: Path) -> bool:
    """Whether this is a backup, a review of a report beside it, or the file that says Word has one open."""
    original, mark, _ = path.name.rpartition(REVIEW_MARK)
    is_review = bool(mark) and path.with_name(original + path.suffix).is_file()
    return is_review or BACKUP_MARK in path.name or path.name.startswith("~$")
