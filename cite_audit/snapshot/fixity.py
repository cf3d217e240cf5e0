"""Fixity of a captures folder: whether every file and every record is as it was written. Reads, never writes."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cite_audit.errors import UsageError
from cite_audit.files import read_small_file
from cite_audit.progress import Observer
from cite_audit.resolve.archive.warc_place import WarcPlace
from cite_audit.snapshot.bundle_check import MAX_THREADS, Fault, RecordSurvey, check_bundle, survey_records
from cite_audit.snapshot.folder import EARLIER_FOLDER, CaptureFolder, bundle_name, name_member
from cite_audit.snapshot.folder_losses import find_list_problems, follow_renamed
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.model import Capture, Damage, FixityResult, Outcome, SnapshotTarget
from cite_audit.snapshot.stamp_check import find_list_faults, find_token_fault
from cite_audit.urls import canonical_key

JOURNAL_NAME = "captures.journal"


def check_folder(
    directory: Path,
    journal_path: Path | None = None,
    *,
    sample: float = 1.0,
    observer: Observer | None = None,
) -> FixityResult:
    """Check a captures folder. `sample`: share of the bundles and pages to check, chosen at random.

    `observer` follows the phase `verify`, file by file. Raises UsageError when the directory holds no captures.
    """
    folder, path = CaptureFolder(directory), journal_path or directory / JOURNAL_NAME
    require_captures(directory, path)
    with Journal(path, writing=False) as journal:
        check = _FolderCheck(folder, journal, sample)
        check.check_journal()
        check.check_collection()
        check.check_files(observer)
        check.check_pages()
    return check.result


def require_captures(directory: Path, journal_path: Path) -> None:
    """Raise UsageError when a directory holds no captures."""
    folder = CaptureFolder(directory)
    if not journal_path.is_file() and not folder.list_bundles() and not folder.list_warcs():
        raise UsageError(f"{directory}: holds no captures")


class _FolderCheck:
    """One check in its steps; later steps use what the earlier ones read."""

    def __init__(self, folder: CaptureFolder, journal: Journal, sample: float) -> None:
        self.result = FixityResult(folder.directory, is_sample=sample < 1.0)
        self._folder = folder
        self._journal = journal
        self._sample = sample
        self._surveys: dict[str, list[RecordSurvey]] = {}  # by WARC, one for each place where it lies
        self._bodies: set[str] = set()

    def check_journal(self) -> None:
        """Lines that are damaged, a journal that is missing."""
        if not self._journal.existed:
            self._add_damage(self._journal.path.name, "missing; the next run restores it from the page lists")
        for number in self._journal.unreadable_lines:
            self._add_damage(self._journal.path.name, f"line {number} is damaged")

    def check_collection(self) -> None:
        """Whether the list of bundles is as the journal has it, and the journal as the list has it."""
        for file, problem in find_list_problems(self._folder, self._journal):
            self._add_damage(file, problem)
        follow_renamed(self._folder, self._journal)

    def check_files(self, observer: Observer | None) -> None:
        """Every file of the journal, every bundle and every WARC."""
        bundles, warcs = self._folder.list_bundles(), self._folder.list_warcs()
        paths = self._choose_sample(sorted({*self._journal.files, *bundles, *warcs}))
        self.result.unlisted = [path for path in bundles if path not in self._journal.files]
        if observer:
            observer.start_phase("verify", len(paths))
        with ThreadPoolExecutor(MAX_THREADS) as pool:
            for path, faults in zip(paths, pool.map(self._check_file, paths), strict=True):
                for fault in faults:
                    if fault.is_unchecked:
                        self.result.unchecked.append(f"{path}: {fault.problem}")
                    else:
                        self._add_damage(path, fault.problem, fault.url)
                if observer:
                    observer.advance_phase("verify", path)
        if observer:
            observer.finish_phase("verify")
        self.result.files = len(paths)

    def check_pages(self) -> None:
        """Every capture of the journal: its record, the body that it repeats, and where another good copy is."""
        named_pages = {(damage.file, canonical_key(damage.uri_r)) for damage in self.result.damages if damage.uri_r}
        for capture in self._journal.captures(SnapshotTarget.LOCAL):
            file = bundle_name(capture.file)
            is_checked = capture.file in self._surveys or not self.result.is_sample
            if not capture.file or not is_checked or (file, canonical_key(capture.uri_r)) in named_pages:
                continue
            if problem := self._find_page_problem(capture):
                self._add_damage(file, problem, capture.uri_r)
        self.result.damages = [self._name_good_copy(damage) for damage in self.result.damages]

    def _choose_sample(self, paths: Sequence[str]) -> list[str]:
        if self._sample >= 1.0:
            return list(paths)
        return sorted(random.sample(list(paths), max(1, round(len(paths) * self._sample))))

    def _check_file(self, path: str) -> list[Fault]:
        try:
            return list(self._find_file_faults(path))
        except Exception as error:  # whatever a damaged file makes its readers raise
            reason = getattr(error, "strerror", None) or type(error).__name__
            is_missing = isinstance(error, FileNotFoundError)
            return [Fault(problem="missing" if is_missing else f"cannot be read ({reason})")]

    def _find_file_faults(self, path: str) -> Iterator[Fault]:
        stored_file = self._journal.files.get(path)
        is_as_written = stored_file is not None and self._folder.measure_file(path) == stored_file
        if stored_file and not is_as_written:
            yield Fault(problem="not the bytes that were written")
        if path.endswith(".wacz"):
            bundle_survey = check_bundle(self._folder.directory / path, is_as_written=is_as_written)
            for name, survey in bundle_survey.members.items():
                self._keep_survey(name_member(path, name.rpartition("/")[2]), survey)
            yield from bundle_survey.all_faults
        elif path.endswith(".warc.gz"):
            yield from self._check_warc(path)
        elif path.endswith(".sha256"):
            known_files = self._journal.files | self._journal.renamed_files
            yield from find_list_faults(read_small_file(self._folder.directory / path).decode("utf-8"), known_files)
        elif path.endswith(".tsr") and (fault := find_token_fault(self._folder.directory / path)):
            yield fault

    def _check_warc(self, path: str) -> list[Fault]:
        file = path.removeprefix(f"{EARLIER_FOLDER}/")
        ends = [one.end for one in self._journal.captures(SnapshotTarget.LOCAL) if one.file == file]
        place = WarcPlace(self._folder.directory / path, 0, (self._folder.directory / path).stat().st_size)
        survey = survey_records(place, {}, whole_bytes=max(ends, default=0))
        self._keep_survey(file, survey)
        return survey.faults

    def _keep_survey(self, file: str, survey: RecordSurvey) -> None:
        self._surveys.setdefault(file, []).append(survey)
        self._bodies.update(survey.bodies)
        self.result.records += len(survey.offsets)
        self.result.block_bytes += survey.block_bytes

    def _find_page_problem(self, capture: Capture) -> str:
        """Why a capture cannot be replayed; empty when it can."""
        if capture.offset is None or self.result.is_sample:  # an earlier version's, or the body may be unread
            record = self._folder.read_capture(capture)
            if record is None:
                return f"the capture of {capture.captured_at:%Y-%m-%d} cannot be read"
            is_body = record.kind == "response" and capture.sha256
            if is_body and hashlib.sha256(record.payload).hexdigest() != capture.sha256:
                return f"the capture of {capture.captured_at:%Y-%m-%d} has another SHA-256 than the journal says"
            return ""
        for survey in self._surveys.get(capture.file, ()):
            if capture.offset in survey.offsets:
                digest = survey.revisits.get(capture.offset)
                if digest is None or digest in self._bodies:
                    return ""
                return f"the body that the capture of {capture.captured_at:%Y-%m-%d} repeats is lost"
        return f"the capture of {capture.captured_at:%Y-%m-%d} cannot be read"

    def _name_good_copy(self, damage: Damage) -> Damage:
        copies = self._journal.copies(SnapshotTarget.LOCAL, damage.uri_r) if damage.uri_r else []
        for copy in reversed(copies):
            if copy.outcome is Outcome.VERIFIED and not self._find_page_problem(copy):
                place = f"{copy.captured_at:%Y-%m-%d %H:%M:%S} in {self._name_file(copy)}"
                return Damage(file=damage.file, problem=damage.problem, uri_r=damage.uri_r, good_copy=place)
        return damage

    def _name_file(self, capture: Capture) -> str:
        places = self._folder.find_warc(capture.file)
        return places[-1].path.relative_to(self._folder.directory).as_posix() if places else capture.file

    def _add_damage(self, file: str, problem: str, uri_r: str = "") -> None:
        self.result.damages.append(Damage(file=file, problem=problem, uri_r=uri_r))
