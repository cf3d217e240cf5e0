"""Lists of endnotes with plain labels, which only the markers confirm."""

from __future__ import annotations

import pytest

from cite_audit.parse import read_report
from cite_audit.parse.readers import pdf
from cite_audit.parse.readers.base import Document
from tests.parse.readers import making
from tests.parse.readers.making import Words

BODY = "The store stood at the lower bridge since the county had been founded there."


def read(*pages: list[Words]) -> Document:
    return pdf.read(making.pdf(pages), "report.pdf")


def marked_page(labels: list[int]) -> list[Words]:
    words: list[Words] = []
    for row, label in enumerate(labels):
        words += [(72, 700 - 30 * row, 12, f"{BODY[:40]}"), (300, 705 - 30 * row, 7, str(label))]
        words += [(72, 685 - 30 * row, 12, BODY)]
    return words


def list_page(labels: list[int], size: float = 9) -> list[Words]:
    return [(72, 600 - 12 * row, size, f"{label}. Book {label}, 1999.") for row, label in enumerate(labels)]


def test_a_list_headed_after_it_is_taken_since_its_numbers_agree() -> None:
    heading: Words = (72, 100, 9, "NOTES")
    document = read(marked_page([1, 2, 3]), marked_page([4, 5]), [*list_page([1, 2, 3, 4, 5]), heading])
    assert [note.label for note in document.notes] == ["1", "2", "3", "4", "5"]
    assert document.text[document.notes[4].start : document.notes[4].end] == "Book 5, 1999."
    assert len(document.markers) == 5


def test_a_numbered_list_that_does_not_agree_with_the_markers_is_left_alone() -> None:
    document = read(marked_page([11, 12, 13, 14]), list_page([1, 2, 3]))
    assert not document.notes


def test_lists_of_chapters_that_count_from_one_again_are_left_to_the_text() -> None:
    chapters = [marked_page([1, 2, 3, 4, 5]), list_page([1, 2, 3, 4, 5])]
    document = read(*chapters, *chapters)
    assert not document.notes
    assert document.text.count("1. Book 1, 1999.") == 2


def test_numbers_drawn_after_all_items_stand_before_them() -> None:
    """WeasyPrint draws the numbers of a list after the words of the page."""
    items: list[Words] = [(72, 600 - 12 * n, 12, f"Book {n}, 1999.") for n in (1, 2, 3)]
    numbers: list[Words] = [(58, 600 - 12 * n, 12, f"{n}.") for n in (1, 2, 3)]
    text = read([*items, *numbers]).text
    assert text.splitlines() == ["1. Book 1, 1999.", "2. Book 2, 1999.", "3. Book 3, 1999."]


def bracketed_page(entries: list[str], top: float = 600) -> list[Words]:
    return [(72, top - 20 * row, 9, entry) for row, entry in enumerate(entries)]


def test_dates_and_file_numbers_at_the_start_of_a_line_are_no_labels() -> None:
    """`14.02.2021`, `19/23456`, `3-5`: lines that happen to begin with a number that is marked."""
    entries = [
        "1. Ledger, seen",
        "2.02.2021.",
        "2. Act of parliament,",
        "3/2345, p. 3.",
        "3. Fire book.",
    ]
    document = read(marked_page([1, 2, 3]), [(72, 600 - 12 * n, 9, entry) for n, entry in enumerate(entries)])
    texts = {note.label: document.text[note.start : note.end] for note in document.notes}
    assert texts == {
        "1": "Ledger, seen\n2.02.2021.",
        "2": "Act of parliament,\n3/2345, p. 3.",
        "3": "Fire book.",
    }


@pytest.mark.parametrize("label", ["[{}]", "{}."])
def test_short_entries_in_the_same_place_of_several_pages_are_no_running_heads(label: str) -> None:
    pages = [
        bracketed_page([f"{label.format(n)} {text}" for n, text in zip(range(first, first + 4), texts, strict=True)])
        for first, texts in ((1, ["Ibid.", "Ledger.", "Fire book.", "Ibid."]), (5, ["Ibid.", "Log.", "Book.", "Ibid."]))
    ]
    text = read(marked_page(list(range(1, 9))), *pages).text
    assert text.count("Ibid.") == 4


def test_a_list_below_its_markers_is_one_list_on_all_its_pages() -> None:
    """The first page of the list would pass for one with footnotes: the markers of its notes stand above them."""
    markers: list[Words] = []
    for label in range(1, 11):
        markers += [(72, 730 - 16 * label, 12, f"Claim {label} was made."), (172, 735 - 16 * label, 7, str(label))]
    first = [*markers, *[(72.0, 420.0 - 20 * n, 9.0, f"[{n}] Book {n}.") for n in range(1, 9)]]
    report = read_report("r.pdf", making.pdf([first, [(72, 620, 9, "[9] Map."), (72, 600, 9, "[10] Plan.")]]))
    assert [(note.number, note.text) for note in report.notes][-3:] == [(8, "Book 8."), (9, "Map."), (10, "Plan.")]
    assert len(report.notes) == 10
    assert (report.missing_notes, report.orphan_notes) == ((), ())


def test_the_heading_of_each_chapters_notes_at_the_top_of_a_page_is_no_running_head() -> None:
    chapters: list[list[Words]] = []
    for chapter, text in enumerate(("Mill", "Quay", "Lock")):
        entries: list[Words] = [(72, 660 - 14 * n, 9, f"{n}. {text} {chapter}{n}, 1999.") for n in (1, 2, 3)]
        words: list[Words] = [(72, y, size, words.replace("The", text)) for _, y, size, words in marked_page([1, 2, 3])]
        raised: list[Words] = [(300, 705 - 30 * row, 7, str(row + 1)) for row in range(3)]
        chapters += [[*(w for w in words if w[2] != 7), *raised], [(72, 700, 12, "Notes"), *entries]]
    report = read_report("r.pdf", making.pdf(chapters))
    assert [(note.section, note.number) for note in report.notes] == [(s, n) for s in range(3) for n in (1, 2, 3)]
