"""The journal of captures: what a line may hold."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.model import SnapshotTarget

LINE = {"uri_r": "https://a.example/", "archive": "local", "outcome": "archived_verified", "at": "2025-10-09T08:00:00"}
ENDS: tuple[object, ...] = ("x", -1, 1.5)
TIMES: tuple[object, ...] = (5, "never", None)
ADDRESSES: tuple[object, ...] = (5, None, [], "https://[")
BROKEN = (
    "[" * 100_000,
    '{"a":' * 50_000,
    *(json.dumps({**LINE, "uri_r": value}) for value in ADDRESSES),
    *(json.dumps({**LINE, "end": value}) for value in ENDS),
    *(json.dumps({**LINE, "at": value}) for value in TIMES),
    json.dumps({**LINE, "job_id": 7}),
    json.dumps({**LINE, "title": {}}),
    "null",
    "5",
    "\ud800",
)


@pytest.mark.parametrize("line", BROKEN, ids=range(len(BROKEN)))
def test_a_line_that_cannot_be_read_is_skipped_and_the_others_hold(tmp_path: Path, line: str) -> None:
    path = tmp_path / "captures.journal"
    good = json.dumps({**LINE, "uri_r": "https://b.example/"}).encode()
    path.write_bytes(b"\n".join([good, line.encode("utf-8", "surrogatepass"), good, b""]))
    with Journal(path) as journal:
        (entry,) = [one for one in journal.entries(SnapshotTarget.LOCAL) if one.uri_r == "https://b.example/"]
    assert entry.at == datetime(2025, 10, 9, 8, tzinfo=UTC)
