"""Waits are measured by a monotonic clock; the wall clock dates records only."""

from __future__ import annotations

import ast
from pathlib import Path

import cite_audit

PACKAGE = Path(cite_audit.__file__).parent
WALL_CLOCKS = {"time.time", "time.time_ns", "datetime.now", "datetime.utcnow", "date.today"}
# Modules that may read the wall clock, and the record it dates.
RECORDS = {
    "cli/": "the time of a run",
    "store/": "when a row was written, and when it expires",
    "resolve/archive/base.py": "the start of the clock that processes share",
    "resolve/check/verdict_cache.py": "the age of a stored verdict",
    "resolve/http/client.py": "the time of a look, and the dates of Retry-After",
    "resolve/http/cookies.py": "the date at which a cookie expires",
    "snapshot/": "the time of a capture",
    "pipeline.py": "the time of an audit",
    "__init__.py": "the time of an audit",
}


def wall_clock_calls(path: Path) -> list[int]:
    """The lines that read a wall clock."""
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    return sorted(call.lineno for call in calls if ast.unparse(call.func) in WALL_CLOCKS)


def test_only_modules_that_date_records_read_the_wall_clock() -> None:
    places = {path.relative_to(PACKAGE).as_posix(): wall_clock_calls(path) for path in PACKAGE.rglob("*.py")}
    assert [(name, lines) for name, lines in places.items() if lines and not name.startswith(tuple(RECORDS))] == []
    assert any(places.values())


def test_a_wall_clock_would_be_found(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("import time\nfrom datetime import datetime\ndeadline = time.time() + 5\nnow = datetime.now()\n")
    assert wall_clock_calls(module) == [3, 4]
