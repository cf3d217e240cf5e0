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
def test_a_run_that_is_asked_to_end_prints_what_is_done(tmp_path: Path, number: int) -> None:
    (tmp_path / "r.md").write_text(REPORT.replace("https:", "http:"), "utf-8")
    asked, goes_on = threading.Event(), threading.Event()

    def respond(method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        asked.set()
        goes_on.wait(30)
        return Answer(200, b"<title>News</title><p>Its text, as it stood that day.</p>")

    with Serving(respond) as site:
        flags = ["--no-config", "--allow-address", "127.0.0.0/8", "--connect-to", f"*:80={site.netloc}"]
        command = ["corpus", "audit", "r.md", "--out", "c", "--workers", "1", "--no-archive", *flags]
        process = subprocess.Popen(
            [sys.executable, "-m", "cite_audit", *command],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")},
        )
        assert asked.wait(60)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        goes_on.set()
    assert process.returncode == 130, err
    assert "read      done   1 of 1 parts" in out
    assert "interrupted; what is done is kept, the same command goes on from there" in err
