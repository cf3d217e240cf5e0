"""One input that no reader bears is named, and the others are read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import REPORT, run

HEAD = "From: a@b.example\nSubject: s\nMIME-Version: 1.0\n"
HOSTILE = {
    "multiparts inside one another": HEAD
    + "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(1500)),
    "messages inside one another": HEAD + "Content-Type: message/rfc822\n\n" * 1500 + "Content-Type: text/plain\n\nx",
    "many boundaries and lines": HEAD
    + "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(400))
    + "\n" * 100_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_report_that_cannot_be_read_is_named_and_the_others_are_read(tmp_path: Path, kind: str) -> None:
    (tmp_path / "good.md").write_text(REPORT, "utf-8")
    (tmp_path / "hostile.eml").write_text(HOSTILE[kind], "utf-8")
    done = run(tmp_path, "audit", "good.md", "hostile.eml", "--no-config", "-f", "json")
    assert done.returncode == 2
    assert "hostile.eml: its parts are nested too deeply" in done.stderr
    assert [report["path"] for report in json.loads(done.stdout)["reports"]] == ["good.md"]


def test_mail_50_parts_deep_is_read_and_51_parts_deep_is_not(tmp_path: Path) -> None:
    for depth in (50, 51):
        nested = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth))
        text = f"{HEAD}{nested}Content-Type: text/plain\n\nSee https://a.example/x for it.\n"
        (tmp_path / f"{depth}.eml").write_text(text, "utf-8")
    assert run(tmp_path, "links", "50.eml", "--no-config").returncode == 0
    assert run(tmp_path, "links", "51.eml", "--no-config").returncode == 2


def test_comments_before_a_page_are_read_in_no_time(tmp_path: Path) -> None:
    (tmp_path / "r.md").write_text("<!-- x -->" * 200 + REPORT, "utf-8")
    assert run(tmp_path, "links", "r.md", "--no-config").returncode == 0


@pytest.mark.parametrize("text", ["a = " + "[" * 3000, "timeout = " + "9" * 5000, "\x00", "a = " + "{b=" * 2000])
def test_a_configuration_that_cannot_be_read_exits_with_2(tmp_path: Path, text: str) -> None:
    (tmp_path / "r.md").write_text(REPORT, "utf-8")
    (tmp_path / "cite-audit.toml").write_text(text, "utf-8")
    done = run(tmp_path, "links", "r.md")
    assert done.returncode == 2
    assert "cite-audit.toml" in done.stderr
    assert "bug" not in done.stderr


def test_a_baseline_that_is_nested_for_ever_exits_with_2(tmp_path: Path) -> None:
    (tmp_path / "r.md").write_text(REPORT, "utf-8")
    (tmp_path / "known.json").write_text("[" * 100_000, "utf-8")
    assert run(tmp_path, "audit", "r.md", "--no-config", "--baseline", "known.json").returncode == 2
