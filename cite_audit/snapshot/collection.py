"""Keeps a captures folder whole: bundles what a run wrote, takes in files that the journal does not know, lists all.

`collection.json` is a multi-WACZ package, which ReplayWeb.page opens as one archive. It holds besides how long the
journal was and its digest, so that a journal that lost lines is noticed.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from cite_audit.errors import StoreError
from cite_audit.files import PRIVATE_FILE, open_regular, read_small_file, write_file
from cite_audit.foreign_json import parse_foreign_json
from cite_audit.resolve.archive.playback import format_stamp
from cite_audit.snapshot.best_copy import find_best_copy
from cite_audit.snapshot.bundle_check import check_bundle, survey_records
from cite_audit.snapshot.folder import (
    EARLIER_FOLDER,
    WARC_ENDING,
    CaptureFolder,
    bundle_name,
    is_member_path,
    is_run_warc,
    iter_lines,
    name_member,
)
from cite_audit.snapshot.journal import Journal, decode_capture
from cite_audit.snapshot.model import Capture, Outcome, SnapshotTarget
from cite_audit.snapshot.wacz import PAGES_NAME, ShortfallError, holds_warc, write_wacz
from cite_audit.urls import canonical_key

COLLECTION_NAME = "collection.json"
COLLECTION_TITLE = "Cited pages"
MAX_UNREADABLE = 100  # lines of a list of pages
TEXT_ENDING = ".text.jsonl"  # the texts of pages, until they are bundled


def bundle_captures(folder: CaptureFolder, journal: Journal, file: str) -> Path:
    """Turn a WARC of a run into a WACZ, entered in the journal. Raises StoreError; the WARC then stays."""
    warc, bundle = folder.directory / file, bundle_name(file)
    target = folder.directory / bundle
    if target.exists():
        if not holds_warc(target, warc):
            raise ShortfallError(f"{target}: stands already beside {warc.name}; both are kept")
        warc.unlink()  # which a killed run did not come to
        return target
    captures = [capture for capture in journal.captures(SnapshotTarget.LOCAL) if capture.file == file]
    text_path = warc.with_name(warc.name.removesuffix(WARC_ENDING) + TEXT_ENDING)
    whole_bytes = max((capture.end for capture in captures), default=0)
    pages = _build_pages(captures, journal, _PageTexts(text_path))
    write_wacz(warc, target, pages, target.parent.name, whole_bytes=whole_bytes)
    journal.record_file(folder.measure_file(bundle))
    text_path.unlink(missing_ok=True)
    folder.forget_places()
    return target


def take_in_files(folder: CaptureFolder, journal: Journal) -> tuple[list[Path], list[str]]:
    """Bundle what killed runs left, enter bundles that the journal does not know, restore captures that it lost.

    The bundles made, and a sentence for each shortfall.
    """
    made: list[Path] = []
    shortfalls: list[str] = []
    for file in folder.list_warcs():
        if file.startswith(f"{EARLIER_FOLDER}/"):
            shortfalls += _take_in_earlier_warc(folder, journal, file)
        elif is_run_warc(file):
            try:
                made.append(bundle_captures(folder, journal, file))
            except StoreError as error:
                shortfalls.append(str(error))
    for bundle in folder.list_bundles():
        if bundle not in journal.files:
            faults = check_bundle(folder.directory / bundle).all_faults
            if faults := [fault for fault in faults if not fault.is_unchecked]:
                shortfalls.append(f"{folder.directory / bundle}: {faults[0].problem}; it is kept as it is")
                continue
            if restored := _restore_captures(folder, journal, bundle):
                shortfalls.append(f"{journal.path}: {restored} captures of {bundle} were missing and are restored")
            journal.record_file(folder.measure_file(bundle))
    _remove_bundled_texts(folder.directory)
    return made, shortfalls


def _remove_bundled_texts(directory: Path) -> None:
    """Remove the texts that a run was killed before it could, since their bundle holds them."""
    for path in directory.glob(f"*/*{TEXT_ENDING}"):
        warc = path.with_name(path.name.removesuffix(TEXT_ENDING) + WARC_ENDING)
        is_run = is_run_warc(f"{path.parent.name}/{warc.name}")
        if is_run and path.with_name(bundle_name(warc.name)).is_file() and not warc.exists():
            with suppress(OSError):
                path.unlink()


def _take_in_earlier_warc(folder: CaptureFolder, journal: Journal, path: str) -> list[str]:
    """Enter a WARC of an earlier version, which stays as it is."""
    if path in journal.files:
        return []
    file = path.removeprefix(f"{EARLIER_FOLDER}/")
    ends = [capture.end for capture in journal.captures(SnapshotTarget.LOCAL) if capture.file == file]
    survey = survey_records(folder.find_warc(file)[0], {}, whole_bytes=max(ends, default=0))
    if survey.faults:
        return [f"{folder.directory / path}: {survey.faults[0].problem}; it is kept as it is"]
    journal.record_file(folder.measure_file(path))
    return []


def write_collection(folder: CaptureFolder, journal: Journal) -> Path:
    """Write the list of all bundles. Raises StoreError."""
    path = folder.directory / COLLECTION_NAME
    resources = [{"path": bundle} for bundle in folder.list_bundles() if bundle in journal.files]
    try:
        content = describe_collection(journal, resources, journal.measure()).encode()
        write_file(path, content, mode=PRIVATE_FILE)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror})") from error
    return path


def describe_collection(
    journal: Journal, listed: Sequence[Mapping[str, object]], journal_state: tuple[int, str]
) -> str:
    """The text of `collection.json`: the bundles of `listed` by `path`, and the journal's size and digest."""
    bundles = [journal.files[str(resource["path"])] for resource in listed]
    resources = [
        {"name": bundle.path, "path": bundle.path, "hash": f"sha256:{bundle.sha256}", "bytes": bundle.size}
        for bundle in bundles
    ]
    size, sha256 = journal_state
    content = {
        "profile": "multi-wacz-package",
        "title": COLLECTION_TITLE,
        "resources": resources,
        "journal": {"bytes": size, "sha256": sha256},
    }
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    return text.encode("utf-8", "backslashreplace").decode()  # names that are no UTF-8: as JSON escapes them


def read_listed_paths(directory: Path) -> set[str]:
    """The bundles that the list names, those in the folder; none where the list is missing or damaged."""
    with suppress(Exception):  # whatever the list holds, it counts as damaged
        content = json.loads(read_small_file(directory / COLLECTION_NAME))  # names that are no UTF-8 are kept
        return {path for resource in content["resources"] if is_member_path(path := str(resource["path"]))}
    return set()


def _build_pages(captures: list[Capture], journal: Journal, texts: _PageTexts) -> Iterator[Mapping[str, object]]:
    """The pages of a bundle, verified ones first. A failed capture of a page with a good copy is left out."""
    for capture in sorted(captures, key=lambda capture: capture.outcome is not Outcome.VERIFIED):
        copies = journal.copies(SnapshotTarget.LOCAL, capture.uri_r)
        if not capture.captured_at or (capture.outcome is not Outcome.VERIFIED and find_best_copy(copies, None)):
            continue
        places = journal.places(capture.uri_r)
        url = capture.uri_m.partition("#")[2].partition("/")[2]
        ts = capture.captured_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        text = texts.find_text(ts, url)
        yield {
            "url": url,
            "ts": ts,
            "title": capture.title or capture.uri_r,
            "citation": [{"report": place.report, "note": place.note} for place in places],
            "report": places[0].report if places else "",
            "cited": capture.uri_r,
            "originalDefanged": places[0].raw if places else "",
            "sha256": capture.sha256,
            "outcome": capture.outcome.value,
            "offset": capture.offset,
            **({"text": text} if text else {}),
        }


class _PageTexts:
    """The texts of a run's pages, read from their file one by one: those of 10,000 pages are 150 MB."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._places: dict[tuple[str, str], tuple[int, int]] = {}
        position = 0
        with suppress(OSError), open_regular(path) as stream:
            for line in iter_lines(stream, path.stat().st_size):
                with suppress(ValueError, KeyError, TypeError):
                    values = parse_foreign_json(line)
                    self._places[values["ts"], values["url"]] = position, len(line)
                position += len(line)

    def find_text(self, ts: str, url: str) -> str:
        """The text of a page; empty when there is none."""
        if (ts, url) not in self._places:
            return ""
        start, size = self._places[ts, url]
        with self._path.open("rb") as stream:
            stream.seek(start)
            return str(parse_foreign_json(stream.read(size)).get("text", ""))


def _restore_captures(folder: CaptureFolder, journal: Journal, bundle: str) -> int:
    """Enter the pages of a bundle that the journal has no capture of; how many there were."""
    restored = 0
    for capture in _iter_pages(folder.directory / bundle, bundle):
        known_times = {copy.captured_at for copy in journal.copies(SnapshotTarget.LOCAL, capture.uri_r)}
        if capture.captured_at not in {time and time.replace(microsecond=0) for time in known_times}:
            journal.write(capture, durable=False)
            restored += 1
    return restored


def _iter_pages(path: Path, bundle: str) -> Iterator[Capture]:
    """The captures that a bundle's list of pages names; many lines that are none end it."""
    unreadable = 0
    with suppress(Exception), zipfile.ZipFile(path) as package:  # whatever damage makes zipfile and zlib raise
        warc = next((name for name in package.namelist() if name.startswith("archive/")), "").rpartition("/")[2]
        with package.open(PAGES_NAME) as stream:
            for line in islice(iter_lines(stream), 1, None):
                try:
                    capture = _read_page(parse_foreign_json(line), name_member(bundle, warc))
                except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
                    unreadable += 1
                else:
                    yield capture
                if unreadable > MAX_UNREADABLE:
                    return


def _read_page(page: Mapping[str, Any], file: str) -> Capture:
    """Raises ValueError, KeyError, TypeError, AttributeError and OverflowError for what is none."""
    canonical_key(page["cited"])
    captured_at = datetime.fromisoformat(page["ts"])
    values = {
        "uri_r": page["cited"],
        "archive": SnapshotTarget.LOCAL,
        "outcome": page.get("outcome", Outcome.UNVERIFIED),
        "at": page["ts"],
        "captured_at": page["ts"],
        "uri_m": f"{file}#{format_stamp(captured_at)}/{page['url']}",
        "attempts": 1,
        "verified": "replay" if page.get("outcome") == Outcome.VERIFIED else "",
        "sha256": page.get("sha256", ""),
        "title": page.get("title", ""),
        "file": file,
        "offset": page.get("offset"),
    }
    return decode_capture(values)
