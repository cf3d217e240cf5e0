"""Values of flags, variables and files: read by the same rules, with the same bounds, whichever the command."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from typer.main import get_command

from cite_audit.cli import build_app, main
from cite_audit.cli.options import SHARED
from tests.cli.running import REPORT, run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "r.md").write_text(REPORT, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["cite-audit", *arguments])
    with pytest.raises(SystemExit) as left:
        main()
    return int(left.value.code or 0)


@pytest.mark.parametrize(
    "arguments",
    [
        ["fix", "r.md", "--timeout", "nan"],
        ["fix", "r.md", "--timeout", "-1"],
        ["fix", "r.md", "--timeout", "0"],
        ["fix", "r.md", "--deadline", "inf"],
        ["fix", "r.md", "--deadline", "1e300"],
        ["fix", "r.md", "--archive-budget", "-5"],
        ["fix", "r.md", "--max-age", "²d"],
        ["fix", "r.md", "--patience", "soon"],
        ["fix", "r.md", "--jobs", "0"],
        ["fix", "r.md", "--jobs", "100000000"],
        ["fix", "r.md", "--no-platform", "foo"],
        ["fix", "r.md", "--connect-to", "a.example:80"],
        ["fix", "r.md", "--connect-to", "*:80=localhost:9"],
        ["fix", "r.md", "--connect-to", "*:80=127.0.0.1:x"],
        ["fix", "r.md", "--connect-to", "*:80=127.0.0.1:65536"],
        ["fix", "r.md", "--connect-to", "*:80=127.0.0.1"],
        ["fix", "r.md", "--connect-to", "*:80=[::1]"],
        ["fix", "r.md", "--connect-to", "*:http=127.0.0.1:80"],
        ["grade", "r.md", "--max", "social_only=nan"],
        ["grade", "r.md", "--max", "social_only=30"],
        ["history", "r.md", "--since", "-5"],
        ["history", "r.md", "--since", "1e18d"],
        ["snapshot", "r.md", "--dry-run", "--newer-than", "²d"],
        ["cache", "prune", "--store", "none", "--older-than", "-5"],
        ["cache", "prune", "--store", "none", "--older-than", ""],
    ],
)
def test_a_value_out_of_bounds_is_one_line_and_code_2(
    arguments: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, *arguments) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert arguments[-1].partition("=")[0] in said.err


@pytest.mark.parametrize(
    ("flag", "value"), [("--timeout", "90s"), ("--deadline", "2h"), ("--max-age", "2w"), ("--patience", "3 d")]
)
def test_every_time_is_written_alike(
    flag: str, value: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, "fix", "r.md", "--offline", flag, value) == 0
    for command in (["history", "r.md", "--since"], ["cache", "prune", "--store", "none", "--older-than"]):
        assert call(monkeypatch, *command, value) == 0


@pytest.mark.parametrize(
    ("age", "told"),
    [("90d", "90 days"), ("2w", "14 days"), ("12h", "12 hours"), ("1d", "24 hours"), ("90", "90 seconds")],
)
def test_an_age_is_told_as_it_was_meant(age: str, told: str, folder: Path) -> None:
    pytest.importorskip("wacz")
    (folder / "captures.journal").write_text(
        '{"uri_r": "https://news.example.com/a", "archive": "wayback", "outcome": "archived_verified", '
        '"at": "2999-01-01T00:00:00+00:00", "captured_at": "2999-01-01T00:00:00+00:00"}\n'
    )
    flags = ["--journal", "captures.journal", "--archives", "warc:.", "--to", "wayback"]
    done = run(folder, "snapshot", "r.md", "--dry-run", "--newer-than", age, *flags)
    assert f"1 captured within {told}" in done.stdout, done.stderr


@pytest.mark.parametrize(("bar", "code"), [("A+", 1), ("A-", 1), ("b+", 1), ("D-", 1), ("F", 0)])
def test_every_letter_can_be_the_bar_of_a_grade(
    bar: str, code: int, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = "".join(f"\n[^{i}]: https://www.reuters.com/{i} and https://t.me/a/{i}\n" for i in range(1, 9))
    text = "# R\n\nJune 2, 2021\n\n" + " ".join(f"He said {i}.[^{i}]" for i in range(1, 12)) + "\n" + notes
    (folder / "graded.md").write_text(text, "utf-8")
    assert call(monkeypatch, "grade", "graded.md", "--fail-grade", bar) == code, capsys.readouterr()
    (folder / "cite-audit.toml").write_text(f'fail-grade = "{bar}"\n', "utf-8")
    assert call(monkeypatch, "grade", "graded.md") == code


def test_commands_that_audit_take_the_same_options() -> None:
    def options(name: str) -> set[str]:
        command = get_command(build_app(name))
        return {param.name or "" for param in command.commands[name].params}  # type: ignore[attr-defined]

    update = get_command(build_app("baseline")).commands["baseline"].commands["update"]  # type: ignore[attr-defined]
    assert set(SHARED) <= options("audit") & options("fix") & {param.name for param in update.params}
    assert {"config", "no_config"} <= options("links")


def test_links_knows_the_configuration(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "essay.md").write_text("# An essay\n\nNo notes.\n", "utf-8")
    assert call(monkeypatch, "links", "essay.md") == 2
    monkeypatch.setenv("CITE_AUDIT_ALLOW_EMPTY", "true")
    assert call(monkeypatch, "links", "essay.md") == 0
    (folder / "cite-audit.toml").write_text("allow-emtpy = true\n", "utf-8")
    assert call(monkeypatch, "links", "r.md") == 2
    assert "did you mean 'allow-empty'" in capsys.readouterr().err
