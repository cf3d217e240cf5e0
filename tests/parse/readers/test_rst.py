# ruff: noqa: E501  sources of one line
"""reStructuredText: notes and targets as docutils resolves them; nothing is included, passed through or run."""

from __future__ import annotations

import contextlib
import re
import sys
from pathlib import Path

import pytest

from cite_audit.errors import ReadError
from cite_audit.installation import format_install_command
from cite_audit.model import Report
from cite_audit.parse import read_report


def rst(source: str) -> Report:
    return read_report("r.rst", source.encode())


def links_by_note(report: Report) -> dict[int, list[str]]:
    return {note.number: [link.url for link in note.links] for note in report.notes}


def test_footnotes_of_all_kinds_find_their_markers() -> None:
    report = rst(
        "A [1]_ b [#]_ c [#log]_ d [#log]_.\n\n.. [1] https://a.example.org\n.. [#] https://b.example.org\n"
        ".. [#log] `The log <https://c.example.org/x_y>`_, see also target_.\n\n.. _target: https://d.example.org\n"
    )
    assert links_by_note(report) == {
        1: ["https://a.example.org"],
        2: ["https://b.example.org"],
        3: ["https://c.example.org/x_y", "https://d.example.org"],
    }
    assert [marker.number for marker in report.markers] == [1, 2, 3, 3]
    assert (report.missing_notes, report.orphan_notes) == ((), ())
    assert [one.location.line for one in report.citations] == [3, 4, 5, 5]


def test_a_citation_is_a_note() -> None:
    report = rst("Said [LEE2020]_.\n\n.. [LEE2020] Lee, https://a.example.org/x\n")
    assert [(note.label, [link.url for link in note.links]) for note in report.notes] == [
        ("LEE2020", ["https://a.example.org/x"])
    ]
    assert (len(report.markers), report.orphan_notes) == (1, ())


def test_an_unresolved_reference_within_an_address_stays_in_it() -> None:
    assert [one.link.url for one in rst("See https://a.example.org/OJ.L_.2022.html today.\n").citations] == [
        "https://a.example.org/OJ.L_.2022.html"
    ]


def test_no_file_is_read_and_nothing_is_passed_through(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("https://secret.example.org/x\n", "utf-8")
    (tmp_path / "docutils.conf").write_text("[general]\nfile_insertion_enabled: yes\nraw_enabled: yes\n", "utf-8")
    report = tmp_path / "r.rst"
    report.write_text(
        f".. include:: {secret}\n\n.. include:: secret.txt\n\n.. raw:: html\n   :file: secret.txt\n\n"
        f".. csv-table:: x\n   :file: {secret}\n\n.. csv-table:: x\n   :url: file://{secret}\n\n"
        f".. literalinclude:: secret.txt\n\n.. raw:: html\n\n   <a href='https://raw.example.org'>x</a>\n\n"
        "Said https://a.example.org/x here.\n",
        "utf-8",
    )
    assert [one.link.url for one in read_report(str(report)).citations] == ["https://a.example.org/x"]


BAITS = ("* ", "> ", "[1]_ ", "`a", "`a <", ".. [1] ", ".. [#] x\n\n", "|a|_ ", "*a", "**", "_`a` ", "a\n=\n", "+-+\n", ".. note::\n",
         "   ", ":a: ", "=== ===\n", ".. |a| replace:: |a|\n", "a_ ", "`` ")  # fmt: skip


@pytest.mark.parametrize("bait", BAITS)
def test_deep_and_open_constructs_come_to_an_end(bait: str) -> None:
    source = ("https://a.example.org/x\n\n" + bait * (1_500 // len(bait))).encode()
    with contextlib.suppress(ReadError):
        assert read_report("b.rst", source).format == "rst"


def test_a_block_of_nothing_but_signs_is_refused() -> None:
    assert len(rst("`a` " * 1_500 + "https://a.example.org/x").citations) == 1
    with pytest.raises(ReadError, match="3,000 signs"):
        rst("`a` " * 1_500 + "` https://a.example.org/x")


def test_deeply_nested_blocks_are_refused() -> None:
    nested = "".join("  " * depth + "* x\n\n" for depth in range(400))
    with pytest.raises(ReadError, match="nested too deeply"):
        rst(nested)


def test_a_tight_list_of_any_length_is_read() -> None:
    items = "".join(f"* `log {n} <https://a.example.org/{n}>`__ ``x``\n" for n in range(1_000))
    assert len(rst(items).citations) == 1_000


def test_lines_of_a_paragraph_that_look_like_items_are_one_block() -> None:
    with pytest.raises(ReadError, match="3,000 signs"):
        rst("so\n" + "* `a`\n" * 1_600)


@pytest.mark.parametrize(
    ("path", "library", "text"),
    [
        ("r.rst", "docutils.core", b"Dams\n====\n\nSee https://a.example.org\n"),
        ("r.bib", "bibtexparser.entrypoint", b"@misc{a, url={https://a.example.org}}"),
        ("r.ris", "rispy", b"TY  - NEWS\nUR  - https://a.example.org\nER  - \n"),
    ],
)
def test_without_the_extra_the_way_to_it_is_said(
    path: str, library: str, text: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ReadError, match=re.escape(format_install_command("formats"))):
        read_report(path, text)
