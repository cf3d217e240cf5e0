"""What the WARC and WACZ files below a directory hold: where each capture lies, not what it shows.

A WACZ has an index, which is read instead of the records; a WARC is read through. Bodies are read one at a time, when
one is to be judged.
"""

from __future__ import annotations

import gzip
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from cite_audit.resolve.archive.playback import format_stamp, parse_stamp
from cite_audit.resolve.archive.ranking import Candidate
from cite_audit.resolve.archive.warc_place import WarcSource
from cite_audit.resolve.archive.warc_reader import ReadCapture, StoredCapture, describe_record, read_capture
from cite_audit.resolve.judge.capture import ORIGINAL_PREFIX
from cite_audit.urls import canonical_key

RECORD_TYPES = ("response", "revisit", "resource")
MAX_STEPS = 5  # archived redirects that are followed within the files
MAX_INDEX_LINE = 64 * 1024  # bytes
_WARC_ENDINGS = (".warc", ".warc.gz")
_DAMAGE = (OSError, EOFError, ValueError, KeyError, zlib.error, zipfile.BadZipFile)
_INDEX_ENDINGS = (".cdx", ".cdxj", ".cdx.gz", ".cdxj.gz")


@dataclass(slots=True)
class WarcHoldings:
    """What the files hold: captures by page, and one with a body for each digest.

    `unread` says which files could not be read, and why. `refresh_targets`: the pages to which pages send their
    visitors on, and which were not looked for so far.
    """

    records: dict[str, list[StoredCapture]] = field(default_factory=dict)
    by_digest: dict[str, StoredCapture] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    refresh_targets: set[str] = field(default_factory=set)
    _sought: set[str] = field(default_factory=set)
    _known: set[tuple[str, datetime, str]] = field(default_factory=set)
    _locations: dict[str, str] = field(default_factory=dict)  # by the address of a capture

    def add(self, page: str, capture: StoredCapture) -> None:
        """Enter a capture, unless the same one is there from another file: a WARC and the bundle made of it."""
        identity = capture.candidate.uri_r, capture.captured_at.replace(microsecond=0), capture.candidate.digest
        if identity not in self._known:
            self._known.add(identity)
            self.records.setdefault(page, []).append(capture)
        self.add_body(capture)

    def add_body(self, capture: StoredCapture) -> None:
        if not capture.is_revisit and capture.candidate.digest:
            self.by_digest.setdefault(capture.candidate.digest, capture)

    def missing_parts(self) -> tuple[set[str], set[str]]:
        """The pages to which redirects lead, and the digests to which revisits refer, without a capture so far."""
        captures = [capture for page_captures in self.records.values() for capture in page_captures]
        locations = {self._read_location(capture) for capture in captures if capture.may_lead_on} - {""}
        digests = {capture.candidate.digest for capture in captures if capture.is_revisit} - self.by_digest.keys()
        return {canonical_key(location) for location in locations} - self.records.keys(), digests

    def _read_location(self, capture: StoredCapture) -> str:
        """Where an archived redirect leads; empty for another answer, or damage."""
        address = f"{capture.offset} {capture.candidate.uri_m}"
        if address not in self._locations:
            read = read_capture(capture)
            self._locations[address] = read.location if read else ""
        return self._locations[address]

    def resolve_capture(self, capture: StoredCapture) -> ReadCapture | None:
        """What a capture of the cited page shows, at the end of its archived redirects; None for damage."""
        visited: set[str] = set()
        shown = read_capture(capture)
        while shown and shown.location and (page := canonical_key(shown.location)) not in visited:
            visited.add(page)
            targets = self.records.get(page, [])
            if not targets:
                break
            when = shown.captured_at
            nearest = min(targets, key=lambda target: (abs(target.captured_at - when), 300 < target.status < 400))
            shown = read_capture(nearest)
        return self._with_body(shown) if shown and shown.is_revisit else shown

    def find_nearest(self, url: str, when: datetime) -> StoredCapture | None:
        """The capture of an address that is nearest a time."""
        page = canonical_key(url)
        captures = self.records.get(page, [])
        if not captures and page not in self._sought:
            self.refresh_targets.add(page)
        return min(captures, key=lambda capture: abs(capture.captured_at - when), default=None)

    def read_more(self, directory: Path, pages: set[str]) -> None:
        """Look for the captures of more pages."""
        self._sought |= pages
        _index_files(directory, self, pages, set())

    def _with_body(self, revisit: ReadCapture) -> ReadCapture:
        """A revisit with the body that it refers to; as it is where that is not held."""
        original = self.by_digest.get(revisit.digest)
        body = read_capture(original) if original else None
        if body is None:
            return revisit
        whole = replace(revisit, body=body.body, is_revisit=False, is_cut=body.is_cut)
        has_own_type = any(name == f"{ORIGINAL_PREFIX}content-type" for name, _ in revisit.headers)
        return whole if has_own_type else replace(whole, headers=body.headers, mimetype=body.mimetype)


def read_directory(directory: Path, pages: set[str] | None = None) -> WarcHoldings:
    """Every capture of `pages` (all of them if None) in the WARC and WACZ files below a directory.

    Targets of archived redirects, and the records to which revisits refer, are found too; for each step of the longest
    chain of redirects the indexes are read once more.
    """
    holdings = WarcHoldings()
    _index_files(directory, holdings, pages, set())
    for _ in range(MAX_STEPS if pages is not None else 0):
        missing_pages, missing_digests = holdings.missing_parts()
        known = len(holdings.records), len(holdings.by_digest)
        if missing_pages or missing_digests:
            holdings.unread.clear()
            _index_files(directory, holdings, missing_pages, missing_digests)
        if known == (len(holdings.records), len(holdings.by_digest)):
            break
    return holdings


def _index_files(directory: Path, holdings: WarcHoldings, pages: set[str] | None, digests: set[str]) -> None:
    for path in sorted(directory.rglob("*")):
        if not path.name.endswith((*_WARC_ENDINGS, ".wacz")):
            continue
        try:
            for capture in _list_captures(path):
                page = canonical_key(capture.candidate.uri_r)
                if pages is None or page in pages:
                    holdings.add(page, capture)
                elif capture.candidate.digest in digests:
                    holdings.add_body(capture)
        except Exception as error:  # whatever a broken file makes warcio or zipfile raise
            holdings.unread.append(f"{path.name} cannot be read: {type(error).__name__}: {error}"[:200])


def _list_captures(path: Path) -> Iterator[StoredCapture]:
    if path.suffix != ".wacz":
        yield from _scan_records(WarcSource(path))
        return
    with zipfile.ZipFile(path) as bundle:
        names = bundle.namelist()
        warcs = {name for name in names if name.startswith("archive/") and name.endswith(_WARC_ENDINGS)}
        indexes = [name for name in names if name.startswith("indexes/") and name.endswith(_INDEX_ENDINGS)]
        sources = {PurePosixPath(name).name: WarcSource(path, name) for name in warcs}
        unseen = dict(sources)
        try:
            for name in indexes:
                for capture in _read_index(bundle, name, sources):
                    unseen.pop(PurePosixPath(capture.source.member).name, None)
                    yield capture
        except _DAMAGE:  # the records are there to be read; those that were named are entered once
            unseen = dict(sources)
    for source in unseen.values():
        yield from _scan_records(source)


def _read_index(bundle: zipfile.ZipFile, name: str, sources: dict[str, WarcSource]) -> Iterator[StoredCapture]:
    """The captures that an index names (CDXJ, specs.webrecorder.net/cdxj)."""
    with bundle.open(name) as member:
        lines = gzip.GzipFile(fileobj=member) if name.endswith(".gz") else member
        while line := lines.readline(MAX_INDEX_LINE):
            head, brace, rest = line.partition(b"{")
            fields = json.loads(brace + rest) if brace and not head.startswith(b"!") else {}
            url, stamp = str(fields.get("url", "")), head.split()[-1:] or [b""]
            source, when = sources.get(str(fields.get("filename"))), parse_stamp(stamp[0].decode("ascii", "replace"))
            if source is None or when is None or not url.startswith("http"):
                continue
            mimetype, digest = str(fields.get("mime", "")).lower(), str(fields.get("digest", ""))
            is_revisit, status = mimetype == "warc/revisit", str(fields.get("status", ""))
            yield StoredCapture(
                candidate=Candidate(
                    f"{source.address}#{format_stamp(when)}/{url}",
                    when,
                    url,
                    int(status) if status.isdigit() and not is_revisit else None,
                    mimetype,
                    digest.removeprefix("sha1:"),
                ),
                source=source,
                offset=int(fields["offset"]),
                status=int(status) if status.isdigit() else 0,
                is_revisit=is_revisit,
            )


def _scan_records(source: WarcSource) -> Iterator[StoredCapture]:
    """Every capture of a WARC, read through. Raises EOFError at the end of one that breaks off."""
    from warcio.archiveiterator import ArchiveIterator

    record: Any = None
    with source.open_whole() as stream:
        records = ArchiveIterator(stream)
        for record in records:
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            if record.rec_type in RECORD_TYPES and url.startswith("http"):
                yield describe_record(source, records.get_record_offset(), url, record)
    if getattr(getattr(record, "raw_stream", None), "limit", 0) > 0:
        raise EOFError("it breaks off in its last record")
