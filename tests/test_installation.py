"""The command that brings in a missing extra reaches the environment that the program runs in."""

from __future__ import annotations

import json
import shutil
import subprocess
from importlib.metadata import PathDistribution
from pathlib import Path
from typing import Any

import pytest

from cite_audit.errors import ReadError
from cite_audit.installation import format_install_command
from cite_audit.parse.readers.pdf.reader import extract_in_child

ARCHIVE = "https://code.example/cite-audit/archive/v1.tar.gz"


def installed_from(folder: Path, source: dict[str, Any] | None) -> PathDistribution:
    folder.mkdir(parents=True, exist_ok=True)
    if source is not None:
        (folder / "direct_url.json").write_text(json.dumps(source), "utf-8")
    return PathDistribution(folder)


def command(tmp_path: Path, source: dict[str, Any] | None, *, marker: str = "", extra: str = "pdf") -> str:
    """The hint for an environment at `tmp_path/a place` that was made from `source`."""
    prefix = tmp_path / "a place"
    prefix.mkdir(exist_ok=True)
    if marker:
        (prefix / marker).write_text("", "utf-8")
    return format_install_command(extra, str(prefix), installed_from(tmp_path / "dist-info", source))


@pytest.mark.parametrize(
    ("marker", "tool"), [("pipx_metadata.json", "pipx install --force"), ("uv-receipt.toml", "uv tool install --force")]
)
def test_tools_with_environments_of_their_own_make_them_anew_with_every_extra(
    marker: str, tool: str, tmp_path: Path
) -> None:
    archive = command(tmp_path, {"url": ARCHIVE, "archive_info": {}}, marker=marker)
    assert archive == f"{tool} 'cite-audit[all] @ {ARCHIVE}'"
    vcs = {"url": "https://code.example/cite-audit", "vcs_info": {"vcs": "git", "commit_id": "abc123"}}
    assert command(tmp_path, vcs, marker=marker) == (
        f"{tool} 'cite-audit[all] @ git+https://code.example/cite-audit@abc123'"
    )


def test_what_all_leaves_out_is_named_besides(tmp_path: Path) -> None:
    assert "'cite-audit[all,cluster] @" in command(
        tmp_path, {"url": ARCHIVE, "archive_info": {}}, marker="uv-receipt.toml", extra="cluster"
    )


def test_without_a_record_the_index_is_meant(tmp_path: Path) -> None:
    assert command(tmp_path, None).endswith("/python' -m pip install 'cite-audit[pdf]'")


def test_pip_adds_to_the_environment_that_runs(tmp_path: Path) -> None:
    folder = tmp_path / "my clone"
    hint = command(tmp_path, {"url": folder.as_uri(), "dir_info": {"editable": True}})
    assert hint.startswith(f"'{tmp_path}/a place/bin/python' -m pip install -e ")
    assert hint.endswith(f"'{folder}[pdf]'")


def test_a_checkout_that_make_set_up_is_reinstalled_by_make(tmp_path: Path) -> None:
    folder = tmp_path / "my clone"
    (folder / ".venv").mkdir(parents=True)
    record = installed_from(tmp_path / "dist-info", {"url": folder.as_uri(), "dir_info": {"editable": True}})
    hint = format_install_command("pdf", str(folder / ".venv"), record)
    assert hint == f"make -C '{folder}' reinstall"


@pytest.mark.parametrize("text", ["", "[]", "{", '{"url": 1}', '{"url": null, "dir_info": {}}'])
def test_a_damaged_record_is_no_record(text: str, tmp_path: Path) -> None:
    record = installed_from(tmp_path / "dist-info", None)
    (tmp_path / "dist-info" / "direct_url.json").write_text(text, "utf-8")
    assert "cite-audit[pdf]" in format_install_command("pdf", str(tmp_path), record)


@pytest.mark.skipif(shutil.which("make") is None, reason="no make")
def test_make_knows_the_target_that_the_hint_names() -> None:
    root = Path(__file__).parents[1]
    done = subprocess.run(
        ["make", "-C", str(root), "--dry-run", "reinstall"], capture_output=True, text=True, check=True
    )
    assert "rm -f .venv/.ready" in done.stdout


def test_a_pdf_without_its_library_is_refused_with_that_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader's process finds a pypdfium2 that cannot be imported, as where it was never installed."""
    (tmp_path / "pypdfium2.py").write_text("raise ImportError\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ReadError, match=r"needs pypdfium2: .*(install|reinstall)"):
        extract_in_child(b"%PDF-1.7", "a.pdf")
