"""The cited pages of a run for a reference program: BibTeX, RIS, CSL-JSON, the captured copy filled in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cite_audit.model import CitedWork
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.media.bibliography import ListedWork, write_bibtex, write_csl, write_ris
from cite_audit.report.render.snapshot.robust_links import select_linkable
from cite_audit.snapshot.model import SnapshotResult, SnapshotTarget
from cite_audit.urls import canonical_key

ARCHIVE_NAMES: dict[str, str] = {SnapshotTarget.WAYBACK: "Internet Archive", SnapshotTarget.LOCAL: "local WACZ"}


def list_captured_works(shown: SnapshotResult) -> Iterator[ListedWork]:
    """Each page with a copy that can be linked to: what the report prints of it, else the title of the capture."""
    works = {canonical_key(capture_request.uri_r): capture_request.work for capture_request in shown.requests}
    for capture in select_linkable(shown.captures):
        work = works.get(canonical_key(capture.uri_r), CitedWork())
        yield ListedWork(
            url=capture.uri_r,
            work=work if work.title else replace(work, title=capture.title),
            copy_address=capture.uri_m,
            archive=ARCHIVE_NAMES.get(capture.archive, capture.archive),
            accessed=capture.captured_at.date() if capture.captured_at else None,
        )


def render_csl(shown: SnapshotResult, options: RenderOptions) -> str:
    """CSL-JSON, `archive` and `archive_location` filled in."""
    return write_csl(list_captured_works(shown))


def render_bibtex(shown: SnapshotResult, options: RenderOptions) -> str:
    """BibTeX (biblatex `online`), the copy in `note`."""
    return write_bibtex(list_captured_works(shown))


def render_ris(shown: SnapshotResult, options: RenderOptions) -> str:
    """RIS, the copy in `N1`."""
    return write_ris(list_captured_works(shown))
