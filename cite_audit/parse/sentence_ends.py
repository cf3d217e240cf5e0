"""Where sentences of running text end: stops of many scripts, none of an abbreviation, initial or German ordinal.

Where it cannot be told the sentence goes on: too long a one has facts too many, too short a one has lost some.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.prose.calendar import is_month_name
from cite_audit.prose.letter_forms import fold_characters, read_rows

_NUMBERS = r"\d{1,4}(?:\s?[,;–-]\s?\d{1,4})*"
# [3], [3, 5], [^3], [iv], [*], [Rid20], \[3\], each with its target; superscripts; <sup>…</sup>; ^[a whole note]
PRINTED_MARKER = (
    rf"\\?\[(?:\^[^\]\n]{{1,60}}|{_NUMBERS}|[ivxlc]+|[*†‡§]+|[a-z]|[A-Za-z+]{{2,20}}\d{{2,4}}[a-z]?)\\?\]"
    r"(?:\([^)\n]{0,200}\))?|\[?<sup\b[^>]{0,200}>.{1,200}?</sup>\]?|\^\[[^\[\]\n]{1,1000}\]"
    r"|\[?[⁰¹²³⁴⁵⁶⁷⁸⁹ⁱᵛˣˡ]+(?:[,˒⁻–][⁰¹²³⁴⁵⁶⁷⁸⁹ⁱᵛˣˡ]+)*\]?"
)
_REMARK = r"\[[a-zа-яіїєґ][^\]\n]{1,60}\](?!\()"  # [citation needed]
_HAN_STOPS = "。！？｡"
_CLOSING = "[\"”’'“»›)\\]」』）》*_\u200b]*"
_END = compile_lazily(  # not the stops inside an address or a number, which a letter follows, or more than a marker
    rf"(?P<stop>[.!?…؟۔।{_HAN_STOPS}](?:(?<=[{_HAN_STOPS}])[{_HAN_STOPS}]*"
    rf"|(?<![{_HAN_STOPS}])[.!?…؟۔।]*(?!{_CLOSING}[A-Za-z]|\d{{1,3}}+\S|\d{{4}}))){_CLOSING}"
    rf"(?P<markers>(?:[ \t]?(?:{PRINTED_MARKER})|{_REMARK}|(?<=\D)\d{{1,3}}(?=\s)|[*_]{{1,3}}){{0,12}}[”\"»)]*)"
    r"(?=(?P<space>\s*))"
)
_OPENING = compile_lazily("[\\s\"“„«‹‘'(\\[*_–—-]*")
_LAST_WORD = compile_lazily(r"[^\W_]+(?:\s?\.[^\W\d_])*")  # backwards, from the stop: it is searched for at one place
_GERMAN_BEFORE_ORDINAL = frozenset(("ab", "am", "bis", "dem", "den", "der", "des", "die", "im", "vom", "zum"))
_WORDS_BEHIND = compile_lazily(r"\s+([^\W\d_]+)")
_ORDINAL = compile_lazily(r"\d{1,2}(?:\s+([^\W\d_]+))?")  # backwards
_HAN = (("\u3040", "\u30ff"), ("\u3400", "\u9fff"), ("\uac00", "\ud7a3"))  # a character class of them costs 5 ms
_MAX_WORD = 24  # characters before a stop that are read for its word
_MAX_BEHIND = 40


@lru_cache(maxsize=1)
def _load_abbreviations() -> dict[str, frozenset[str]]:
    words: dict[str, set[str]] = {}
    for row in read_rows("cite_audit.prose", "abbreviations"):
        words.setdefault(row["kind"], set()).update(map(fold_characters, row["words"].split()))
    return {kind: frozenset(its) for kind, its in words.items()}


@lru_cache(maxsize=1)
def _measure_abbreviations() -> int:
    """The length of the longest one; most words before a stop are longer."""
    return max(len(word) for words in _load_abbreviations().values() for word in words)


def find_sentence_ends(text: str, start: int, end: int) -> Iterator[int]:
    """Where each sentence of `text[start:end]`, one paragraph, ends behind its markers; the last one is left out."""
    for match in _END.finditer(text, start, end):
        place = match.end()
        if place >= end:
            return
        if match["stop"][0] in _HAN_STOPS:
            yield place
        elif not match["space"] and not match["markers"]:
            continue  # inside a number or an address
        elif is_lower_behind(text, place):
            if match["markers"][:1].isspace() and not _is_abbreviated(text, start, match):
                yield match.start("markers")  # “He left. [3] shows that…”
        elif match["space"] and not _is_abbreviated(text, start, match):
            yield place


def is_lower_behind(text: str, place: int) -> bool:
    """Whether what comes next begins with a small letter, as only the middle of a sentence does."""
    return _next_character(text, place).islower()


def _next_character(text: str, place: int) -> str:
    """What comes next behind spaces, quotation marks and brackets; empty at the end."""
    opening = _OPENING.match(text, place, place + _MAX_BEHIND)
    place = opening.end() if opening else place
    return text[place : place + 1]


def _is_abbreviated(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a stop belongs to the word before it."""
    if match["stop"] != ".":
        return False
    before = text[max(match.start() - _MAX_WORD, start) : match.start()]
    longest = _measure_abbreviations()
    if len(before) > longest and before[-longest - 1 :].isalpha():
        return False
    word_match = _LAST_WORD.match(before[::-1])
    if word_match is None:
        return False
    word = fold_characters("".join(word_match[0][::-1].split()))
    words = _load_abbreviations()
    last = word.rpartition(".")[2]
    if last.isdigit():
        return _is_ordinal(text, before, match) or not before[: -len(last)].strip()
    if word in words["end"]:
        return False
    if len(last) == 1:
        return last != "i" and not any(low <= last <= high for low, high in _HAN)
    return last in words["name"] or (last in words["number"] and _next_character(text, match.end()).isdigit())


def _is_ordinal(text: str, before: str, match: re.Match[str]) -> bool:
    """`am 12. März`, `im 19. Jahrhundert`."""
    ordinal = _ORDINAL.match(before[::-1])
    behind = _WORDS_BEHIND.match(text, match.end(), match.end() + _MAX_BEHIND)
    if ordinal is None or behind is None:
        return False
    return (ordinal[1] or "")[::-1].lower() in _GERMAN_BEFORE_ORDINAL or is_month_name(fold_characters(behind[1]))
