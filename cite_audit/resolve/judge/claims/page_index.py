"""What of a page is compared with facts: its words with their places, its numbers, its days. Made once a page."""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import date, timedelta
from functools import cached_property

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.prose.calendar import ReadDate, read_dates
from cite_audit.prose.language import detect_language
from cite_audit.prose.letter_forms import fold_characters, strip_widthless
from cite_audit.prose.numbers import ReadNumber, read_digits, read_number_words
from cite_audit.resolve.judge.claims.sounds import KEY_LENGTH, load_han, word_key

MAX_TEXT = 80_000  # characters of a page that are compared
_WORD = compile_lazily(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_ARABIC_PREFIX = compile_lazily("(?:و|ف)?(?:ب|ل|ك|س)?(?:ال|لل)?")
_HEBREW_PREFIX = compile_lazily("[ושכבלמה]{1,2}")
_CASELESS = compile_lazily("[\u0590-\u06ff\u0400-\u052f\u0370-\u03ff]")
_LATIN = compile_lazily("[a-z]")
_MAX_HAN_NAME = 7
Span = tuple[int, int]


class PageIndex:
    """The text of a page, ready to be asked for facts. `own_day`: the day on which it says that it was published."""

    def __init__(self, text: str, own_day: date | None = None) -> None:
        self.text = strip_widthless(text[:MAX_TEXT])
        self.folded = fold_characters(self.text)
        self.language = detect_language(self.text)
        self.own_day = own_day
        self.with_article: set[str] = set()  # words that are no names: they have an article
        self.words: list[tuple[str, int, int]] = [
            (match[0], match.start(), match.end()) for match in _WORD.finditer(self.folded)
        ]

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """The places of each word, as indexes of `words`; words with a prefix of Arabic or Hebrew also without it."""
        places: dict[str, list[int]] = {}
        for index, (word, _, _) in enumerate(self.words):
            places.setdefault(word, []).append(index)
        prefix = _ARABIC_PREFIX if self.language in ("ar", "fa") else _HEBREW_PREFIX if self.language == "he" else None
        if prefix:
            for word in [*places]:
                self._add_without_prefix(word, prefix, places)
        return places

    def _add_without_prefix(self, word: str, prefix: re.Pattern[str], places: dict[str, list[int]]) -> None:
        """The word without what may stand before a noun; foreign names have no article."""
        if word.startswith("ال"):
            self.with_article.add(word)
        match = prefix.match(word)
        for cut in range(1, match.end() + 1) if match else ():
            rest = word[cut:]
            if len(rest) < 3:
                break
            if rest not in places and ("ال" in word[:cut] or "ה" in word[:cut] or rest.startswith("ال")):
                self.with_article.add(rest)
            places.setdefault(rest, []).extend(places[word])

    @cached_property
    def joined_words(self) -> str:
        """The words in their order, a space round each."""
        return f" {' '.join(word for word, _, _ in self.words)} "

    @cached_property
    def sorted_words(self) -> list[str]:
        return sorted(self.places)

    def words_from(self, stem: str, endings: int) -> list[str]:
        """The words that are a stem with at most so many letters more."""
        found = []
        for place in range(bisect_left(self.sorted_words, stem), len(self.sorted_words)):
            word = self.sorted_words[place]
            if not word.startswith(stem):
                break
            if len(word) - len(stem) <= endings:
                found.append(word)
        return found

    @cached_property
    def by_sound(self) -> dict[str, list[str]]:
        """Words that may be names by the consonant classes that they begin with; with capitals where there are any."""
        keys: dict[str, list[str]] = {}
        has_capitals = self.language in ("ru", "uk", "el") or not _CASELESS.search(self.folded)
        for word, places in self.places.items():
            if (
                len(word) < 2
                or word in self.with_article
                or (has_capitals and not any(self._has_capital(place) for place in places[:8]))
            ):
                continue
            key = word_key(word)
            for length in range(1, min(len(key), KEY_LENGTH) + 1):
                if length == KEY_LENGTH or len(key) - length <= 3:
                    keys.setdefault(key[:length], []).append(word)
        return keys

    def _has_capital(self, place: int) -> bool:
        return self.text[self.words[place][1]].isupper()

    @cached_property
    def han_names(self) -> dict[str, list[tuple[int, int]]]:
        """Stretches of characters that spell foreign names, by the consonant classes of all of their characters."""
        table, keys = load_han(), {}
        text, end = self.folded, len(self.folded)
        keys = dict[str, list[tuple[int, int]]]()
        for start in range(end):
            if text[start] not in table:
                continue
            key = ""
            for stop in range(start, min(start + _MAX_HAN_NAME, end)):
                if text[stop] not in table:
                    break
                key += table[text[stop]][0]
                if stop > start:
                    keys.setdefault(key, []).append((start, stop + 1))
        return keys

    @cached_property
    def numbers(self) -> list[ReadNumber]:
        return [*read_digits(self.folded), *read_number_words(self.folded, self.words)]

    @cached_property
    def values(self) -> list[tuple[float, int, int]]:
        """All values that the page's numbers may mean, in order, each with the place of the number."""
        return sorted((value, read.start, read.end) for read in self.numbers for value in read.values)

    @cached_property
    def dates(self) -> list[ReadDate]:
        return read_dates(self.folded)

    @cached_property
    def days(self) -> dict[tuple[int, int, int], Span]:
        """Where each (year, month, day) is printed first; what a date lacks is 0, and each part is there alone, too."""
        days: dict[tuple[int, int, int], Span] = {}
        for read in self.dates:
            span = read.start, read.end
            for key in (
                (read.year, read.month, read.day), (0, read.month, read.day), (read.year, 0, 0), (0, read.month, 0),
                (read.year, read.month, 0),
            ):  # fmt: skip
                if any(key):
                    days.setdefault(key, span)
        for shift in (-1, 0, 1) if self.own_day else ():
            day = (self.own_day or date.min) + timedelta(days=shift)
            for key in (
                (day.year, day.month, day.day),
                (0, day.month, day.day),
                (day.year, 0, 0),
                (0, day.month, 0),
                (day.year, day.month, 0),
            ):
                days.setdefault(key, (0, 0))
        return days
