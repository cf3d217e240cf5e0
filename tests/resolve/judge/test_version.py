"""Answers judged by an earlier state of the judge are told from today's without anybody raising a number."""

from __future__ import annotations

from pathlib import Path

from cite_audit.resolve.judge.version import digest_judge, digest_sources


def test_the_digest_follows_modules_and_tables_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "rules.py").write_text("LIMIT = 3\n")
    (tmp_path / "data" / "walls.csv").write_text("host\na.example\n")
    first = digest_sources(tmp_path)
    (tmp_path / "rules.cpython-311.pyc").write_bytes(b"\0")
    (tmp_path / "data" / "README.md").write_text("of the tables")
    assert digest_sources(tmp_path) == first
    (tmp_path / "data" / "walls.csv").write_text("host\nb.example\n")
    second = digest_sources(tmp_path)
    (tmp_path / "rules.py").rename(tmp_path / "limits.py")
    assert len({first, second, digest_sources(tmp_path)}) == 3


def test_the_judges_own_digest_is_the_same_in_a_process() -> None:
    assert digest_judge() == digest_judge()
    assert len(digest_judge()) == 12
