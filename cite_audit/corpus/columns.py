"""The tables of a corpus and their columns: the public contract, versioned like json-v1.

Within version 1 columns are added, never renamed, dropped or given another type. `cite-audit corpus schema` prints it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA_VERSION = "1.0"


class TableColumn(NamedTuple):
    """A column: its type (a name of TYPES), and what it holds."""

    type: str
    help: str


def _column(type: str, help: str) -> TableColumn:
    return TableColumn(type, help)


_PATH = _column("text", "the report: its path or address")
_URL = _column("text", "the link as cited")

TABLES: Mapping[str, Mapping[str, TableColumn]] = {
    "reports": {
        "path": _PATH,
        "title": _column("text", "its title"),
        "published": _column("date", "its date of publication, null where it is not known"),
        "publisher": _column("text", "host of the body that published it"),
        "authors": _column("texts", "its authors"),
        "language": _column("text", "its language"),
        "format": _column("text", "the format that it was read in"),
        "notes": _column("count", "how many notes it has"),
        "citations": _column("count", "how many citations it has"),
        "missing_notes": _column("numbers", "numbers of the text that no note belongs to"),
        "orphan_notes": _column("numbers", "notes that no number of the text belongs to"),
        "problem": _column("text", "why it could not be read; empty where it was"),
        "empty": _column("flag", "whether there was nothing in it to read"),
        "document": _column("bytes", "private: the report as read, for the later stages"),
    },
    "notes": {
        "path": _PATH,
        "section": _column("count", "restarts of the numbering before it"),
        "number": _column("count", "its number"),
        "label": _column("text", "its number as printed"),
        "kind": _column("text", "links, prose, on-request, lost-link, empty or reference"),
        "text": _column("text", "its text"),
        "links": _column("count", "how many links it has"),
    },
    "citations": {
        "path": _PATH,
        "published": _column("date", "the report's date"),
        "section": _column("count", "restarts of the numbering before its note"),
        "note": _column("count", "its note, null for a link in the text"),
        "url": _URL,
        "raw": _column("text", "the link as printed"),
        "style": _column("text", "how it was defanged"),
        "role": _column("text", "what it is there for"),
        "line": _column("count", "its line in the report"),
        "column": _column("count", "its column in that line"),
        "page": _column("count", "its page, where the format has pages"),
        "repairs": _column("texts", "kinds of the repairs made to it"),
    },
    "sources": {
        "path": _PATH,
        "published": _column("date", "the report's date"),
        "url": _URL,
        "citations": _column("count", "how often the report cites it"),
        "source": _column("text", "who it belongs to"),
        "name": _column("text", "the name of that source"),
        "group": _column("text", "the class that it is graded in"),
        "control": _column("text", "who controls it"),
        "country": _column("text", "its country (ISO 3166 code)"),
        "publisher": _column("text", "the newsroom or body behind it"),
        "side": _column("text", "the voice that it shares with others"),
        "known": _column("flag", "whether the registry knows it"),
    },
    "links": {
        "url": _URL,
        "host": _column("text", "its host"),
        "domain": _column("text", "its registrable domain"),
        "near": _column("date", "the earliest day it was cited on: its memento should be near"),
        "first_cited": _column("date", "date of the first report that cites it"),
        "last_cited": _column("date", "date of the last one"),
        "reports": _column("count", "how many reports cite it"),
        "citations": _column("count", "how many citations it has"),
        "health": _column("text", "alive, broken, unknown, skipped or unchecked"),
        "reason": _column("text", "why"),
        "detail": _column("text", "the reason more closely"),
        "state": _column("text", "suspected or confirmed"),
        "checked_at": _column("time", "when it was last looked at"),
        "status": _column("count", "the HTTP status of that look"),
        "moved_to": _column("text", "the address it moved to, where that was proved"),
        "archived": _column("text", "archived, archived_bad, excluded, not_archived, unknown or unchecked"),
        "memento": _column("text", "address of the best memento"),
        "memento_at": _column("time", "when that was captured"),
        "distance_days": _column("count", "days between that and the day the link was cited on"),
        "verdict": _column("bytes", "private: the whole verdict, for the later stages"),
    },
    "probes": {
        "url": _URL,
        "run": _column("text", "the run that asked"),
        "checked_at": _column("time", "when"),
        "health": _column("text", "what that run made of it, on the day"),
        "reason": _column("text", "why"),
        "status": _column("count", "HTTP status; null without an answer"),
        "failure": _column("text", "how the exchange failed"),
        "final_url": _column("text", "where its redirects ended"),
        "hops": _column("count", "redirects followed"),
        "elapsed": _column("real", "seconds it took"),
        "attempts": _column("count", "requests spent on it"),
        "evidence": _column("texts", "what was seen, in sentences"),
    },
    "mementos": {
        "url": _URL,
        "archive": _column("text", "the archive"),
        "uri": _column("text", "address of the memento"),
        "captured_at": _column("time", "when it was captured"),
        "status": _column("count", "its HTTP status"),
        "good": _column("flag", "whether it has no defects"),
        "quality": _column("texts", "its defects"),
        "distance_days": _column("count", "days between it and the day the link was cited on"),
    },
    "findings": {
        "path": _PATH,
        "published": _column("date", "the report's date"),
        "rule": _column("text", "code of the rule, such as CA101"),
        "name": _column("text", "its name"),
        "severity": _column("text", "error, warning or note"),
        "state": _column("text", "new, known, resolved or ignored"),
        "note": _column("count", "the note it is about"),
        "url": _column("text", "the link it is about"),
        "line": _column("count", "its line in the report"),
        "column": _column("count", "its column in that line"),
        "message": _column("text", "the advice"),
        "replacement": _column("text", "the address that its first fix puts there"),
    },
    "grades": {
        "path": _PATH,
        "published": _column("date", "the report's date"),
        "gradable": _column("flag", "whether it could be graded"),
        "letter": _column("text", "its grade"),
        "score": _column("real", "its points, 0 to 100"),
        "provisional": _column("flag", "whether something that it rests on could not be asked"),
        "text": _column("text", "why it is not gradable, or what would raise it"),
        "measures": _column("reals", "each measure's value"),
        "groups": _column("reals", "each group's share of the citations, 0 to 1"),
        "registry_version": _column("text", "of the registry of sources"),
    },
}  # fmt: skip

# Tables that only the stages themselves read; they may change with any version.
PRIVATE_TABLES: Mapping[str, Mapping[str, TableColumn]] = {
    "inputs": {
        "bucket": _column("count", "the part of the corpus that it belongs to"),
        "path": _PATH,
        "kind": _column("text", "file, page, remote or record"),
        "container": _column("text", "the collection that holds it"),
        "member": _column("text", "the file in that collection"),
        "offset": _column("count", "of its record there"),
        "stamp": _column("text", "changes when its bytes may have changed"),
        "title": _column("text", "title in the manifest"),
        "published": _column("date", "date in the manifest"),
    },
    "cited": {
        "bucket": _column("count", "the part of the corpus that cites it"),
        "url": _URL,
        "host": _column("text", "its host"),
        "domain": _column("text", "its registrable domain"),
        "near": _column("date", "the earliest day it was cited on"),
        "language": _column("text", "of a report that cites it"),
        "quotes": _column("texts", "sentences that cite it"),
        "first_cited": _column("date", "date of the first report that cites it"),
        "last_cited": _column("date", "date of the last one"),
        "reports": _column("count", "how many reports cite it"),
        "citations": _column("count", "how many citations it has"),
    },
}

# type of a column → what it is in Parquet
TYPES = {
    "text": "string",
    "texts": "list of strings",
    "count": "64-bit integer",
    "numbers": "list of 64-bit integers",
    "date": "date",
    "time": "timestamp in UTC, microseconds",
    "flag": "boolean",
    "real": "double",
    "reals": "map from string to double",
    "bytes": "binary",
}


def list_columns(table: str) -> Mapping[str, TableColumn]:
    """The columns of a table by name."""
    return TABLES.get(table) or PRIVATE_TABLES[table]


def build_schema(table: str, metadata: Mapping[str, str] | None = None) -> pa.Schema:
    """The Arrow schema of a table, its version among the metadata."""
    import pyarrow as pa

    types = {
        "text": pa.string(),
        "texts": pa.list_(pa.string()),
        "count": pa.int64(),
        "numbers": pa.list_(pa.int64()),
        "date": pa.date32(),
        "time": pa.timestamp("us", tz="UTC"),
        "flag": pa.bool_(),
        "real": pa.float64(),
        "reals": pa.map_(pa.string(), pa.float64()),
        "bytes": pa.binary(),
    }
    columns = list_columns(table)
    fields = [pa.field(name, types[column.type]) for name, column in columns.items()]
    return pa.schema(fields, {"cite-audit corpus": SCHEMA_VERSION, **(metadata or {})})


def describe_tables() -> dict[str, object]:
    """The public contract as plain dicts: for each table its columns with type and meaning."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tables": {
            table: {name: {"type": column.type, "help": column.help} for name, column in columns.items()}
            for table, columns in TABLES.items()
        },
    }
