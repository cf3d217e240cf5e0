"""Lists of links: tables, bibliographies and plain lists; each entry is a note with the addresses of one source."""

from __future__ import annotations

import pytest

from cite_audit.errors import ReadError
from cite_audit.model import Report
from cite_audit.parse import read_report
from cite_audit.parse.access_date import find_access_date


def links_by_note(report: Report) -> dict[int, list[str]]:
    return {note.number: [link.url for link in note.links] for note in report.notes}


def test_a_table_as_an_english_spreadsheet_saves_it() -> None:
    report = read_report(
        "links.csv",
        b"\xef\xbb\xbfTitle,Address,Accessed,Published\r\n"
        b'"Ships, seen","https://a.example.org/d,e.html",2024-03-02,2019\r\n'
        b"No link,,,\r\n"
        b"\r\n"
        b"Port log,www.b.example.org,2024-03-03,\r\n",
    )
    assert links_by_note(report) == {1: ["https://a.example.org/d,e.html"], 2: [], 3: ["http://www.b.example.org"]}
    first = report.citations[0]
    assert (first.work.title, first.work.published, first.location.line) == ("Ships, seen", "2019", 2)
    assert report.citations[1].location.line == 5
    assert str(find_access_date(report.notes[0].text)) == "2024-03-02"
    assert (report.title, report.markers, report.missing_notes, report.orphan_notes) == ("", (), (), ())


def test_a_table_as_a_german_spreadsheet_saves_it() -> None:
    text = "Titel;Webseite;Datum\r\n„Häfen“;https://a.example.org/x,y;03.05.2024\r\nLog;hxxps://b[.]example[.]org;\r\n"
    report = read_report("links.csv", text.encode("cp1252"))
    assert links_by_note(report) == {1: ["https://a.example.org/x,y"], 2: ["https://b.example.org"]}
    assert report.citations[0].work.title == "„Häfen“"
    assert report.table is not None
    assert report.table.columns == ("Titel", "Webseite", "Datum")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("l.tsv", 'what\twhere\n5" pipe\thttps://a.example.org/x\nother\thttps://b.example.org/y;z\n'),
        ("l.csv", "sep=|\nx|where\n1|https://a.example.org/x\n2|https://b.example.org/y;z\n"),
        ("l.csv", "https://a.example.org/x,one\nhttps://b.example.org/y;z,two\n"),
        ("l.csv", "where\nhttps://a.example.org/x\nhttps://b.example.org/y;z\n"),
        ("l.csv", 'a,"multi\nline",\n1,"two\nlines",https://a.example.org/x\n2,,https://b.example.org/y;z\n'),
    ],
    ids=["tsv with an inch", "sep= line", "no headings", "one column", "cells of two lines"],
)
def test_columns_of_addresses_are_told_by_their_cells(path: str, text: str) -> None:
    for encoding in ("utf-8", "utf-16"):
        report = read_report(path, text.encode(encoding))
        assert [one.link.url for one in report.citations] == ["https://a.example.org/x", "https://b.example.org/y;z"]


def test_a_title_with_brackets_is_no_marker_and_no_identifier_is_lost() -> None:
    report = read_report("l.csv", b"title,url\nOn [2] and ^3,https://a.example.org/x\nTwo,https://b.example.org/y\n")
    assert (report.markers, report.orphan_notes) == ((), ())


def test_a_plain_list_needs_no_form() -> None:
    report = read_report("l.txt", b"https://a.example.org/x\nhttps://b.example.org/y\nwww.c.example.org/z\n")
    assert [one.link.url for one in report.citations] == [
        "https://a.example.org/x", "https://b.example.org/y", "www.c.example.org/z"
    ]  # fmt: skip


@pytest.mark.parametrize("text", [b"a" * 300_000 + b",x\n", b"a,b\n" + b"," * 2000 + b"\n"], ids=["cell", "row"])
def test_a_hostile_table_is_refused(text: bytes) -> None:
    with pytest.raises(ReadError):
        read_report("l.csv", text)
