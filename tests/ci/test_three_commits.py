"""A report over three commits, as the action sees it: a baseline, a note put in front, a link that is mended."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("yaml")

from tests.ci.test_ci_files import environment, step

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")

BASELINE = ".cite-audit-baseline.json"
HOSTS = [f"press-{letter}.org" for letter in "abcdefgh"]  # in no list: a finding each


def write(folder: Path, links: list[str]) -> None:
    """The report with a note for each of these links, in their order."""
    text = " ".join(f"Claim {number}.[^{number}]" for number in range(1, len(links) + 1))
    notes = "\n".join(f"[^{number}]: <{link}>" for number, link in enumerate(links, 1))
    (folder / "reports").mkdir(exist_ok=True)
    (folder / "reports/one.md").write_text(f"# A report\n\n{text}\n\n{notes}\n", "utf-8")


def audit(folder: Path) -> tuple[int, dict[str, str], str, str]:
    """Exit code, fingerprint → address of SARIF's unlisted sources, summary and log of one run of the action."""
    for name in ("output", "summary.md"):
        (folder / name).unlink(missing_ok=True)
    done, outputs = step(folder, reports="reports", baseline=BASELINE, fail_on="note")
    results = json.loads(Path(outputs["sarif"]).read_text("utf-8"))["runs"][0]["results"]
    prints = {
        result["partialFingerprints"]["primaryLocationLineHash"]: result["message"]["text"].rpartition("Link: ")[2]
        for result in results
        if result["ruleId"] == "CA405"
    }
    return done.returncode, prints, (folder / "summary.md").read_text("utf-8"), done.stdout


def test_a_note_in_front_leaves_every_fingerprint_and_only_what_is_new_is_new(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    links = [f"https://{host}/story" for host in HOSTS]
    write(tmp_path, links)
    code, first, summary, log = audit(tmp_path)
    assert (code, len(first)) == (1, 8)
    assert "the baseline is not there: every finding counts" in log
    command = [sys.executable, "-m", "cite_audit", "baseline", "update", "reports", "--baseline", BASELINE]
    subprocess.run(command, cwd=tmp_path, env=environment(tmp_path), check=True, capture_output=True)

    write(tmp_path, ["https://www.gov.uk/news", *links])
    code, second, summary, _ = audit(tmp_path)
    assert (code, second) == (0, first)
    assert "new" not in summary.partition("## ")[2].partition("<details>")[0]
    assert "<summary>" in summary

    write(tmp_path, ["https://www.gov.uk/news", *links[1:], "https://press-new.org/story"])
    code, third, summary, log = audit(tmp_path)
    assert code == 1
    assert len(first.keys() & third.keys()) == 7
    assert {third[key] for key in third.keys() - first.keys()} == {"https://press-new.org/story"}
    assert "1 of the baseline resolved" in summary
    assert summary.index("press-new.org") < summary.index("known finding") < summary.index("press-b.org")
    assert log.count("CA405") == 1
