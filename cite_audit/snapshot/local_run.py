"""The captures folder in a run: looked over before, captured into, bundled and listed after."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from cite_audit.errors import StoreError, UsageError
from cite_audit.files import hold_folder, resolve_target
from cite_audit.snapshot.best_copy import choose_lead, find_best_copy
from cite_audit.snapshot.collection import (
    COLLECTION_NAME,
    bundle_captures,
    take_in_files,
    write_collection,
)
from cite_audit.snapshot.folder import CaptureFolder
from cite_audit.snapshot.folder_losses import find_journal_losses, find_losses, find_renamed
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.model import Capture, CaptureRequest, SnapshotResult, SnapshotTarget
from cite_audit.snapshot.screenshot import find_browser, take_screenshots
from cite_audit.urls import canonical_key


class FolderRun:
    """One run over a captures folder; what is missing or damaged goes to the result's `shortfalls`.

    Open, it holds the folder: another run, with a journal elsewhere, would take a file that is being written for that
    of a killed run. Opening raises UsageError while another run holds it, or when it cannot be made.
    """

    def __init__(self, directory: Path, journal: Journal, result: SnapshotResult) -> None:
        self.folder = CaptureFolder(directory)
        self._journal = journal
        self._result = result
        self._readable: dict[tuple[str, int | None, str], bool] = {}
        self._new_files: set[str] = set()
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        directory = self.folder.directory
        try:
            if not self._stack.enter_context(hold_folder(resolve_target(directory))):
                raise UsageError(f"{directory}: another run is capturing into this folder")
        except OSError as error:
            raise UsageError(f"{directory}: cannot be written ({error.strerror})") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.close()

    def look_over(self) -> None:
        """Note what the folder has lost, and take in what the journal does not know. Raises StoreError."""
        self._result.shortfalls += find_journal_losses(self.folder, self._journal)
        for earlier_path, present in find_renamed(self.folder, self._journal):
            self._journal.record_file(present, earlier_path=earlier_path)
            self._result.remarks.append(f"{self.folder.directory / earlier_path} is now {present.path}")
        self._result.shortfalls += find_losses(self.folder, self._journal)
        self._begin_list()
        made, shortfalls = take_in_files(self.folder, self._journal)
        self._result.wacz_paths += made
        self._result.shortfalls += shortfalls

    def bundle_files(self, files: Sequence[str]) -> None:
        """Turn the WARC files of the run into WACZ files; one that cannot be stays, and is noted."""
        self._new_files.update(files)
        self._begin_list()
        for file in files:
            try:
                self._result.wacz_paths.append(bundle_captures(self.folder, self._journal, file))
            except StoreError as error:
                self._result.shortfalls.append(str(error))

    async def take_pictures(self) -> None:
        """A picture of each page captured, entered in the journal. Raises StoreError."""
        captures = self._journal.captures(SnapshotTarget.LOCAL)
        picture_paths, unpictured = await asyncio.to_thread(take_screenshots, self.folder, captures, find_browser())
        for path in picture_paths:
            name = path.relative_to(self.folder.directory).as_posix()
            if name not in self._journal.files:
                self._journal.record_file(self.folder.measure_file(name))
        self._result.shortfalls += [f"no picture could be taken of {uri_r}" for uri_r in unpictured]
        self._result.remarks.append(f"{len(picture_paths)} pictures in {self.folder.directory / 'screenshots'}")

    def list_bundles(self) -> None:
        """Write `collection.json`; that it cannot be is noted."""
        try:
            if self.folder.directory.is_dir():
                write_collection(self.folder, self._journal)
        except StoreError as error:
            self._result.shortfalls.append(str(error))

    def _begin_list(self) -> None:
        """Write `collection.json` before the first bundle, so that its absence always means a loss."""
        if not (self.folder.directory / COLLECTION_NAME).exists():
            self.list_bundles()

    def choose_leads(self) -> None:
        """Let the best copy of each page that can be read stand for it in the result."""
        days = {canonical_key(one.uri_r): one.near for one in self._result.requests}
        self._result.captures = [
            self._choose_lead(capture, days.get(canonical_key(capture.uri_r))) for capture in self._result.captures
        ]

    def is_readable(self, capture: Capture) -> bool:
        """Whether a copy can be read now, record and body; one that cannot is noted as a shortfall, once."""
        if capture.archive != SnapshotTarget.LOCAL or capture.file in self._new_files:
            return True
        key = capture.file, capture.offset, capture.uri_m
        if key not in self._readable:
            self._readable[key] = self.folder.read_capture(capture) is not None
            if not self._readable[key]:
                day = f"{capture.captured_at:%Y-%m-%d}" if capture.captured_at else "an unknown day"
                self._result.shortfalls.append(f"{capture.file}: the copy of {day} of {capture.uri_r} cannot be read")
        return self._readable[key]

    def _choose_lead(self, latest: Capture, near: date | None) -> Capture:
        copies = self._journal.copies(latest.archive, latest.uri_r)
        while (best_copy := find_best_copy(copies, near)) and not self.is_readable(best_copy):
            copies.remove(best_copy)
        return choose_lead(latest, copies, near)


def add_known_places(requests: Sequence[CaptureRequest], journal: Journal) -> list[CaptureRequest]:
    """The requests with the places of earlier runs behind their own."""
    return [
        replace(
            capture_request,
            places=tuple(dict.fromkeys((*capture_request.places, *journal.places(capture_request.uri_r)))),
        )
        for capture_request in requests
    ]
