"""The copies of a captures folder, for people: one for each page, or all of one page."""

from __future__ import annotations

from pathlib import Path

from cite_audit.errors import UsageError
from cite_audit.snapshot.best_copy import choose_lead
from cite_audit.snapshot.fixity import JOURNAL_NAME
from cite_audit.snapshot.folder import CaptureFolder
from cite_audit.snapshot.folder_losses import follow_renamed
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.model import Capture, CopyList, ListedCopy, Outcome, SnapshotTarget


def list_copies(directory: Path, journal_path: Path | None = None, uri_r: str = "") -> CopyList:
    """The leading copy of every page, or every copy of one. Raises UsageError when there is none."""
    path = journal_path or directory / JOURNAL_NAME
    if not path.is_file():
        raise UsageError(f"{path}: there is no journal of captures")
    folder = CaptureFolder(directory)
    with Journal(path, writing=False) as journal:
        follow_renamed(folder, journal)
        captures = journal.copies(SnapshotTarget.LOCAL, uri_r) if uri_r else _list_leads(journal)
        if uri_r and not captures:
            raise UsageError(f"{uri_r}: not captured in {directory}")
        return CopyList([_list_copy(capture, journal, folder) for capture in captures])


def _list_leads(journal: Journal) -> list[Capture]:
    leads = []
    for entry in journal.entries(SnapshotTarget.LOCAL):
        near = min((place.cited_on for place in journal.places(entry.uri_r) if place.cited_on), default=None)
        leads.append(choose_lead(entry, journal.copies(SnapshotTarget.LOCAL, entry.uri_r), near))
    return leads


def _list_copy(capture: Capture, journal: Journal, folder: CaptureFolder) -> ListedCopy:
    places = folder.find_warc(capture.file) if capture.file else []
    copies = journal.copies(SnapshotTarget.LOCAL, capture.uri_r)
    return ListedCopy(
        capture=capture,
        path=str(places[-1].path) if places else "",
        places=journal.places(capture.uri_r),
        good_copies=sum(1 for copy in copies if copy.outcome is Outcome.VERIFIED),
    )
