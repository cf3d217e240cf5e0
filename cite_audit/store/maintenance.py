"""Maintenance of the database: statistics, expiry, and deletion of everything."""

from __future__ import annotations

import contextlib
import sqlite3
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from cite_audit.errors import StoreError
from cite_audit.frozen_record import frozen_record
from cite_audit.store.database import NO_HOME_MESSAGE, default_path, is_own_database, open_connection, update_schema

LAST_SECOND = 253402300799  # of the year 9999, the last that a date can hold
TIME_COLUMNS = {"verdict": "at", "history": "at", "page": "at", "run": "started"}


@frozen_record
class StoreStatistics:
    """The contents of a store: rows by table, bytes on disk, and the times (seconds since the epoch) it spans."""

    path: Path
    size: int
    rows: dict[str, int]
    oldest: float | None = None
    newest: float | None = None


def locate_store(path: str | None) -> Path:
    """Where the store is: `path`, or the user's cache directory when it is empty or None. Raises StoreError."""
    store_path = Path(path) if path else default_path()
    if not (path or store_path.is_absolute()):
        raise StoreError(NO_HOME_MESSAGE)
    return store_path


def measure_store(path: Path) -> StoreStatistics:
    """Count the rows; a store not created yet is empty. Raises StoreError for one that cannot be read."""
    if _is_store_absent(path):
        return StoreStatistics(path, 0, dict.fromkeys((*TIME_COLUMNS, "shelf"), 0))
    with _open_existing_store(path) as db:
        rows = {
            table: int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608
            for table in (*TIME_COLUMNS, "shelf")
        }
        oldest, newest = db.execute(
            "SELECT min(at), max(at) FROM history WHERE at BETWEEN 0 AND ?", (LAST_SECOND,)
        ).fetchone()
    size = sum(file.stat().st_size for file in path.parent.glob(path.name + "*") if ".damaged-" not in file.name)
    return StoreStatistics(path, size, rows, oldest, newest)


def prune_store(path: Path, older_than: float) -> int:
    """Delete rows older than so many seconds, and expired ones; returns how many they were."""
    if _is_store_absent(path):
        return 0
    now = time.time()
    with _open_existing_store(path) as db:
        changes_before = db.total_changes
        db.execute("BEGIN IMMEDIATE")
        for table, column in TIME_COLUMNS.items():
            db.execute(f"DELETE FROM {table} WHERE {column} < ?", (now - older_than,))  # noqa: S608  names of our own
        db.execute("DELETE FROM shelf WHERE until < ?", (now,))
        db.execute("COMMIT")
        deleted = db.total_changes - changes_before
        _compact_database(db)
    return deleted


def clear_store(path: Path) -> int:
    """Delete all rows, not the file, since other processes may have it open."""
    if _is_store_absent(path):
        return 0
    with _open_existing_store(path) as db:
        changes_before = db.total_changes
        db.execute("BEGIN IMMEDIATE")
        for table in (*TIME_COLUMNS, "shelf"):
            db.execute(f"DELETE FROM {table}")  # noqa: S608  names of our own
        db.execute("COMMIT")
        deleted = db.total_changes - changes_before
        _compact_database(db)
    return deleted


def _is_store_absent(path: Path) -> bool:
    """Whether there is no store yet: no file, or an empty one, which stays empty. Raises StoreError."""
    try:
        status = path.stat()
        return stat.S_ISREG(status.st_mode) and not status.st_size and not path.with_name(f"{path.name}-wal").exists()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}") from error


def _compact_database(db: sqlite3.Connection) -> None:
    with contextlib.suppress(sqlite3.OperationalError):  # another process is reading: the next prune will do it
        db.execute("VACUUM")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextlib.contextmanager
def _open_existing_store(path: Path) -> Iterator[sqlite3.Connection]:
    """The store to maintain; a damaged or foreign file stays where it is."""
    try:
        if not is_own_database(path):
            raise StoreError(f"{path} is no store of cite-audit")
        update_schema(path)
        with contextlib.closing(open_connection(path)) as db:
            yield db
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {error}") from error
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}") from error
