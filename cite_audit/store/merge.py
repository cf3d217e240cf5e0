"""Several stores made one, by key: what was seen last holds, and every day of the history stays."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from cite_audit.errors import StoreError
from cite_audit.store.database import open_connection, prepare_database

# Repeated, each of these changes nothing, so that a merge that was killed is done again. Pages stay behind.
_STATEMENTS = (
    """INSERT INTO verdict SELECT * FROM part.verdict WHERE true
       ON CONFLICT (url) DO UPDATE SET at = excluded.at, run = NULL, basis = excluded.basis,
       document = excluded.document WHERE excluded.at > verdict.at""",
    """INSERT INTO history SELECT url, at, NULL, health, reason, status FROM part.history AS new
       WHERE NOT EXISTS (SELECT 1 FROM history AS old WHERE old.url = new.url AND old.at = new.at)""",
    """INSERT INTO shelf SELECT * FROM part.shelf WHERE true
       ON CONFLICT (name, key) DO UPDATE SET value = excluded.value, until = excluded.until
       WHERE coalesce(excluded.until, 1e300) >= coalesce(shelf.until, 1e300)""",
)


def merge_stores(parts: Iterable[Path], target: Path) -> None:
    """Add what the parts hold to the store at `target`; they stay as they are. Raises StoreError."""
    try:
        prepare_database(target)
        with contextlib.closing(open_connection(target)) as db:
            for part in parts:
                db.execute("ATTACH DATABASE ? AS part", (str(part),))
                db.execute("BEGIN IMMEDIATE")
                for statement in _STATEMENTS:
                    db.execute(statement)
                db.execute("COMMIT")
                db.execute("DETACH DATABASE part")
    except sqlite3.Error as error:
        raise StoreError(f"{target}: {error}") from error
