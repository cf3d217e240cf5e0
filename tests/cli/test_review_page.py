"""`review --open`, from the address it prints to the document beside the report."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.running import run

FIXTURES = Path(__file__).parents[2] / "fixtures"
NO_BROWSER = f"{sys.executable} -c pass %s"


def post(url: str, place: str, body: object) -> tuple[int, str]:
    host, _, token = url.removeprefix("http://").strip("/").partition("/")
    headers = {"Origin": f"http://{host}", "Content-Type": "application/json", "X-Cite-Audit": "1"}
    connection = http.client.HTTPConnection(host, timeout=30)
    connection.request("POST", f"/{token}/{place}", json.dumps(body), headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_decisions_are_kept_the_document_is_made_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    report = tmp_path / "draft.docx"
    shutil.copy(FIXTURES / "same-report.docx", report)
    (tmp_path / "draft.decisions.json").write_text("{}")  # somebody else's: it stays
    env = {**os.environ, "BROWSER": NO_BROWSER, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    command = [sys.executable, "-m", "cite_audit", "review", "draft.docx", "--open", "--offline"]
    with subprocess.Popen(command, cwd=tmp_path, env=env, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        url = next(line for line in process.stderr if "http://127.0.0.1:" in line).split()[-1]
        decisions = {
            "cite_audit_decisions": 1,
            "report": "draft.docx",
            "sha256": sha256(report.read_bytes()).hexdigest(),
            "decisions": [
                {
                    "note": "1",
                    "printed": "https://en.wikipedia.org/wiki/BRELL",
                    "url": "https://en.wikipedia.org/wiki/BRELL",
                    "occurrence": 1,
                    "action": "replace",
                    "to": "https://en.wikipedia.org/wiki/BRELL_ring",
                }
            ],
        }
        assert post(url, "decisions", {**decisions, "sha256": "0" * 64})[0] == 409
        assert post(url, "decisions", decisions) == (200, "Saved in draft-2.decisions.json.")
        status, told = post(url, "reviewed", {})
        assert (status, told.partition(" is beside")[0]) == (200, "draft (reviewed).docx")
        process.send_signal(signal.SIGINT)
        told_last = process.stderr.read()
    assert process.returncode == 0
    assert "decisions are in draft-2.decisions.json" in told_last
    assert (tmp_path / "draft.decisions.json").read_text() == "{}"
    assert report.read_bytes() == (FIXTURES / "same-report.docx").read_bytes()
    reviewed = run(tmp_path, "links", "draft (reviewed).docx", "-f", "json").stdout
    assert "https://en.wikipedia.org/wiki/BRELL_ring" in reviewed


def test_open_is_for_one_report(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("One.[^1]\n\n[^1]: https://a.example/\n")
    done = run(tmp_path, "review", "a.md", "b.md", "--open", BROWSER=NO_BROWSER)
    assert done.returncode == 2
    assert "--open is for one report" in done.stderr
