"""A captures folder: which file holds what, and whether a capture can still be read.

A run writes `REPORT/2026-11-30T0555.warc.gz` and turns it into `REPORT/2026-11-30T0555.wacz`, which holds the same WARC
under the same name. Folders of versions before 2026-12 have `archive/captures-N.warc.gz` and `captures.wacz`: they are
read where they lie.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import struct
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO

from cite_audit.files import open_regular
from cite_audit.foreign_json import MAX_LENGTH, parse_foreign_json
from cite_audit.frozen_record import frozen_record
from cite_audit.resolve.archive.playback import format_stamp
from cite_audit.resolve.archive.warc_place import WarcPlace, locate_member
from cite_audit.snapshot.model import Capture, StoredFile
from cite_audit.snapshot.warc_records import DamagedRecordError, WarcRecord, is_intact, iter_records, read_record

EARLIER_BUNDLE = "captures.wacz"
EARLIER_FOLDER = "archive"
WARC_ENDING = ".warc.gz"
INDEX_NAME = "indexes/index.cdx.gz"
RESERVED_NAMES = frozenset({EARLIER_FOLDER, "manifests", "screenshots"})
_DEVICE_NAME = re.compile(r"con|prn|aux|nul|(com|lpt)\d", re.I)  # of Windows, which has no such folders
_RUN_WARC = re.compile(r"[^/]+/\d{4}-\d{2}-\d{2}T\d{4}(-\d+)?\.warc\.gz")
_INDEX_FIELDS = ("url", "digest", "mime", "offset", "filename")
_OFFSET = re.compile(r"[0-9]{1,15}")
MAX_NAME = 60  # characters of a report's folder
MAX_MEMBER = 256 << 20  # bytes of an index or a list of pages, unpacked; 10,000 pages with their texts are 150 MB
_CHUNK = 1 << 20


@frozen_record
class StoredBody:
    """Where the index of a bundle says that a body lies."""

    file: str
    offset: int
    url: str


class CaptureFolder:
    """The files below a captures folder. Reading never raises for damage: what cannot be read is not there."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._places: dict[str, list[WarcPlace]] = {}
        self._bodies: dict[str, StoredBody] | None = None
        self._checked_bodies: dict[str, WarcRecord | None] = {}
        self._offsets: dict[str, dict[tuple[str, str], int]] = {}

    def list_bundles(self) -> list[str]:
        """The WACZ files, as paths in the folder."""
        return self._list_files("*.wacz")

    def list_warcs(self) -> list[str]:
        """The WARC files that are not inside a WACZ."""
        return self._list_files(f"*{WARC_ENDING}")

    def list_files(self) -> list[str]:
        """Every file, as paths in the folder, without links and what a run is writing."""
        paths = (path for path in self.directory.rglob("*") if path.is_file() and not path.is_symlink())
        inner_paths = (path.relative_to(self.directory) for path in paths)
        return sorted(path.as_posix() for path in inner_paths if not any(part.startswith(".") for part in path.parts))

    def measure_file(self, path: str) -> StoredFile:
        """The digest and size of a file of the folder. Raises OSError."""
        digest, size = hashlib.sha256(), 0
        with open_regular(self.directory / path) as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
        return StoredFile(path=path, sha256=digest.hexdigest(), size=size)

    def find_warc(self, file: str) -> list[WarcPlace]:
        """Every place where a WARC of the journal lies: itself, and the bundle that holds it."""
        if file not in self._places:
            self._places[file] = list(self._find_places(file))
        return self._places[file]

    def list_places(self) -> list[WarcPlace]:
        """Every WARC of the folder that can be opened, oldest first: those in bundles, then the others."""
        places: list[WarcPlace] = []
        for bundle in self.list_bundles():
            with suppress(OSError, zipfile.BadZipFile, KeyError, struct.error, ValueError):
                with zipfile.ZipFile(self.directory / bundle) as package:
                    names = [name for name in package.namelist() if name.startswith("archive/")]
                places += [locate_member(self.directory / bundle, name) for name in names]
        for file in self.list_warcs():
            with suppress(OSError):
                places.append(WarcPlace(self.directory / file, 0, (self.directory / file).stat().st_size))
        return places

    def forget_places(self) -> None:
        """Look again for files that a run has made since."""
        self._places.clear()

    def read_capture(self, capture: Capture) -> WarcRecord | None:
        """The intact record of a capture; None when it is damaged or missing, or the body it repeats is."""
        offset = self._find_offset(capture) if capture.offset is None else capture.offset
        record = None if offset is None else self.read_record_at(capture.file, offset)
        if record and record.kind == "revisit" and not self.find_body(record.digest):
            return None
        return record

    def find_body(self, digest: str) -> WarcRecord | None:
        """The intact response with a payload digest (SHA-1, base32), read back now; None when there is none."""
        if digest not in self._checked_bodies:
            stored_body = self._index_bodies().get(digest)
            record = self.read_record_at(stored_body.file, stored_body.offset) if stored_body else None
            is_body = record is not None and record.kind == "response" and record.digest == digest
            # the record's block is not needed any more, and there may be many
            kept = (
                WarcRecord(offset=record.offset, length=record.length, headers=record.headers, block=b"")
                if record and is_body
                else None
            )
            self._checked_bodies[digest] = kept
        return self._checked_bodies[digest]

    def choose_warc(self, report: str, when: datetime) -> str:
        """A name for the WARC of a run over a report, new on every disk, also where case and form do not count."""
        folder = name_report_folder(report)
        while os.path.lexists(self.directory / folder) and not (self.directory / folder).is_dir():
            folder += "-report"
        taken = self._list_names(folder)
        stem, number = f"{when:%Y-%m-%dT%H%M}", 1
        while True:
            name = stem + (f"-{number}" if number > 1 else "")
            if not any(_fold_name(name + ending) in taken for ending in (WARC_ENDING, ".wacz")):
                return f"{folder}/{name}{WARC_ENDING}"
            number += 1

    def _list_names(self, folder: str) -> set[str]:
        """The folded names in all folders that some disks take for this one."""
        with suppress(FileNotFoundError):
            same = [path for path in self.directory.iterdir() if _fold_name(path.name) == _fold_name(folder)]
            return {_fold_name(path.name) for one in same if one.is_dir() for path in one.iterdir()}
        return set()

    def _list_files(self, pattern: str) -> list[str]:
        paths = (path for path in self.directory.rglob(pattern) if path.is_file() and not path.name.startswith("."))
        return sorted(path.relative_to(self.directory).as_posix() for path in paths)

    def _find_places(self, file: str) -> Iterator[WarcPlace]:
        is_earlier = "/" not in file
        path = self.directory / EARLIER_FOLDER / file if is_earlier else self.directory / file
        if os.path.isfile(path):  # pathlib raises for names that are too long
            with suppress(OSError):
                yield WarcPlace(path, 0, path.stat().st_size)
        bundle = self.directory / (EARLIER_BUNDLE if is_earlier else bundle_name(file))
        with suppress(OSError, zipfile.BadZipFile, KeyError, struct.error, ValueError):
            yield _locate_warc(bundle, f"archive/{PurePosixPath(file).name}")

    def read_record_at(self, file: str, offset: int) -> WarcRecord | None:
        """The intact record at an offset of a WARC, from wherever that lies; None when there is none."""
        for place in self.find_warc(file):
            with suppress(OSError, DamagedRecordError), place.path.open("rb") as stream:
                record = read_record(stream, place.start, offset, place.size)
                if is_intact(record):
                    return record
        return None

    def _find_offset(self, capture: Capture) -> int | None:
        """The offset of a capture of an earlier version, which did not keep it."""
        if not capture.file or not capture.captured_at:
            return None
        if capture.file not in self._offsets:
            self._offsets[capture.file] = self._index_records(capture.file)
        url = capture.uri_m.partition("#")[2].partition("/")[2]
        return self._offsets[capture.file].get((url, format_stamp(capture.captured_at)))

    def _index_records(self, file: str) -> dict[tuple[str, str], int]:
        offsets: dict[tuple[str, str], int] = {}
        for place in self.find_warc(file):
            with suppress(OSError), place.path.open("rb") as stream:
                for record in iter_records(stream, place.start, place.size):
                    if isinstance(record, WarcRecord) and record.kind in ("response", "revisit"):
                        stamp = re.sub(r"\D", "", record.date)[:14]
                        offsets.setdefault((record.url, stamp), record.offset)
        return offsets

    def _index_bodies(self) -> dict[str, StoredBody]:
        """The bodies that the bundles' indexes name, by digest."""
        if self._bodies is None:
            self._bodies = {}
            for bundle in self.list_bundles():
                for entry in read_index(self.directory / bundle):
                    digest = entry["digest"].removeprefix("sha1:")
                    if entry["mime"] != "warc/revisit" and digest:
                        file = name_member(bundle, PurePosixPath(entry["filename"]).name)
                        body = StoredBody(file, int(entry["offset"]), entry["url"])
                        self._bodies.setdefault(digest, body)
        return self._bodies


def read_index(bundle: Path) -> Iterator[dict[str, str]]:
    """The entries of a bundle's index, up to one that is damaged: `url`, `digest`, `mime`, `offset`, `filename`."""
    with (
        suppress(Exception),  # whatever damage makes zipfile and zlib raise
        zipfile.ZipFile(bundle) as package,
        package.open(INDEX_NAME) as member,
        gzip.open(member) as stream,
    ):
        for line in iter_lines(stream):
            values = parse_foreign_json(line[line.index(b"{") :])
            entry = {name: str(values.get(name, "")) for name in _INDEX_FIELDS}
            if not _OFFSET.fullmatch(entry["offset"]):
                return
            yield entry


def iter_lines(stream: IO[bytes] | gzip.GzipFile, most: int = MAX_MEMBER) -> Iterator[bytes]:
    """The lines of a file, or of a member as it is unpacked, up to `most` bytes, or a line of more than MAX_LENGTH."""
    while most > 0 and (line := stream.readline(MAX_LENGTH + 1)) and len(line) <= MAX_LENGTH:
        most -= len(line)
        yield line


def is_member_path(path: str) -> bool:
    """Whether a path that a journal or a list names lies in the folder, as it is written."""
    place = PurePosixPath(path)
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return not place.is_absolute() and ".." not in place.parts and "\0" not in path


def _locate_warc(bundle: Path, name: str) -> WarcPlace:
    """The WARC of a bundle: by its own name, or the only one of a renamed bundle. Raises as `locate_member`."""
    try:
        return locate_member(bundle, name)
    except KeyError:
        with zipfile.ZipFile(bundle) as package:
            names = [member for member in package.namelist() if member.startswith("archive/")]
        if len(names) != 1:
            raise
        return locate_member(bundle, names[0])


def name_member(bundle: str, member: str) -> str:
    """What the journal calls a WARC of a bundle."""
    return member if bundle == EARLIER_BUNDLE else warc_name(bundle)


def warc_name(bundle: str) -> str:
    """The name that the WARC of a bundle had."""
    return bundle.removesuffix(".wacz") + WARC_ENDING


def is_run_warc(file: str) -> bool:
    """Whether a WARC is named as those of a run are; others are the user's own."""
    return _RUN_WARC.fullmatch(file) is not None


def bundle_name(file: str) -> str:
    """The name of the bundle that replaces a WARC."""
    return file.removesuffix(WARC_ENDING) + ".wacz"


def name_report_folder(report: str) -> str:
    """The folder of a report's captures: its file name, safe on every system."""
    stem = unicodedata.normalize("NFC", PurePosixPath(report.replace("\\", "/")).stem)
    name = re.sub(r"[^\w-]+", "-", stem)[:MAX_NAME].strip("-")
    is_taken = name.casefold() in RESERVED_NAMES or _DEVICE_NAME.fullmatch(name)
    return f"{name}-report" if is_taken else name or "report"


def _fold_name(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
