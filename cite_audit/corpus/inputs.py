"""Which reports a corpus has: files, folders and globs, manifests, remote folders, collections of captures."""

from __future__ import annotations

import csv
import glob
import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cite_audit.corpus.corpus_input import CorpusInput, InputKind
from cite_audit.errors import UsageError
from cite_audit.report_paths import URL_PREFIXES, expand_paths

# What fsspec may open, by the package that it needs; http(s) goes through the guarded client instead.
REMOTE_PROTOCOLS: Mapping[str, str] = {
    "s3": "pyarrow",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "az": "adlfs",
    "abfs": "adlfs",
    "hdfs": "pyarrow",
    "sftp": "paramiko",
    "memory": "fsspec",
}
COLLECTION_SUFFIXES = (".warc", ".warc.gz", ".wacz")
MANIFEST_SUFFIXES = (".csv", ".parquet")
MANIFEST_KEYS = {"path": ("path", "address", "url", "file"), "title": ("title",), "published": ("date", "published")}
GLOB_MARKS = frozenset("*?[")


def list_inputs(paths: Sequence[str]) -> Iterator[CorpusInput]:
    """The reports that the paths stand for, each once. Raises UsageError for a path without any."""
    visited: set[bytes] = set()
    for path in paths:
        count = 0
        for entry in _expand_input(path):
            count += 1
            identity = hashlib.sha256(entry.path.encode("utf-8", "surrogateescape")).digest()[:16]
            if identity not in visited:
                visited.add(identity)
                yield entry
        if not count:
            raise UsageError(f"{path}: there are no reports")


def find_protocol(path: str) -> str:
    """The protocol of an address that fsspec opens; empty for any other path.

    Raises UsageError for a protocol that is not listed, and for chained ones.
    """
    protocol, mark, _ = path.partition("://")
    if not mark or path.startswith(URL_PREFIXES):
        return ""
    if protocol not in REMOTE_PROTOCOLS:
        raise UsageError(f"{path}: {protocol}:// is not read (only {', '.join(REMOTE_PROTOCOLS)})")
    return protocol


def open_file_system(path: str) -> tuple[Any, str]:
    """The file system of a remote address, and the path in it. Raises UsageError where its package is not there."""
    protocol = find_protocol(path)
    from fsspec.core import url_to_fs

    try:
        if protocol == "s3":
            return _open_s3(), path.removeprefix("s3://").rstrip("/")
        file_system, inner = url_to_fs(path)
    except ImportError as error:
        raise UsageError(f"{protocol}:// needs a package: pip install {REMOTE_PROTOCOLS[protocol]}") from error
    return file_system, str(inner)


def _open_s3() -> Any:
    """S3 by Arrow's own client: s3fs would bring a second one. Keys, region and endpoint are those of the environment.

    `AWS_ENDPOINT_URL`: the service endpoint, as the AWS SDKs read it.
    """
    from fsspec.implementations.arrow import ArrowFSWrapper
    from pyarrow.fs import S3FileSystem

    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL", "")
    scheme, _, place = endpoint.rpartition("://")
    return ArrowFSWrapper(S3FileSystem(endpoint_override=place or None, scheme=scheme or "https"))


def _expand_input(path: str) -> Iterator[CorpusInput]:
    if not path:
        raise UsageError("the name of a report is empty")
    if path.startswith(URL_PREFIXES):
        yield CorpusInput(path, InputKind.PAGE)
    elif find_protocol(path):
        yield from _list_remote(path)
    elif path.lower().endswith(COLLECTION_SUFFIXES):
        from cite_audit.corpus.warc_reports import list_records

        yield from list_records(path)
    elif path.lower().endswith(MANIFEST_SUFFIXES):
        yield from _read_manifest(path)
    else:
        names = (
            [path] if os.path.exists(path) or not GLOB_MARKS & set(path) else sorted(glob.glob(path, recursive=True))
        )
        for name in names:
            if name != path and name.lower().endswith(COLLECTION_SUFFIXES):
                yield from _expand_input(name)
            else:
                yield from (_describe_file(file) for file in expand_paths([name]))


def _describe_file(path: str) -> CorpusInput:
    try:
        facts = os.stat(path)
    except (OSError, ValueError):
        return CorpusInput(path)  # reading it tells why
    return CorpusInput(path, stamp=f"{facts.st_mtime_ns} {facts.st_size}")


def _list_remote(path: str) -> Iterator[CorpusInput]:
    """The reports at a remote address: one file, a glob, or all below a folder that end like reports."""
    from cite_audit.parse.readers import collect_suffixes

    file_system, inner = open_file_system(path)
    protocol = find_protocol(path)
    try:
        if GLOB_MARKS & set(inner):
            found = file_system.glob(inner, detail=True)
        elif file_system.isfile(inner):
            found = {inner: file_system.info(inner)}
        else:
            suffixes = tuple(collect_suffixes())
            below = file_system.find(inner, detail=True)
            found = {name: facts for name, facts in below.items() if name.lower().endswith(suffixes)}
    except Exception as error:  # each file system has errors of its own
        raise UsageError(f"{path}: cannot be listed: {error}") from error
    for name in sorted(found):
        facts = found[name]
        stamp = str(facts.get("ETag") or facts.get("mtime") or facts.get("created") or "")
        yield CorpusInput(f"{protocol}://{name}", InputKind.REMOTE, stamp=f"{stamp} {facts.get('size')}")


def _read_manifest(path: str) -> Iterator[CorpusInput]:
    """The reports of a table: paths are relative to its own folder."""
    folder = Path(path).parent
    for row in _manifest_rows(path):
        facts = {name: _find_cell(row, keys) for name, keys in MANIFEST_KEYS.items()}
        place = str(facts["path"] or "")
        if not place:
            raise UsageError(f"{path}: a row names no report (column path or address)")
        if "://" not in place:
            place = os.path.normpath(folder / place)
        published = _parse_day(facts["published"], path)
        for entry in _expand_input(place):
            yield replace(entry, title=str(facts["title"] or ""), published=published)


def _manifest_rows(path: str) -> Iterable[Mapping[str, Any]]:
    try:
        if path.lower().endswith(".csv"):
            with open(path, encoding="utf-8-sig", newline="") as file:
                yield from csv.DictReader(file)
        else:
            import pyarrow.parquet as pq

            for batch in pq.ParquetFile(path).iter_batches(4096):
                yield from batch.to_pylist()
    except (OSError, UnicodeDecodeError, csv.Error, ValueError) as error:
        raise UsageError(f"{path}: cannot be read as a manifest ({error})") from error


def _find_cell(row: Mapping[str, Any], names: Sequence[str]) -> Any:
    cells = {str(key).strip().lower(): value for key, value in row.items() if key}
    return next((cells[name] for name in names if cells.get(name) not in (None, "")), None)


def _parse_day(value: Any, path: str) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        raise UsageError(f"{path}: {value!r} is no date (YYYY-MM-DD)") from None
