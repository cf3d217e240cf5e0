"""The filters `refang` and `defang` as a shell uses them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-c", "from cite_audit.cli import main; main()"]


def run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *arguments], input=given, capture_output=True, timeout=60, check=False)


def test_standard_input_is_made_real_and_nothing_else_changes() -> None:
    done = run("refang", given="“Так” see hxxps://tass[.]ru/x;\r\nfinally dot the i's\n".encode())
    assert done.stdout.decode() == "“Так” see https://tass.ru/x;\r\nfinally dot the i's\n"
    assert (done.returncode, done.stderr) == (0, b"")


def test_files_in_their_own_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("Источник сообщил это вчера: https://tass dot ru/политика\n".encode("windows-1251"))
    assert run("refang", str(path)).stdout.decode("windows-1251").endswith("https://tass.ru/политика\n")


def test_defang_in_a_chosen_style_and_an_unknown_one() -> None:
    assert run("defang", "--style", "((.))", given=b"https://tass.ru/x\n").stdout == b"https://tass((.))ru/x\n"
    refused = run("defang", "--style", "zzz", given=b"x")
    assert refused.returncode == 2
    assert b"no such style" in refused.stderr


def test_a_missing_file_is_told() -> None:
    refused = run("refang", "nowhere.txt")
    assert refused.returncode == 2
    assert refused.stderr == b"cite-audit: nowhere.txt: does not exist\n"


@pytest.mark.parametrize("command", ["refang", "defang"])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("paper.tex", "Sold 50\\% of it.\\footnote{hxxps://a[.]example/x\\_y}"),
        ("renamed.txt", "\\documentclass{article}\nhxxps://a[.]example/x\\_y"),
        ("links.csv", "title,url\nx,hxxps://a[.]example\n"),
        ("report.adoc", "= x\n\nhxxps://a[.]example[x]"),
        ("notes.ipynb", '{"cells": [{"cell_type": "code"}], "nbformat": 4}'),
    ],
)
def test_a_format_with_rules_of_its_own_is_not_rewritten(tmp_path: Path, command: str, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    refused = run(command, str(tmp_path / name))
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert name.encode() in refused.stderr
    fixed = run("fix", "--refang", "--write", "--offline", "--no-config", str(tmp_path / name))
    assert (tmp_path / name).read_text("utf-8") == content
    assert b"not edited" in fixed.stdout + fixed.stderr or fixed.returncode == 2
