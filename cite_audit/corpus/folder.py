"""The folder of a corpus: where its tables, stores and state are, and how a part of a table gets there whole.

DIR/corpus.json              the run: what it audits, which stages are done
DIR/TABLE/RUN-00012.parquet  one file a part; written under another name and renamed
DIR/work/                    what only the stages need
DIR/stores/                  what was seen, one store for each group of hosts, and all of the earlier runs
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cite_audit.corpus.columns import PRIVATE_TABLES, SCHEMA_VERSION, TABLES, build_schema, list_columns
from cite_audit.errors import UsageError
from cite_audit.files import make_private_folder, rename_file, sync_files, write_file
from cite_audit.foreign_json import parse_foreign_json
from cite_audit.frozen_record import frozen_record

if TYPE_CHECKING:
    import pyarrow as pa

STATE_FILE = "corpus.json"
ROWS_IN_GROUP = 4096  # rows that a reader of a filtered table holds at least
LONG_COLUMNS = {"document", "verdict"}


@frozen_record
class CorpusRun:
    """One run over a corpus. `id` sorts by time; `now` dates its verdicts; `finished`: the stages that are done.

    `buckets` of reports and `groups` of hosts are the parts that the stages work on.
    """

    id: str
    now: datetime
    arguments: str = ""  # digest of what it was called with
    buckets: int = 0
    reports: int = 0
    groups: int = 0
    links: int = 0
    finished: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    counts: Mapping[str, Any] = field(default_factory=dict)


@frozen_record
class CorpusFolder:
    """The place of one corpus."""

    root: Path

    @property
    def work(self) -> Path:
        return self.root / "work"

    @property
    def stores(self) -> Path:
        return self.root / "stores"

    @property
    def lease(self) -> Path:
        """Names the process that drives the run; a worker ends when it names another, or none."""
        return self.work / "driver"

    def table(self, name: str) -> Path:
        """The folder of a table."""
        return (self.root if name in TABLES else self.work) / name

    def part(self, table: str, name: str) -> Path:
        return self.table(table) / f"{name}.parquet"

    def parts(self, table: str) -> list[Path]:
        """The finished parts of a table."""
        return sorted(path for path in self.table(table).glob("*.parquet") if not path.name.startswith("."))

    def make(self) -> None:
        """Make the folders. Raises OSError."""
        for folder in (self.work, self.stores, *(self.table(name) for name in (*TABLES, *PRIVATE_TABLES))):
            make_private_folder(folder)

    def sweep(self) -> None:
        """Remove what killed processes left half written."""
        for name in (*TABLES, *PRIVATE_TABLES):
            for path in self.table(name).glob(".*.parquet*"):
                path.unlink(missing_ok=True)

    def load_run(self) -> CorpusRun | None:
        """The run that is under way or was the last; None in a folder without one.

        Raises UsageError for a corpus of another major version, or a file that is none of ours.
        """
        path = self.root / STATE_FILE
        try:
            record = parse_foreign_json(path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise UsageError(f"{path} cannot be read: {error}") from error
        version = str(record.pop("schema_version", "")) if isinstance(record, dict) else ""
        if version.partition(".")[0] != SCHEMA_VERSION.partition(".")[0]:
            raise UsageError(f"{path} is of version {version or '?'}; this program reads {SCHEMA_VERSION}")
        lists = {name: tuple(record[name]) for name in ("finished", "remarks")}
        return CorpusRun(**{**record, **lists, "now": datetime.fromisoformat(record["now"])})

    def open_run(self) -> CorpusRun:
        """As `load_run`; raises UsageError where there is none."""
        run = self.load_run()
        if run is None:
            raise UsageError(f"{self.root} is no corpus: there is no {STATE_FILE} in it")
        return run

    def save_run(self, run: CorpusRun) -> CorpusRun:
        record = {"schema_version": SCHEMA_VERSION, **asdict(run), "now": run.now.isoformat()}
        write_file(self.root / STATE_FILE, (json.dumps(record, indent=2, ensure_ascii=False) + "\n").encode())
        return run

    def finish_stage(self, run: CorpusRun, stage: str, **changes: Any) -> CorpusRun:
        """The run with one more stage done, saved once all that was made since it began is on the disk."""
        sync_files(path for name in (*TABLES, *PRIVATE_TABLES) for path in self.parts(name))
        return self.save_run(replace(run, finished=(*run.finished, stage), **changes))

    def write_part(
        self, table: str, name: str, rows: Iterable[Mapping[str, Any]], metadata: Mapping[str, str] | None = None
    ) -> int:
        """Write the part of a table whole, or not at all; returns how many rows it has. Raises OSError.

        It is on the disk once `finish_stage` says so. A power cut before that may leave a part without its end, which
        `has_part` finds: a Parquet file ends with its index, and is written in one go.
        """
        names = list_columns(table)
        batches = ({name: [row.get(name) for row in batch] for name in names} for batch in _batches(rows))
        return self._write_batches(table, name, batches, metadata)

    def write_columns(
        self, table: str, name: str, columns: Mapping[str, Sequence[Any]], metadata: Mapping[str, str] | None = None
    ) -> int:
        """As `write_part`, from all columns of the table, which are of one length: half the work of as many rows."""
        return self._write_batches(table, name, [columns], metadata)

    def _write_batches(
        self,
        table: str,
        name: str,
        batches: Iterable[Mapping[str, Sequence[Any]]],
        metadata: Mapping[str, str] | None,
    ) -> int:
        import pyarrow.parquet as pq

        schema = build_schema(table, metadata)
        target = self.part(table, name)
        unfinished = target.with_name(f".{target.name}.{os.getpid()}")
        count = 0
        try:
            # a dictionary of whole documents, and the least and greatest of them, serve no reader
            short = [field.name for field in schema if field.name not in LONG_COLUMNS]
            with pq.ParquetWriter(
                unfinished, schema, compression="zstd", use_dictionary=short, write_statistics=short
            ) as writer:
                for columns in batches:
                    rows = _build_table(columns, schema)
                    writer.write_table(rows)
                    count += rows.num_rows
            rename_file(unfinished, target)
        finally:
            unfinished.unlink(missing_ok=True)
        return count

    def read_rows(self, path: Path, key: str, value: int, columns: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """The rows of a sorted file whose `key` is `value`; the other row groups are not read."""
        import pyarrow.parquet as pq

        table: pa.Table = pq.read_table(path, filters=[(key, "=", value)], columns=columns, use_threads=False)
        rows: list[dict[str, Any]] = table.to_pylist()
        return rows

    def read_part(self, table: str, name: str, columns: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """The rows of one part."""
        import pyarrow.parquet as pq

        rows: list[dict[str, Any]] = pq.read_table(
            self.part(table, name), columns=columns, use_threads=False
        ).to_pylist()
        return rows

    def has_part(self, table: str, name: str) -> bool:
        """Whether a part stands, and is whole."""
        return "cite-audit corpus" in self.part_metadata(table, name)

    def part_metadata(self, table: str, name: str) -> dict[str, str]:
        """What `write_part` was given for this part; empty where there is none, or none that can be read."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            found = pq.read_schema(self.part(table, name)).metadata or {}
        except (OSError, pa.ArrowException):
            return {}
        return {key.decode(): value.decode() for key, value in found.items()}

    def drop_parts(self, table: str, kept: Iterable[str]) -> None:
        """Remove the parts of a table but those named: they are of an earlier run."""
        names = set(kept)
        for path in self.parts(table):
            if path.stem not in names:
                path.unlink(missing_ok=True)


def _batches(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    batch: list[Mapping[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == ROWS_IN_GROUP:
            yield batch
            batch = []
    if batch:
        yield batch


def _build_table(columns: Mapping[str, Sequence[Any]], schema: pa.Schema) -> pa.Table:
    """The columns as Arrow has them, without lone surrogates, which come of file names and of broken text.

    No UTF-8 can hold those. They are rare, so that the values are looked at one by one only where there are any.
    """
    import pyarrow as pa

    try:
        return pa.table(dict(columns), schema=schema)
    except UnicodeEncodeError:
        clean = {name: [_clean_value(value) for value in values] for name, values in columns.items()}
        return pa.table(clean, schema=schema)


def _clean_value(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, list | tuple):
        return type(value)(_clean_value(each) for each in value)
    return value
