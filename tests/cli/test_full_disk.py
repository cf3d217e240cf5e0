"""A disk that is full: it is said, exit 3, what was there stays as it was, and the next run makes it."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.running import run
from tests.review.manuscripts import word_manuscript

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")

FULL = 'ulimit -f 0; exec "$@"'  # no file can grow: what a full disk does, for real
WALL = "https://wall.example/page"
REPORT = f"# R\n\nJune 2, 2021\n\nA.[^1]\n\n[^1]: hxxps://news[.]example/a\n\nB {WALL} stands here.\n"
KEPT = {"note": None, "printed": WALL, "url": WALL, "occurrence": 1, "action": "keep", "reason": "I can read it"}
COMMANDS: dict[str, tuple[Sequence[str], str]] = {  # the command, and the file that it makes or changes
    "document": (["audit", "r.md", "--fail-on", "never", "-f", "json=out.json"], "out.json"),
    "fix": (["fix", "r.md", "--refang", "--write"], "r.md"),
    "decisions": (["fix", "r.md", "--decisions", "r.decisions.json", "--write"], "cite-audit.toml"),
    "baseline": (["baseline", "update", "r.md", "--allow-incomplete", "--baseline", "known.json"], "known.json"),
    "review": (["review", "r.md"], "r (reviewed).md"),
    "reviewed docx": (["review", "w.docx"], "w (reviewed).docx"),
}


@pytest.mark.parametrize("kind", COMMANDS)
def test_a_full_disk_is_said_and_leaves_everything_as_it_was(kind: str, tmp_path: Path) -> None:
    command, name = COMMANDS[kind]
    (tmp_path / "r.md").write_text(REPORT, "utf-8")
    (tmp_path / "w.docx").write_bytes(word_manuscript())
    (tmp_path / "known.json").write_text('{"version": 1, "findings": []}\n', "utf-8")
    outer = {"cite_audit_decisions": 1, "report": "r.md", "sha256": hashlib.sha256(REPORT.encode()).hexdigest()}
    (tmp_path / "r.decisions.json").write_text(json.dumps({**outer, "decisions": [KEPT]}), "utf-8")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    done = run(tmp_path, *command, shell=FULL)
    assert done.returncode == 3, done.stderr
    assert "File too large" in done.stderr
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before

    assert run(tmp_path, *command).returncode == 0
    assert (tmp_path / name).read_bytes() != before.get(name)
