"""The store: every verdict, the looks behind it, runs, and key-value parts for other packages."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from cite_audit.errors import StoreError
from cite_audit.frozen_record import frozen_record
from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Health, Reason, Verdict
from cite_audit.store.database import MOST_BYTES, default_path, open_connection, prepare_database
from cite_audit.store.eviction import retry_with_eviction
from cite_audit.store.key_value import DatabaseKeyValueStore, MemoryKeyValueStore
from cite_audit.store.serialization import Looks, decode_looks, decode_verdict, encode_verdict
from cite_audit.store.writer import StoreWriter

SURROGATE = compile_lazily("[\ud800-\udfff]")
URLS_PER_QUERY = 500  # addresses in one query
HistoryEntry = tuple[datetime, Health, Reason]


@frozen_record
class StoredVerdict:
    """A stored verdict: its time (seconds since the epoch), and a digest of the settings it was made under."""

    verdict: Verdict
    saved_at: float
    basis: str


@frozen_record
class StoredLooks:
    """The last verdict on an address and all looks behind it; None for looks whose pages have been evicted."""

    verdict: Verdict
    saved_at: float
    looks: Looks | None


class Store:
    """An open store. `remarks` names its faults; none of them ends a run."""

    def __init__(self, path: Path | None, most_bytes: int = MOST_BYTES, own_place: bool = False) -> None:
        self.path = path
        self.remarks: list[str] = []
        self.key_value_stores: dict[str, MemoryKeyValueStore | DatabaseKeyValueStore] = {}
        self.db: sqlite3.Connection | None = None
        self.writer: StoreWriter | None = None
        self.run_id: int | None = None
        if path is None:
            return
        try:
            if remark := prepare_database(path, own_place):
                self.remarks.append(remark)
            self.db = open_connection(path, most_bytes)
            self.writer = StoreWriter(path, most_bytes)
        except (StoreError, sqlite3.Error) as error:
            self._note_failure(error)

    def key_value_store(self, name: str) -> MemoryKeyValueStore | DatabaseKeyValueStore:
        """The part of the store under that name."""
        if name not in self.key_value_stores:
            self.key_value_stores[name] = (
                DatabaseKeyValueStore(self.db, name, self._note_failure) if self.db else MemoryKeyValueStore()
            )
        return self.key_value_stores[name]

    def begin_run(self) -> None:
        """Begin a run: it owns everything saved until `drop_run` or `close`."""
        if self.db:
            db, row = self.db, (time.time(),)
            try:
                self.run_id = retry_with_eviction(
                    db, lambda: db.execute("INSERT INTO run (started) VALUES (?)", row)
                ).lastrowid
            except sqlite3.Error as error:
                self._note_failure(error)

    def load_verdicts(self, urls: Sequence[str]) -> dict[str, StoredVerdict]:
        """The last verdict of each address that has one."""
        verdicts: dict[str, StoredVerdict] = {}
        if not self.db:
            return verdicts
        try:
            for batch in _query_batches(urls):
                query = f"SELECT url, at, basis, document FROM verdict WHERE url IN ({_placeholders(batch)})"  # noqa: S608
                for url, saved_at, basis, document in self.db.execute(query, batch):
                    try:
                        verdicts[url] = StoredVerdict(decode_verdict(url, document), _check_time(saved_at), basis)
                    except Exception:  # noqa: S112  whatever a row of another version or program holds: ask again
                        continue
        except sqlite3.Error as error:
            self._note_failure(error)
        return verdicts

    def save_verdict(self, verdict: Verdict, basis: str, looks: Looks = ()) -> None:
        """Save a verdict and the looks it rests on; a background thread writes them."""
        if not self.writer:
            return
        now, run_id = time.time(), self.run_id

        def insert_verdict(db: sqlite3.Connection) -> None:
            document, bodies = encode_verdict(verdict, looks)
            db.execute(
                "INSERT OR REPLACE INTO verdict VALUES (?, ?, ?, ?, ?)", (verdict.url, now, run_id, basis, document)
            )
            status = verdict.probe.status if verdict.probe else None
            history_row = (verdict.url, now, run_id, verdict.health.value, verdict.reason.value, status)
            db.execute(
                "DELETE FROM history WHERE url = ? AND run = ?", (verdict.url, run_id)
            )  # the last verdict of a run counts
            db.execute("INSERT INTO history VALUES (?, ?, ?, ?, ?, ?)", history_row)
            if bodies:
                db.execute("INSERT OR REPLACE INTO page VALUES (?, ?, ?)", (verdict.url, now, bodies))

        self.writer.enqueue_work(insert_verdict)

    def load_looks(self, url: str) -> StoredLooks | None:
        """The last verdict on an address with its looks; None where nothing is stored."""
        if not self.db:
            return None
        query = (
            "SELECT verdict.at, document, bodies FROM verdict "
            "LEFT JOIN page ON page.url = verdict.url AND page.at = verdict.at WHERE verdict.url = ?"
        )
        try:
            for saved_at, document, bodies in self.db.execute(query, (url,)):
                looks = decode_looks(document, bodies)
                return StoredLooks(decode_verdict(url, document), _check_time(saved_at), looks)
        except sqlite3.Error as error:
            self._note_failure(error)
        except Exception:  # as in `load_verdicts`
            return None
        return None

    def load_history(self, urls: Sequence[str]) -> dict[str, list[HistoryEntry]]:
        """The earlier verdicts on each address, oldest first; those that this version cannot read are left out."""
        history: dict[str, list[HistoryEntry]] = {}
        if not self.db:
            return history
        try:
            for batch in _query_batches(urls):
                query = f"SELECT url, at, health, reason FROM history WHERE url IN ({_placeholders(batch)}) ORDER BY at"  # noqa: S608
                for url, seconds, health, reason in self.db.execute(query, batch):
                    try:
                        entry = datetime.fromtimestamp(_check_time(seconds), UTC), Health(health), Reason(reason)
                    except Exception:  # noqa: S112  as in `load_verdicts`
                        continue
                    history.setdefault(url, []).append(entry)
        except sqlite3.Error as error:
            self._note_failure(error)
        return history

    def drop_run(self) -> None:
        """Delete everything this run saved: the network failed, not the links."""
        run_id = self.run_id
        if not self.writer or run_id is None:
            return

        def delete_run(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM page WHERE url IN (SELECT url FROM verdict WHERE run = ?)", (run_id,))
            for table in ("verdict", "history"):
                db.execute(f"DELETE FROM {table} WHERE run = ?", (run_id,))  # noqa: S608  names of our own
            db.execute("UPDATE run SET ended = ?, state = 'dropped' WHERE id = ?", (time.time(), run_id))

        self.writer.enqueue_work(delete_run)

    def close(self) -> None:
        """Write what is left. Safe to call twice."""
        run_id = self.run_id
        if self.writer:
            if run_id is not None:
                self.writer.enqueue_work(lambda db: _finish_run(db, run_id))
            self.writer.close()
            if self.writer.fatal_error:
                self._note_failure(sqlite3.OperationalError(self.writer.fatal_error))
            elif self.writer.dropped_error:
                self.remarks.append(f"something could not be kept in the store: {self.writer.dropped_error}")
        if self.db:
            self.db.close()
        self.db = self.writer = None

    def _note_failure(self, error: Exception) -> None:
        remark = f"the store cannot be used, the run goes on without it: {error}"
        if remark not in self.remarks:
            self.remarks.append(remark)


def _check_time(seconds: object) -> float:
    """A time of the store, seconds since the epoch. Raises ValueError, TypeError, OverflowError for anything else."""
    if not isinstance(seconds, int | float):
        raise TypeError(f"{type(seconds).__name__} is no time")
    datetime.fromtimestamp(seconds, UTC)
    return seconds


def _query_batches(urls: Sequence[str]) -> Iterator[list[str]]:
    """The addresses in batches; one that is no Unicode text was never stored."""
    texts = [url for url in urls if url.isascii() or not SURROGATE.search(url)]
    for start in range(0, len(texts), URLS_PER_QUERY):
        yield texts[start : start + URLS_PER_QUERY]


def _placeholders(values: Sequence[str]) -> str:
    return ",".join("?" * len(values))


def _finish_run(db: sqlite3.Connection, run_id: int) -> None:
    db.execute("UPDATE run SET ended = ?, state = 'done' WHERE id = ? AND state = 'running'", (time.time(), run_id))


def open_store(path: str | None) -> Store:
    """The store at `path` (empty: the user's cache directory). None: one in memory, for one run. Never raises."""
    return Store(None if path is None else Path(path) if path else default_path(), own_place=not path)
