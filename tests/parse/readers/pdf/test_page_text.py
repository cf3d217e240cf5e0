"""Type sizes, raised figures and hyphens, as the content streams of different producers give them."""

from __future__ import annotations

import pytest

from cite_audit.parse.readers import pdf
from cite_audit.parse.readers.base import Document
from tests.parse.readers import making

BODY = "The store stood at the lower bridge since the county had been founded there."


def read(*streams: str) -> Document:
    return pdf.read(making.pdf_of(streams), "report.pdf")


def labels(document: Document) -> tuple[list[str], list[str]]:
    """The labels of the notes and those of the markers."""
    return [note.label for note in document.notes], [marker.label for marker in document.markers]


def sized(x: float, y: float, size: float, text: str) -> str:
    """Words whose size is in `Tf` (Word, LaTeX)."""
    return making.shown(x, y, size, text)


def in_text_matrix(x: float, y: float, size: float, text: str) -> str:
    """Words whose size is in the text matrix (InDesign, Quartz)."""
    return f"BT /F 1 Tf {size} 0 0 {size} {x} {y} Tm ({making.escaped(text)}) Tj ET"


def in_page_matrix(x: float, y: float, size: float, text: str) -> str:
    """Words whose size is in the page's matrix, turned over (cairo, Skia)."""
    return f"q {size} 0 0 -{size} {x} {y} cm BT /F 1 Tf 1 0 0 -1 0 0 Tm ({making.escaped(text)}) Tj ET Q"


@pytest.mark.parametrize("show", [sized, in_text_matrix, in_page_matrix])
def test_raised_numbers_and_note_type_are_known_wherever_the_size_stands(show) -> None:  # type: ignore[no-untyped-def]
    page = [show(72, 700, 18, "The Grain Ledger"), show(72, 660, 12, "The store was sold."), show(181, 665, 7, "1")]
    page += [show(72, 640 - 14 * i, 12, BODY) for i in range(8)]
    page += [show(72, 104, 6, "1"), show(77, 100, 9, "Ledger, https://a.example/sale")]
    document = read("\n".join(page))
    assert labels(document) == (["1"], ["1"])
    assert "sold. \N{SUPERSCRIPT ONE}" in document.text
    assert document.metadata.title == "The Grain Ledger"


def test_figures_that_the_font_itself_raises_are_markers_and_labels() -> None:
    """OpenType `sups`, as Typst sets notes: the size is that of the text, the figures are drawn higher."""
    text = (
        "BT /F 11 Tf 72 700 Td (The store was sold.) Tj /S 11 Tf (1) Tj /F 11 Tf ( It burned.) Tj /S 11 Tf (2) Tj ET "
    )
    first = "BT /S 9 Tf 72 100 Td (1) Tj /F 9 Tf (Ledger, page 4.) Tj ET "
    second = "BT /S 9 Tf 72 88 Td (2) Tj /F 9 Tf (See https://a.example/fire) Tj ET"
    document = read(text + first + second)
    assert labels(document) == (["1", "2"], ["1", "2"])


def test_a_soft_hyphen_that_is_drawn_stays_in_the_address() -> None:
    stream = making.shown(72, 700, 12, "See https://a.example/operation\x01river/two.html for it.")
    assert "https://a.example/operation-river/two.html" in read(stream).text


def test_numbers_drawn_after_their_line_stand_where_the_line_leaves_room_for_them() -> None:
    """Google Docs draws a line's words first, then its raised numbers."""
    line = "BT /F 12 Tf 72 700 Td (The store was sold.) Tj 113 0 Td (It burned.) Tj ET"
    numbers = [making.shown(179, 705, 7, "1"), making.shown(241, 705, 7, "2")]
    feet = [making.shown(72, 104, 6, "1"), making.shown(77, 100, 9, "Ledger.")]
    feet += [making.shown(72, 92, 6, "2"), making.shown(77, 88, 9, "Fire book.")]
    body = [making.shown(72, 680 - 14 * i, 12, BODY) for i in range(8)]
    document = read("\n".join([line, *numbers, *body, *feet]))
    assert document.text.startswith("The store was sold.\N{SUPERSCRIPT ONE} It burned. \N{SUPERSCRIPT TWO}\n")
    assert labels(document) == (["1", "2"], ["1", "2"])


def test_a_number_without_room_in_the_line_below_it_is_left_alone() -> None:
    stream = making.shown(72, 700, 12, BODY) + "\n" + making.shown(200, 705, 7, "3")
    assert BODY in read(stream).text
