"""What a file may be: its encoding, its damage, its size."""

from __future__ import annotations

import codecs
import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cite_audit.errors import ReadError
from cite_audit.model import Report
from cite_audit.parse import read_report

TEXT = (
    "Отчёт о событиях\n\n2 сентября 2020\n\n"
    "Министр сообщил об этом в Минске.[1] Потом он уехал домой.[2]\n\n"
    "[1] https://tass((.))ru/политика/1\n\n[2] https://ria dot ru/x\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251", "koi8-r", "utf-32"])
def test_every_encoding_gives_the_same_report(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(TEXT.encode(encoding))
    report = read_report(str(path))
    assert report.title == "Отчёт о событиях"
    assert [link.url for note in report.notes for link in note.links] == [
        "https://tass.ru/политика/1",
        "https://ria.ru/x",
    ]


def test_a_few_broken_bytes_do_not_change_the_encoding() -> None:
    report = read_report("r.txt", TEXT.encode() * 40 + b"\xff\xfe broken")
    assert report.title == "Отчёт о событиях"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n\t\r\n", "empty"),
        (codecs.BOM_UTF8, "empty"),
        (bytes(range(256)) * 20, "binary|not text"),
        (b"\x7fELF\x02\x01\x01" + b"\x00" * 60, "binary|not text"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(data: bytes, says: str) -> None:
    with pytest.raises(ReadError, match=says) as told:
        read_report("some/report.txt", data)
    assert str(told.value).startswith("some/report.txt: ")
    assert "\n" not in str(told.value)


def test_a_file_that_is_not_there_a_directory_and_a_bad_name(tmp_path: Path) -> None:
    for path, says in ((tmp_path / "none.txt", "does not exist"), (tmp_path, "is a directory")):
        with pytest.raises(ReadError, match=says):
            read_report(str(path))
    with pytest.raises(ReadError):
        read_report("bad\0name.txt")


def test_a_report_without_links_is_an_empty_report() -> None:
    report = read_report("r.txt", b"A title\n\nSome prose. It cites nothing, at.All.\n")
    assert (report.notes, report.citations, report.markers, report.missing_notes) == ((), (), (), ())


def test_code_comments_and_reference_definitions_of_markdown() -> None:
    text = (
        "# T\n\nSee [the paper][p] and [p].\n\n```\ncurl https://in.code/x\n```\n"
        '<!-- https://in.comment/x -->\n\n[p]: https://a.com/paper "Paper"\n'
    )
    assert [c.link.url for c in read_report("r.md", text.encode()).citations] == ["https://a.com/paper"] * 2


def test_a_comment_within_a_note_does_not_end_it() -> None:
    report = read_report("r.md", b"A claim.[1]\n\n[1] See <!-- ask again --> https://a.example.org/1 there\n")
    assert [(citation.note, citation.link.url) for citation in report.citations] == [(1, "https://a.example.org/1")]


@given(st.text("[]()<>.;:/¹²³ \n1ihtpswdo#^\\-*_“”", max_size=300))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        report = read_report("r.md", text.encode())
    except ReadError:
        return
    assert isinstance(report, Report)
    for citation in report.citations:
        at = citation.location.offset
        assert text[at : at + len(citation.link.raw)] == citation.link.raw


@given(st.binary(max_size=400))
@settings(deadline=None)
def test_no_bytes_break_the_reader(data: bytes) -> None:
    with contextlib.suppress(ReadError):
        assert isinstance(read_report("r.txt", data), Report)
