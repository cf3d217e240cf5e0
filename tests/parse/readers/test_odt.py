"""ODT: notes stand in the running text of the file, and after it in the document."""

from __future__ import annotations

import pytest

from cite_audit.errors import ReadError
from cite_audit.parse.readers import odt
from cite_audit.parse.readers.base import Document
from tests.parse.readers import making


def read(body: str, styles: str = "", extra: dict[str, str] | None = None) -> Document:
    return odt.read(making.odt(body, styles, extra), "report.odt")


def note(family: str, label: str, body: str) -> str:
    return (
        f'<text:note text:note-class="{family}"><text:note-citation>{label}</text:note-citation>'
        f"<text:note-body><text:p>{body}</text:p></text:note-body></text:note>"
    )


def test_footnotes_and_endnotes_with_links() -> None:
    link = '<text:a xlink:href="https://x.example/a">there</text:a>'
    document = read(
        f"<text:p>One{note('endnote', 'i', 'end')} two{note('footnote', '1', f'see {link}')}, three.</text:p>"
        "<text:p>Next.</text:p>"
    )
    assert document.text == "One[i] two[1], three.\n\nNext.\n\n[1] see there\n\n[i] end\n\n"
    assert [(n.family, n.label, document.text[n.start : n.end]) for n in document.notes] == [
        ("footnote", "1", "see there"),
        ("endnote", "i", "end"),
    ]
    assert [(m.family, m.label) for m in document.markers] == [("endnote", "i"), ("footnote", "1")]
    assert [(document.text[h.start : h.end], h.target) for h in document.hrefs] == [("there", "https://x.example/a")]


def test_deletions_and_comments_are_left_out() -> None:
    document = read(
        "<text:tracked-changes><text:deletion><text:p>gone</text:p></text:deletion></text:tracked-changes>"
        "<text:p>kept<office:annotation><text:p>remark</text:p></office:annotation></text:p>"
    )
    assert document.text == "kept\n\n"


def test_white_space_raised_numbers_and_lists() -> None:
    styles = (
        '<style:style style:name="T1"><style:text-properties style:text-position="super 58%"/></style:style>'
        '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1" '
        'style:num-suffix="."/></text:list-style>'
    )
    document = read(
        '<text:p>a  \n b<text:s text:c="2"/>c<text:span text:style-name="T1">12</text:span><text:line-break/>d</text:p>'
        '<text:list text:style-name="L1"><text:list-item><text:p>one</text:p></text:list-item>'
        "<text:list-item><text:p>two</text:p></text:list-item></text:list>",
        styles,
    )
    assert document.text == "a b  c¹²\nd\n\n1. one\n\n2. two\n\n"


def test_masthead_from_styles() -> None:
    styles = '<style:style style:name="P1" style:parent-style-name="Title"/>'
    said = "<dc:title>Of the file</dc:title><dc:date>2011-01-01</dc:date>"
    meta = f'<m xmlns:dc="http://purl.org/dc/elements/1.1/">{said}</m>'
    body = '<text:p text:style-name="P1">Printed</text:p><text:p text:style-name="Date">2 May 2024</text:p>'
    masthead = read(body, styles, {"meta.xml": meta}).metadata
    assert (masthead.title, masthead.published) == ("Printed", "2 May 2024")


def test_protected_and_damaged() -> None:
    protected = f"<manifest:manifest {making.ODF}><manifest:encryption-data/></manifest:manifest>"
    with pytest.raises(ReadError, match="password"):
        read("<text:p>x</text:p>", extra={"META-INF/manifest.xml": protected})
    with pytest.raises(ReadError, match=r"content\.xml"):
        odt.read(making.zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), "report.odt")
