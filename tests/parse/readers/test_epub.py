"""EPUB: notes may stand in another chapter, and every chapter may count from one."""

from __future__ import annotations

import pytest

from cite_audit.errors import ReadError
from cite_audit.parse.readers import epub
from cite_audit.parse.readers.base import Document
from tests.parse.readers import making


def read(chapters: dict[str, str], metadata: str = "", extra: dict[str, str] | None = None) -> Document:
    return epub.read(making.epub(chapters, metadata, extra), "report.epub")


def notes(document: Document) -> list[tuple[str, str]]:
    return [(note.label, document.text[note.start : note.end]) for note in document.notes]


def test_notes_in_a_chapter_of_their_own() -> None:
    document = read(
        {
            "one.xhtml": '<p>A<a epub:type="noteref" href="notes.xhtml#n1">1</a></p>',
            "notes.xhtml": '<aside epub:type="endnote" id="n1"><p>see <a href="https://x.example/">x</a></p></aside>',
        }
    )
    assert notes(document) == [("1", "see x")]
    assert [href.target for href in document.hrefs] == ["https://x.example/"]


def test_every_chapter_has_its_own_first_note() -> None:
    chapter = '<p>{0}<sup><a href="#fn1" id="r1">1</a></sup></p><p id="fn1"><a href="#r1">1</a> note of {0}</p>'
    document = read({"a.xhtml": chapter.format("a"), "b.xhtml": chapter.format("b")})
    assert notes(document) == [("1", "note of a"), ("1", "note of b")]
    assert [mark.label for mark in document.markers] == ["1", "1"]


def test_masthead() -> None:
    metadata = "<dc:title>T</dc:title><dc:creator>A. One</dc:creator><dc:date>2024-05-06</dc:date>"
    said = read({"a.xhtml": "<p>x</p>"}, metadata).metadata
    assert (said.title, said.authors, said.published) == ("T", ("A. One",), "2024-05-06")


def test_protected_and_damaged() -> None:
    listed = '<encryption><CipherReference URI="OEBPS/a.xhtml"/></encryption>'
    with pytest.raises(ReadError, match="rights management"):
        read({"a.xhtml": "<p>x</p>"}, extra={"META-INF/encryption.xml": listed})
    with pytest.raises(ReadError, match="no package document"):
        epub.read(making.zipped({"mimetype": "application/epub+zip"}), "report.epub")
    with pytest.raises(ReadError, match="no chapter"):
        read({})
