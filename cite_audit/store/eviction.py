"""Eviction in a full store: the oldest pages are deleted, so that verdicts, history and runs always fit."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TypeVar

EVICTION_DIVISOR = 8  # one in so many pages is deleted at a time: seconds of work at most, and seldom
T = TypeVar("T")


def retry_with_eviction(db: sqlite3.Connection, work: Callable[[], T]) -> T:
    """Do the work; while the store is full and holds pages, evict the oldest and do it again.

    What the work raises is raised, its transaction rolled back.
    """
    while True:
        try:
            return work()
        except BaseException as error:
            if db.in_transaction:
                db.execute("ROLLBACK")
            if not _is_full_error(error) or not _evict_oldest_pages(db):
                raise


def _is_full_error(error: BaseException) -> bool:
    return isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_FULL


def _evict_oldest_pages(db: sqlite3.Connection) -> int:
    (pages,) = db.execute("SELECT count(*) FROM page").fetchone()
    oldest = "SELECT rowid FROM page ORDER BY rowid LIMIT ?"
    return db.execute(f"DELETE FROM page WHERE rowid IN ({oldest})", (-(-pages // EVICTION_DIVISOR),)).rowcount  # noqa: S608
