"""A format is told by what the bytes are; the name of the file comes second."""

from __future__ import annotations

import pytest

from cite_audit.errors import ReadError
from cite_audit.parse.readers import READERS, choose_reader, open_reader
from tests.parse.readers.making import docx, epub, odt, paragraph, pdf, zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PAGE = b"<!doctype html><title>t</title><p>x</p>"
MAIL = b"From: a <a@x.example>\nMIME-Version: 1.0\nContent-Type: text/plain\nSubject: s\n\nbody\n"
CONTENTS = {
    "pdf": pdf([[(72, 700, 12, "text")]]),
    "docx": docx(paragraph("text")),
    "odt": odt("<text:p>text</text:p>"),
    "epub": epub({"a.xhtml": "<p>text</p>"}),
    "html": PAGE,
    "mail": MAIL,
}


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("path", ["report.txt", "report.md", "report", "report.pdf", "-"])
def test_content_wins_over_the_name(name: str, path: str) -> None:
    assert name == choose_reader(CONTENTS[name], path).FORMAT.name


@pytest.mark.parametrize(
    ("path", "name"),
    [("a.md", "markdown"), ("a.markdown", "markdown"), ("a.TXT", "text"), ("a", "text"), ("a.html", "html")],
)
def test_plain_text_goes_by_the_name(path: str, name: str) -> None:
    assert name == choose_reader(b"Plain words, nothing else.\n", path).FORMAT.name


@pytest.mark.parametrize(
    "head",
    [
        b"\xef\xbb\xbf<!DOCTYPE HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>",
        b"\n\n  <html lang=en>",
        b"<?xml version='1.0'?>\n<!-- saved from url=(0021)https://x.example/ -->\n<html xmlns='x'>",
        "<!doctype html><p>x".encode("utf-16"),
    ],
)
def test_html_openings(head: bytes) -> None:
    assert choose_reader(head, "x").FORMAT.name == "html"


@pytest.mark.parametrize(
    "text", [b"<div>a fragment</div>", b"# Title\n\n<p align=center>logo</p>\n", b"From the start: x\n"]
)
def test_what_only_looks_like_html_or_mail_is_not(text: bytes) -> None:
    assert choose_reader(text, "x.md").FORMAT.name == "markdown"


@pytest.mark.parametrize(
    ("data", "path", "problem"),
    [
        (b"", "a.md", "empty"),
        (b" \n\n", "a.md", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "a.doc", "old Word file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "a.docx", "password"),
        (rb"{\rtf1\ansi text}", "a.rtf", "Rich Text"),
        (b"\x89PNG\r\n\x1a\n", "a.md", "picture"),
        (b"\x1f\x8b\x08\x00", "a.txt", "gzip"),
        (b"\x00\x01\x02\x03" * 20, "a.txt", "binary"),
        (OLE + "Workbook".encode("utf-16-le"), "a.doc", "old Excel"),
        (OLE + "__properties_version1.0".encode("utf-16-le"), "a.doc", "Outlook message"),
        (OLE + "PowerPoint Document".encode("utf-16-le"), "a", "presentation"),
        (OLE + b"x" * 600, "mail.msg", "Outlook message"),
        (zipped({"Index/Document.iwa": b"x"}), "a.pages", "Apple Pages"),
        (zipped({"xl/workbook.xml": b"x"}), "a.docx", r"spreadsheet; save the sheet as \.csv"),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "a.odt", "spreadsheet"),
        (b"bplist00\xdf\x01_WebMainResource", "a.html", "Safari web archive"),
        (b"= A title\nAnn Lee\n\nSaid.footnote:[https://a.example.org]\n", "a.txt", "asciidoctor"),
        (b"= A title", "a.adoc", "asciidoctor"),
        (b"#+TITLE: x\n* Heading\n", "a.md", "Org file"),
        (b"* Heading", "a.org", "pandoc -t markdown"),
        (b'{"cells": [{"cell_type": "markdown"}], "nbformat": 4}', "a.md", "Jupyter notebook"),
        (b"#set document(title: [x])\n", "a.txt", "Typst"),
        (b"<?xml version='1.0'?>\n<FictionBook xmlns='x'>", "a.txt", "FictionBook"),
        (b"<?xml version='1.0'?>\n<book xmlns='http://docbook.org/ns/docbook'>", "a.xml", "DocBook"),
        (
            b"<?xml version='1.0'?>\n<office:document xmlns:office='urn:oasis:names:tc:opendocument:x'>",
            "a.txt",
            "save it as .odt",
        ),
        (b"<?xml version='1.0'?>\n<things/>", "a.txt", "neither JATS nor XHTML"),
        (b'{"links": ["https://a.example.org"]}', "a.json", "no CSL-JSON"),
        (b"just words", "a.pdf", "no PDF"),
        (b"just words", "a.docx", "no DOCX"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, path: str, problem: str) -> None:
    with pytest.raises(ReadError, match=problem) as error:
        choose_reader(data, path).read(data, path)
    assert str(error.value).startswith(f"{path}: ")


def test_every_reader_keeps_the_contract() -> None:
    for name in READERS:
        reader = open_reader(name)
        assert name == reader.FORMAT.name
        assert all(suffix.startswith(".") for suffix in reader.FORMAT.suffixes)
        assert not reader.matches(b"")
