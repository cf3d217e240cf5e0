"""The one writer of a process: results go in as they come, in small transactions, off the event loop."""

from __future__ import annotations

import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

from cite_audit.store.database import connect

GATHER = 0.1  # seconds: what came in this time shares a transaction
Work = Callable[[sqlite3.Connection], None]


class Writer:
    """Takes work from any thread. When writing fails (a full disk), `problem` says so and the rest is dropped."""

    def __init__(self, path: Path, most_bytes: int) -> None:
        self.path = path
        self.most_bytes = most_bytes
        self.problem = ""
        self.works: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self.thread = threading.Thread(target=self._run, name="store writer", daemon=True)
        self.thread.start()

    def put(self, work: Work) -> None:
        if not self.problem:
            self.works.put(work)

    def close(self) -> None:
        """Write what is left, and end."""
        self.works.put(None)
        self.thread.join()

    def _run(self) -> None:
        try:
            db = connect(self.path, self.most_bytes)
        except sqlite3.Error as error:
            self.problem = str(error)
            return
        more = True
        while more:
            batch, more = self._gather()
            if batch and not self.problem:
                self._write(db, batch)
        db.close()

    def _gather(self) -> tuple[list[Work], bool]:
        batch: list[Work] = []
        work = self.works.get()
        until = time.monotonic() + GATHER
        while work is not None:
            batch.append(work)
            try:
                work = self.works.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                return batch, True
        return batch, False

    def _write(self, db: sqlite3.Connection, batch: list[Work]) -> None:
        try:
            db.execute("BEGIN IMMEDIATE")
            for work in batch:
                work(db)
            db.execute("COMMIT")
        except sqlite3.Error as error:
            self.problem = str(error)
            if db.in_transaction:
                db.execute("ROLLBACK")
