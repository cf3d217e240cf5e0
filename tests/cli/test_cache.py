"""`cite-audit cache` as people call it."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cite_audit.model import Health, Reason, Verdict
from cite_audit.store import open_store
from tests.cli.test_settings import call
from tests.loopback.raw import RawServer, ok


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cite_audit", "cache", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_stats_prune_path_and_clear(tmp_path: Path) -> None:
    path = str(tmp_path / "store.sqlite")
    store = open_store(path)
    store.save_verdict(Verdict("http://a.test/", Health.ALIVE, Reason.OK), "b")
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


def test_an_empty_file_is_an_empty_store_and_stays_empty(tmp_path: Path) -> None:
    path = tmp_path / "empty.txt"
    path.touch()
    for command, told in (("stats", "0 links"), ("prune", "0 rows forgotten"), ("clear", "0 rows forgotten")):
        done = run(command, "--store", str(path))
        assert (done.returncode, told in done.stdout) == (0, True)
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("empty.txt", b"")]


def test_a_user_without_a_home_has_no_store_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pwd = pytest.importorskip("pwd")

    def nobody(uid: int) -> None:
        raise KeyError(uid)

    for name in ("HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    monkeypatch.chdir(tmp_path)
    for command in ("path", "stats", "clear"):
        assert call(monkeypatch, "cache", command) == 2
        said = capsys.readouterr()
        assert (said.out, said.err.count("\n"), "this user has no home" in said.err) == ("", 1, True)
    with RawServer(lambda head, number: [ok(b"page")]) as server:
        (tmp_path / "r.md").write_text(f"A.[^1]\n\n[^1]: {server.url('/x')}\n", "utf-8")
        assert call(monkeypatch, "audit", "r.md", "--no-archive", "--allow-address", "127.0.0.0/8") == 0
    assert "this user has no home" in " ".join(capsys.readouterr().out.split())
    assert call(monkeypatch, "cache", "path", "--store", "mine") == 0
    assert [one.name for one in tmp_path.iterdir()] == ["r.md"]


def test_nonsense_is_a_usage_error(tmp_path: Path) -> None:
    done = run("prune", "--older-than", "soon", "--store", str(tmp_path / "s"))
    assert done.returncode == 2
    assert "12h or 7d" in done.stderr
    assert "Traceback" not in done.stderr
