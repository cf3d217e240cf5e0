"""When a note's author looked at the page."""

from __future__ import annotations

from datetime import date

import pytest

from cite_audit.parse.access_date import WORDS, find_access_date


@pytest.mark.parametrize(("note", "day"), [
    ("“Title,” Outlet, https://example.org/a, accessed September 3, 2020.", date(2020, 9, 3)),
    ("https://example.org/a (accessed on 3 September 2020)", date(2020, 9, 3)),
    ("https://example.org/a [retrieved 2020-09-03]", date(2020, 9, 3)),
    ("Название. URL: https://example.org/a (дата обращения: 03.09.2020).", date(2020, 9, 3)),
    ("https://example.org/a, abgerufen am 3. September 2020", date(2020, 9, 3)),
    ("https://example.org/a (dostęp: 3.09.2020)", date(2020, 9, 3)),
    ("“Files were accessed illegally,” Outlet, September 3, 2020 is far too far from that word to be it", None),
    ("Outlet, September 3, 2020, https://example.org/a", None),
])  # fmt: skip
def test_accessed_on(note: str, day: date | None) -> None:
    assert find_access_date(note) == day


@pytest.mark.parametrize("words", [*WORDS, "Last visited", "Last checked", "As of", "Zuletzt besucht", "ERİŞİM TARİHİ"])
def test_the_words_of_each_language_are_known_in_either_case(words: str) -> None:
    separator = "" if words.endswith(" ") else ": "
    assert find_access_date(f"https://example.org/a, {words}{separator}3.09.2020") == date(2020, 9, 3)
    assert find_access_date(f"https://example.org/a, {words.upper()}{separator}3.09.2020") == date(2020, 9, 3)
