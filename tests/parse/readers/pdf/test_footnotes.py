"""Feet of pages: which lines begin a note, and which go on with one."""

from __future__ import annotations

from cite_audit.parse.readers import pdf
from cite_audit.parse.readers.base import Document
from tests.parse.readers import making
from tests.parse.readers.making import Words

BODY = "The store stood at the lower bridge since the county had been founded there."


def read(*pages: list[Words]) -> Document:
    return pdf.read(making.pdf(pages), "report.pdf")


def page(number: int, *feet: Words, marked: tuple[int, ...] = ()) -> list[Words]:
    """A page of running text with raised markers, and its foot."""
    words: list[Words] = []
    for row, label in enumerate(marked):
        words += [(72, 730 - 16 * row, 12, f"Claim {label} was made."), (172, 735 - 16 * row, 7, str(label))]
    return [*words, *((72.0, 600.0 - 14 * i, 12.0, f"{number}{i} {BODY}"[3:]) for i in range(9)), *feet]


def raised(y: float, label: int, text: str) -> list[Words]:
    return [(72, y + 4, 6, str(label)), (79, y, 9, text)]


def notes(document: Document) -> dict[str, str]:
    return {note.label: document.text[note.start : note.end] for note in document.notes}


def test_a_note_that_goes_on_over_the_page_with_a_date_is_one_note() -> None:
    first = page(1, *raised(100, 1, "Ledger."), *raised(88, 2, "The sale of the store,"), marked=(1, 2))
    goes_on: Words = (72, 112, 9, "30 March 2011, https://a.example/sale")
    second = page(2, goes_on, *raised(100, 3, "Fire book."), *raised(88, 4, "Hall book."), marked=(3, 4))
    assert notes(read(first, second)) == {
        "1": "Ledger.",
        "2": "The sale of the store,\n30 March 2011, https://a.example/sale",
        "3": "Fire book.",
        "4": "Hall book.",
    }


def test_a_line_within_a_note_that_begins_with_a_number_is_of_the_note() -> None:
    lines = [*raised(124, 1, "Hall book,"), (72, 112, 9, "44 pages, of which"), (72, 100, 9, "2 are lost.")]
    document = read(page(1, *lines, *raised(88, 2, "Ledger."), marked=(1, 2)))
    assert notes(document) == {"1": "Hall book,\n44 pages, of which\n2 are lost.", "2": "Ledger."}


def test_a_day_at_the_start_of_a_line_is_no_label_beside_others() -> None:
    lines: list[Words] = [
        (72, 124, 9, "1. Lefevre,"),
        (72, 112, 9, "3 mars 2019, https://a.example/"),
        (72, 100, 9, "2. Ledger."),
    ]
    document = read(page(1, *lines, (72, 88, 9, "3. Hall book."), marked=(1, 2, 3)))
    assert notes(document) == {"1": "Lefevre,\n3 mars 2019, https://a.example/", "2": "Ledger.", "3": "Hall book."}


def test_a_page_of_notes_that_begins_with_the_rest_of_one() -> None:
    feet: list[Words] = [(72, 112, 12, "1. Ledger."), (72, 98, 12, "2. See https://www.a.example/mill-")]
    first = page(1, *feet, marked=(1, 2, 3))
    rest: list[Words] = [(72, 700, 12, "closed.html (seen 4 May)."), (72, 686, 12, "3. Hall book.")]
    assert notes(read(first, rest)) == {
        "1": "Ledger.",
        "2": "See https://www.a.example/mill-\nclosed.html (seen 4 May).",
        "3": "Hall book.",
    }


def test_short_notes_that_are_alike_on_many_pages_are_no_running_feet() -> None:
    pages = [page(n, (72, 88, 9, f"{n} See glossary."), marked=(n,)) for n in range(3, 9)]
    assert notes(read(*pages)) == {str(n): "See glossary." for n in range(3, 9)}


def test_running_feet_that_begin_with_the_page_number_are_left_out() -> None:
    pages = [page(n, (72, 40, 9, f"{n} Report of the valley"), marked=(n + 20,)) for n in range(3, 9)]
    assert "Report of the valley" not in read(*pages).text


def test_numbers_may_be_missing_between_footnotes() -> None:
    pages = [page(1, *raised(88, 1, "Ledger."), marked=(1,)), page(2, *raised(88, 9, "Hall book."), marked=(9,))]
    assert notes(read(*pages)) == {"1": "Ledger.", "9": "Hall book."}


def test_with_footnotes_and_a_list_of_references_bracketed_numbers_are_no_footnote_markers() -> None:
    words: list[Words] = [
        (72, 700, 12, "It burned in May [1] and June [2]."),
        (72, 680, 12, "It was sold."),
        (140, 685, 7, "1"),
        *((72.0, 660.0 - 14 * i, 12.0, BODY) for i in range(6)),
        (72, 540, 12, "References"),
        (72, 500, 12, "[1] Moss, Grain, 2001."),
        (72, 480, 12, "[2] Reed, Fire, 2002."),
        *raised(88, 1, "https://a.example/sale"),
    ]
    document = read(words)
    assert notes(document) == {"1": "https://a.example/sale"}
    assert [document.text[mark.start : mark.end] for mark in document.markers] == ["\N{SUPERSCRIPT ONE}"]


def test_raised_numbers_in_brackets_and_behind_a_year_are_markers() -> None:
    words: list[Words] = [(72, 700, 12, "It burned in 2011"), (167, 704, 7, "[1]"), (180, 700, 12, "and fell.")]
    words += [(72.0, 680.0 - 14 * i, 12.0, BODY) for i in range(6)]
    document = read([*words, *raised(88, 1, "Fire book.")])
    assert [mark.label for mark in document.markers] == ["1"]


def test_small_figures_of_a_table_are_no_labels() -> None:
    rows: list[Words] = [(90, 560 - 11 * n, 8, str(n)) for n in range(1, 20)]
    rows += [(300, 560 - 11 * n, 8, str(7 * n)) for n in range(1, 20)]
    text: list[Words] = [(72, 700 - 14 * i, 12, BODY) for i in range(6)]
    document = read([*text, *rows, (72, 200, 12, BODY)])
    assert not document.notes
    assert not any(character in document.text for character in "¹²³⁴⁵⁶⁷⁸⁹")


def test_footnotes_in_the_size_of_the_text_are_known_by_their_markers() -> None:
    """Paged media without a style for footnotes: `1. …` in the size of the text."""
    feet = {n: (72.0, 70.0, 12.0, f"{n}. https://a.example/{n}") for n in (1, 2, 3)}
    assert notes(read(*(page(n, feet[n], marked=(n,)) for n in feet))) == {
        str(n): f"https://a.example/{n}" for n in feet
    }


def test_a_page_whose_foot_is_drawn_first() -> None:
    foot = raised(88, 1, "Ledger.")
    assert notes(read([*foot, *page(1, marked=(1,))])) == {"1": "Ledger."}


def test_a_marker_that_moved_to_the_page_after_its_note_is_the_notes() -> None:
    """Typst sets a note where there was room for it, and its line on the next page."""
    feet = [*raised(112, 1, "Ledger."), *raised(100, 2, "Hall book."), *raised(88, 3, "Fire book.")]
    document = read(page(1, *feet, marked=(1, 2)), page(2, *raised(88, 4, "Map."), marked=(3, 4)))
    assert [mark.label for mark in document.markers] == ["1", "2", "3", "4"]
    assert notes(document)["3"] == "Fire book."


def test_a_marker_alone_below_its_full_line_is_no_label() -> None:
    """WeasyPrint breaks the line before a marker that does not fit."""
    full: Words = (72, 460, 12, f"{BODY} And it closed.")
    alone: Words = (72, 451, 7, "2")
    feet = [(72.0, 112.0, 9.0, "1. Ledger."), (72.0, 100.0, 9.0, "2. Hall book.")]
    document = read(page(1, full, alone, *feet, marked=(1,)))
    assert [mark.label for mark in document.markers] == ["1", "2"]
    assert "And it closed.²" in document.text
    assert notes(document) == {"1": "Ledger.", "2": "Hall book."}


def test_a_marker_at_the_start_of_a_line_of_text_belongs_to_the_line_above() -> None:
    words: list[Words] = [(72, 460, 12, BODY), (72, 450, 7, "2"), (77, 445, 12, "and it was sold.")]
    document = read(page(1, *words, *raised(112, 1, "Ledger."), *raised(100, 2, "Hall book."), marked=(1,)))
    assert "founded there.²\nand it was sold" in document.text
    assert [mark.label for mark in document.markers] == ["1", "2"]


def signed(sign: str, *feet: tuple[float, str]) -> list[Words]:
    """A page whose first words carry a sign, with lines at its foot."""
    body = [(72.0, 600.0 - 14 * row, 12.0, f"{len(feet)}{row} {BODY}"[3:]) for row in range(6)]
    return [
        (72, 720 - 10 * len(feet), 12, f"The store was sold.{sign} It burned."),
        *body,
        *((72.0, y, 9.0, text) for y, text in feet),
    ]


def test_notes_marked_by_signs_are_counted_through() -> None:
    first = signed("*", (110, "* Ledger,"), (100, "see https://a.example/"), (88, "† Hall book."))
    first.append((72, 680, 12, "It was sold again.†"))
    document = read(first, signed("*", (88, "*Fire book.")))
    assert notes(document) == {"1": "Ledger,\nsee https://a.example/", "2": "Hall book.", "3": "Fire book."}
    assert [mark.label for mark in document.markers] == ["1", "2", "3"]


def test_stars_that_do_not_pair_or_stand_beside_numbered_notes_are_no_notes() -> None:
    assert not read(signed("* And 0.4* more.", (88, "* p < 0.05"))).notes
    numbered = signed("*", (88, "* Paid by the county."))
    assert not read([*numbered, (72, 680, 12, "It was sold [1] and [2].")]).notes
