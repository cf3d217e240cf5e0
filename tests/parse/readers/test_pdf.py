"""PDF: raised markers, notes at the foot of pages, links by annotation, and nothing of the page's furniture."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence

import pytest

from cite_audit.errors import ReadError
from cite_audit.parse.readers import pdf
from cite_audit.parse.readers.base import Document
from cite_audit.parse.readers.pdf import reader as pdf_reader
from tests.parse.readers import making
from tests.parse.readers.making import Annotation, Words


def read(
    pages: Sequence[Sequence[Words]], links: dict[int, list[Annotation]] | None = None, title: str = ""
) -> Document:
    return pdf.read(making.pdf(pages, links, title), "report.pdf")


def outcome(data: bytes) -> Document | None:
    """The document, or None where a ReadError names the file."""
    try:
        return pdf.read(data, "report.pdf")
    except ReadError as error:
        return None if str(error).startswith("report.pdf: ") else pytest.fail(f"no file named: {error}")


def notes(document: Document) -> list[tuple[str, str]]:
    return [(note.label, document.text[note.start : note.end]) for note in document.notes]


def page(number: int, *words: Words) -> list[Words]:
    """A page with a running head and its number."""
    return [(72, 760, 9, f"Report of the year, page {number}"), *words, (300, 30, 9, str(number))]


def test_footnotes_go_behind_the_text_and_the_sentence_over_the_page_stays_whole() -> None:
    first = page(
        1,
        (72, 700, 12, "The first sentence has a claim."),
        (247, 705, 7, "1"),
        (72, 684, 12, "The second goes on over the"),
        (72, 110, 7, "1"),
        (77, 105, 10, "See https://a.example/one-"),
        (77, 93, 10, "two.html"),
    )
    second = page(
        2,
        (72, 700, 12, "end of the page."),
        (160, 705, 7, "2"),
        (72, 105, 7, "2"),
        (77, 100, 10, "https://b.example/"),
    )
    document = read([first, second, page(3, (72, 700, 12, "No note here."))])
    assert notes(document) == [("1", "See https://a.example/one-\ntwo.html"), ("2", "https://b.example/")]
    assert "over the\nend of the page." in document.text
    assert "Report of the year" not in document.text
    assert [(mark.label, document.text[mark.start : mark.end]) for mark in document.markers] == [("1", "¹"), ("2", "²")]
    assert [document.page_number(note.start) for note in document.notes] == [1, 2]
    assert document.page_number(document.text.index("No note")) == 3


def test_a_footnote_that_goes_on_below_the_line_of_the_next_page() -> None:
    pages: list[list[Words]] = [
        [
            (72, 700, 12, "A claim."),
            (115, 705, 7, "1"),
            (72, 117, 7, "1"),
            (77, 112, 12, "https://a.example/first/"),
            (72, 98, 12, "second-half/of-it.html ;"),
        ],
        [
            (72, 700, 12, "Another."),
            (118, 705, 7, "2"),
            (72, 130, 12, "https://b.example/one"),
            (72, 115, 7, "2"),
            (77, 110, 12, "https://c.example/"),
        ],
    ]
    lines = {0: (72.0, 120.0, 135.0), 1: (72.0, 120.0, 150.0)}
    document = pdf.read(making.pdf(pages, rules=lines), "report.pdf")
    assert notes(document) == [
        ("1", "https://a.example/first/\nsecond-half/of-it.html ;\nhttps://b.example/one"),
        ("2", "https://c.example/"),
    ]
    assert document.page_number(document.text.index("https://b")) == 2


def test_endnotes_stay_where_they_are() -> None:
    document = read(
        [
            [(72, 700, 12, "A claim."), (115, 705, 7, "1"), (72, 684, 12, "Another."), (118, 689, 7, "2")],
            [
                (72, 705, 7, "1"),
                (77, 700, 12, "https://a.example/"),
                (72, 680, 7, "2"),
                (77, 675, 12, "https://b.example/"),
            ],
        ]
    )
    assert document.notes == ()
    assert document.text == "A claim.¹\nAnother.²\n\n¹ https://a.example/\n² https://b.example/\n"


def test_last_lines_that_are_alike_on_every_page_are_kept_if_they_are_addresses_or_stand_close() -> None:
    pages: list[list[Words]] = [
        [
            (72, 760, 9, "https://site.example/about"),
            (72, 700, 12, "A claim."),
            (115, 705, 7, str(n)),
            (72, 62, 7, str(n)),
            (77, 57, 10, "See the channel at"),
            (72, 45, 10, f"https://t.me/channel/{n}0{n}"),
            (72, 20, 8, f"https://site.example/print?id=7 {n}/3"),
        ]
        for n in (1, 2, 3)
    ]
    document = read(pages)
    assert notes(document) == [(str(n), f"See the channel at\nhttps://t.me/channel/{n}0{n}") for n in (1, 2, 3)]
    assert "site.example" not in document.text


def test_a_label_alone_on_its_line_and_a_link_box_that_ends_within_a_letter() -> None:
    address = "https://a.example/page"
    document = read(
        [
            [
                (72, 700, 12, "A claim."),
                (115, 705, 7, "1"),
                (72, 600, 7, "1"),
                (72, 580, 12, "https://a.example/page"),
                (72, 560, 12, "Words below."),
            ]
        ],
        {0: [(72, 577, 191, 592, address)]},
    )
    assert "\n¹\n" in document.text
    assert [(document.text[h.start : h.end], h.target) for h in document.hrefs] == [(address, address)]


def test_squares_are_no_markers() -> None:
    document = read(
        [
            [
                (72, 700, 12, "It has 65,300 km"),
                (160, 705, 7, "2"),
                (167, 700, 12, "of land."),
                (206, 705, 7, "1"),
                (72, 100, 7, "1"),
                (77, 95, 10, "https://a.example/"),
            ]
        ]
    )
    assert [mark.label for mark in document.markers] == ["1"]
    assert notes(document) == [("1", "https://a.example/")]


def test_link_annotations_over_two_lines_are_one_link() -> None:
    address = "https://x.example/a-long/address.html"
    boxes: list[Annotation] = [
        (72, 697, 200, 710, address),
        (72, 682, 130, 695, address),
        (300, 697, 340, 710, "mailto:a@b.example"),
    ]
    document = read([[(72, 700, 12, "shown over"), (300, 700, 12, "mail"), (72, 685, 12, "two lines")]], {0: boxes})
    assert [(document.text[h.start : h.end], h.target) for h in document.hrefs] == [
        ("shown over", address),
        ("two lines", address),
    ]


def test_title_from_properties_or_from_the_largest_type() -> None:
    pages = [
        [
            (72, 700, 22, "The Title of It"),
            (72, 674, 22, "Over Two Lines"),
            (72, 600, 11, "Words and words of the text, more than any title has."),
        ]
    ]
    assert read(pages, title="The Title of It, Over Two Lines").metadata.title == "The Title of It, Over Two Lines"
    assert read(pages, title="Heading 1").metadata.title == "The Title of It Over Two Lines"
    assert read(pages, title="Microsoft Word - x.doc").metadata.title == "The Title of It Over Two Lines"


def test_a_scan_without_text() -> None:
    with pytest.raises(ReadError, match="OCR"):
        read([[], []])


def test_a_protected_file() -> None:
    encrypt = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{'a1' * 32}> /U <{'b2' * 32}> /P -44 >> /ID [<01> <01>]"
    data = making.pdf([[(72, 700, 12, "text")]], encrypt=encrypt)
    with pytest.raises(ReadError, match="password"):
        pdf.read(data, "report.pdf")


def test_without_pdfium_the_child_names_what_is_missing() -> None:
    command = [sys.executable, "-I", "-S", str(pdf_reader.CHILD_SCRIPT)]  # no packages but the standard library
    done = subprocess.run(command, input=b"%PDF-1.4", capture_output=True)
    assert json.loads(done.stdout) == {"missing": "pypdfium2"}


def test_too_many_pages_are_refused_at_once() -> None:
    with pytest.raises(ReadError, match="5,000 pages"):
        read([[(72, 700, 12, "x")]] * 5_000)


def test_a_child_that_takes_too_long_is_ended() -> None:
    with pytest.raises(ReadError, match="not read within"):
        pdf_reader.extract_in_child(making.pdf([[(72, 700, 12, "x")]] * 50), "report.pdf", deadline=0.01)


def test_a_page_tree_and_a_cross_reference_that_go_in_circles() -> None:
    looped = making.pdf([[(72, 700, 12, "x")]]).replace(b"/Info 4 0 R", b"/Prev 9")
    tree = making.assembled([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 3 >>"])
    for data in (looped, tree, b"%PDF-1.7\n" + b"[" * 100_000, b"%PDF-1.4\ntrailer << /Root 1 0 R >>"):
        document = outcome(data)
        assert document is None or document.text == "x\n"


@pytest.mark.parametrize("foot", [72, 330])
def test_footnotes_at_the_feet_of_two_columns(foot: int) -> None:
    """Each column's own, or all of them in the right one."""
    left = [(72, 700 - 14 * i, 12, f"Left line {i} says a thing.") for i in range(30)]
    right = [(330, 700 - 14 * i, 12, f"Right line {i} says one too.") for i in range(30)]
    one = [(foot, 115, 7, "1"), (foot + 5, 110, 9, "https://a.example/1")]
    two = [(330, 95, 7, "2"), (335, 90, 9, "https://b.example/2")]
    marked = [*left[:1], (216, 705, 7, "1"), *left[1:]], [*right[:1], (487, 705, 7, "2"), *right[1:]]
    document = read([[*marked[0], *(one if foot == 72 else []), *marked[1], *(one if foot != 72 else []), *two]])
    assert notes(document) == [("1", "https://a.example/1"), ("2", "https://b.example/2")]
    assert [mark.label for mark in document.markers] == ["1", "2"]
    assert document.text.index("Left line 29") < document.text.index("Right line 0") < document.text.index("https")
