"""What a captures folder has lost since the last run: files missing, changed or renamed, a journal that lost lines."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import PurePosixPath

from cite_audit.files import read_small_file
from cite_audit.snapshot.collection import COLLECTION_NAME, describe_collection, read_listed_paths
from cite_audit.snapshot.folder import EARLIER_BUNDLE, CaptureFolder, bundle_name
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.model import Outcome, SnapshotTarget, StoredFile

HASHED_BYTES = 512 << 20  # of a folder's files that each run hashes, about a second; of the others it sees the size
MAX_NAMED = 5  # pages that a message names


def find_renamed(folder: CaptureFolder, journal: Journal) -> list[tuple[str, StoredFile]]:
    """Bundles that are not where the journal has them, and the same bytes under a name that it does not know."""
    missing = [
        stored_file
        for path, stored_file in journal.files.items()
        if path.endswith(".wacz") and path != EARLIER_BUNDLE and not os.path.exists(folder.directory / path)
    ]
    renamed = []
    for bundle in folder.list_bundles() if missing else ():
        size = (folder.directory / bundle).stat().st_size
        if bundle not in journal.files and any(stored_file.size == size for stored_file in missing):
            present = folder.measure_file(bundle)
            same = [one for one in missing if (one.size, one.sha256) == (present.size, present.sha256)]
            same.sort(key=lambda one: PurePosixPath(one.path).name != PurePosixPath(bundle).name)  # copies are alike
            if same:
                missing.remove(same[0])
                renamed.append((same[0].path, present))
    return renamed


def follow_renamed(folder: CaptureFolder, journal: Journal) -> None:
    """Know renamed bundles by their present names, for those who only read; the next run writes that down."""
    for earlier_path, present in find_renamed(folder, journal):
        journal.follow_file(present, earlier_path)


def find_losses(folder: CaptureFolder, journal: Journal) -> list[str]:
    """A sentence for each file that is missing or changed."""
    losses: list[str] = []
    listed = read_listed_paths(folder.directory) - journal.renamed_files.keys()
    unhashed_bytes = HASHED_BYTES
    for path in sorted({*listed, *journal.files}):
        stored_file = journal.files.get(path)
        problem = _find_loss(folder, path, stored_file, is_hashed=unhashed_bytes > 0)
        unhashed_bytes -= stored_file.size if stored_file else 0
        if problem:
            losses.append(f"{folder.directory / path}: {problem}{_name_pages(journal, path)}")
    return losses


def find_journal_losses(folder: CaptureFolder, journal: Journal) -> list[str]:
    """A sentence for each sign of a damaged journal or list of bundles."""
    losses = [f"{journal.path}: line {number} is damaged" for number in journal.unreadable_lines]
    return losses + [f"{folder.directory / file}: {problem}" for file, problem in find_list_problems(folder, journal)]


def find_list_problems(folder: CaptureFolder, journal: Journal) -> list[tuple[str, str]]:
    """Whether `collection.json` is as the journal has it, and the journal as the list has it: file and problem."""
    path = folder.directory / COLLECTION_NAME
    if not path.is_file():
        return [(COLLECTION_NAME, "missing; a run writes it anew")] if journal.files else []
    problems: list[tuple[str, str]] = []
    with suppress(Exception):  # whatever the list holds, it counts as damaged
        text = read_small_file(path).decode("utf-8")
        content = json.loads(text)  # names that are no UTF-8 are kept
        state, resources = content["journal"], content["resources"]
        if not journal.has_prefix(int(state["bytes"]), state["sha256"]):
            problems.append((journal.path.name, "it has lost or changed lines since the last run"))
        if text == describe_collection(journal, resources, (state["bytes"], state["sha256"])):
            return problems
    return [*problems, (COLLECTION_NAME, "damaged; a run writes it anew")]


def _find_loss(folder: CaptureFolder, path: str, stored_file: StoredFile | None, *, is_hashed: bool) -> str:
    try:
        size = (folder.directory / path).stat().st_size
        if stored_file and size != stored_file.size:
            return "damaged: its size changed"
        if stored_file and is_hashed and folder.measure_file(path) != stored_file:
            return "damaged: not the bytes that were written"
    except OSError as error:
        return "missing" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
    return ""


def _name_pages(journal: Journal, bundle: str) -> str:
    """`; no other copy of URL, URL`: pages whose verified copies lie in one bundle alone."""
    pages: dict[str, bool] = {}
    for capture in journal.captures(SnapshotTarget.LOCAL):
        if capture.outcome is Outcome.VERIFIED:
            is_elsewhere = bundle_name(capture.file) != bundle
            pages[capture.uri_r] = pages.get(capture.uri_r, False) or is_elsewhere
    only_there = [uri_r for uri_r, is_elsewhere in pages.items() if not is_elsewhere]
    more = f" and {len(only_there) - MAX_NAMED} more" if len(only_there) > MAX_NAMED else ""
    return f"; no other copy of {', '.join(only_there[:MAX_NAMED])}{more}" if only_there else ""
