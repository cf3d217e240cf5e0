"""The commands of a corpus, as their users call them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

pytest.importorskip("duckdb", reason="the extra cluster is not installed")

from tests.cli.running import REPORT, run
from tests.loopback.serving import Serving
from tests.loopback.wayback_answers import Answer

pytestmark = pytest.mark.slow  # in `make test-slow`, whose environment has the extra


def test_a_corpus_from_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "r.md").write_text(REPORT, "utf-8")
    audited = run(tmp_path, "corpus", "audit", "r.md", "--out", "c", "--workers", "1")
    assert audited.returncode == 0, audited.stderr
    assert "citations  2" in audited.stdout
    status = json.loads(run(tmp_path, "corpus", "status", "c", "--json").stdout)
    assert {stage["state"] for stage in status["stages"]} == {"done"}
    exported = json.loads(run(tmp_path, "corpus", "export", "c", "r.md", "--no-config").stdout)
    assert len(exported["links"]) == 2
    page = run(tmp_path, "corpus", "report", "c", "-f", "json")
    assert "groups" in json.loads(page.stdout)["figures"]
    assert run(tmp_path, "corpus", "diff", "c", "c").stdout == "nothing changed\n"
    listed = json.loads(run(tmp_path, "corpus", "watch", "c", "--list", "--budget", "1", "--json").stdout)
    assert len(listed["links"]) == 1


@pytest.mark.parametrize(
    "arguments",
    [("audit", "r.md", "--out", "c", "--stop-after", "lunch"), ("status", "nowhere"), ("report", ".", "-f", "pdf")],
)
def test_a_wrong_call_is_told(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert run(tmp_path, "corpus", *arguments).returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_all_processes_shows_what_is_done_and_the_run_goes_on(tmp_path: Path, number: int) -> None:
    asked: list[str] = []
    slow_asked, goes_on = threading.Event(), threading.Event()

    def respond(method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        asked.append(target)
        if target == "/2" and not goes_on.is_set():
            slow_asked.set()
            goes_on.wait(300)
        return Answer(
            200, f"<title>News</title><p>The text of {target}.</p>".encode(), (("Content-Type", "text/html"),)
        )

    links = "\n".join(f"[^{n}]: <http://news.example/{n}>" for n in (1, 2))
    (tmp_path / "r.md").write_text(f"# R\n\nA.[^1] B.[^2]\n\n{links}\n", "utf-8")
    with Serving(respond) as site:
        command = [sys.executable, "-m", "cite_audit", "corpus", "audit", "r.md", "--out", "c", "--workers", "2"]
        command += ["--no-config", "--no-archive", "--allow-address", "127.0.0.0/8", "--per-host", "1"]
        command += ["--timeout", "60", "--connect-to", f"*:80={site.netloc}"]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, cwd=tmp_path, stdout=pipe, stderr=pipe, text=True, start_new_session=True)
        assert slow_asked.wait(300)
        os.killpg(process.pid, number)
        out, err = process.communicate(timeout=300)
        assert process.returncode == 130, err
        assert "read      done   1 of 1 parts" in out
        assert "live      to do  0 of 1 parts" in out
        assert "1 of 2 links have a verdict" in out
        assert "the same command goes on from there" in err
        goes_on.set()
        first = asked.count("/1")
        again = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert again.returncode == 0, again.stderr
    assert "2 alive" in again.stdout
    assert asked.count("/1") == first
