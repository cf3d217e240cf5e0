"""The only writer of a process: a thread that saves results in small transactions, off the event loop."""

from __future__ import annotations

import contextlib
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from cite_audit.store.database import open_connection
from cite_audit.store.eviction import retry_with_eviction

BATCH_SECONDS = 0.1  # seconds: works that arrive in this time share a transaction
Work = Callable[[sqlite3.Connection], None]


class StoreWriter:
    """Takes work from any thread. When writing fails (a full disk), `problem` says so and the rest is dropped.

    Work that fails by itself is dropped alone, and `lost` says so.
    """

    def __init__(self, path: Path, most_bytes: int) -> None:
        self.path = path
        self.most_bytes = most_bytes
        self.fatal_error = ""
        self.dropped_error = ""
        self.queued_works: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self.thread = threading.Thread(target=self._write_batches, name="store writer", daemon=True)
        self.thread.start()

    def enqueue_work(self, work: Work) -> None:
        if not self.fatal_error:
            self.queued_works.put(work)

    def close(self) -> None:
        """Write what is left, and end."""
        self.queued_works.put(None)
        self.thread.join()

    def _write_batches(self) -> None:
        try:
            with contextlib.closing(open_connection(self.path, self.most_bytes)) as db:
                is_open = True
                while is_open and not self.fatal_error:
                    batch, is_open = self._gather_batch()
                    self._write_batch(db, batch)
        except sqlite3.Error as error:
            self.fatal_error = str(error)

    def _gather_batch(self) -> tuple[list[Work], bool]:
        batch: list[Work] = []
        work = self.queued_works.get()
        deadline = time.monotonic() + BATCH_SECONDS
        while work is not None:
            batch.append(work)
            try:
                work = self.queued_works.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                return batch, True
        return batch, False

    def _write_batch(self, db: sqlite3.Connection, batch: list[Work]) -> None:
        """One transaction; where it fails, one for each work, so that a bad one does not lose the others."""
        try:
            _commit_works(db, batch)
        except Exception:  # the work that failed fails again below
            if db.in_transaction:
                db.execute("ROLLBACK")
            self._write_singly(db, batch)

    def _write_singly(self, db: sqlite3.Connection, batch: list[Work]) -> None:
        for work in batch:
            try:
                retry_with_eviction(db, partial(_commit_works, db, [work]))
            except sqlite3.OperationalError as error:
                self.fatal_error = str(error)
                return
            except Exception as error:  # a fault loses its own work, not the writer
                self.dropped_error = str(error)


def _commit_works(db: sqlite3.Connection, works: list[Work]) -> None:
    db.execute("BEGIN IMMEDIATE")
    for work in works:
        work(db)
    db.execute("COMMIT")
