"""What was captured, told: CSV for librarians, JSON Lines for programs, Markdown for people. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence

from cite_audit.report.render.csv import cell
from cite_audit.snapshot.model import Capture, Outcome, Wish
from cite_audit.urls import key

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

WORDS = {
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


def rows(captures: Sequence[Capture], wishes: Sequence[Wish]) -> list[dict[str, object]]:
    """One row for each capture, in the order of COLUMNS; `cited_in`: `report.md note 3; …`."""
    places = {key(wish.uri_r): wish for wish in wishes}
    return [_row(one, places.get(key(one.uri_r))) for one in captures]


def as_csv(captures: Sequence[Capture], wishes: Sequence[Wish]) -> str:
    """CSV with a header row (RFC 4180). Cells that a spreadsheet would run as a formula get an apostrophe."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for row in rows(captures, wishes):
        writer.writerow({name: cell(value) for name, value in row.items()})
    return out.getvalue()


def as_jsonl(captures: Sequence[Capture], wishes: Sequence[Wish]) -> str:
    """One JSON object for each capture and line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows(captures, wishes))


def as_markdown(captures: Sequence[Capture], wishes: Sequence[Wish]) -> str:
    """A summary and a table."""
    lines = ["# Captures", "", *(f"- {line}" for line in summary(captures)), ""]
    lines += ["| page | copy | captured | outcome | cited in |", "|---|---|---|---|---|"]
    for one, row in zip(captures, rows(captures, wishes), strict=True):
        copy = f"[{one.archive}]({one.uri_m})" if one.uri_m.startswith("http") else _cell(one.uri_m or "–")
        said = WORDS.get(one.outcome, one.outcome.value) + (f" ({_cell(one.code)})" if one.code else "")
        day = f"{one.captured_at:%Y-%m-%d}" if one.captured_at else "–"
        lines.append(f"| {_cell(one.uri_r)} | {copy} | {day} | {said} | {_cell(str(row['cited_in']))} |")
    return "\n".join(lines) + "\n"


def summary(captures: Sequence[Capture]) -> list[str]:
    """One line for each archive: `wayback: 40 captured and verified, 2 refused`."""
    counts: dict[str, Counter[Outcome]] = {}
    for one in captures:
        counts.setdefault(one.archive, Counter())[one.outcome] += 1
    order = list(WORDS)
    return [
        f"{archive}: " + ", ".join(f"{count[outcome]} {WORDS[outcome]}" for outcome in order if count[outcome])
        for archive, count in counts.items()
    ]


def _row(one: Capture, wish: Wish | None) -> dict[str, object]:
    cited = [f"{p.report} note {p.note}" if p.note is not None else p.report for p in (wish.places if wish else ())]
    return {
        "uri_r": one.uri_r,
        "uri_m": one.uri_m,
        "captured_at": one.captured_at.isoformat().replace("+00:00", "Z") if one.captured_at else "",
        "archive": one.archive,
        "outcome": one.outcome.value,
        "attempts": one.attempts,
        "verified": one.verified,
        "sha256": one.sha256,
        "status": one.status or "",
        "code": one.code,
        "message": one.message,
        "cited_in": "; ".join(dict.fromkeys(cited)),
    }


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")
