"""The store: every verdict, the looks behind it, runs, and the shelves of other rooms."""

from __future__ import annotations

import re
import sqlite3
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cite_audit.errors import StoreError
from cite_audit.model import Verdict
from cite_audit.store.database import MOST_BYTES, connect, default_path, prepare
from cite_audit.store.records import Looks, looks_from, verdict_from, written
from cite_audit.store.room import with_room
from cite_audit.store.shelf import FileShelf, MemoryShelf
from cite_audit.store.writer import Writer

UNREADABLE = (ValueError, LookupError, TypeError, zlib.error)  # a row somebody else wrote
SURROGATE = re.compile("[\ud800-\udfff]")
AT_ONCE = 500  # addresses in one query
Past = tuple[float, str, str]  # seconds since the epoch, health, reason


@dataclass(frozen=True, slots=True)
class Kept:
    """A verdict as it was kept: when (seconds since the epoch), and under which circumstances."""

    verdict: Verdict
    at: float
    basis: str


@dataclass(frozen=True, slots=True)
class Seen:
    """The last verdict on an address and all looks behind it; None for those whose pages are kept no longer."""

    verdict: Verdict
    at: float
    looks: Looks | None


class Store:
    """One opened store. `remarks` tells what went wrong with it; nothing of it ends a run."""

    def __init__(self, path: Path | None, most_bytes: int = MOST_BYTES, own_place: bool = False) -> None:
        self.path = path
        self.remarks: list[str] = []
        self.shelves: dict[str, MemoryShelf | FileShelf] = {}
        self.db: sqlite3.Connection | None = None
        self.writer: Writer | None = None
        self.run: int | None = None
        if path is None:
            return
        try:
            if remark := prepare(path, own_place):
                self.remarks.append(remark)
            self.db = connect(path, most_bytes)
            self.writer = Writer(path, most_bytes)
        except (StoreError, sqlite3.Error) as error:
            self._lost(error)

    def shelf(self, name: str) -> MemoryShelf | FileShelf:
        """The part of the store under that name."""
        if name not in self.shelves:
            self.shelves[name] = FileShelf(self.db, name, self._lost) if self.db else MemoryShelf()
        return self.shelves[name]

    def begin_run(self) -> None:
        """Everything kept from now on belongs to this run, until `drop_run` or `close`."""
        if self.db:
            db, row = self.db, (time.time(),)
            try:
                self.run = with_room(db, lambda: db.execute("INSERT INTO run (started) VALUES (?)", row)).lastrowid
            except sqlite3.Error as error:
                self._lost(error)

    def kept(self, urls: Sequence[str]) -> dict[str, Kept]:
        """The last verdict of each address that has one."""
        found: dict[str, Kept] = {}
        if not self.db:
            return found
        try:
            for part in _parts(urls):
                query = f"SELECT url, at, basis, document FROM verdict WHERE url IN ({_marks(part)})"  # noqa: S608
                for url, at, basis, document in self.db.execute(query, part):
                    try:
                        found[url] = Kept(verdict_from(url, document), at, basis)
                    except UNREADABLE:
                        continue  # a row somebody else wrote: ask again
        except sqlite3.Error as error:
            self._lost(error)
        return found

    def keep(self, verdict: Verdict, basis: str, looks: Looks = ()) -> None:
        """Remember a verdict and the looks it rests on; written by the next moment."""
        if not self.writer:
            return
        now, run = time.time(), self.run

        def work(db: sqlite3.Connection) -> None:
            document, bodies = written(verdict, looks)
            db.execute(
                "INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?, ?)", (verdict.url, now, run, basis, document)
            )
            status = verdict.probe.status if verdict.probe else None
            past = (verdict.url, now, run, verdict.health.value, verdict.reason.value, status)
            db.execute("DELETE FROM history WHERE url = ? AND run = ?", (verdict.url, run))  # a run's last word counts
            db.execute("INSERT INTO history VALUES (?, ?, ?, ?, ?, ?)", past)
            if bodies:
                db.execute("INSERT OR REPLACE INTO page VALUES (?, ?, ?)", (verdict.url, now, bodies))

        self.writer.put(work)

    def seen(self, url: str) -> Seen | None:
        """What the last verdict on an address rests on; None where nothing is kept of it."""
        if not self.db:
            return None
        query = (
            "SELECT verdict.at, document, bodies FROM verdict "
            "LEFT JOIN page ON page.url = verdict.url AND page.at = verdict.at WHERE verdict.url = ?"
        )
        try:
            for at, document, bodies in self.db.execute(query, (url,)):
                return Seen(verdict_from(url, document), at, looks_from(document, bodies))
        except UNREADABLE:
            return None
        except sqlite3.Error as error:
            self._lost(error)
        return None

    def history(self, urls: Sequence[str]) -> dict[str, list[Past]]:
        """What was said of each address before, oldest first."""
        found: dict[str, list[Past]] = {}
        if not self.db:
            return found
        try:
            for part in _parts(urls):
                query = f"SELECT url, at, health, reason FROM history WHERE url IN ({_marks(part)}) ORDER BY at"  # noqa: S608
                for url, at, health, reason in self.db.execute(query, part):
                    found.setdefault(url, []).append((at, health, reason))
        except sqlite3.Error as error:
            self._lost(error)
        return found

    def drop_run(self) -> None:
        """Forget everything this run kept: the network, not the links, was to blame."""
        run = self.run
        if not self.writer or run is None:
            return

        def work(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM page WHERE url IN (SELECT url FROM verdict WHERE run = ?)", (run,))
            for table in ("verdict", "history"):
                db.execute(f"DELETE FROM {table} WHERE run = ?", (run,))  # noqa: S608  names of our own
            db.execute("UPDATE run SET ended = ?, state = 'dropped' WHERE id = ?", (time.time(), run))

        self.writer.put(work)

    def close(self) -> None:
        """Write what is left. Safe to call twice."""
        run = self.run
        if self.writer:
            if run is not None:
                self.writer.put(lambda db: _end(db, run))
            self.writer.close()
            if self.writer.problem:
                self._lost(sqlite3.OperationalError(self.writer.problem))
            elif self.writer.lost:
                self.remarks.append(f"something could not be kept in the store: {self.writer.lost}")
        if self.db:
            self.db.close()
        self.db = self.writer = None

    def _lost(self, error: Exception) -> None:
        said = f"the store cannot be used, the run goes on without it: {error}"
        if said not in self.remarks:
            self.remarks.append(said)


def _parts(urls: Sequence[str]) -> Iterator[list[str]]:
    """The addresses, so many at once; one that is no Unicode text was never kept."""
    texts = [url for url in urls if url.isascii() or not SURROGATE.search(url)]
    for start in range(0, len(texts), AT_ONCE):
        yield texts[start : start + AT_ONCE]


def _marks(values: Sequence[str]) -> str:
    return ",".join("?" * len(values))


def _end(db: sqlite3.Connection, run: int) -> None:
    db.execute("UPDATE run SET ended = ?, state = 'done' WHERE id = ? AND state = 'running'", (time.time(), run))


def open_store(path: str | None) -> Store:
    """The store at `path` (empty: the user's cache directory). None: one in memory, for one run. Never raises."""
    return Store(None if path is None else Path(path) if path else default_path(), own_place=not path)
