"""What is written where: never over what a run reads, whole or not at all, on any stdout."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from cite_audit.cli.output_files import write_atomically
from cite_audit.errors import UsageError
from cite_audit.files import write_file
from tests.cli.running import LACKING, REPORT, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="written for a shell")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "r.md").write_text(REPORT, "utf-8")
    (tmp_path / "table.csv").write_text("key,id,medium,control,country\na.example,a,news_outlet,private,SE\n", "utf-8")
    (tmp_path / "cite-audit.toml").write_text('baseline = "known.json"\n', "utf-8")
    (tmp_path / "known.json").write_text('{"version": 1, "findings": []}', "utf-8")
    (tmp_path / "same.md").symlink_to("r.md")
    (tmp_path / "hard.md").hardlink_to(tmp_path / "r.md")
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ["audit", "r.md", "-o", "r.md"],
        ["audit", "r.md", "-f", "text", "-f", "json=./r.md"],
        ["audit", "r.md", "-o", "same.md"],
        ["audit", "r.md", "-o", "hard.md"],
        ["audit", ".", "-o", "r.md"],
        ["audit", "r.md", "-o", "cite-audit.toml"],
        ["audit", "r.md", "-o", "known.json"],
        ["links", "r.md", "-o", "r.md"],
        ["grade", "r.md", "-o", "r.md"],
        ["grade", "r.md", "-f", "csv", "-o", "table.csv", "--sources", "table.csv"],
        ["audit", "-", "--stdin-name", "r.md", "-o", "r.md"],
        ["grade", "r.md", "-f", "json=r.md"],
        ["sources", "list", "r.md", "-o", "r.md"],
        ["sources", "import", "table.csv", "-o", "table.csv"],
        ["snapshot", "r.md", "--dry-run", "-f", "csv=r.md"],
        ["snapshot", "r.md", "--dry-run", "--journal", "r.md"],
        ["snapshot", "r.md", "--dry-run", "--journal", "known.json", "-o", "known.json"],
        ["baseline", "update", "r.md", "--baseline", "r.md"],
    ],
)
def test_nothing_is_written_over_what_is_read(arguments: list[str], folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    done = run(folder, *arguments)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_a_new_document_may_stand_beside_the_report_and_be_replaced(folder: Path) -> None:
    for _ in range(2):
        done = run(folder, "audit", "r.md", "-o", "r.json", "-f", "json")
        assert (done.returncode, done.stdout) == (0, "")


def test_the_copy_of_a_private_report_is_as_private(folder: Path) -> None:
    report = folder / "private.md"
    report.write_text("A.[^1]\n\n[^1]: hxxps://b[.]example[.]com/c\n", "utf-8")
    report.chmod(0o600)
    assert run(folder, "fix", "private.md", "--refang", "--write").returncode == 0
    assert "https://b.example.com/c" in report.read_text("utf-8")
    for path in (report, folder / "private.before-cite-audit.md"):
        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("place", ["big.json", "/dev/full"])
def test_a_file_that_the_disk_has_no_room_for_is_code_3_and_leaves_nothing(place: str, folder: Path) -> None:
    (folder / "big.md").write_text(REPORT + "".join(f"\n<https://news.example.com/{i}>\n" for i in range(200)), "utf-8")
    before = sorted(path.name for path in folder.iterdir())
    done = run(folder, "links", "big.md", "-f", "json", "-o", place, shell='ulimit -f 8; "$@"')
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1].startswith(f"cite-audit: {place}: cannot be written (")
    assert sorted(path.name for path in folder.iterdir()) == before


def test_one_file_that_fails_stops_no_other(folder: Path) -> None:
    endless = "a" * 300  # longer than a name may be
    done = run(folder, "links", "r.md", "-f", "json=/dev/full", "-f", f"csv={endless}", "-f", "jsonl=good.jsonl")
    assert done.returncode == 2
    assert {line.split(": ")[1] for line in done.stderr.splitlines()} == {"/dev/full", endless}
    assert (folder / "good.jsonl").read_text("utf-8").count("\n") == 2


def test_a_list_of_captures_that_cannot_be_written_costs_no_other(folder: Path) -> None:
    done = run(folder, "snapshot", "r.md", "--dry-run", "-f", "csv=/dev/full", "-f", "jsonl=good.jsonl", "-f", "text")
    assert done.returncode == 3
    assert "cite-audit: /dev/full: cannot be written (No space left on device)" in done.stderr
    assert done.stdout
    assert (folder / "good.jsonl").exists()


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", [["schema"], ["explain", "--markdown"]])
def test_a_document_that_is_cut_short_is_never_a_success(command: list[str], unbuffered: str, folder: Path) -> None:
    done = run(folder, *command, shell='ulimit -f 8; "$@" >cut', PYTHONUNBUFFERED=unbuffered)
    assert done.returncode == 3
    assert "the output could not be written: File too large" in done.stderr


CYRILLIC = REPORT.replace("A.", "Отчёт →").replace("https://news.example.com/a", "hxxps://пример[.]рф/страница")


@pytest.mark.parametrize(
    ("arguments", "holds"),
    [
        (["fix", "c.md", "--refang"], "+[^1]: <https://пример.рф/страница>"),
        (["why", "https://пример.рф/страница", "--no-archive", "--no-cache", "--allow-address=::1"], "пример.рф"),
        (["explain", "--markdown"], "“not found”"),
        (["config", "c.md"], "нужно →"),
        (["sources", "list", "c.md"], "xn--e1afmkfd.xn--p1ai"),
        (["grade", "c.md"], "c.md"),
        (["history", "c.md"], "c.md"),
        (["cache", "path", "--store", "кэш"], "кэш"),
    ],
)
def test_documents_are_utf_8_whatever_stdout_says(arguments: list[str], holds: str, folder: Path) -> None:
    (folder / "c.md").write_text(CYRILLIC, "utf-8")
    text = '[[ignore]]\nurl = "https://a.example/"\nreason = "нужно →"\n'
    (folder / "cite-audit.toml").write_text(text, "utf-8")
    done = run(
        folder,
        *arguments,
        PYTHONIOENCODING="latin-1",
        CITE_AUDIT_NETWORK_PROXY="http://127.0.0.1:9",
        CITE_AUDIT_NETWORK_CANARIES="",
    )
    assert holds in done.stdout, done.stderr
    assert done.returncode in (0, 3)


@pytest.mark.parametrize("command", [["--help"], ["refang", "--help"], ["audit", "--help"]])
def test_help_is_shown_in_any_locale(command: list[str], folder: Path) -> None:
    done = run(folder, *command, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", PYTHONIOENCODING="ascii")
    assert (done.returncode, "Usage" in done.stdout) == (0, True)


@pytest.mark.parametrize(
    ("command", "closed", "code"),
    [
        (["audit", "lacking.md"], ">&-", 1),
        (["explain"], ">&-", 0),
        (["audit", "lacking.md"], "2>&-", 1),
        (["audit", "lacking.md", "-f", "json=out.json"], "<&- >&- 2>&-", 1),
        (["links", "-"], "<&-", 2),
        (["refang"], "<&-", 0),
    ],
)
def test_a_closed_stream_is_a_silent_one(command: list[str], closed: str, code: int, folder: Path) -> None:
    (folder / "lacking.md").write_text(LACKING, "utf-8")
    done = run(folder, *command, shell=f'"$@" {closed}')
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    if "json=out.json" in command:
        assert os.path.getsize(folder / "out.json") > 100


@pytest.mark.parametrize("place", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "out"])
@pytest.mark.parametrize(
    ("script", "before", "after"),
    [
        ('"$@" >> log', "PRECIOUS\n", ""),
        ('(echo HEAD; "$@"; echo TAIL) > log', "HEAD\n", "TAIL\n"),
    ],
)
def test_a_document_for_stdout_by_name_is_added_where_stdout_stands(
    script: str, before: str, after: str, place: str, folder: Path
) -> None:
    (folder / "out").symlink_to("/dev/stdout")
    (folder / "log").write_text("PRECIOUS\n", "utf-8")
    document = run(folder, "links", "r.md", "-f", "csv").stdout
    done = run(folder, "links", "r.md", "-f", "csv", "-o", place, shell=script)
    assert (done.returncode, done.stderr) == (0, "")
    assert (folder / "log").read_bytes().decode() == before + document + after


def test_a_descriptor_of_the_shell_is_written_to_and_one_that_is_not_open_is_refused(folder: Path) -> None:
    (folder / "log").write_text("PRECIOUS\n", "utf-8")
    arguments = ["links", "r.md", "-f", "jsonl", "-o", "/dev/fd/7"]
    assert run(folder, *arguments, shell='"$@" 7>> log').returncode == 0
    assert (folder / "log").read_text("utf-8").startswith('PRECIOUS\n{"')
    for script in ('"$@" 7>&-', '"$@" 7< log'):
        done = run(folder, *arguments, shell=script)
        assert (done.returncode, done.stderr) == (2, "cite-audit: /dev/fd/7: cannot be written (not open)\n")


def test_a_reader_of_stdout_by_name_may_stop_early(folder: Path) -> None:
    (folder / "many.md").write_text(REPORT + "".join(f"\n<https://a.example/{i}>\n" for i in range(5000)), "utf-8")
    done = run(folder, "links", "many.md", "-o", "/dev/stdout", shell='set -o pipefail; "$@" | head -n 1')
    assert (done.returncode, done.stdout.count("\n"), done.stderr) == (0, 1, "")


@pytest.mark.parametrize(
    ("other", "script"),
    [
        ("/dev/stdout", '"$@"'),
        ("/dev/stdout", '"$@" > both'),
        ("/dev/stdout", '"$@" > /dev/null'),
        ("both", '"$@" > both'),
        ("again", '"$@" > both'),
    ],
)
def test_two_documents_never_meet_on_stdout(other: str, script: str, folder: Path) -> None:
    (folder / "both").write_text("", "utf-8")
    (folder / "again").symlink_to("both")
    done = run(folder, "audit", "r.md", "-f", "json", "-f", f"csv={other}", shell=script)
    assert (done.returncode, done.stdout) == (2, "")
    assert "two formats for one place" in done.stderr


def test_a_document_may_go_nowhere_beside_another(folder: Path) -> None:
    done = run(folder, "audit", "r.md", "-f", "json", "-f", "csv=/dev/null", shell='"$@" > /dev/null')
    assert done.returncode == 0, done.stderr


def test_a_file_that_fails_is_told_when_stdout_fails_too(folder: Path) -> None:
    done = run(folder, "links", "r.md", "-f", "csv=/dev/full", "-f", "text", shell='"$@" > /dev/full')
    assert done.returncode == 3
    assert sorted(done.stderr.splitlines()) == [
        "cite-audit: /dev/full: cannot be written (No space left on device)",
        "cite-audit: the output could not be written: No space left on device",
    ]


def test_a_pipe_that_nobody_reads_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="nothing reads this named pipe"):
        write_atomically(str(tmp_path / "pipe"), "new")
    with pytest.raises(OSError, match="no regular file"):
        write_file(tmp_path / "pipe", b"new")
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("place", ["/dev/stdout", "/dev/null", "/dev/fd/1", ">(cat)"])
def test_the_shells_own_pipes_and_devices_take_a_document(place: str, folder: Path) -> None:
    done = run(folder, "links", "r.md", shell=f'"$@" -f json={place} | cat')
    assert "cannot be written" not in done.stderr
    assert ("https://news.example.com/a" in done.stdout) == (place != "/dev/null")
