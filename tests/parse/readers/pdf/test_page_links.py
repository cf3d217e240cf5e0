"""What words a link annotation covers."""

from __future__ import annotations

import pytest

from cite_audit.parse.readers import pdf
from cite_audit.parse.readers.base import Document
from tests.parse.readers import making
from tests.parse.readers.making import Annotation, Words

SALE = "https://a.example/sale"


def read(words: list[Words], *links: Annotation) -> Document:
    return pdf.read(making.pdf([words], {0: list(links)}), "report.pdf")


def shown(document: Document) -> list[tuple[str, str]]:
    return [(document.text[href.start : href.end], href.target) for href in document.hrefs]


def with_note(*words: Words) -> list[Words]:
    return [(72, 700, 12, "The store was sold."), (181, 705, 7, "1"), (72, 600, 12, "It was a long day."), *words]


@pytest.mark.parametrize("reach", [0.0, 1.0, 3.0])
def test_a_box_that_reaches_over_the_label_leaves_it_to_the_note(reach: float) -> None:
    """hyperref draws boxes 1 pt wider than the words (\\pdflinkmargin)."""
    document = read(with_note((72, 104, 6, "1"), (75.5, 100, 9, SALE)), (75.5 - reach, 97, 76 + 95, 109, SALE))
    assert shown(document) == [(SALE, SALE)]
    assert [document.text[note.start : note.end] for note in document.notes] == [SALE]


def test_a_box_given_from_its_upper_corner() -> None:
    """WeasyPrint gives the upper corner of a box first; any two opposite ones are allowed."""
    document = read([(72, 700, 12, f"See {SALE} there.")], (95, 712, 216, 697, SALE))
    assert shown(document) == [(SALE, SALE)]


def test_a_box_that_ends_within_an_address_covers_the_rest_of_it() -> None:
    address = "https://a.example/a-long-walk-along-the-river"
    document = read([(72, 700, 12, address)], (72, 697, 180, 712, address))
    assert shown(document) == [(address, address)]


def test_a_number_that_links_to_its_note_on_the_same_page_is_no_citation() -> None:
    """Browsers print internal links of a web page with the page's own address."""
    page = "https://a.example/report/"
    document = read(
        with_note((72, 104, 6, "1"), (77, 100, 9, SALE)),
        (180, 700, 186, 713, f"{page}#fn1"),
        (72, 102, 76, 110, f"{page}#ref1"),
        (77, 97, 165, 109, SALE),
    )
    assert [target for _, target in shown(document)] == [SALE]
    assert [marker.label for marker in document.markers] == ["1"]


def test_a_raised_number_that_links_to_its_source_is_a_citation() -> None:
    document = read([(72, 700, 12, "The store was sold."), (181, 705, 7, "1")], (180, 700, 186, 713, SALE))
    assert [target for _, target in shown(document)] == [SALE]


@pytest.mark.parametrize("following", ["05/hall.html", "-two.html"])
def test_an_annotation_that_is_less_than_the_printed_address_is_dropped(following: str) -> None:
    words: list[Words] = [(72, 700, 12, f"{SALE}{following} (page 4)")]
    assert shown(read(words, (72, 697, 186, 712, SALE))) == []


def test_an_annotation_of_the_first_line_of_a_broken_address_is_dropped() -> None:
    words: list[Words] = [(72, 700, 12, "https://a.example/news/"), (72, 686, 12, "the-sale-of-may.html (page 4)")]
    assert shown(read(words, (72, 697, 205, 712, "https://a.example/news/"))) == []


@pytest.mark.parametrize("following", [" and more", ".", " (page 4)"])
def test_an_annotation_before_other_words_stays(following: str) -> None:
    assert shown(read([(72, 700, 12, f"{SALE}{following}")], (72, 697, 186, 712, SALE))) == [(SALE, SALE)]


def test_a_space_at_the_end_of_an_annotation_is_not_of_the_address() -> None:
    assert shown(read([(72, 700, 12, SALE)], (72, 697, 186, 712, f"{SALE}%20"))) == [(SALE, SALE)]
