"""Lists of links: tables, bibliographies and plain lists; each entry is a note with the addresses of one source."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cite_audit.errors import ReadError
from cite_audit.model import Audit, Health, Memento, Reason, Report, Verdict
from cite_audit.parse import read_report
from cite_audit.parse.access_date import find_access_date
from cite_audit.parse.readers import choose_reader, open_reader
from cite_audit.report.render import render

NOW = datetime(2024, 5, 3, tzinfo=UTC)
FIXTURES = Path(__file__).parents[3] / "fixtures"


def audit_of(report: Report, verdict: Verdict) -> Audit:
    return Audit(
        reports=(report,), verdicts={verdict.url: verdict}, sources={}, findings={}, grades={}, generated_at=NOW
    )


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


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("https://a.example.org/x\nb.example.org/y # log\nexample.net\n", ["example.net"]),
        ("https://a.example.org/x\nexample.net\nexample.com\n", []),
        ("The dam\nhttps://a.example.org/x\nhttps://b.example.org/y\nexample.net\n", []),
    ],
)
def test_a_host_alone_is_an_address_in_a_list_of_addresses(text: str, last: list[str]) -> None:
    assert [one.link.url for one in read_report("l.txt", text.encode()).citations][2:] == last


@pytest.mark.parametrize("text", [b"a" * 300_000 + b",x\n", b"a,b\n" + b"," * 2000 + b"\n"], ids=["cell", "row"])
def test_a_hostile_table_is_refused(text: bytes) -> None:
    with pytest.raises(ReadError):
        read_report("l.csv", text)


@pytest.mark.parametrize("name", ["links.csv", "links.bib", "links.ris", "links.csl.json", "links.rdf"])
def test_the_same_work_from_every_list(name: str) -> None:
    report = read_report(str(FIXTURES / name))
    first = report.citations[0]
    assert (first.note, first.link.url, first.work.title.partition(";")[0]) == (
        1,
        "https://a.example.org/x?b=1",
        "Ships",
    )
    assert first.work.authors == (() if name == "links.csv" else ("Ann Lee",))
    assert (report.title, report.markers, report.missing_notes, report.orphan_notes) == ("", (), (), ())
    line = (FIXTURES / name).read_text("utf-8").split("\n")[first.location.line - 1]
    assert "https://a.example.org/x?b=1" in line


@pytest.mark.parametrize("name", ["links.bib", "links.ris", "links.csl.json", "links.rdf"])
def test_a_list_is_known_by_its_content(name: str) -> None:
    data = (FIXTURES / name).read_bytes()
    for other in ("export.txt", "export.json", "export.xml", "-"):
        assert choose_reader(data, other).FORMAT == choose_reader(data, name).FORMAT


def test_zotero_rdf_with_entities_is_refused() -> None:
    data = (FIXTURES / "links.rdf").read_bytes()
    with pytest.raises(ReadError, match="entities"):
        open_reader("zotero-rdf").read(b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" + data, "x.rdf")


def test_deep_json_is_refused() -> None:
    with pytest.raises(ReadError, match="nested too deeply"):
        read_report("x.csl.json", b'[{"URL": "https://a.example.org", "id": ' + b"[" * 200_000)


@pytest.mark.parametrize(("format", "suffix"), [("bibtex", ".bib"), ("ris", ".ris"), ("csl", ".csl.json")])
def test_what_is_written_is_read_back(format: str, suffix: str) -> None:
    source = (
        "# On ships\n\nA.[^1] B.[^2]\n\n"
        "[^1]: Ann Lee, “Ships & {ports}: 50% #1,” The Port, 3 May 2024, https://a.example.org/x_y?b=1&c=%7E#d~e.\n"
        "[^2]: https://b.example.org/ and https://c.example.org/z_(1)\n"
    )
    report = read_report("r.md", source.encode())
    url = report.citations[0].link.url
    memento = Memento(url, f"https://web.archive.org/web/2024/{url}", captured_at=NOW, archive="wayback")
    audit = audit_of(report, Verdict(url, Health.ALIVE, Reason.OK, mementos=(memento,)))
    written = render(format, audit)
    assert memento.uri_m in written
    again = read_report(f"r{suffix}", written.encode())
    assert [one.link.url for one in again.citations] == [one.link.url for one in report.citations]
    work = again.citations[0].work
    assert (work.title, work.authors, work.published) == ("Ships & {ports}: 50% #1", ("Ann Lee",), "2024-05-03")


def test_a_tables_own_columns_come_first() -> None:
    report = read_report("l.csv", b"=Cmd;Address;health;health\n@x;https://a.example.org/1;old;b\nnone;;;\n")
    audit = audit_of(report, Verdict("https://a.example.org/1", Health.BROKEN, Reason.NOT_FOUND))
    for format, delimiter in (("csv", ","), ("tsv", "\t")):
        head, first, second = csv.reader(io.StringIO(render(format, audit), newline=""), delimiter=delimiter)
        assert head[:6] == ["'=Cmd", "Address", "health", "health (2)", "health (cite-audit)", "reason"]
        assert first[:6] == ["'@x", "https://a.example.org/1", "old", "b", "broken", "not-found"]
        assert second == ["none", *[""] * (len(head) - 1)]


@pytest.mark.parametrize(
    ("field", "url"),
    [
        (r"howpublished = {\url{https://a.example.org/b_c?x=1\&y=2}}", "https://a.example.org/b_c?x=1&y=2"),
        (r"note = {See \url{https://a.example.org/b}, last read in 2020}", "https://a.example.org/b"),
        (r'note = "At \url {https://a.example.org/b}."', "https://a.example.org/b"),
        (r"note = {\href{https://a.example.org/b}{the page}}", "https://a.example.org/b"),
        (r"url = {\url{https://a.example.org/b}}", "https://a.example.org/b"),
        (r"url = {https://a.example.org/\%20b\_c}", "https://a.example.org/%20b_c"),
    ],
)
def test_an_address_in_a_command_of_latex_is_read(field: str, url: str) -> None:
    report = read_report("refs.bib", f"@misc{{key, title = {{A title}}, {field}}}\n".encode())
    assert [one.link.url for one in report.citations] == [url]


def test_several_addresses_of_one_entry() -> None:
    report = read_report("r.bib", b"@misc{a, title={A}, url={https://a.example.org/x https://b.example.org/y}}\n")
    assert links_by_note(report) == {1: ["https://a.example.org/x", "https://b.example.org/y"]}
    item = b'[{"id":"a","type":"book","title":"A","issued":2020,"note":"see https://a.example.org/x_(y)."}]'
    assert links_by_note(read_report("r.csl.json", item)) == {1: ["https://a.example.org/x_(y)"]}
