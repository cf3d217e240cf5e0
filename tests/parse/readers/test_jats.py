# ruff: noqa: E501  sources of one line
"""JATS: notes, references and links as its elements declare them; no entity is expanded, no DTD is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from cite_audit.errors import ReadError
from cite_audit.model import Report
from cite_audit.parse import read_report
from cite_audit.parse.readers import choose_reader

XLINK = "xmlns:xlink='http://www.w3.org/1999/xlink'"


def article(body: str, prologue: str = "") -> Report:
    return read_report(
        "a.xml", f"<?xml version='1.0'?>\n{prologue}<article article-type='x' {XLINK}>{body}</article>".encode()
    )


def test_references_are_notes_and_their_identifiers_lead_to_registries() -> None:
    report = article(
        "<body><p>Said <xref ref-type='bibr' rid='b1'>1</xref>, <xref ref-type='bibr' rid='b2'>[2]</xref>.</p></body>\n<back><ref-list>\n"
        "<ref id='b1'><label>1.</label><mixed-citation>Lee A. Ships. <pub-id pub-id-type='doi'>10.1000/182</pub-id></mixed-citation></ref>\n"
        "<ref id='b2'><label>2.</label><mixed-citation>Kim, <ext-link xlink:href='https://a.example.org/x?a=1&amp;b=2'>log</ext-link>"
        "</mixed-citation></ref></ref-list></back>"
    )
    assert {note.number: [link.url for link in note.links] for note in report.notes} == {
        1: ["https://doi.org/10.1000/182"],
        2: ["https://a.example.org/x?a=1&b=2"],
    }
    assert [marker.number for marker in report.markers] == [1, 2]
    assert [one.location.line for one in report.citations] == [4, 5]


def test_a_dtd_may_be_named_and_is_not_loaded() -> None:
    report = article(
        "<body><p>https://a.example.org/x</p></body>", "<!DOCTYPE article SYSTEM 'http://127.0.0.1:9/x.dtd'>\n"
    )
    assert (report.format, [one.link.url for one in report.citations]) == ("jats", ["https://a.example.org/x"])


@pytest.mark.parametrize(
    "subset",
    [
        "<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>",
        "<!ENTITY b SYSTEM 'file:///etc/passwd'>",
        "<!ENTITY % b SYSTEM 'http://127.0.0.1:9/x'> %b;",
    ],
    ids=["laughs", "a file", "an address"],
)
def test_entities_are_refused(subset: str) -> None:
    with pytest.raises(ReadError, match="entities"):
        article("<body><p>&b;</p></body>", f"<!DOCTYPE article [{subset}]>\n")


@pytest.mark.parametrize(
    "bait", ["<p>", "<fn>", "<xref ref-type='fn' rid='a'>1</xref>", "<sec><title>x</title>", "<ref><label>1</label>"]
)
def test_deep_nesting_comes_to_an_end(bait: str) -> None:
    name = bait[1:].partition(">")[0].partition(" ")[0]
    count = 100_000 // len(bait)
    closed = bait if "</xref>" in bait else f"{bait}{{}}"
    body = (
        closed * count
        if "</xref>" in bait
        else bait * count + f"https://a.example.org/x</{name}>" + f"</{name}>" * (count - 1)
    )
    assert article(f"<body>{body}</body>").format == "jats"


def test_other_articles_are_not_jats(tmp_path: Path) -> None:
    assert choose_reader(b"<article><p>x</p></article>", "a.html").FORMAT.name == "html"
    with pytest.raises(ReadError, match="DocBook"):
        choose_reader(b"<?xml version='1.0'?><article xmlns='http://docbook.org/ns/docbook'><info/></article>", "a.xml")


def test_authors_without_name_parts() -> None:
    report = article(
        "<front><article-meta><title-group><article-title>Dams</article-title></title-group><contrib-group>"
        "<contrib><name><surname>Lee</surname><given-names>Ann</given-names></name></contrib>"
        "<contrib><string-name>Bo Kim</string-name></contrib><contrib><collab>Dam Watch</collab></contrib>"
        "</contrib-group></article-meta></front><body><p>Text.</p></body>"
    )
    assert report.authors == ("Ann Lee", "Bo Kim", "Dam Watch")


def test_a_note_in_the_sentence_itself_is_its_own_marker() -> None:
    report = article(
        "<body><p>Closed.<fn><p>See <ext-link xlink:href='https://a.example.org/x'>it</ext-link>.</p></fn></p></body>"
    )
    assert [marker.number for marker in report.markers] == [1]
    assert [link.url for note in report.notes for link in note.links] == ["https://a.example.org/x"]
