"""Words and addresses that go on over a line's end for certain."""

from __future__ import annotations

import pytest

from cite_audit.parse import read_report
from cite_audit.parse.readers import pdf
from tests.parse.readers import making
from tests.parse.readers.making import Annotation


def text_of(*lines: str) -> str:
    words = [(72.0, 700.0 - 14 * row, 12.0, line) for row, line in enumerate(lines)]
    return pdf.read(making.pdf([words]), "report.pdf").text.strip()


@pytest.mark.parametrize("cut", ["h|ttps", "htt|ps", "https|", "https:|", "https:/|"])
def test_a_scheme_that_a_line_end_cuts_is_whole(cut: str) -> None:
    address = "https://www.a.example/mill/closed.html"
    place = cut.index("|")
    assert text_of(f"See {address[:place]}", f"{address[place:]} there.") == f"See {address} there."


def test_hyphens_that_the_typesetter_added_are_taken_off() -> None:
    """They are U+2010 (here \\x02); the address has plain ones."""
    lines = ("The bound\x02", "aries, https://a.example/old-mill/clo\x02", "sed-gate, moved.")
    assert text_of(*lines) == "The boundaries, https://a.example/old-mill/closed-gate, moved."


def test_where_all_hyphens_are_typographic_none_is_taken_off() -> None:
    lines = ("The well\x02known bound\x02", "aries moved.")
    assert text_of(*lines) == "The well\u2010known bound\u2010\naries moved."


def test_a_line_that_ends_with_a_letter_is_no_cut_scheme() -> None:
    assert text_of("It was built in zone h", "and closed in 2020.") == "It was built in zone h\nand closed in 2020."


def test_a_box_without_its_address_on_the_page_after_a_cut_one_is_no_citation() -> None:
    """XeTeX draws the box of a note's last line into the running text of the next page."""
    address = "https://a.example/mill/closed.html"
    first = [(72.0, 700.0, 12.0, "The mill closed, https://a.example/mi")]
    second = [(72.0, 700.0, 12.0, "and so it stood."), (72.0, 60.0, 12.0, "ll/closed.html.")]
    boxes: dict[int, list[Annotation]] = {0: [(161, 697, 300, 711, address)], 1: [(72, 697, 300, 711, address)]}
    document = pdf.read(making.pdf([first, second], boxes), "report.pdf")
    assert [document.text[href.start : href.end] for href in document.hrefs] == ["https://a.example/mi"]


@pytest.mark.parametrize(
    ("following", "suggested"),
    [
        ("tion.html. The river rose.", "https://a.example/mill/investigation.html"),
        ("tion, seen in May.", "https://a.example/mill/investigation"),
        ("and then it was sold.", ""),
        ("(accessed 3 May 2021).", ""),
    ],
)
def test_an_address_at_the_end_of_a_full_line_is_suspected_of_going_on(following: str, suggested: str) -> None:
    lines = ("The mill stood at the lower bridge, https://a.example/mill/investiga", following)
    words = [(72.0, 700.0 - 14 * row, 12.0, line) for row, line in enumerate(lines)]
    (citation,) = read_report("report.pdf", making.pdf([words])).citations
    assert [suspect.suggested_url for suspect in citation.link.suspects] == [suggested] * bool(suggested)
    assert (citation.link.confidence < 1) == bool(suggested)


def test_a_line_with_room_for_more_does_not_cut_its_address() -> None:
    lines = ("See https://a.example/mill/investiga", "tion.html of the mill that stood at the lower bridge.")
    words = [(72.0, 700.0 - 14 * row, 12.0, line) for row, line in enumerate(lines)]
    (citation,) = read_report("report.pdf", making.pdf([words])).citations
    assert not citation.link.suspects


def test_folders_behind_a_full_line_that_ends_in_a_slash_are_of_the_address() -> None:
    lines = ("The mill stood at the lower bridge, https://a.example/mill/", "CentreOf/Country; the river rose.")
    words = [(72.0, 700.0 - 14 * row, 12.0, line) for row, line in enumerate(lines)]
    (citation,) = read_report("report.pdf", making.pdf([words])).citations
    assert citation.link.url == "https://a.example/mill/CentreOf/Country"
    assert (citation.link.alternatives, citation.link.confidence) == (("https://a.example/mill/",), 0.7)
