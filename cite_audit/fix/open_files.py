"""Whether a word processor has a report open: what is written under it is lost with its next save."""

from __future__ import annotations

from pathlib import Path

__all__ = ["OWNER_MARK", "find_lock"]

OWNER_MARK = "~$"  # begins the name of the file that Word lays beside an open one


def find_lock(path: str) -> Path | None:
    """The file that a word processor laid beside the report; None without one.

    Word puts `~$` before a short name and in place of the first letters of a longer one, LibreOffice writes
    `.~lock.NAME#`.
    """
    report = Path(path)
    name = report.name
    names = [f".~lock.{name}#", *(f"{OWNER_MARK}{name[dropped:]}" for dropped in range(3))]
    return next((lock for lock in map(report.with_name, names) if lock.is_file()), None)
