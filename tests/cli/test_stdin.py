"""What is read: standard input, empty and missing files, what is named twice, what is no address."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import LACKING, REPORT, run

IGNORED = LACKING.replace("C.[^3]", "C.[^3] <!-- cite-audit: ignore[CA304] it is on its way -->")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "r.md").write_text(REPORT, "utf-8")
    (tmp_path / "empty.txt").write_text("\n", "utf-8")
    (tmp_path / "nothing").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("on_disk", "piped", "code"), [(LACKING, IGNORED, 0), (IGNORED, LACKING, 1), (None, IGNORED, 0)]
)
def test_comments_count_as_they_stand_in_what_is_read(on_disk: str | None, piped: str, code: int, folder: Path) -> None:
    if on_disk:
        (folder / "draft.md").write_text(on_disk, "utf-8")
    done = run(folder, "audit", "-", "--stdin-name", "draft.md", stdin=piped.encode())
    assert done.returncode == code, done.stdout


@pytest.mark.parametrize("command", [["audit"], ["links"], ["grade"]])
@pytest.mark.parametrize("paths", [["empty.txt", "r.md"], ["nothing", "r.md"], ["empty.txt"]])
def test_empty_files_and_folders_are_fine_where_that_is_allowed(
    command: list[str], paths: list[str], folder: Path
) -> None:
    assert run(folder, *command, *paths).returncode == 2
    assert run(folder, *command, *paths, "--allow-empty").returncode == 0
    assert run(folder, *command, *paths, "gone.md", "--allow-empty").returncode == 2


@pytest.mark.parametrize("command", [["fix"], ["history"], ["sources", "list"], ["baseline", "update"]])
def test_a_configuration_allows_what_is_empty_for_every_command(command: list[str], folder: Path) -> None:
    assert run(folder, *command, "r.md", "empty.txt").returncode == 2
    (folder / "cite-audit.toml").write_text("allow-empty = true\n", "utf-8")
    assert run(folder, *command, "r.md", "empty.txt").returncode == 0


def test_a_report_named_twice_is_one_report(folder: Path) -> None:
    (folder / "link.md").symlink_to("r.md")
    done = run(folder, "links", "r.md", "./r.md", "link.md", str(folder / "r.md"), "-f", "json")
    assert [report["path"] for report in json.loads(done.stdout)["reports"]] == ["r.md"]


@pytest.mark.parametrize("command", [["fix"], ["baseline", "update"], ["history"], ["snapshot"]])
def test_no_command_promises_to_read_stdin_and_does_not(command: list[str], folder: Path) -> None:
    assert "stdin" not in run(folder, *command, "--help").stdout
    assert run(folder, *command, "-").returncode == 2


@pytest.mark.parametrize("command", [["links"], ["grade"], ["fix", "--no-archive", "--offline"]])
def test_an_address_is_refused_by_commands_that_fetch_none(command: list[str], folder: Path) -> None:
    done = run(folder, *command, "https://example.com/report")
    assert done.returncode == 2
    assert "https://example.com/report: " in done.stderr
    assert "does not exist" not in done.stderr


@pytest.mark.parametrize("nonsense", ["", "not a url", "http://", "word"])
def test_what_is_no_address_is_not_looked_into(nonsense: str, folder: Path) -> None:
    for command in (["why"], ["sources", "explain"]):
        done = run(folder, *command, nonsense)
        assert (done.returncode, done.stdout) == (2, "")
        assert "is no address" in done.stderr


def test_missing_reports_are_told_by_snapshot_as_by_every_command(folder: Path) -> None:
    alone = run(folder, "snapshot", "nope.md", "--dry-run")
    assert (alone.returncode, "nope.md: does not exist" in alone.stderr) == (2, True)
    beside = run(folder, "snapshot", "r.md", "nope.md", "--dry-run")
    assert beside.returncode == 2
    assert "nope.md: does not exist" in beside.stdout
    assert "2 pages: 2 to capture" in beside.stdout


def test_unread_reports_are_told_in_every_format(folder: Path) -> None:
    files = [word for name in ("github", "concise", "jsonl") for word in ("-f", f"{name} = {name}.out")]
    assert run(folder, "audit", "r.md", "nope.md", *files).returncode == 2
    said = {name: (folder / f"{name}.out").read_text("utf-8") for name in ("github", "concise", "jsonl")}
    assert "::error file=nope.md,title=unread::does not exist\n" in said["github"]
    assert "1 report could not be read" in said["github"]
    assert said["concise"].startswith("nope.md:1:1: error: unread: does not exist\n")
    first = json.loads(said["jsonl"].splitlines()[0])
    assert first == {"type": "unread", "report": "nope.md", "problem": "does not exist"}


@pytest.mark.parametrize("name", ["a" * 300, "a/" * 3000 + "a.md"])
def test_a_name_that_cannot_be_is_a_report_that_cannot_be_read(name: str, folder: Path) -> None:
    done = run(folder, "links", name)
    assert done.returncode == 2
    assert "cannot be read: File name too long" in done.stderr


@pytest.mark.parametrize("arguments", [["loop"], ["loop/r.md"], ["r.md", "-o", "loop/a"], ["r.md", "--config", "loop"]])
def test_a_link_to_itself_is_no_file(arguments: list[str], folder: Path) -> None:
    (folder / "loop").symlink_to("loop")
    done = run(folder, "links", *arguments)
    assert (done.returncode, "loop" in done.stderr, "Traceback" in done.stderr) == (2, True, False)
