"""Numbers are read alike in digits of any script, with magnitudes, and in words."""

from __future__ import annotations

import pytest

from cite_audit.prose.letter_forms import fold_characters
from cite_audit.prose.numbers import read_digits, read_number_words


@pytest.mark.parametrize(("text", "value"), [
    ("91", 91), ("4.2 million", 4_200_000), ("4,2 млн", 4_200_000), ("420万", 4_200_000), ("٤٫٢ مليون", 4_200_000),
    ("3.5亿", 350_000_000), ("12,400", 12_400), ("12 400", 12_400), ("1.234.567", 1_234_567), ("$1.3bn", 1_300_000_000),
    ("۱۲ هزار", 12_000), ("7 מיליון", 7_000_000),
])  # fmt: skip
def test_digits_and_magnitudes_give_one_value(text: str, value: float) -> None:
    assert read_digits(fold_characters(text))[0].values[0] == value


@pytest.mark.parametrize(("text", "value"), [
    ("twenty-five", 25), ("двадцать пять", 25), ("خمسة وعشرون", 25), ("三十五", 35), ("two hundred thousand", 200_000),
    ("двох", 2), ("两百万", 2_000_000),
])  # fmt: skip
def test_number_words_give_their_value(text: str, value: float) -> None:
    assert read_number_words(fold_characters(text))[0].values[0] == value
