"""`cite-audit sources` as people call it."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest


def sources(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cite_audit", "sources", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)


def test_explain_names_row_file_and_line(tmp_path: Path) -> None:
    done = sources("explain", "hxxps://www.mil[.]by/ru/news/1", "lenta.ru", "--on", "2013", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "hosts-official.csv:" in done.stdout
    assert "independent_regional" in done.stdout
    assert "until 2014-03" in done.stdout
    assert sources("explain", "lenta.ru", "--on", "spring", cwd=tmp_path).returncode == 2


def test_explain_as_json(tmp_path: Path) -> None:
    done = sources("explain", "https://t.me/s/nexta_live/1", "-f", "json", cwd=tmp_path)
    (found,) = json.loads(done.stdout)
    assert found["source"]["channel"] == "nexta_live"
    assert found["rows"][0]["key"] == "t.me/nexta_live"


def test_unlisted_sources_come_with_a_row_to_fill_in_that_works(tmp_path: Path) -> None:
    (tmp_path / "r.md").write_text(
        "# R\n\nOne.[^1] Two.[^2] Three.[^3]\n\n[^1]: https://www.nobody-lists-this.org/1\n"
        "[^2]: https://t.me/nobody_lists_this/2\n[^3]: https://m.nobody-lists-this.org/3 https://tass.ru/3\n"
    )
    done = sources("list", "--unlisted", "r.md", "-f", "csv", "-o", "mine.csv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    table = (tmp_path / "mine.csv").read_text()
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["key"] for row in rows] == ["nobody-lists-this.org", "t.me/nobody_lists_this"]
    assert sources("check", "mine.csv", cwd=tmp_path).returncode == 0
    filled = table.replace("nobody-lists-this.org,,,,", "nobody-lists-this.org,nobody,Nobody,ngo,nonprofit", 1)
    (tmp_path / "mine.csv").write_text(filled)
    text = sources("list", "--unlisted", "r.md", "--sources", "mine.csv", cwd=tmp_path).stdout
    assert "t.me/nobody_lists_this" in text
    assert "nobody-lists-this.org" not in text


def test_check_tells_file_line_and_column(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("key,control\nexample.org,goverment\n")
    done = sources("check", "mine.csv", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.startswith("mine.csv:2: control: “goverment” is none of")


def test_the_registry_counts_itself(tmp_path: Path) -> None:
    found = json.loads(sources("list", "-f", "json", cwd=tmp_path).stdout)
    assert found["groups"]["state_media"] > 100
    assert len(found["countries"]) > 30


def test_import_makes_a_table(tmp_path: Path) -> None:
    (tmp_path / "iffy.csv").write_text("Domain,Name,MBFC Fact,Score\nmadeup.example,Made Up,L,0.1\n")
    assert sources("import", "iffy.csv", "-o", "out.csv", cwd=tmp_path).returncode == 0
    assert "madeup.example" in (tmp_path / "out.csv").read_text()
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    done = sources("import", "other.csv", cwd=tmp_path)
    assert done.returncode == 2
    assert "unknown layout" in done.stderr


@pytest.mark.parametrize("arguments", [["import", "missing.csv"], ["check", "missing.csv"], ["list", "missing.md"]])
def test_what_is_not_there_is_said(tmp_path: Path, arguments: list[str]) -> None:
    done = sources(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert "missing" in done.stderr
    assert "Traceback" not in done.stderr
