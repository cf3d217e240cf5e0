"""What the formats look like, whole: a change of any shows up here. `UPDATE_GOLDEN=1 pytest …` writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cite_audit import __version__
from cite_audit.report.render import render
from tests.report.audits import AUDITS

GOLDEN = Path(__file__).parent / "golden"
SHOWN = [
    ("everything-wrong", "text"),
    ("everything-wrong", "concise"),
    ("everything-wrong", "markdown"),
    ("everything-wrong", "github"),
    ("interrupted", "json"),
    ("hostile", "text"),
    ("hostile", "markdown"),
    ("hostile", "csv"),
    ("hostile", "junit"),
    ("clean", "html"),
]


@pytest.mark.parametrize(("name", "format"), SHOWN)
def test_the_document_is_as_it_was(name: str, format: str) -> None:
    made = render(format, AUDITS[name]()).replace(__version__, "VERSION").replace("\r\n", "\n")
    file = GOLDEN / f"{name}.{format}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(made, "utf-8")
    assert made == file.read_text("utf-8")
