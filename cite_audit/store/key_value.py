"""Key-value stores: a named part of the store for each package that needs one."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from cite_audit.store.eviction import retry_with_eviction

T = TypeVar("T")


@dataclass(slots=True)
class MemoryKeyValueStore:
    """A key-value store in memory, for the life of the process."""

    values: dict[str, tuple[str, float | None]] = field(default_factory=dict)

    def get(self, key: str) -> str | None:
        value, expires_at = self.values.get(key, (None, None))
        return value if expires_at is None or expires_at > time.time() else None

    def put(self, key: str, value: str, keep: float | None = None) -> None:
        self.values[key] = (value, None if keep is None else time.time() + keep)

    def update(self, key: str, change: Callable[[str | None], str]) -> str:
        value = change(self.get(key))
        self.put(key, value)
        return value


class DatabaseKeyValueStore:
    """A key-value store in the database, shared by all processes; it falls back to memory when the file fails."""

    def __init__(self, db: sqlite3.Connection, name: str, on_failure: Callable[[sqlite3.Error], None]) -> None:
        self.db = db
        self.name = name
        self.on_failure = on_failure
        self.fallback: MemoryKeyValueStore | None = None

    def get(self, key: str) -> str | None:
        return self._run_or_fall_back(lambda: self._select_value(key), lambda fallback: fallback.get(key))

    def put(self, key: str, value: str, keep: float | None = None) -> None:
        self._run_or_fall_back(
            lambda: self._upsert_value(key, value, keep), lambda fallback: fallback.put(key, value, keep)
        )

    def update(self, key: str, change: Callable[[str | None], str]) -> str:
        def update_value() -> str:
            self.db.execute("BEGIN IMMEDIATE")
            value = change(self._select_value(key))
            self._upsert_value(key, value, None)
            self.db.execute("COMMIT")
            return value

        return self._run_or_fall_back(update_value, lambda fallback: fallback.update(key, change))

    def _run_or_fall_back(self, work: Callable[[], T], fallback_work: Callable[[MemoryKeyValueStore], T]) -> T:
        if self.fallback is None:
            try:
                return retry_with_eviction(self.db, work)
            except sqlite3.Error as error:
                self.on_failure(error)
                self.fallback = MemoryKeyValueStore()
        return fallback_work(self.fallback)

    def _select_value(self, key: str) -> str | None:
        row = self.db.execute(
            "SELECT value FROM shelf WHERE name = ? AND key = ? AND (until IS NULL OR until > ?)",
            (self.name, _encode_key(key), time.time()),
        ).fetchone()
        return str(row[0]) if row else None

    def _upsert_value(self, key: str, value: str, keep: float | None) -> None:
        expires_at = None if keep is None else time.time() + keep
        self.db.execute(
            "INSERT OR REPLACE INTO shelf VALUES (?, ?, ?, ?)", (self.name, _encode_key(key), value, expires_at)
        )


def _encode_key(key: str) -> str:
    """The key as SQLite stores it: a file name may hold bytes that are no text."""
    return key.encode("utf-8", "backslashreplace").decode()
