"""`cite-audit grade` as people and programs call it."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]

REPORT = """# The bridge

September 2, 2020

The bridge was opened on Tuesday.[^1] The minister said that it was safe.[^2] A crowd came.[^3] Trucks followed.[^4]
The mayor was absent.[^5] Nobody knows why.[^6]

[^1]: https://tass.ru/obschestvo/1
[^2]: hxxps://www.belta[.]by/society/view/2
[^3]: https://t.me/nexta_live/3
[^4]: https://www.reuters.com/article/4 and https://meduza.io/news/4
[^5]: https://www.understandingwar.org/backgrounder/5
[^6]: https://nobody-lists-this.example/6
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def call(*arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "cite_audit", *arguments],
            capture_output=True,
            text=True,
            input=text,
            cwd=tmp_path,
            check=False,
        )

    (tmp_path / "bridge.md").write_text(REPORT, encoding="utf-8")
    return call


def test_an_editor_sees_shares_then_what_rests_on_what_and_the_letter_last(run: Run) -> None:
    done = run("grade", "bridge.md", "--publisher", "understandingwar.org")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    places = [
        next(i for i, line in enumerate(lines) if words in line)
        for words in ("who is cited", "what rests on what", "points taken")
    ]
    assert places == sorted(places)
    assert any("own publisher" in line and "1" in line for line in lines)
    assert [line for line in lines if line.strip()][-1].strip().startswith("grade ")
    assert "documented" in done.stdout


def test_verbose_shows_each_role_with_its_sentence(run: Run) -> None:
    done = run("grade", "bridge.md", "-v")
    assert "BelTA (state_media): official_statement" in done.stdout
    assert "The minister said that it was safe." in done.stdout


def test_json_holds_the_grade_and_what_each_note_rests_on(run: Run) -> None:
    found = json.loads(run("grade", "bridge.md", "--format", "json").stdout)
    assert found["schema_version"] == "1.0"
    (report,) = found["reports"]
    assert report["grade"]["gradable"]
    assert report["grade"]["groups"]["state_media"]["citations"] == 2
    roles = {each["note"]: each["sources"][0]["role"] for each in report["rests_on"]}
    assert (roles[1], roles[2]) == ("state_media_report", "official_statement")


def test_a_corpus_is_one_line_a_report(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.md").write_text("# Nothing\n\nNo notes here.\n")
    done = run("grade", ".", "-f", "csv")
    rows = {row["report"]: row for row in csv.DictReader(io.StringIO(done.stdout))}
    assert rows["empty.md"]["letter"] == "not gradable"
    assert rows["empty.md"]["score"] == ""
    assert float(rows["bridge.md"]["social_only"]) == pytest.approx(1 / 6, abs=0.001)


@pytest.mark.parametrize(("format", "holds"), [("markdown", "| who is cited |"), ("html", "<!doctype html>")])
def test_other_formats_go_to_a_file_too(run: Run, tmp_path: Path, format: str, holds: str) -> None:
    done = run("grade", "bridge.md", "-f", format, "-o", "out")
    assert (done.returncode, done.stdout) == (0, "")
    assert holds in (tmp_path / "out").read_text("utf-8")


def test_two_reports_are_compared_measure_by_measure(run: Run, tmp_path: Path) -> None:
    (tmp_path / "better.md").write_text(
        REPORT.replace("https://t.me/nexta_live/3", "https://nv.ua/3 https://www.bbc.com/3")
    )
    done = run("grade", "--compare", "bridge.md", "better.md")
    assert done.returncode == 0
    line = next(line for line in done.stdout.splitlines() if "social_only" in line)
    assert line.split() == ["social_only", "17%", "0%", "-17%"]
    assert run("grade", "--compare", "bridge.md").returncode == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--fail-grade", "F"], 0),
        (["--fail-grade", "A"], 1),
        (["--max", "social_only=0.5"], 0),
        (["--max", "social_only=10%"], 1),
        (["--max", "sozial=0.1"], 2),
        (["--max", "dead_unrecoverable=0"], 2),
        (["--max", "social_only=much"], 2),
        (["--preset", "kind"], 2),
        (["--taxonomy", "mine"], 2),
        (["--sources", "no-such-table.csv"], 2),
        (["-f", "yaml"], 2),
    ],
)
def test_exit_codes(run: Run, arguments: list[str], code: int) -> None:
    done = run("grade", "bridge.md", *arguments)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert bool(done.stderr) == bool(code)


def test_a_report_that_is_not_there_is_an_error_and_one_without_links_too(run: Run, tmp_path: Path) -> None:
    assert run("grade", "missing.md").returncode == 2
    (tmp_path / "empty.md").write_text("# Nothing\n\nNo notes here.\n")
    assert run("grade", "empty.md").returncode == 2
    assert run("grade", "empty.md", "--allow-empty").returncode == 0


def test_settings_come_from_the_configuration_beside_the_report(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "r.md").write_text(REPORT)
    (folder / "mine.csv").write_text(
        "key,id,medium,control,country\nnobody-lists-this.example,nobody,news_outlet,private,SE\n"
    )
    (folder / "cite-audit.toml").write_text(
        '[grading]\npreset = "strict"\noverlays = ["mine.csv"]\nweights = {social_only = [20, 0.0, 0.4]}\n'
        '[grading.roles]\n"note 1" = "official_statement"\n'
    )
    found = json.loads(run("grade", "reports/r.md", "-f", "json").stdout)["reports"][0]
    assert "strict 2, changed" in found["grade"]["registry_version"]
    assert "unknown" not in found["grade"]["groups"]
    assert found["rests_on"][0]["sources"][0]["rule"] == "set for note 1"


def test_a_report_from_standard_input(run: Run) -> None:
    done = run("grade", "-", "--stdin-name", "bridge.md", text=REPORT)
    assert done.returncode == 0
    assert done.stdout.startswith("bridge.md")


def test_a_role_set_in_a_comment_of_the_note_is_taken(run: Run, tmp_path: Path) -> None:
    (tmp_path / "r.md").write_text(
        REPORT.replace("society/view/2", "society/view/2 <!-- cite-audit: role[state_media_report] -->")
    )
    found = json.loads(run("grade", "r.md", "-f", "json").stdout)["reports"][0]
    assert found["rests_on"][1]["sources"][0]["rule"] == "set in the note itself"


def test_a_report_without_notes_is_not_failed_but_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "inline.md").write_text("# R\n\nSee [it](https://tass.ru/1).\n")
    done = run("grade", "inline.md", "--fail-grade", "A")
    assert done.returncode == 0
    assert "does not apply" in done.stderr
    assert "not gradable" in done.stdout
