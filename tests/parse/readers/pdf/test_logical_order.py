"""Pages in Hebrew: lines begin at the right edge, numbers and addresses within them run from left to right."""

from __future__ import annotations

import pytest

from cite_audit.parse import read_report
from cite_audit.parse.readers import pdf
from cite_audit.parse.readers.base import Document
from tests.parse.readers import making
from tests.parse.readers.making import from_right

RIGHT = 540.0
TITLE = from_right(RIGHT, 730, 20, "הטחנה והגשר")
CLAIMS = ("הטחנה נסגרה", "הקונה לא ידוע", "הגשר סגור")


def read(*shown: str, links: list[making.Annotation] | None = None) -> Document:
    return pdf.read(making.pdf_of(["\n".join(shown)], {0: links or []}), "report.pdf")


def body(markers: tuple[str, ...] = ("1", "2", "3")) -> list[str]:
    """A title, and a claim with a raised marker on each line."""
    shown = [TITLE]
    for row, (claim, marker) in enumerate(zip(CLAIMS, markers, strict=True)):
        left = RIGHT - 7.2 * (len(claim) + 1)
        shown += [from_right(RIGHT, 680 - 20 * row, 12, claim, "."), from_right(left, 684 - 20 * row, 7, marker)]
    return shown


def foot(*notes: tuple[str, ...], labels: tuple[str, ...] = ("1", "2", "3")) -> list[str]:
    """Notes with raised labels, each given as the parts of its line."""
    shown = []
    for row, (label, parts) in enumerate(zip(labels, notes, strict=True)):
        y = 120 - 12 * row
        shown += [from_right(RIGHT, y + 3, 5, label), from_right(RIGHT - 4, y, 8, *parts)]
    return shown


def notes(document: Document) -> dict[str, str]:
    return {note.label: document.text[note.start : note.end] for note in document.notes}


SIMPLE = (("יומן",), ("שם",), ("פנקס",))


def test_labels_at_the_right_and_markers_at_the_left_of_words() -> None:
    document = read(*body(), *foot(*SIMPLE))
    assert notes(document) == {"1": "יומן", "2": "שם", "3": "פנקס"}
    assert [marker.label for marker in document.markers] == ["1", "2", "3"]
    assert "הטחנה נסגרה.¹" in document.text
    assert document.metadata.title == "הטחנה והגשר"


def test_persian_figures_are_labels_and_markers() -> None:
    figures = ("۱", "۲", "۳")
    document = read(*body(figures), *foot(*SIMPLE, labels=figures))
    assert notes(document) == {"1": "יומן", "2": "שם", "3": "פנקס"}
    assert [marker.label for marker in document.markers] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (("יומן הצפון", ", ", "3", " ", "במרץ", " ", "2019"), "יומן הצפון, 3 במרץ 2019"),
        (("יומן", " ", "2019", ", ", "https://a.example/b"), "יומן 2019, https://a.example/b"),
        (("https://a.example/b_(c)", "."), "https://a.example/b_(c)."),
        (("https://a.example/wiki", "/הגשר_הישן", "."), "https://a.example/wiki/הגשר_הישן."),
        (("hxxps://a[.]example/b", " ", "וגם", " ", "c[.]example"), "hxxps://a[.]example/b וגם c[.]example"),
        (("ראו ", '"It closed in 2019, he said"', ", ", "עמ ", "12"), 'ראו "It closed in 2019, he said", עמ 12'),
        (("כרך ", "12", " (", "2021", "): ", "45", "–", "67"), "כרך 12 (2021): 45–67"),
    ],
)  # fmt: skip
def test_a_line_is_read_as_it_was_written(parts: tuple[str, ...], text: str) -> None:
    """Parts are drawn from the right in turn; what stands between them is drawn as in a line from the right."""
    drawn = tuple(part if part.isascii() and any(c.isalnum() for c in part) else mirrored(part) for part in parts)
    assert notes(read(*body(), *foot(drawn, *SIMPLE[1:])))["1"] == text


def mirrored(part: str) -> str:
    """A part as drawn from the right: brackets turned, and the order of all but Hebrew, which `from_right` turns."""
    is_hebrew = any("\u0590" <= character <= "\u05ff" for character in part)
    turned = part.translate(str.maketrans("()[]", ")(]["))
    return turned if is_hebrew else turned[::-1]


def test_the_order_of_drawing_does_not_matter() -> None:
    shown = [*body(), *foot(("יומן", " ", "https://a.example/b"), *SIMPLE[1:])]
    in_turn, backwards = read(*shown), read(*reversed("\n".join(shown).split("\n")))
    assert in_turn.text == backwards.text
    assert notes(in_turn) == notes(backwards)


def test_an_address_broken_over_two_lines_is_one() -> None:
    shown = [*body(), *foot(("יומן", " ", "https://a.example/2019/"), *SIMPLE[1:])[:2]]
    shown += [from_right(RIGHT, 108, 8, "ledger-of-grain.html")]
    shown += [from_right(RIGHT, 99, 5, "2"), from_right(RIGHT - 4, 96, 8, "שם")]
    shown += [from_right(RIGHT, 87, 5, "3"), from_right(RIGHT - 4, 84, 8, "פנקס")]
    report = read_report("report.pdf", making.pdf_of(["\n".join(shown)]))
    assert [link.url for note in report.notes for link in note.links] == ["https://a.example/2019/ledger-of-grain.html"]


def test_an_annotation_covers_the_words_in_its_box_as_drawn() -> None:
    right = RIGHT - 4 - 4.8 * len("יומן ")
    width = 4.8 * len("Ledger")
    box = (right - width, 117.0, right, 127.0, "https://a.example/ledger")
    document = read(*body(), *foot(("יומן", " ", "Ledger", " ", "שם"), *SIMPLE[1:]), links=[box])
    assert [(document.text[href.start : href.end], href.target) for href in document.hrefs] == [
        ("Ledger", "https://a.example/ledger")
    ]


def test_a_misplaced_box_gives_way_to_the_address_printed_beside_it() -> None:
    box = (RIGHT - 30, 117.0, RIGHT - 4, 127.0, "https://a.example/ledger")
    shown = [*body(), *foot(("יומן", " ", "https://a.example/ledger"), *SIMPLE[1:])]
    report = read_report("report.pdf", making.pdf_of(["\n".join(shown)], {0: [box]}))
    assert [link.url for note in report.notes for link in note.links] == ["https://a.example/ledger"]


def test_an_english_page_with_a_hebrew_name_is_left_as_it_is() -> None:
    line = making.shown(72, 700, 12, "The ledger of the mill was kept by")
    document = read(line, f"BT /H 12 Tf 300 700 Td ({'יומן'[::-1].translate(making.CODES)}) Tj ET")
    assert document.text == "The ledger of the mill was kept by יומן\n"
