"""A report's text has a length beyond which it is refused; pictures within it do not count."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from cite_audit.errors import ReadError
from cite_audit.parse import content_of, read_report
from cite_audit.parse.readers import open_reader
from cite_audit.parse.readers.text_size import MAX_TAGS, MAX_TEXT_BYTES, MAX_WITH_PICTURES, refuse_long_text
from cite_audit.parse.readers.zip_package import ZipPackage
from tests.parse.readers import making

PICTURE = base64.b64encode(bytes(range(256)) * 40)
SHORT_PICTURE = base64.b64encode(bytes(600))  # 800 characters: as long as an address may be
LINE_LIMIT = "refused: 12,000,001 bytes of text are more than 12,000,000; split it"


def test_the_limits() -> None:
    assert (MAX_TEXT_BYTES, MAX_WITH_PICTURES, MAX_TAGS) == (12_000_000, 40_000_000, 500_000)


@pytest.mark.parametrize("name", ["markdown", "html", "text", "latex", "rst", "mail", "table", "bibtex"])
def test_a_text_of_any_format_is_refused_beyond_the_limit(name: str) -> None:
    path = "report" + open_reader(name).FORMAT.suffixes[0]
    with pytest.raises(ReadError, match=LINE_LIMIT):
        read_report(path, b"word\n" * (MAX_TEXT_BYTES // 5) + b"\n")


def test_the_limit_is_at_its_byte() -> None:
    refuse_long_text(b"x" * 100, "r.md", limit=100)
    with pytest.raises(ReadError, match=r"r\.md: refused: 101 bytes of text are more than 100; split it"):
        refuse_long_text(b"x" * 101, "r.md", limit=100)


@pytest.mark.parametrize(
    "embedded",
    [
        b'<img src="data:image/png;base64,' + PICTURE + b'">',
        b"[image1]: <data:image/png;base64," + PICTURE + b">",
        b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(PICTURE),
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(PICTURE).replace(b"\n", b"\r\n"),
    ],
)
def test_a_picture_in_a_text_does_not_count(embedded: bytes) -> None:
    refuse_long_text(b"Words.\n" + embedded, "r", limit=200)


@pytest.mark.parametrize(
    "text",
    [
        b'<a href="data:image/png;base64,' + SHORT_PICTURE + b'">',
        b"https://a.example/" + PICTURE,
        b"\n".join([b"https://a.example/" + b"a" * 60] * 30),
    ],
)
def test_a_text_that_only_looks_like_one_counts(text: bytes) -> None:
    with pytest.raises(ReadError, match="bytes of text"):
        refuse_long_text(text, "r", limit=200)


def test_tags_are_counted_at_their_edge() -> None:
    refuse_long_text(b"<p>x</p>a < b <3 " * 5, "r.html", max_tags=5)
    with pytest.raises(ReadError, match="refused: 6 tags are more than 5; split it"):
        refuse_long_text(b"<p>x</p>" * 6, "r.html", max_tags=5)


def test_the_text_of_a_package_counts_and_its_pictures_do_not() -> None:
    parts: dict[str, str | bytes] = {"a.xml": "x" * 60, "b.xml": "y" * 40, "picture.jpg": bytes(5000)}
    package = ZipPackage(making.zipped(parts), "r.docx", max_text=100)
    assert len(package.read_part("a.xml")) + len(package.read_part("b.xml")) == 100
    assert len(package.read_part("a.xml")) == 60  # again: it counts once
    package = ZipPackage(making.zipped(parts), "r.docx", max_text=99)
    package.read_part("a.xml")
    with pytest.raises(ReadError, match="refused: its text unpacks to more than 99 bytes"):
        package.read_part("b.xml")


def test_a_zipped_page_and_a_message_are_measured_unpacked() -> None:
    page = b"<html>" + b"<p>" * (MAX_TAGS + 1)
    with pytest.raises(ReadError, match="tags are more than"):
        read_report("page.zip", making.zipped({"page.html": page + bytes(range(256)) * 50}))
    head = b"From: a@b.example\nMIME-Version: 1.0\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\n"
    with pytest.raises(ReadError, match="tags are more than"):
        read_report("page.eml", head + base64.encodebytes(page))


def test_a_file_without_end_is_not_loaded(tmp_path: Path) -> None:
    report = tmp_path / "r.md"
    report.write_bytes(b"x" * 100)
    assert len(content_of(str(report), limit=100)) == 100
    for path in (str(report), "/dev/zero"):
        with pytest.raises(ReadError, match="refused: more than 99 bytes"):
            content_of(path, limit=99)
