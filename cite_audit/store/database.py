"""The database file: its place, its schema, and the handling of a foreign or damaged one."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from pathlib import Path

from cite_audit.errors import StoreError

APPLICATION_ID = 0x43495445  # "CITE"
MAGIC = b"SQLite format 3\0"
HEADER_BYTES = 100  # bytes of a database's header
# One script per version; a file at version n gets those behind the n-th.
MIGRATIONS = (
    """
    CREATE TABLE run (id INTEGER PRIMARY KEY, started REAL NOT NULL, ended REAL, state TEXT NOT NULL DEFAULT 'running');
    CREATE TABLE verdict (url TEXT PRIMARY KEY, at REAL NOT NULL, run INTEGER, basis TEXT NOT NULL,
                          reason TEXT NOT NULL, document TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE history (url TEXT NOT NULL, at REAL NOT NULL, run INTEGER, health TEXT NOT NULL, reason TEXT NOT NULL,
                          status INTEGER);
    CREATE INDEX history_by_url ON history (url, at);
    CREATE TABLE probe (id INTEGER PRIMARY KEY, url TEXT NOT NULL, at REAL NOT NULL, run INTEGER, kind TEXT NOT NULL,
                        document TEXT NOT NULL, body BLOB);
    CREATE INDEX probe_by_url ON probe (url, at);
    CREATE TABLE shelf (name TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, until REAL,
                        PRIMARY KEY (name, key)) WITHOUT ROWID;
    """,
    # the heads of the looks moved into the verdict's text; a page's rowid grows with its age, so the lowest is oldest
    """
    DROP TABLE probe;
    DROP TABLE verdict;
    CREATE TABLE verdict (url TEXT PRIMARY KEY, at REAL NOT NULL, run INTEGER, basis TEXT NOT NULL,
                          document BLOB NOT NULL);
    CREATE TABLE page (url TEXT PRIMARY KEY, at REAL NOT NULL, bodies BLOB NOT NULL);
    """,
)
TABLES = ("run", "verdict", "history", "page", "shelf")
BUSY_TIMEOUT = 10.0  # seconds to wait for another process's write
STARTUP_TIMEOUT = 2.0  # seconds to wait for another process that creates a store
MOST_BYTES = 2 * 1024**3
PAGE_BYTES = 4096
NO_HOME_MESSAGE = (
    "there is no place for a store: this user has no home; set HOME or XDG_CACHE_HOME, or name a file (--store)"
)


def default_path() -> Path:
    """`cite-audit/store.sqlite` in the user's cache directory (XDG Base Directory).

    Not absolute where there is no such directory (a user without HOME and without an entry in passwd).
    """
    base = os.environ.get("XDG_CACHE_HOME", "")
    return Path(base if base.startswith("/") else os.path.expanduser("~/.cache"), "cite-audit", "store.sqlite")


def open_connection(path: Path, most_bytes: int = MOST_BYTES) -> sqlite3.Connection:
    """A connection of our settings. Raises sqlite3.Error."""
    db = sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False)
    try:
        _use_wal(db)
        db.execute("PRAGMA synchronous = NORMAL")  # in WAL this survives a kill; a power cut may lose the last moments
        db.execute(f"PRAGMA max_page_count = {most_bytes // PAGE_BYTES}")
        db.execute("PRAGMA temp_store = MEMORY")
    except BaseException:
        db.close()
        raise
    return db


def _use_wal(db: sqlite3.Connection) -> None:
    """Switch to WAL. When two processes do so on a new file, SQLite refuses one of them at once: it tries again."""
    deadline = time.monotonic() + BUSY_TIMEOUT
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def prepare_database(path: Path, own_place: bool = False) -> str:
    """Make sure a usable database of our schema is at `path`; the returned remark names a file that was moved aside.

    A damaged store of ours is moved aside; a file that is not ours only in `own_place`, where nobody else puts files.
    Raises StoreError when no store can be had there (no rights, a newer version, somebody else's file, no home).
    """
    if own_place and not path.is_absolute():
        raise StoreError(NO_HOME_MESSAGE)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        ours = is_own_database(path)
        if ours:
            update_schema(path)
            return ""
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and not _is_damage_error(error):
            raise StoreError(f"{path}: {error}") from error
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror or error}") from error
    else:
        if not own_place:
            raise StoreError(f"{path} is no store of cite-audit, and was left as it is")
    aside = _move_aside(path)
    try:
        update_schema(path)
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {error}") from error
    return f"the store {path} was damaged or not ours; it is now {aside.name}, and a new one was begun"


def is_own_database(path: Path) -> bool:
    """Whether a store of ours is at `path` or could be created there, without touching the file.

    Raises OSError, and StoreError for what is no file.
    """
    if not path.exists():
        return True
    if not path.is_file():
        raise StoreError(f"{path} is not a file")
    deadline = time.monotonic() + STARTUP_TIMEOUT
    while True:
        with path.open("rb") as file:
            head = file.read(HEADER_BYTES)
        owner = int.from_bytes(head[68:72])  # sqlite.org/fileformat2.html §1.3
        if not head or (head.startswith(MAGIC) and owner == APPLICATION_ID):
            return True
        if not head.startswith(MAGIC) or owner:
            return False
        blank = _is_new_database(path)
        if blank is not None or time.monotonic() > deadline:
            return bool(blank)
        time.sleep(0.02)  # another process is creating or closing it: read again


def _is_new_database(path: Path) -> bool | None:
    """Whether a database is new: its tables, and who it belongs to, may still be in the log beside it.

    None where it cannot be read at the moment.
    """
    mode = "mode=ro" if path.with_name(path.name + "-wal").exists() else "immutable=1"
    try:
        with contextlib.closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?{mode}", uri=True, timeout=BUSY_TIMEOUT)
        ) as db:
            (tables,) = db.execute("SELECT count(*) FROM sqlite_master").fetchone()
            (owner,) = db.execute("PRAGMA application_id").fetchone()  # after the tables: it is written with them
    except sqlite3.Error:
        return None
    return bool(owner == APPLICATION_ID or not tables)


def _is_damage_error(error: sqlite3.OperationalError) -> bool:
    return any(word in str(error) for word in ("malformed", "not a database", "no such column", "no such table"))


def update_schema(path: Path) -> None:
    """Create or migrate the database at `path`. Raises sqlite3.Error, and StoreError for a newer version."""
    with contextlib.closing(open_connection(path)) as db:
        db.execute("BEGIN IMMEDIATE")
        try:
            _run_migrations(db, path)
            for table in TABLES:
                db.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()  # noqa: S608  names of our own
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")


def _run_migrations(db: sqlite3.Connection, path: Path) -> None:
    (version,) = db.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise StoreError(f"{path} was made by a newer cite-audit (schema {version}, ours is {len(MIGRATIONS)})")
    for number in range(version, len(MIGRATIONS)):
        for statement in MIGRATIONS[number].split(";"):
            if statement.strip():
                db.execute(statement)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _move_aside(path: Path) -> Path:
    aside = path.with_name(f"{path.name}.damaged-{time.time_ns() // 1_000_000}")
    try:
        path.rename(aside)
        for tail in ("-wal", "-shm"):
            beside = path.with_name(path.name + tail)
            if beside.exists():
                beside.rename(aside.with_name(aside.name + tail))
    except OSError as error:
        raise StoreError(f"{path}: it is damaged and cannot be moved aside: {error.strerror}") from error
    return aside
