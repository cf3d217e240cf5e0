"""Days are read alike whatever the language, the calendar and the order."""

from __future__ import annotations

from datetime import date

import pytest

from cite_audit.prose.calendar import read_dates, solar_to_gregorian
from cite_audit.prose.letter_forms import fold_characters


@pytest.mark.parametrize("text", [
    "on September 14, 2020", "14 September 2020", "14 сентября 2020 года", "14 вересня 2020", "14 أيلول 2020",
    "14 سبتمبر 2020", "2020年9月14日", "14.09.2020", "2020-09-14", "24 شهریور 1399", "14 septembre 2020",
])  # fmt: skip
def test_one_day_in_many_spellings(text: str) -> None:
    days = {(read.year, read.month, read.day) for read in read_dates(fold_characters(text))}
    assert (2020, 9, 14) in days


@pytest.mark.parametrize(("solar", "gregorian"), [
    ((1399, 12, 30), date(2021, 3, 20)), ((1400, 1, 1), date(2021, 3, 21)), ((1403, 1, 1), date(2024, 3, 20)),
])  # fmt: skip
def test_the_persian_calendar_at_the_edges_of_its_years(solar: tuple[int, int, int], gregorian: date) -> None:
    assert solar_to_gregorian(*solar) == gregorian


def test_a_modal_verb_is_no_month() -> None:
    assert read_dates(fold_characters("They may march on.")) == []
