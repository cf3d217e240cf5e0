"""From lines as drawn, left to right, to lines as read."""

from __future__ import annotations

import pytest

from cite_audit.parse.readers.pdf.bidi import Span, mirror_brackets, order_spans, order_spans_from_left


def spell(line: str, spans: list[Span]) -> str:
    """The text of spans: those that run from right to left are single characters, already in order."""
    return mirror_brackets([(line[first:end], is_left_to_right) for first, end, is_left_to_right in spans])


def drawn(text: str) -> str:
    """Hebrew as drawn: reversed."""
    return text[::-1]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (f"https://a.example/b {drawn('ספר')}", "ספר https://a.example/b"),
        (f"https://a.example/b ,2019 {drawn('ספר')}", "ספר 2019, https://a.example/b"),
        ("https://a.example/b .1", "1. https://a.example/b"),
        ("https://a.example/b [1]", "[1] https://a.example/b"),
        ("https://a.example/b ]1[", "[1] https://a.example/b"),
        (f"//:https ,{drawn('ספר')}", "ספר, https://"),
        ("https://a.example/b-", "https://a.example/b-"),
        ("Nature 12", "Nature 12"),
        (f"Nature 2019־{drawn('ב')}", "ב־2019 Nature"),
        (f"67–45 :(2021) 12 {drawn('כרך')}", "כרך 12 (2021): 45–67"),
        ("2018-12-12", "2018-12-12"),
        ("12 2023 " + drawn("ביוני"), "12 ביוני 2023"),
    ],
)
def test_a_line_from_the_right(line: str, text: str) -> None:
    assert spell(line, order_spans(line)) == text


def test_a_raised_number_at_the_right_edge_is_the_label_of_what_is_left_of_it() -> None:
    line = "https://a.example/b1"
    assert spell(line, order_spans(line, frozenset([len(line) - 1]))) == "1https://a.example/b"


def test_a_raised_number_is_no_decimal_of_the_year_before_it() -> None:
    line = f"1.2019 {drawn('נסגר')}"
    assert spell(line, order_spans(line, frozenset([0]))) == "נסגר 2019.1"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (f"1. {drawn('ספר')}, https://a.example/b", "1. ספר, https://a.example/b"),
        (f"[1] 14 {drawn('עמ')} ,{drawn('ספר')}.", "[1] ספר, עמ 14."),
        (f"12 2023 {drawn('ביוני')}", "12 ביוני 2023"),
        ("The mill closed in 2019.", "The mill closed in 2019."),
    ],
)
def test_a_line_set_from_the_left_with_words_from_the_right(line: str, text: str) -> None:
    assert spell(line, order_spans_from_left(line)) == text
