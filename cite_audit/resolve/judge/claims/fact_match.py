"""Whether a fact stands on a page, and where."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Fact, FactKind
from cite_audit.prose.letter_forms import fold_characters
from cite_audit.resolve.judge.claims.exonyms import find_exonyms
from cite_audit.resolve.judge.claims.page_index import PageIndex, Span
from cite_audit.resolve.judge.claims.sounds import (
    R_SOUND,
    SILENT,
    is_aligned,
    load_han,
    sound_keys,
    sounds_like,
    split_sounds,
)

_LATIN_LANGUAGES = frozenset(("en", "de", "fr", "es", "it", "pl", "pt", "nl", "cs", "tr", ""))
_INFLECTED = frozenset(("ru", "uk", "pl", "cs", "tr", "el"))
_MAX_ENDING = 3  # letters that an inflected name has more
_MAX_DERIVED = 6  # letters that an adjective or an inhabitant has more than the stem of a country
_SHORT_LIMIT = (
    0.35  # of the usual cost of an alignment, for a name of one or two consonants among words without capitals
)
_CASELESS_LIMIT = 0.65  # the same for a longer name
_NEAR = 4  # characters between the parts of one name
_CASELESS = frozenset(("ar", "fa", "he", "zh", "ja"))
_CYRILLIC = compile_lazily("[\u0400-\u052f]")
_SLAVIC_ENDING = compile_lazily(
    "(?:[ауеыиюяоії]|[оеє][мйюв]|ого|его|ому|ему|ою|ею|[иыі][мх]|[ая]ми?|[ая]х|[оеі]в|ові|еві|ск(?:ий|ая|ое|ого|ому|ом|их|им|ими|ую|ой)|[сц]ьк\\w{1,3})$"
)
_COMMON_HAN = frozenset("可能大都地多日年月内里道名山明平安当本高西东海门士万外儿理力利开加成")  # in words, besides
_LATIN_WORD = compile_lazily(r"[a-z]+(?:'[a-z]+)*")
_MIN_ALIKE = 0.84  # likeness of two Latin spellings of a name: one letter of six
_MIN_QUOTED = 0.6  # share of a quotation's runs of three words


def find_fact(fact: Fact, page: PageIndex) -> Span | None:
    """Where a fact stands on a page; None where it does not."""
    if fact.kind == FactKind.QUOTATION:
        return _find_quotation(fact, page)
    if fact.kind == FactKind.DATE:
        return page.days.get((fact.year, fact.month, fact.day)) or (
            page.days.get((0, fact.month, fact.day)) if fact.day else None
        )
    if fact.values:
        return _find_number(fact, page)
    return _find_name(fact, page)


def can_compare(fact: Fact, page: PageIndex, language: str) -> bool:
    """Whether a page in its language would show a fact: a quotation and common words are translated."""
    if page.language == language:
        is_partly_there = len(fact.strong) > 1 and fact.strong[-1] in page.places
        return not (fact.kind == FactKind.NAME and is_partly_there)
    if fact.kind == FactKind.QUOTATION:
        return False
    if fact.kind == FactKind.ACRONYM:
        return find_exonyms(fact.words, page.language) is not None
    if fact.kind == FactKind.NAME:
        least = 2 if page.language in _CASELESS else 1
        has_sound = any(len(word) > 2 and count_consonants(word) >= least for word in fact.strong)
        return has_sound or find_exonyms(fact.words, page.language) is not None
    return True


def _find_quotation(fact: Fact, page: PageIndex) -> Span | None:
    words = re.findall(r"\w+", fold_characters(fact.text))
    joined = " ".join(words)
    if page.language in ("zh", "ja"):
        place = page.folded.find(joined)
        return (place, place + len(joined)) if place >= 0 else None
    runs = list(zip(words, words[1:], words[2:], strict=False))
    starts = {run: page_place for run in runs if (page_place := _find_run(run, page)) is not None}
    if not runs or len(starts) < _MIN_QUOTED * len(runs):
        return None
    first = min(starts.values())
    return page.words[first][1], page.words[min(first + len(words), len(page.words)) - 1][2]


def _find_run(run: tuple[str, ...], page: PageIndex) -> int | None:
    if f" {' '.join(run)} " not in page.joined_words:
        return None
    for place in page.places.get(run[0], ()):
        if tuple(word for word, _, _ in page.words[place : place + len(run)]) == run:
            return place
    return None


def _find_number(fact: Fact, page: PageIndex) -> Span | None:
    values = page.values
    for value in fact.values[:1] if fact.step == 1 else fact.values:
        slack = fact.step / 2 if fact.step > 1 and value >= 1000 else 0.0005 * min(fact.step, 1)
        place = bisect_left(values, (value - slack, 0, 0))
        if place < len(values) and values[place][0] <= value + slack:
            return values[place][1], values[place][2]
    return None


def _find_name(fact: Fact, page: PageIndex) -> Span | None:
    exonyms = find_exonyms(fact.words, page.language)
    if exonyms and (span := _find_any(exonyms, page)):
        return span
    if span := _find_words(fact.words, page):
        return span
    if not fact.strong or exonyms:
        return None
    last = fact.strong[-1]
    places = {last: _places_of(last, page)}
    if places[last] and (len(fact.strong) == 1 or _is_enough(last, page)):
        return places[last][0]
    if len({*fact.strong}) < (2 if places[last] else 3):
        return None  # no two parts that could stand together
    places |= {word: _places_of(word, page) for word in fact.strong if word != last}
    spans = sorted((*span, word) for word, found in places.items() for span in found[:20])
    for (start, end, word), (next_start, next_end, next_word) in pairwise(spans):
        if word != next_word and 0 <= next_start - end < _NEAR:
            return start, next_end
    return None


def _is_enough(surname: str, page: PageIndex) -> bool:
    """Whether the last part of a name tells whose it is where the other parts are not printed beside it."""
    if page.language in _LATIN_LANGUAGES:
        return False
    return page.language not in _CASELESS or count_consonants(surname) > 2


def _find_words(words: tuple[str, ...], page: PageIndex) -> Span | None:
    """Where words in Latin letters stand in their order, with nothing between them but particles."""
    for place in page.places.get(words[0], ()):
        end = place + len(words)
        if tuple(word for word, _, _ in page.words[place:end]) == words:
            return page.words[place][1], page.words[end - 1][2]
    return None


def _find_any(names: Iterable[str], page: PageIndex) -> Span | None:
    """Where one of the names stands, endings allowed."""
    for name in names:
        if page.language in ("zh", "ja"):
            place = page.folded.find(name)
            if place >= 0:
                return place, place + len(name)
            continue
        words = name.split()
        for word in _with_endings(words[0], page):
            for place in page.places[word]:
                if _follow(words, page, place):
                    return page.words[place][1], page.words[place + len(words) - 1][2]
    return None


def _with_endings(word: str, page: PageIndex) -> list[str]:
    if page.language in _INFLECTED and len(word) > 3:
        return page.words_from(word[: -2 if len(word) > 6 else -1], _MAX_DERIVED)
    if page.language in _CASELESS and len(word) > 4:
        return page.words_from(word.rstrip("اهה"), _MAX_ENDING)
    return page.words_from(word, 1 if len(word) > 3 and page.language not in _CASELESS else 0)


def _follow(words: list[str], page: PageIndex, place: int) -> bool:
    following = page.words[place : place + len(words)]
    return len(following) == len(words) and all(
        theirs.startswith(ours[: max(len(ours) - 2, 2)]) and abs(len(theirs) - len(ours)) <= _MAX_ENDING
        for ours, (theirs, _, _) in zip(words[1:], following[1:], strict=True)
    )


def _places_of(word: str, page: PageIndex) -> list[Span]:
    """Where a word of a name in Latin letters stands, as it is or by its sound."""
    spans = [page.words[place][1:] for place in page.places.get(word, ())[:20]]
    if spans:
        return spans
    exonyms = find_exonyms((word,), page.language)
    if exonyms:
        return [span] if (span := _find_any(exonyms, page)) else []
    if page.language in _CASELESS and count_consonants(word) < 2:
        return []
    if page.language in ("zh", "ja"):
        return _find_in_han(word, page)
    if len(word) < 3:
        return []
    if page.language in _LATIN_LANGUAGES:
        return [page.words[page.places[alike][0]][1:] for alike in _list_alike(word, page)[:1]]
    limit = 1.0
    if page.language in _CASELESS:
        limit = _SHORT_LIMIT if count_consonants(word) < 3 else _CASELESS_LIMIT
    for candidate in dict.fromkeys(name for key in sound_keys(word) for name in page.by_sound.get(key, ())):
        if _is_latin(candidate):
            continue
        if any(sounds_like(word, stem, limit) for stem in _list_stems(candidate)):
            spans += [page.words[place][1:] for place in page.places[candidate][:20]]
    return spans


def _list_alike(word: str, page: PageIndex) -> list[str]:
    """Words of a page in Latin letters that are a name with another ending or spelling (Zelensky, Zelenskyy)."""
    if len(word) < 5:
        return []
    near = [other for other in page.words_from(word[:3], len(word)) if abs(len(other) - len(word)) <= 2]
    return [other for other in near if _is_alike(word, other)]


@lru_cache(maxsize=32768)  # the words of a language come again on every page
def _is_alike(word: str, other: str) -> bool:
    return SequenceMatcher(None, word, other).ratio() > _MIN_ALIKE


@lru_cache(maxsize=8192)
def _list_stems(word: str) -> tuple[str, ...]:
    """A word as it is and without the endings that a Slavic name may have."""
    if not _CYRILLIC.match(word):
        return (word,)
    match = _SLAVIC_ENDING.search(word)
    return tuple(dict.fromkeys(word[:end] for end in (len(word), *((match.start(),) if match else ())) if end > 1))


@lru_cache(maxsize=8192)
def count_consonants(word: str) -> int:
    """How many consonants a name has that a spelling in another script shows."""
    return max((len(key) for key in sound_keys(word)), default=0)


@lru_cache(maxsize=4096)
def _is_latin(word: str) -> bool:
    return bool(_LATIN_WORD.fullmatch(word))


def _find_in_han(word: str, page: PageIndex) -> list[Span]:
    if len(word) < 3:
        return []
    table, spans = load_han(), []
    name = tuple(mask | SILENT if mask == R_SOUND else mask for mask in split_sounds(word)[0])
    for key in sound_keys(word, True):
        for start, end in page.han_names.get(key, ())[:40]:
            units = tuple(mask for character in page.folded[start:end] for mask in table[character][1])
            if end - start < 3 and not _COMMON_HAN.isdisjoint(page.folded[start:end]):
                continue
            if is_aligned(name, units, _SHORT_LIMIT if end - start < 3 else _CASELESS_LIMIT):
                spans.append((start, end))
    return sorted(spans)
