"""What was captured, told: CSV for librarians, JSON Lines for programs, Markdown for people. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence

from cite_audit.report.render.audit.csv import format_cell
from cite_audit.snapshot.model import Capture, CaptureRequest, Outcome
from cite_audit.urls import canonical_key

COLUMNS = (
    "uri_r",
    "uri_m",
    "captured_at",
    "archive",
    "outcome",
    "attempts",
    "verified",
    "sha256",
    "status",
    "code",
    "message",
    "cited_in",
)

OUTCOME_LABELS = {
    Outcome.VERIFIED: "captured and verified",
    Outcome.UNVERIFIED: "captured, not verified yet",
    Outcome.BAD: "captured, but not the page",
    Outcome.PENDING: "still being captured",
    Outcome.REFUSED: "refused",
    Outcome.FAILED: "failed",
    Outcome.UNKNOWN: "not known",
    Outcome.KEPT: "had a good copy already",
    Outcome.EXCLUDED: "excluded from the archive",
}


def build_manifest_rows(captures: Sequence[Capture], requests: Sequence[CaptureRequest]) -> list[dict[str, object]]:
    """One row for each capture, in the order of COLUMNS; `cited_in`: `report.md note 3; …`."""
    requests_by_page = {canonical_key(capture_request.uri_r): capture_request for capture_request in requests}
    return [_build_manifest_row(capture, requests_by_page.get(canonical_key(capture.uri_r))) for capture in captures]


def render_manifest_csv(captures: Sequence[Capture], requests: Sequence[CaptureRequest]) -> str:
    """CSV with a header row (RFC 4180). Cells that a spreadsheet would run as a formula get an apostrophe."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for row in build_manifest_rows(captures, requests):
        writer.writerow({name: format_cell(value) for name, value in row.items()})
    return buffer.getvalue()


def render_manifest_jsonl(captures: Sequence[Capture], requests: Sequence[CaptureRequest]) -> str:
    """One JSON object for each capture and line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in build_manifest_rows(captures, requests))


def render_manifest_markdown(captures: Sequence[Capture], requests: Sequence[CaptureRequest]) -> str:
    """A summary and a table."""
    lines = ["# Captures", "", *(f"- {line}" for line in summarize_captures(captures)), ""]
    lines += ["| page | copy | captured | outcome | cited in |", "|---|---|---|---|---|"]
    for capture, row in zip(captures, build_manifest_rows(captures, requests), strict=True):
        copy = (
            f"[{capture.archive}]({capture.uri_m})"
            if capture.uri_m.startswith("http")
            else _escape_manifest_cell(capture.uri_m or "–")
        )
        outcome_text = OUTCOME_LABELS.get(capture.outcome, capture.outcome.value) + (
            f" ({_escape_manifest_cell(capture.code)})" if capture.code else ""
        )
        day = f"{capture.captured_at:%Y-%m-%d}" if capture.captured_at else "–"
        lines.append(
            f"| {_escape_manifest_cell(capture.uri_r)} | {copy} | {day} | {outcome_text} "
            f"| {_escape_manifest_cell(str(row['cited_in']))} |"
        )
    return "\n".join(lines) + "\n"


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


def _build_manifest_row(capture: Capture, capture_request: CaptureRequest | None) -> dict[str, object]:
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


def _escape_manifest_cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")
