"""`cite-audit snapshot` as people call it."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.loopback.serving import Serving
from tests.loopback.wayback import Answer, Capture, LoopbackWayback

pytest.importorskip("wacz")
PAGE = b"<html><head><title>An article</title></head><body><p>Its text, as it stood.</p></body></html>"
REPORT = """# A report

It was so.[1] And so.[2] And so.[3]

[1] hxxps://news[.]example/1
[2] hxxp://news[.]example/2
[3] hxxp://other[.]example/gone
"""
SECRET = "hush-hush"


class Site:
    """Every host of the report, counting what is asked of it."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.both_asked = threading.Event()  # of news.example, whose pages are captured one after the other
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.serving = Serving(self._respond)

    def _respond(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        self.asked[target] += 1
        if {"/1", "/2"} <= self.asked.keys():
            self.both_asked.set()
            self.goes_on.wait(30)
        status = 404 if target == "/gone" else 200
        return Answer(status, PAGE + target.encode(), (("Content-Type", "text/html"),))


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    with made.serving:
        yield made


@pytest.fixture
def wayback() -> Iterator[LoopbackWayback]:
    with LoopbackWayback() as server:
        yield server


@pytest.fixture
def start(tmp_path: Path, site: Site, wayback: LoopbackWayback) -> Start:
    (tmp_path / "report.md").write_text(REPORT.replace("hxxps", "hxxp"))
    place = wayback.url.removeprefix("http://")
    fixed = ["--no-config", "--store", str(tmp_path / "store.db"), "--allow-address", "127.0.0.0/8"]
    routes = ["--connect-to", f"*:80={site.serving.netloc}", "--connect-to", f"{place}={place}"]
    archive = ["--wayback", wayback.url, "--availability", wayback.availability]

    def call(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "cite_audit", "snapshot", "report.md", *arguments, *fixed, *routes, *archive]
        env = {**os.environ, "IA_ACCESS_KEY_ID": "access", "IA_SECRET_ACCESS_KEY": SECRET}
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=tmp_path, env=env, stdout=pipe, stderr=pipe, text=True)

    return call


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err


def test_a_dry_run_says_what_it_would_do_and_leaves_no_trace(
    start: Start, wayback: LoopbackWayback, tmp_path: Path
) -> None:
    wayback.save.keys.add(f"access:{SECRET}")
    wayback.add(Capture("http://news.example/1", "20240101000000"))
    code, out, err = ended(start("--to", "local,wayback", "--missing", "--dry-run"))
    assert code == 0, err
    assert "wayback: 3 pages: 1 captured, 2 to capture (about 1 min at 5.6/min)" in out
    assert "local: 3 pages: 3 to capture" in out
    assert "0 of 30000 captures used today" in out
    assert not (tmp_path / "captures").exists()
    assert not wayback.asked("save")
    assert SECRET not in out + err


def test_copies_on_disk_are_linked_where_the_site_is_told(start: Start, tmp_path: Path) -> None:
    _, out, err = ended(start("-f", "csl"))
    assert json.loads(out) == []
    assert "csl: without 2 pages: their copies are on disk" in err
    _, out, _ = ended(start("-f", "csl", "--base-url", "https://archive.example/cited/"))
    assert {item["archive_location"].partition("&url=")[0] for item in json.loads(out)} == {
        "https://archive.example/cited/replay/#view=pages"
    }
    assert ended(start("--base-url", "archive.example"))[0] == 2


def test_when_the_days_captures_are_used_up_nothing_is_sent(start: Start, wayback: LoopbackWayback) -> None:
    wayback.save.keys.add(f"access:{SECRET}")
    wayback.save.daily = wayback.save.daily_limit
    code, out, _ = ended(start("--to", "wayback"))
    assert code == 3
    assert "30000 of 30000 captures used today" in out
    assert "wayback: 3 not known" in out
    assert not wayback.asked("save")


def test_killed_and_run_again_each_page_is_there_once(start: Start, site: Site, tmp_path: Path) -> None:
    site.goes_on.clear()
    journal = tmp_path / "captures" / "captures.journal"
    first = start()
    assert site.both_asked.wait(30)
    first.send_signal(signal.SIGKILL)
    ended(first)
    done = {values["uri_r"] for line in journal.read_text().splitlines() if "uri_r" in (values := json.loads(line))}
    assert done
    site.goes_on.set()
    before = site.asked.copy()
    code, out, err = ended(start("-f", "csv"))
    assert code == 1, err  # one page is gone
    rows = list(csv.DictReader(io.StringIO(out)))
    assert Counter(row["outcome"] for row in rows) == {"archived_verified": 2, "captured_bad": 1}
    again = {target for target, count in site.asked.items() if count > before[target]}
    assert not {url for url in done if url.rpartition("/")[2] in {target.strip("/") for target in again}}
    assert list((tmp_path / "captures" / "report").glob("*.wacz"))


def test_wrong_keys_and_a_missing_archive_are_said_and_the_rest_is_done(start: Start, wayback: LoopbackWayback) -> None:
    code, out, err = ended(start("--to", "local,wayback", "-f", "csv=all.csv", "-f", "text"))
    assert code == 3
    assert "local: 2 captured and verified, 1 captured, but not the page" in out
    assert "wayback: 3 not known" in out
    assert "keys" in out
    assert SECRET not in out + err


def test_a_timestamp_that_cannot_be_had_is_told_after_all_else_is_done(start: Start, tmp_path: Path) -> None:
    pytest.importorskip("rfc3161_client")
    code, out, err = ended(start("--timestamp", "http://authority.example/tsa"))
    assert code == 3, err
    assert "2 captured and verified" in out
    assert "the timestamp authority answered with something else than a token" in out
    assert list((tmp_path / "captures" / "report").glob("*.wacz"))


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--to", "floppy"], "known are local, wayback"),
        (["--newer-than", "soon"], "12h or 7d"),
        (["-f", "papyrus"], "there are text"),
        (["-f", "csv", "-f", "jsonl"], "two formats"),
        (["-f", "csv=m.x", "-f", "jsonl=./m.x"], "two formats"),
        (["-f", "csv=/nonexistent/x.csv"], "no such folder"),
    ],
)
def test_a_wrong_call_is_one_line_and_exit_2(
    tmp_path: Path,
    arguments: list[str],
    problem: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from cite_audit.cli import main

    (tmp_path / "report.md").write_text(REPORT)
    monkeypatch.setattr(sys, "argv", ["cite-audit", "snapshot", str(tmp_path / "report.md"), "--no-config", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert problem in said
    assert said.count("\n") == 1
