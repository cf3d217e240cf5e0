"""Whether a WACZ is whole: what its datapackage lists, its WARC files, and an index of every record in them."""

from __future__ import annotations

import gzip
import hashlib
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

DATAPACKAGE = "datapackage.json"
DIGEST = "datapackage-digest.json"
INDEX = "indexes/index.cdx.gz"
PAGES = "pages/pages.jsonl"
REQUIRED_FILES = (DATAPACKAGE, DIGEST, INDEX, PAGES)  # WACZ 1.1.1 §5
INDEXED_RECORDS = frozenset({"response", "revisit", "resource", "metadata"})
BLOCK_BYTES = 1 << 20
_UNREADABLE = (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile, zlib.error, NotImplementedError)


def find_bundle_fault(path: Path, warcs: Sequence[Path]) -> str:
    """Why the WACZ at `path` is no whole bundle of these WARC files; empty where it is one. Reads all of it."""
    try:
        with zipfile.ZipFile(path) as bundle:
            return _find_package_fault(bundle) or _find_warc_fault(bundle, warcs) or _find_index_fault(bundle, warcs)
    except FileNotFoundError:
        return "it was not written"
    except _UNREADABLE as error:
        return f"it cannot be read ({str(error) or type(error).__name__})"


def _find_package_fault(bundle: zipfile.ZipFile) -> str:
    """Compares the files of the package with the sizes and digests that its datapackage gives."""
    names = set(bundle.namelist())
    if lacking := [name for name in REQUIRED_FILES if name not in names]:
        return f"it has no {lacking[0]}"
    package_bytes = bundle.read(DATAPACKAGE)
    digest: Mapping[str, str] = json.loads(bundle.read(DIGEST))
    if digest["hash"] != f"sha256:{hashlib.sha256(package_bytes).hexdigest()}":
        return f"{DATAPACKAGE} has another digest"
    listed: dict[str, Any] = {entry["path"]: entry for entry in json.loads(package_bytes)["resources"]}
    if unlisted := sorted(names - listed.keys() - {DATAPACKAGE, DIGEST}):
        return f"{unlisted[0]} is not in its {DATAPACKAGE}"
    for name, entry in listed.items():
        with bundle.open(name) as stream:
            if (entry["bytes"], entry["hash"]) != _measure_stream(stream):
                return f"{name} is not what its {DATAPACKAGE} says"
    return ""


def _measure_stream(stream: IO[bytes]) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    while block := stream.read(BLOCK_BYTES):
        size += len(block)
        digest.update(block)
    return size, f"sha256:{digest.hexdigest()}"


def _find_warc_fault(bundle: zipfile.ZipFile, warcs: Sequence[Path]) -> str:
    sizes = {entry.filename: entry.file_size for entry in bundle.infolist()}
    for path in warcs:
        if sizes.get(f"archive/{path.name}") != path.stat().st_size:
            return f"it lacks captures of {path.name}"
    return ""


def _find_index_fault(bundle: zipfile.ZipFile, warcs: Sequence[Path]) -> str:
    with bundle.open(INDEX) as packed, gzip.open(packed) as lines:
        indexed = sum(not line.startswith(b"!meta") for line in lines)
    stored = sum(map(_count_records, warcs))
    return "" if indexed == stored else f"its index has {indexed} of {stored} records"


def _count_records(path: Path) -> int:
    from warcio.archiveiterator import ArchiveIterator

    with path.open("rb") as stream:
        return sum(record.rec_type in INDEXED_RECORDS for record in ArchiveIterator(stream))
