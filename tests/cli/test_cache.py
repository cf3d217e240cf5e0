"""`cite-audit cache` as people call it."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from cite_audit.model import Health, Reason, Verdict
from cite_audit.store import open_store


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cite_audit", "cache", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_stats_prune_path_and_clear(tmp_path: Path) -> None:
    path = str(tmp_path / "store.sqlite")
    store = open_store(path)
    store.keep(Verdict("http://a.test/", Health.ALIVE, Reason.OK), "b")
    store.close()
    assert run("path", "--store", path).stdout.strip() == path
    stats = run("stats", "--store", path).stdout
    assert [" ".join(line.split()) for line in stats.splitlines()[1:6]] == [
        "1 link",
        "0 pages",
        "1 history entry",
        "0 runs",
        "0 other entries",
    ]
    assert f"{datetime.now(UTC):%Y-}" in stats
    assert run("prune", "--store", path).stdout.strip() == "0 rows forgotten"
    assert run("clear", "--store", path).stdout.strip() == "2 rows forgotten"
    assert "0 links" in run("stats", "--store", path).stdout


def test_a_store_that_is_not_there_is_empty_and_stays_away(tmp_path: Path) -> None:
    done = run("stats", "--store", str(tmp_path / "none.sqlite"))
    assert done.returncode == 0
    assert "0 links" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_store_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text("my notes")
    for command in ("stats", "prune", "clear"):
        done = run(command, "--store", str(path))
        assert done.returncode == 2
        assert f"{path} is no store of cite-audit" in done.stderr
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("notes.md", "my notes")]


def test_nonsense_is_a_usage_error(tmp_path: Path) -> None:
    done = run("prune", "--older-than", "soon", "--store", str(tmp_path / "s"))
    assert done.returncode == 2
    assert "12h or 7d" in done.stderr
    assert "Traceback" not in done.stderr
