"""The journal of captures: what a line may hold."""

from __future__ import annotations

import json
import subprocess
import sys
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


FILLED_DISK = """
import json, resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from cite_audit.errors import StoreError, UsageError
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.model import Capture, Outcome, SnapshotTarget

def fill(path, pages):
    kept, told = [], ""
    try:
        opened = Journal(path)
    except UsageError as error:
        return [], str(error)
    with opened as journal:
        for page in pages:
            try:
                journal.write(Capture(page, "local", Outcome.VERIFIED, at=datetime(2026, 1, 1, tzinfo=UTC)))
            except StoreError as error:
                told = str(error)
                break
            kept.append(page)
    return kept, told

def read(path):
    with Journal(path, writing=False) as journal:
        return [entry.uri_r for entry in journal.entries(SnapshotTarget.LOCAL)], journal.unreadable_lines

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
pages = [f"https://a.example/{number}" for number in range(4)]
hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
rows = []
for limit in range(0, 900, 23):
    path = Path(sys.argv[1]) / f"{limit}.journal"
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    kept, told = fill(path, pages)
    refused = fill(path, pages)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    before = read(path)
    again, _ = fill(path, [page for page in pages if page not in kept])
    rows.append({"kept": kept, "told": told, "refused": refused, "before": before, "again": again, "after": read(path)})
print(json.dumps(rows))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_disk_that_is_full_at_any_byte_is_said_and_loses_nothing_of_a_journal(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FILLED_DISK, str(tmp_path)], capture_output=True, text=True, check=True, timeout=60
    )
    rows = json.loads(done.stdout)
    pages = [f"https://a.example/{number}" for number in range(4)]
    assert {len(row["kept"]) for row in rows} == {0, 1, 2, 3, 4}
    for row in rows:
        assert row["before"][0][: len(row["kept"])] == row["kept"]
        assert row["before"][1] == []
        assert row["kept"] == pages or "the journal cannot be written (File too large)" in row["refused"]
        assert sorted(row["after"][0]) == pages
        assert row["after"][1] == []
        assert row["kept"] == pages or "the journal cannot be written (File too large)" in row["told"]
