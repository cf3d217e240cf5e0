"""Shelves: a keyed part of the store for each room that wants one."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from cite_audit.store.room import with_room

T = TypeVar("T")


@dataclass(slots=True)
class MemoryShelf:
    """A shelf that lasts as long as the process."""

    values: dict[str, tuple[str, float | None]] = field(default_factory=dict)

    def get(self, key: str) -> str | None:
        value, until = self.values.get(key, (None, None))
        return value if until is None or until > time.time() else None

    def put(self, key: str, value: str, keep: float | None = None) -> None:
        self.values[key] = (value, None if keep is None else time.time() + keep)

    def update(self, key: str, change: Callable[[str | None], str]) -> str:
        value = change(self.get(key))
        self.put(key, value)
        return value


class FileShelf:
    """A shelf in the database, shared by all processes; falls back to memory when the file fails."""

    def __init__(self, db: sqlite3.Connection, name: str, lost: Callable[[sqlite3.Error], None]) -> None:
        self.db = db
        self.name = name
        self.lost = lost
        self.spare: MemoryShelf | None = None

    def get(self, key: str) -> str | None:
        return self._tried(lambda: self._get(key), lambda spare: spare.get(key))

    def put(self, key: str, value: str, keep: float | None = None) -> None:
        self._tried(lambda: self._put(key, value, keep), lambda spare: spare.put(key, value, keep))

    def update(self, key: str, change: Callable[[str | None], str]) -> str:
        def work() -> str:
            self.db.execute("BEGIN IMMEDIATE")
            value = change(self._get(key))
            self._put(key, value, None)
            self.db.execute("COMMIT")
            return value

        return self._tried(work, lambda spare: spare.update(key, change))

    def _tried(self, work: Callable[[], T], instead: Callable[[MemoryShelf], T]) -> T:
        if self.spare is None:
            try:
                return with_room(self.db, work)
            except sqlite3.Error as error:
                self.lost(error)
                self.spare = MemoryShelf()
        return instead(self.spare)

    def _get(self, key: str) -> str | None:
        row = self.db.execute(
            "SELECT value FROM shelf WHERE name = ? AND key = ? AND (until IS NULL OR until > ?)",
            (self.name, _utf8(key), time.time()),
        ).fetchone()
        return str(row[0]) if row else None

    def _put(self, key: str, value: str, keep: float | None) -> None:
        until = None if keep is None else time.time() + keep
        self.db.execute("INSERT OR REPLACE INTO shelf VALUES (?, ?, ?, ?)", (self.name, _utf8(key), value, until))


def _utf8(key: str) -> str:
    """The key as SQLite takes it: the name of a file may hold bytes that are no text."""
    return key.encode("utf-8", "backslashreplace").decode()
