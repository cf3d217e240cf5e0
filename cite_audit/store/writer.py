"""The one writer of a process: results go in as they come, in small transactions, off the event loop."""

from __future__ import annotations

import contextlib
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from cite_audit.store.database import connect
from cite_audit.store.room import with_room

GATHER = 0.1  # seconds: what came in this time shares a transaction
Work = Callable[[sqlite3.Connection], None]


class Writer:
    """Takes work from any thread. When writing fails (a full disk), `problem` says so and the rest is dropped.

    Work that fails by itself is dropped alone, and `lost` says so.
    """

    def __init__(self, path: Path, most_bytes: int) -> None:
        self.path = path
        self.most_bytes = most_bytes
        self.problem = ""
        self.lost = ""
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
            with contextlib.closing(connect(self.path, self.most_bytes)) as db:
                more = True
                while more and not self.problem:
                    batch, more = self._gather()
                    self._write(db, batch)
        except sqlite3.Error as error:
            self.problem = str(error)

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
        """One transaction; where that fails, one for each work, so that one cannot take the others with it."""
        try:
            _commit(db, batch)
        except Exception:  # whatever it was, it is met again below
            if db.in_transaction:
                db.execute("ROLLBACK")
            self._write_each(db, batch)

    def _write_each(self, db: sqlite3.Connection, batch: list[Work]) -> None:
        for work in batch:
            try:
                with_room(db, partial(_commit, db, [work]))
            except sqlite3.OperationalError as error:
                self.problem = str(error)
                return
            except Exception as error:  # a bug costs what it struck, not the writer
                self.lost = str(error)


def _commit(db: sqlite3.Connection, works: list[Work]) -> None:
    db.execute("BEGIN IMMEDIATE")
    for work in works:
        work(db)
    db.execute("COMMIT")
