"""One row for each capture, and the words for outcomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from cite_audit.model import Citation, Report
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.media.sanitizer import sanitize_line
from cite_audit.report.render.own_columns import build_own_columns
from cite_audit.report.render.table import Column, ColumnKind, Table
from cite_audit.snapshot.model import GOOD_OUTCOMES, Capture, CaptureRequest, Outcome, SnapshotResult
from cite_audit.urls import canonical_key

COLUMNS = (
    Column("uri_r", ColumnKind.ADDRESS),
    Column("uri_m", ColumnKind.ADDRESS),
    Column("captured_at"),
    Column("archive"),
    Column("outcome"),
    Column("attempts", ColumnKind.NUMBER),
    Column("verified"),
    Column("sha256"),
    Column("status", ColumnKind.NUMBER),
    Column("code"),
    Column("message"),
    Column("cited_in"),
)

OWN_TABLE_COLUMNS = tuple(column for column in COLUMNS if column.name not in ("uri_r", "attempts", "cited_in"))

OUTCOME_LABELS = {
    Outcome.VERIFIED: "captured and verified",
    Outcome.UNVERIFIED: "captured, not verified yet",
    Outcome.BAD: "captured, but not the page",
    Outcome.PENDING: "still being captured",
    Outcome.REFUSED: "refused",
    Outcome.FAILED: "failed",
    Outcome.UNKNOWN: "not known",
    Outcome.KEPT: "had a good copy already",
    Outcome.DIED: "died, a good copy is kept",
    Outcome.EXCLUDED: "excluded from the archive",
}


def build_table(shown: SnapshotResult, options: RenderOptions) -> Table:
    """The manifest: a row for each capture; `cited_in`: `report.md note 3; …`.

    Where all reports are tables of links, their own rows and columns, the captures beside them.
    """
    if shown.reports and all(report.table for report in shown.reports):
        return _build_own_table(shown)
    return Table(COLUMNS, build_rows(shown))


def _build_own_table(shown: SnapshotResult) -> Table:
    """A row of several addresses or archives has a list in each cell."""
    captures: dict[str, list[Capture]] = {}
    for capture in shown.captures:
        captures.setdefault(canonical_key(capture.uri_r), []).append(capture)

    def describe_captures(report: Report, citations: list[Citation]) -> dict[str, Any]:
        pages = dict.fromkeys(canonical_key(citation.link.url) for citation in citations)
        rows = [_build_row(capture, None) for page in pages for capture in captures.get(page, ())]
        cells = {column.name: [row[column.name] for row in rows] for column in OWN_TABLE_COLUMNS}
        return {name: values if any(values) else "" for name, values in cells.items()}

    return build_own_columns(shown.reports, OWN_TABLE_COLUMNS, describe_captures)


def build_rows(shown: SnapshotResult) -> Iterator[dict[str, Any]]:
    """The rows of the manifest, in the order of the captures."""
    requests_by_page = {canonical_key(capture_request.uri_r): capture_request for capture_request in shown.requests}
    for capture in shown.captures:
        yield _build_row(capture, requests_by_page.get(canonical_key(capture.uri_r)))


def _build_row(capture: Capture, capture_request: CaptureRequest | None) -> dict[str, Any]:
    cited_places = [
        f"{place.report} note {place.note}" if place.note is not None else place.report
        for place in (capture_request.places if capture_request else ())
    ]
    return {
        "uri_r": capture.uri_r,
        "uri_m": capture.uri_m,
        "captured_at": capture.captured_at.isoformat().replace("+00:00", "Z") if capture.captured_at else "",
        "archive": capture.archive,
        "outcome": capture.outcome.value,
        "attempts": capture.attempts,
        "verified": capture.verified,
        "sha256": capture.sha256,
        "status": capture.status or "",
        "code": capture.code,
        "message": capture.message,
        "cited_in": "; ".join(dict.fromkeys(cited_places)),
    }


def summarize_run(shown: SnapshotResult) -> list[str]:
    """What a person is told of a run: its plans, a line for each archive, its remarks; each safe to print."""
    ending = ["interrupted; the next run goes on where this one ended"] if shown.interrupted else []
    copies = (*summarize_captures(shown.captures), *_count_kept_pages(shown.captures))
    lines = (*shown.plan_lines, *copies, *shown.remarks, *shown.shortfalls, *ending)
    return [sanitize_line(line) for line in lines]


def summarize_captures(captures: Sequence[Capture]) -> list[str]:
    """One line for each archive: `wayback: 40 captured and verified, 2 refused`."""
    counts: dict[str, Counter[Outcome]] = {}
    for capture in captures:
        counts.setdefault(capture.archive, Counter())[capture.outcome] += 1
    order = list(OUTCOME_LABELS)
    return [
        f"{archive}: " + ", ".join(f"{count[outcome]} {OUTCOME_LABELS[outcome]}" for outcome in order if count[outcome])
        for archive, count in counts.items()
    ]


def _count_kept_pages(captures: Sequence[Capture]) -> list[str]:
    """How many pages have a good copy in any archive, where several were asked: what counts for a citation."""
    if len({capture.archive for capture in captures}) < 2:
        return []
    pages = {canonical_key(capture.uri_r) for capture in captures}
    kept_pages = {canonical_key(capture.uri_r) for capture in captures if capture.outcome in GOOD_OUTCOMES}
    return [f"a good copy in any archive: {len(kept_pages)} of {len(pages)} pages"]


def outcome_label(capture: Capture) -> str:
    """The outcome in words."""
    return OUTCOME_LABELS.get(capture.outcome, capture.outcome.value)
