"""The commands of a corpus, as their users call them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("duckdb", reason="the extra cluster is not installed")

from tests.cli.running import REPORT, run

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
