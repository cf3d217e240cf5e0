"""Title and authors: print beats the file's properties."""

from __future__ import annotations

import pytest

from cite_audit.parse.readers import pdf
from cite_audit.parse.readers.base import Metadata
from tests.parse.readers import making
from tests.parse.readers.making import Words

BODY = "The store stood at the lower bridge since the county had been founded there."


def masthead(*head: Words, title: str = "", author: str = "") -> Metadata:
    words = [*head, *((72.0, 500.0 - 14 * i, 11.0, BODY) for i in range(12))]
    data = making.pdf_of(["\n".join(making.shown(*each) for each in words)], title=title, author=author)
    return pdf.read(data, "report.pdf").metadata


TITLE: Words = (72, 700, 20, "The Grain Ledger")


@pytest.mark.parametrize("template", ["Heading 1", "", "Microsoft Word - draft.doc", "draft.pdf", "Untitled"])
def test_the_printed_title_beats_the_property_of_a_template(template: str) -> None:
    assert masthead(TITLE, title=template).title == "The Grain Ledger"


def test_a_property_that_is_printed_is_the_title() -> None:
    assert masthead(TITLE, (72, 660, 13, "How It Burned"), title="The Grain Ledger: How It Burned").title == (
        "The Grain Ledger: How It Burned"
    )


@pytest.mark.parametrize(
    ("author", "expected"),
    [("Ida Moss; Karl Reed", ("Ida Moss", "Karl Reed")), ("Ida Moss, Karl Reed", ("Ida Moss", "Karl Reed"))],
)
def test_authors_of_the_properties_that_are_printed(author: str, expected: tuple[str, ...]) -> None:
    assert masthead(TITLE, (72, 660, 12, "Ida Moss and Karl Reed"), author=author).authors == expected


def test_whoever_made_the_file_is_no_author() -> None:
    assert masthead(TITLE, (72, 660, 12, "Ida Moss"), author="Authorized Office Customer").authors == ("Ida Moss",)


def test_two_lines_with_a_name_each() -> None:
    names: list[Words] = [(72, 660, 12, "Ida Moss"), (72, 640, 12, "Karl Reed")]
    assert masthead(TITLE, *names).authors == ("Ida Moss", "Karl Reed")


def test_a_kind_of_report_in_large_type_is_no_title() -> None:
    assert masthead((72, 740, 24, "Technical Report"), TITLE).title == "The Grain Ledger"


LETTERHEAD = ((400, 716, 12, "Research Brief"), (60, 710, 16, "The Test Lab"), (400, 703, 12, "Number 15"))


@pytest.mark.parametrize("title", ["", "The Test Lab"])
def test_a_letterhead_is_no_title_and_a_title_in_bold_stands_over_the_names(title: str) -> None:
    printed = masthead(
        *LETTERHEAD,
        (72, 654, 12, "You Only Reap Twice:"),
        (72, 630, 12, "The Grain’s Second Life"),
        (72, 606, 12, "Ida Moss, Karl Reed, and Jo Lark."),
        (72, 520, 14, "1. SUMMARY OF FINDINGS"),
        title=title,
    )
    assert (printed.title, printed.authors) == (
        "You Only Reap Twice: The Grain’s Second Life",
        ("Ida Moss", "Karl Reed", "Jo Lark"),
    )


def test_a_labelled_name_of_a_cover_is_the_author() -> None:
    printed = masthead(
        TITLE, (72, 660, 11, "In a store"), (72, 620, 11, "Student : Ida MOSS"), (72, 600, 11, "Tutor : Al Bo")
    )
    assert printed.authors == ("Ida MOSS",)


def test_authors_side_by_side_are_told_apart_and_their_houses_left_out() -> None:
    """As LaTeX sets `\\author{… \\and …}`: in one line, wide gaps between them."""
    gap = "BT /F 12 Tf 72 660 Td [(Ida Moss) -2400 ( Karl Reed)] TJ ET"
    words = [TITLE, *((72.0, 500.0 - 14 * i, 11.0, BODY) for i in range(12))]
    data = making.pdf_of(["\n".join([making.shown(*words[0]), gap, *(making.shown(*each) for each in words[1:])])])
    assert pdf.read(data, "report.pdf").metadata.authors == ("Ida Moss", "Karl Reed")
    columns: list[Words] = [(72, 660, 12, "Ida Moss"), (260, 660, 12, "Karl Reed"), (72, 646, 12, "Mill Watch")]
    assert masthead(TITLE, *columns).authors == ("Ida Moss", "Karl Reed")


def test_a_doubled_number_sign_of_tex_is_one() -> None:
    data = making.pdf(
        [[(72, 700, 12, "See the port log.")]], {0: [(92.0, 698.0, 160.0, 712.0, "https://a.example/x##top")]}
    )
    assert [href.target for href in pdf.read(data, "report.pdf").hrefs] == ["https://a.example/x#top"]
