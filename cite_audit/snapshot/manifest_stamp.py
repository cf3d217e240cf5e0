"""Dated manifests of a captures folder, with an RFC 3161 token over them and over every bundle and picture.

A run writes `manifests/2026-11-30T0555.csv`, a list of digests as `sha256sum` writes it (`.sha256`: the manifest, the
bundles, the pictures), and the token over that list (`.sha256.tsr`). None is ever overwritten.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from cite_audit.errors import StoreError
from cite_audit.resolve.check.base import Fetcher
from cite_audit.snapshot.folder import CaptureFolder
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.timestamp import request_timestamp

MANIFEST_FOLDER = "manifests"
_LISTED_ENDINGS = (".wacz", ".png")


async def stamp_manifest(
    directory: Path, journal_path: Path, manifest: bytes, now: datetime, authority: str, fetcher: Fetcher
) -> str:
    """Write and stamp a manifest; a sentence on where it is. Raises ArchiveError and StoreError.

    Where the authority gives no token, manifest and list stay without one.
    """
    folder = CaptureFolder(directory)
    with Journal(journal_path) as journal:
        stem = _choose_stem(directory / MANIFEST_FOLDER, now)
        _write_stored(folder, journal, f"{stem}.csv", manifest)
        listed = [stored for path, stored in sorted(journal.files.items()) if path.endswith(_LISTED_ENDINGS)]
        listed.append(journal.files[f"{stem}.csv"])
        digests = "".join(f"{stored.sha256}  {stored.path}\n" for stored in listed).encode()
        _write_stored(folder, journal, f"{stem}.sha256", digests)
        token, stamped_at = await request_timestamp(digests, authority, fetcher)
        _write_stored(folder, journal, f"{stem}.sha256.tsr", token)
    path = directory / f"{stem}.sha256"
    return f"{path} ({len(listed)} files) is timestamped {stamped_at:%Y-%m-%d %H:%M:%S} UTC: {path}.tsr"


def _choose_stem(parent: Path, now: datetime) -> str:
    """A name that no manifest has yet, as a path in the captures folder."""
    number = 1
    while True:
        name = f"{now:%Y-%m-%dT%H%M}" + (f"-{number}" if number > 1 else "")
        if not list(parent.glob(f"{name}.*")):
            return f"{MANIFEST_FOLDER}/{name}"
        number += 1


def _write_stored(folder: CaptureFolder, journal: Journal, path: str, content: bytes) -> None:
    target = folder.directory / path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as stream:
            stream.write(content)
        journal.record_file(folder.measure_file(path))
    except OSError as error:
        raise StoreError(f"{target}: cannot be written ({error.strerror})") from error
