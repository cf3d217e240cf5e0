"""A whole audit as its user runs it: a report in, a document out, over a loopback web and a loopback archive."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests import demo

SOCHI = demo.REPORTS / "sochi-2020-09-14.md"


def cite_audit(*arguments: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "cite_audit", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, input=stdin, check=False)


def document(done: subprocess.CompletedProcess[bytes]) -> dict[str, Any]:
    """Standard output as the one JSON document it must be, valid by the schema that ships."""
    answer: dict[str, Any] = json.loads(done.stdout)
    schema = json.loads((files("cite_audit.report") / "schema" / "json-v1.schema.json").read_text())
    jsonschema.validate(answer, schema)
    return answer


@pytest.fixture(scope="module")
def audited() -> tuple[dict[str, Any], int]:
    with demo.loopback(SOCHI) as (web, wayback):
        done = cite_audit("audit", SOCHI, "--format", "json", *demo.flags(web, wayback))
    return document(done), done.returncode


@pytest.mark.parametrize(("starts", "health", "reason"), [
    ("https://tass.ru/politika/9456187", "alive", "ok"),
    ("http://kremlin.ru/events/president/news/64031", "unknown", "geo-blocked"),
    ("https://www.vedomosti.ru/", "unknown", "blocked"),
    ("https://www.bloomberg.com/", "unknown", "login-required"),
])  # fmt: skip
def test_a_link_gets_the_verdict_its_site_deserves(
    audited: tuple[dict[str, Any], int], starts: str, health: str, reason: str
) -> None:
    link = next(link for url, link in audited[0]["links"].items() if url.startswith(starts))
    assert (link["health"], link["reason"]) == (health, reason)


def test_a_citation_tells_what_of_its_sentence_stands_on_the_page_or_why_not(
    audited: tuple[dict[str, Any], int],
) -> None:
    told = [citation["facts"] for citation in audited[0]["reports"][0]["citations"] if citation["facts"]]
    assert told
    assert all(facts["found"] or facts["missing"] for facts in told)
    assert all(facts["reason"] for facts in told if facts["answer"] == "cannot_tell")


def test_a_link_gets_the_memento_nearest_the_report(audited: tuple[dict[str, Any], int]) -> None:
    link = audited[0]["links"]["https://tass.ru/politika/9456187"]
    assert link["archived"] == "archived"
    assert link["mementos"][0]["captured_at"].startswith("2020-09-14")
    assert link["mementos"][0]["distance_days"] == 0


def test_the_report_is_graded_with_all_terms(audited: tuple[dict[str, Any], int]) -> None:
    grade = audited[0]["reports"][0]["grade"]
    assert grade["gradable"]
    assert grade["letter"] in "ABCDF"
    assert grade["not_run"] == []
    assert audited[0]["incomplete"] is False


def test_warnings_alone_pass(audited: tuple[dict[str, Any], int]) -> None:
    assert not [f for f in audited[0]["reports"][0]["findings"] if f["severity"] == "error"]
    assert audited[1] == 0


def test_a_dead_link_fails_the_run_and_is_found_with_its_memento() -> None:
    report = demo.REPORTS / "september-shift-2020-09-03.txt"
    with demo.loopback(report) as (web, wayback):
        done = cite_audit("audit", report, "-f", "json", *demo.flags(web, wayback))
    answer = document(done)
    dead = [f for f in answer["reports"][0]["findings"] if f["severity"] == "error" and f["note"] == 17]
    assert dead
    assert "web/20200903" in json.dumps(dead[0]["fixes"])
    assert done.returncode == 1


def test_offline_gives_notes_links_and_a_grade_without_the_link_terms() -> None:
    done = cite_audit("audit", SOCHI, "--offline", "--format", "json")
    answer = document(done)
    assert {link["health"] for link in answer["links"].values()} == {"unchecked"}
    assert {link["reason"] for link in answer["links"].values()} == {"offline"}
    assert set(answer["reports"][0]["grade"]["not_run"]) == {"dead_unrecoverable", "unarchived"}
    assert done.returncode == 0


def test_the_other_reports_go_on_when_some_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "binary.md").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "cyrillic.txt").write_bytes("Отчёт\n\nТекст.[1]\n\n[1] https://meduza(.)io/a\n".encode("cp1251"))
    (tmp_path / "wide.txt").write_bytes("Report\n\nText.[1]\n\n[1] https://tass(.)ru/b\n".encode("utf-16"))
    done = cite_audit("audit", tmp_path, tmp_path / "missing.md", "--offline", "--format", "json")
    answer = document(done)
    assert {Path(report["path"]).name for report in answer["reports"]} == {"cyrillic.txt", "wide.txt"}
    assert set(answer["links"]) == {"https://meduza.io/a", "https://tass.ru/b"}
    assert done.returncode == 2
    for name in ("binary.md", "empty.txt", "missing.md"):
        assert [line for line in done.stderr.decode().splitlines() if name in line], name
    assert b"Traceback" not in done.stderr


def test_no_links_at_all_is_a_finding_and_exit_2_unless_allowed() -> None:
    essay = demo.REPORTS / "union-on-paper-2021-09-30.txt"
    refused = cite_audit("audit", essay, "--offline", "--format", "json")
    assert [f["name"] for f in document(refused)["reports"][0]["findings"]] == ["no-sources"]
    assert refused.returncode == 2
    assert cite_audit("audit", essay, "--offline", "--allow-empty").returncode == 0


def test_a_report_comes_from_standard_input() -> None:
    text = b"Brief\n\nClaim.[1]\n\n[1] https://tass(.)ru/b\n"
    done = cite_audit("links", "-", "--stdin-name", "draft.txt", "-f", "json", stdin=text)
    answer = document(done)
    assert answer["reports"][0]["path"] == "draft.txt"
    assert list(answer["links"]) == ["https://tass.ru/b"]


@pytest.mark.skipif(sys.platform == "win32", reason="no signals to a process there")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
def test_the_second_interrupt_ends_a_run_that_waits_for_a_pipe(number: int, code: int, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    command = [sys.executable, "-m", "cite_audit", "audit", "--offline", "pipe.md"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, bufsize=0) as running:
        assert running.stderr is not None
        with (tmp_path / "pipe.md").open("wb"):  # opens when the run has opened its end
            running.send_signal(number)
            assert b"the next ^C ends at once" in running.stderr.readline()
            running.send_signal(number)
            assert running.wait(timeout=30) == code


@pytest.mark.parametrize("command", [["links"], ["audit", "--offline"], ["audit", "--offline", "-q"]])
def test_what_could_not_be_read_is_said_beside_a_document_too(command: list[str], tmp_path: Path) -> None:
    done = cite_audit(*command, "-f", "json", tmp_path / "gone.md")
    assert done.returncode == 2
    assert document(done)["reports"] == []
    assert b"gone.md: does not exist" in done.stderr


def test_an_empty_name_is_not_the_current_directory() -> None:
    done = cite_audit("links", "")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"the name of a report is empty" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no signals to a process there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_prints_what_it_has(number: signal.Signals) -> None:
    with demo.loopback() as (web, wayback):
        arguments = [sys.executable, "-m", "cite_audit", "audit", str(demo.REPORTS), "-f", "json"]
        arguments += [*demo.flags(web, wayback), "--timeout", "60"]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
            while not web.asked("www.rosbalt.ru"):  # the host that never answers
                assert running.poll() is None
            running.send_signal(number)
            out, err = running.communicate(timeout=30)
    answer = document(subprocess.CompletedProcess(arguments, running.returncode, out, err))
    assert running.returncode == 130
    assert answer["incomplete"] is True
    assert answer["links"]["https://www.rosbalt.ru/russia/2020/09/02/1861559.html"]["health"] == "unchecked"
    assert answer["counts"]["links"] == 112


def test_a_grade_is_the_same_document_with_what_rests_on_what() -> None:
    done = cite_audit("grade", SOCHI, "--format", "json")
    report = document(done)["reports"][0]
    assert {entry["note"] for entry in report["rests_on"]} == {note["number"] for note in report["notes"]}
    assert report["grade"]["gradable"]


def test_a_folder_without_reports_is_told_even_beside_one_that_has_some(tmp_path: Path) -> None:
    alone = cite_audit("audit", tmp_path, "--offline", "--format", "json")
    assert document(alone)["reports"] == []
    beside = cite_audit("audit", SOCHI, tmp_path, "--offline", "--format", "json")
    assert len(document(beside)["reports"]) == 1
    for done in (alone, beside):
        assert done.returncode == 2
        assert str(tmp_path).encode() in done.stderr
