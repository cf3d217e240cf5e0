"""A run that could not finish says so, whichever command it was, and leaves nothing behind that pretends otherwise."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import run


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x"


@pytest.fixture
def folder(tmp_path: Path, silent: str) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "r.md").write_text(f"A.[^1] B.[^2]\n\n[^1]: {silent}\n", "utf-8")
    return tmp_path


FLAGS = ["--allow-address", "127.0.0.0/8", "--no-archive", "--deadline", "0.2"]


@pytest.mark.parametrize("command", [["audit"], ["fix"], ["baseline", "update"]])
def test_the_code_is_3_and_the_reason_is_told(command: list[str], folder: Path) -> None:
    done = run(folder, *command, "r.md", "--no-cache", *FLAGS, CITE_AUDIT_OFFLINE="false")
    assert done.returncode == 3
    assert "deadline" in done.stdout + done.stderr


def test_no_baseline_is_made_of_it_unless_that_is_wanted(folder: Path) -> None:
    refused = run(folder, "baseline", "update", "r.md", "--no-cache", *FLAGS, CITE_AUDIT_OFFLINE="false")
    assert "--allow-incomplete" in refused.stderr
    assert not (folder / ".cite-audit-baseline.json").exists()
    assert (
        run(
            folder, "baseline", "update", "r.md", "--no-cache", "--allow-incomplete", *FLAGS, CITE_AUDIT_OFFLINE="false"
        ).returncode
        == 0
    )
    known = json.loads((folder / ".cite-audit-baseline.json").read_text("utf-8"))
    assert "CA304" in [entry["rule"] for entry in known["findings"]]


def test_offline_is_a_choice_and_no_failure(folder: Path) -> None:
    assert run(folder, "fix", "r.md").returncode == 0
    assert run(folder, "baseline", "update", "r.md").returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_the_script_for_other_services_makes_no_baseline_of_it_either(folder: Path) -> None:
    (folder / "cite-audit.toml").write_text("archive = false\n[network]\ndeadline = 0.2\n", "utf-8")
    script = Path(__file__).parents[2] / "docs" / "ci" / "audit.sh"
    done = run(
        folder,
        shell=f'PATH="{Path(sys.executable).parent}:$PATH" sh {script} .',
        CITE_AUDIT_OFFLINE="false",
        CITE_AUDIT_NETWORK_ALLOW_ADDRESSES="127.0.0.0/8",
    )
    assert done.returncode == 0
    assert "could not finish; try again later" in done.stdout
    assert not (folder / ".cite-audit-baseline.json").exists()
