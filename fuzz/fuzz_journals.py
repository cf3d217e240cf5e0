"""An atheris target: any bytes as a journal, a baseline or an entry of the store; each reads what it can.

python -m fuzz.fuzz_journals [libFuzzer options] [corpus]
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["cite_audit.snapshot", "cite_audit.resolve.archive", "cite_audit.report"]):
    from cite_audit.errors import ConfigError
    from cite_audit.report.findings.baseline import load_baseline
    from cite_audit.resolve.archive.archive_cache import _decode_answer
    from cite_audit.resolve.archive.rate_limiter import _parse_state
    from cite_audit.snapshot.journal import Journal
    from cite_audit.snapshot.model import SnapshotTarget
    from cite_audit.snapshot.plan import CaptureCriteria, CaptureRequest, plan_captures

from fuzz.harness import fuzz, split_input

PATH = Path(tempfile.mkdtemp(prefix="cite-audit-fuzz-")) / "captures.journal"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _plan_from_journal(data: bytes) -> object:
    PATH.write_bytes(data)
    with Journal(PATH, writing=False) as journal:
        entries = [entry for target in SnapshotTarget for entry in journal.entries(target)]
        requests = [CaptureRequest(entry.uri_r) for entry in entries]
        return [plan_captures(target, requests, journal, CaptureCriteria(NOW)) for target in SnapshotTarget]


READERS: tuple[Callable[[bytes], object], ...] = (
    _plan_from_journal,
    lambda data: load_baseline(data.decode("utf-8", "replace")),
    lambda data: _decode_answer(data.decode("utf-8", "replace")),
    lambda data: _parse_state(data.decode("utf-8", "replace"), NOW.timestamp()),
)


def check(data: bytes) -> None:
    """Reads the bytes as the record that the first of them chooses."""
    reader, data = split_input(data, len(READERS))
    try:
        READERS[reader](data)
    except ConfigError:
        if reader != 1:
            raise


if __name__ == "__main__":
    fuzz(check)
