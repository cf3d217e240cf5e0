"""DuckDB over the tables of a corpus: bounded memory, spilling to the corpus's own folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cite_audit.corpus.columns import TABLES
from cite_audit.corpus.folder import CorpusFolder
from cite_audit.files import replace_file, temporary_folder

if TYPE_CHECKING:
    import duckdb

MEMORY_LIMIT = "128MB"
ROW_GROUP_ROWS = 2048  # of files that later stages read a key at a time


@contextmanager
def open_database(folder: CorpusFolder, purpose: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory with a view on each table that has parts. It asks no network, and installs nothing."""
    import duckdb

    with temporary_folder(folder.root, purpose) as spill:
        settings: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY_LIMIT,
            "threads": 1,
            "temp_directory": str(spill),
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        with duckdb.connect(config=settings) as db:
            db.execute("SET TimeZone = 'UTC'")
            for table in (*TABLES, "cited"):
                if folder.parts(table):
                    pattern = quote_text(folder.table(table) / "[!.]*.parquet")
                    db.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet({pattern})")  # noqa: S608
            yield db


def name_file(path: Path) -> str:
    """A file as SQL reads it, by its own name and no pattern."""
    return f"read_parquet([{quote_text(path)}])"


def copy_sorted(db: duckdb.DuckDBPyConnection, query: str, target: Path) -> None:
    """Write the rows of a query to a Parquet file, whole or not at all."""
    unfinished = target.with_name(f".{target.name}")
    options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP_ROWS}"
    db.execute(f"COPY ({query}) TO {quote_text(unfinished)} ({options})")
    replace_file(unfinished, target)


def fetch_rows(db: duckdb.DuckDBPyConnection, query: str, parameters: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """The rows of a query."""
    cursor = db.execute(query, list(parameters))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def fetch_value(db: duckdb.DuckDBPyConnection, query: str) -> Any:
    """The only value of a query."""
    row = db.execute(query).fetchone()
    return row[0] if row else None


def quote_text(text: object) -> str:
    """A text, or a path, as a literal of SQL."""
    return "'" + str(text).replace("'", "''") + "'"
