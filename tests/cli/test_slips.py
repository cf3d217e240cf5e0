"""What a person types by mistake, and what they are told: once, with the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from cite_audit.cli.progress import PhaseClock
from tests.cli.running import run

TEXT = "One.[^1]\n\n[^1]: https://a.example/\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "draft.md").write_text(TEXT)
    return tmp_path


def test_a_report_in_place_of_a_command_is_audited(folder: Path) -> None:
    assert run(folder, "draft.md").stdout == run(folder, "audit", "draft.md").stdout
    assert "1 citation" in run(folder, "draft.md", "-f", "text").stdout
    assert "No such command 'adit'. Did you mean 'audit'?" in run(folder, "adit", "draft.md").stderr


def test_a_missing_report_suggests_the_near_name_and_is_told_once(folder: Path) -> None:
    done = run(folder, "audit", "drfat.md")
    assert done.returncode == 2
    assert (done.stdout + done.stderr).count("does not exist; did you mean draft.md?") == 1
    assert "did you mean" not in run(folder, "audit", "other.md").stderr
    both = run(folder, "audit", "drfat.md", "draft.md", "-f", "text=out.txt")
    assert "does not exist" in (folder / "out.txt").read_text()  # a file has nobody to tell it
    assert "does not exist" in both.stderr


def test_why_refuses_a_report_with_the_right_command(folder: Path) -> None:
    for name in ("draft.md", "gone.docx"):
        done = run(folder, "why", name)
        assert done.returncode == 2
        assert f"cite-audit audit {name}" in done.stderr


def test_progress_tells_how_long_and_whom_it_waits_for() -> None:
    now = 100.0
    clock = PhaseClock(20, lambda: now)
    for number in range(8):
        clock.begin_step(f"https://h{number}.example/{number}")
    now = 104.9
    for number in range(4):
        clock.advance(f"https://h{number}.example/{number}")
    assert clock.describe() == ""  # four steps and not five seconds say nothing yet
    now = 105.0
    clock.advance("https://h4.example/4")
    assert clock.describe() == "about 15 s left; waits for h5.example, h6.example and 1 more"
    clock.advance("https://h5.example/5")
    assert clock.describe() == "about 12 s left; waits for h6.example, h7.example"
    now = 160.0
    assert clock.describe().startswith("about 2 min left; ")
