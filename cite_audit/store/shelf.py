"""Shelves: a keyed part of the store for each room that wants one."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field


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
        if self.spare:
            return self.spare.get(key)
        try:
            return self._get(key)
        except sqlite3.Error as error:
            return self._fall_back(error).get(key)

    def put(self, key: str, value: str, keep: float | None = None) -> None:
        if self.spare:
            return self.spare.put(key, value, keep)
        try:
            self._put(key, value, keep)
        except sqlite3.Error as error:
            self._fall_back(error).put(key, value, keep)

    def update(self, key: str, change: Callable[[str | None], str]) -> str:
        if self.spare:
            return self.spare.update(key, change)
        try:
            self.db.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            return self._fall_back(error).update(key, change)
        try:
            value = change(self._get(key))
            self._put(key, value, None)
            self.db.execute("COMMIT")
            return value
        except sqlite3.Error as error:
            self._roll_back()
            return self._fall_back(error).update(key, change)
        except BaseException:
            self._roll_back()
            raise

    def _get(self, key: str) -> str | None:
        row = self.db.execute(
            "SELECT value FROM shelf WHERE name = ? AND key = ? AND (until IS NULL OR until > ?)",
            (self.name, key, time.time()),
        ).fetchone()
        return str(row[0]) if row else None

    def _put(self, key: str, value: str, keep: float | None) -> None:
        until = None if keep is None else time.time() + keep
        self.db.execute("INSERT OR REPLACE INTO shelf VALUES (?, ?, ?, ?)", (self.name, key, value, until))

    def _roll_back(self) -> None:
        if self.db.in_transaction:
            self.db.execute("ROLLBACK")

    def _fall_back(self, error: sqlite3.Error) -> MemoryShelf:
        self.lost(error)
        self.spare = self.spare or MemoryShelf()
        return self.spare
