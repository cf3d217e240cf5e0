"""Every format that a command's help names is written by that command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from cite_audit.cli import build_app
from tests.cli.running import REPORT, run

# command → the arguments of a run that has something to show
RUNS = {
    "audit": ("r.md", "--fail-on", "never", "--no-config"),
    "links": ("r.md", "--no-config"),
    "grade": ("r.md", "--no-config"),
    "history": ("r.md", "--no-config"),
    "snapshot": ("r.md", "--to", "wayback", "--dry-run", "--no-config"),
    "sources explain": ("tass.com", "--no-config"),
    "sources list": ("r.md", "--no-config"),
    "sources check": (),
}

# shown of a folder of captures; tests/snapshot and tests/report/render try every format of these
OF_CAPTURES = {"captures verify", "captures list", "captures show"}
OF_CORPORA = {"corpus export", "corpus report"}  # tests/corpus


def promised_formats() -> Iterator[tuple[str, str]]:
    """Each command with a --format, and each format that its help names."""

    def below(name: str, command: Any) -> Iterator[tuple[str, str]]:
        for child_name, child in getattr(command, "commands", {}).items():
            yield from below(f"{name} {child_name}".strip(), child)
        for parameter in command.params:
            if "--format" in parameter.opts:
                help_text = parameter.help.split(";")[0]
                yield from ((name, format) for format in re.findall(r"[a-z][a-z0-9-]+", help_text))

    yield from below("", get_command(build_app()))


PROMISED = [(command, format) for command, format in promised_formats() if command not in OF_CAPTURES | OF_CORPORA]


def test_every_command_with_formats_is_tried() -> None:
    assert {command for command, _ in PROMISED} == set(RUNS)


@pytest.mark.parametrize(("command", "format"), PROMISED)
def test_a_promised_format_is_written(command: str, format: str, tmp_path: Path) -> None:
    (tmp_path / "r.md").write_text(REPORT, "utf-8")
    done = run(tmp_path, *command.split(), *RUNS[command], "-f", format)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", RUNS)
def test_a_format_that_no_help_names_is_refused(command: str, tmp_path: Path) -> None:
    (tmp_path / "r.md").write_text(REPORT, "utf-8")
    assert run(tmp_path, *command.split(), *RUNS[command], "-f", "nonsense").returncode == 2


def test_the_help_of_every_command_with_rows_names_every_format_of_tables() -> None:
    for command in set(RUNS) - {"sources explain"}:
        assert {"text", "csv", "tsv", "jsonl", "markdown"} <= {format for name, format in PROMISED if name == command}
