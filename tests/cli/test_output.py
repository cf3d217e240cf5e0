"""Where documents go: several formats from one run, whole files, stdout exactly one document, codes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cite_audit.cli.output import OutputTarget, is_coloured, parse_outputs
from cite_audit.cli.output_files import write_atomically
from cite_audit.errors import UsageError
from tests.loopback.raw import RawServer, ok

BAD = "# Bad\n\nJune 2, 2021\n\nA.[^1] B.[^2]\n\n[^1]: <https://news.example.com/a> and hxxps://b[.]example[.]com/c\n"


def run(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "CITE_AUDIT_OFFLINE": "true", "XDG_CACHE_HOME": str(folder / "cache"), **more}
    env = {name: value for name, value in env.items() if name not in ("FORCE_COLOR", "CLICOLOR_FORCE")}
    command = [sys.executable, "-m", "cite_audit", *arguments]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=60, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "bad.md").write_text(BAD, "utf-8")
    return tmp_path


def test_formats_and_files() -> None:
    assert parse_outputs(["text"]) == [OutputTarget("text")]
    assert parse_outputs(["text"], "a.txt") == [OutputTarget("text", "a.txt")]
    assert parse_outputs(["text", "json=a=b.json"]) == [OutputTarget("text"), OutputTarget("json", "a=b.json")]
    assert parse_outputs(["sarif=x", "html"], "y") == [OutputTarget("sarif", "x"), OutputTarget("html", "y")]


@pytest.mark.parametrize(
    ("formats", "output", "told"),
    [
        (["jsno"], "", "did you mean json"),
        (["text", "json"], "", "two formats for one place"),
        (["json=a", "sarif=./a"], "", "two formats for one place"),
        (["json=a"], "b", "every format names a file"),
    ],
)
def test_contradictions_are_refused_before_the_run(formats: list[str], output: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        parse_outputs(formats, output)


def test_one_run_feeds_every_consumer(folder: Path) -> None:
    files = ["sarif=out.sarif", "json=out.json", "junit=out.xml", "html=out.html", "csv=out.csv"]
    done = run(folder, "audit", "bad.md", "-f", "concise", *[word for file in files for word in ("-f", file)])
    assert done.returncode == 1
    line = "bad.md:5:10: error: CA304 missing-note: The text refers to a note that is not there. (note 2)"
    assert line in done.stdout.splitlines()
    assert all(line.startswith("bad.md:") for line in done.stdout.splitlines())
    assert "1 new finding at or above error" in done.stderr
    assert json.loads((folder / "out.json").read_text("utf-8"))["reports"][0]["path"] == "bad.md"
    assert json.loads((folder / "out.sarif").read_text("utf-8"))["runs"]
    assert ElementTree.parse(folder / "out.xml").getroot().get("failures") == "1"
    assert sorted(p.name for p in folder.iterdir() if p.name.startswith(".")) == [".git"]


@pytest.mark.parametrize("format", ["json", "sarif", "github", "html"])
def test_the_format_never_changes_the_code(format: str, folder: Path) -> None:
    assert run(folder, "audit", "bad.md", "-f", format).returncode == 1


def test_stdout_is_one_document_even_when_a_report_is_missing(folder: Path) -> None:
    done = run(folder, "audit", "bad.md", "gone.md", "-f", "json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["unread"][0]["path"] == "gone.md"


def test_a_file_that_cannot_be_written_ends_with_two(folder: Path) -> None:
    done = run(folder, "audit", "bad.md", "-f", "json=none/out.json")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr


def test_a_mistyped_baseline_or_folder_costs_no_run(folder: Path) -> None:
    for arguments in (["--baseline", "none.json"], ["-f", "html=none/a.html"], ["-f", "html=."]):
        done = run(folder, "audit", "bad.md", *arguments)
        assert (done.returncode, done.stdout) == (2, "")


def test_a_reader_that_stops_early_changes_neither_code_nor_files(folder: Path) -> None:
    python = f"{sys.executable} -m cite_audit audit bad.md -f json=whole.json -f html"
    command = f"set -o pipefail; {python} | head -c 1; exit $?"
    env = {**os.environ, "CITE_AUDIT_OFFLINE": "true", "XDG_CACHE_HOME": str(folder)}
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert json.loads((folder / "whole.json").read_text("utf-8"))


def test_quiet_twice_leaves_only_the_code(folder: Path) -> None:
    done = run(folder, "audit", "bad.md", "-qq")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")


def test_a_terminal_without_unicode_gets_ascii(folder: Path) -> None:
    done = run(folder, "audit", "bad.md", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.stdout.isascii()
    assert "-> " in done.stdout or "#" in done.stdout


def test_config_shows_where_values_come_from(folder: Path) -> None:
    (folder / "cite-audit.toml").write_text('fail-on = "never"\n', "utf-8")
    done = run(folder, "config", CITE_AUDIT_NETWORK_JOBS="7")
    lines = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines()}
    assert lines["fail-on"] == ['"never"', "cite-audit.toml:1"]
    assert lines["network.jobs"] == ["7", "CITE_AUDIT_NETWORK_JOBS"]
    assert lines["offline"] == ["true", "CITE_AUDIT_OFFLINE"]
    assert run(folder, "audit", "bad.md").returncode == 0


def test_a_mistyped_rule_is_told_the_nearest(folder: Path) -> None:
    done = run(folder, "explain", "link-gnoe")
    assert (done.returncode, "did you mean link-gone?" in done.stderr) == (2, True)
    assert "To mend" in run(folder, "explain", "CA103").stdout


def test_a_comment_in_the_report_hides_its_finding(folder: Path) -> None:
    text = BAD.replace("A.[^1] B.[^2]", "A.[^1] B.[^2] <!-- cite-audit: ignore[CA304] the note is on its way -->")
    (folder / "bad.md").write_text(text, "utf-8")
    assert run(folder, "audit", "bad.md").returncode == 0


def test_fix_shows_first_and_writes_with_a_backup(folder: Path) -> None:
    (folder / "bad.md").chmod(0o600)
    shown = run(folder, "fix", "bad.md", "--refang")
    assert "+[^1]: <https://news.example.com/a> and https://b.example.com/c" in shown.stdout
    assert (folder / "bad.md").read_text("utf-8") == BAD
    run(folder, "fix", "bad.md", "--refang", "--write")
    assert (folder / "bad.md").read_text("utf-8") == BAD.replace("hxxps://b[.]example[.]com", "https://b.example.com")
    assert (folder / "bad.md.bak").read_text("utf-8") == BAD
    assert {(folder / name).stat().st_mode & 0o777 for name in ("bad.md", "bad.md.bak")} == {0o600}
    again = run(folder, "fix", "bad.md", "--refang", "--write")
    assert "0 links mended" in again.stderr
    assert not (folder / "bad.md.bak2").exists()


def test_files_are_replaced_whole_and_keep_their_rights(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text("old", "utf-8")
    file.chmod(0o640)
    link = tmp_path / "link.json"
    link.symlink_to(file)
    write_atomically(str(link), "new")
    assert (file.read_text("utf-8"), file.stat().st_mode & 0o777, link.is_symlink()) == ("new", 0o640, True)
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in folders there")
def test_pipes_and_devices_are_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        parse_outputs(["json"], str(pipe))
        write_atomically(str(pipe), "new")
        assert os.read(reader, 10) == b"new"
    finally:
        os.close(reader)
    assert pipe.is_fifo()


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no /dev/full here")
@pytest.mark.parametrize("command", [["schema"], ["--help"], ["links", "bad.md"]])
def test_a_full_disk_is_said_in_one_line(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_text(BAD, "utf-8")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "cite_audit", *command],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 3
    assert done.stderr.decode() == "cite-audit: the output could not be written: No space left on device\n"


class Terminal:
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("choice", "variables", "wanted"),
    [
        ("auto", {}, True),
        ("auto", {"NO_COLOR": "1"}, False),
        ("auto", {"TERM": "dumb"}, False),
        ("auto", {"TERM": "dumb", "FORCE_COLOR": "1"}, True),
        ("never", {"FORCE_COLOR": "1"}, False),
        ("always", {"NO_COLOR": "1"}, True),
    ],
)
def test_colour(choice: str, variables: dict[str, str], wanted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert is_coloured(choice, Terminal()) is wanted
    assert is_coloured("auto", object()) is (variables.get("FORCE_COLOR") == "1")


def test_vv_tells_every_request_on_stderr_and_leaves_stdout_alone(folder: Path) -> None:
    with RawServer(lambda head, number: [ok(b"page")]) as server:
        (folder / "one.md").write_text(f"A.[^1]\n\n[^1]: {server.url('/x')}\n", "utf-8")
        flags = ["--allow-address", "127.0.0.0/8", "--no-archive", "--no-cache", "--format", "json"]
        quiet = run(folder, "audit", "one.md", *flags, CITE_AUDIT_OFFLINE="false")
        told = run(folder, "audit", "one.md", *flags, "-vv", CITE_AUDIT_OFFLINE="false")
        lines = [line for line in told.stderr.splitlines() if line.startswith("GET ")]
        assert len(lines) == len(server.requests) / 2
        assert lines[0].startswith(f"GET {server.url('/x')} 200")
    assert "GET" not in quiet.stderr
    assert json.loads(told.stdout)["links"].keys() == json.loads(quiet.stdout)["links"].keys()


COMMANDS_WITH_ROWS = [
    ["audit", "bad.md"],
    ["links", "bad.md"],
    ["grade", "bad.md"],
    ["sources", "list", "bad.md"],
    ["sources", "list"],
    ["sources", "check", "mine.csv"],
    ["history", "bad.md"],
    ["snapshot", "bad.md", "--dry-run"],
]


@pytest.mark.parametrize("command", COMMANDS_WITH_ROWS, ids=" ".join)
def test_every_command_that_shows_rows_has_tsv(folder: Path, command: list[str]) -> None:
    (folder / "mine.csv").write_text("key,control\nexample.org,goverment\n")
    done = run(folder, *command, "-f", "tsv")
    assert "Traceback" not in done.stderr
    header, *rows = [line.split("\t") for line in done.stdout.splitlines()]
    assert len(header) > 2
    assert all(len(row) == len(header) for row in rows)
    assert rows or command[0] in ("history", "snapshot")
