"""Numbers in running text: digits of any script with their magnitude, and number words."""

from __future__ import annotations

import re
from functools import lru_cache

from cite_audit.frozen_record import frozen_record
from cite_audit.lazy_pattern import compile_lazily
from cite_audit.prose.letter_forms import fold_characters, read_rows

_PACKAGE = "cite_audit.prose"
_DIGITS = compile_lazily(r"\d{1,3}(?:[., '\u00a0\u202f\u2009]\d{3})+(?:[.,]\d{1,3})?(?!\d)|\d+(?:[.,]\d+)?")
_GROUPED = compile_lazily(r"\d{1,3}(?:([., '\u00a0\u202f\u2009])\d{3})(?:\1\d{3})*")
_MAGNITUDE_BEHIND = compile_lazily(r"[\s\u00a0-]{0,2}([^\W\d_]+)")
_HAN_NUMBER = compile_lazily("[〇零一二两兩三四五六七八九十百千万萬亿億]+")
_HAN_MAGNITUDE = {"万": 10_000, "萬": 10_000, "亿": 10**8, "億": 10**8, "千": 1000, "百": 100}
_HAN_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_WORD = compile_lazily(r"[^\W\d_]+(?:'[^\W\d_]+)*")


@frozen_record
class ReadNumber:
    """A number at `start`…`end` of a text; `values` are all that its separators may mean, the likeliest first.

    `step`: the last place that is printed (4.2 million: 100,000), so that a rounded number meets the exact one.
    """

    start: int
    end: int
    values: tuple[float, ...]
    step: float = 1.0
    is_word: bool = False


@lru_cache(maxsize=1)
def _load_magnitudes() -> dict[str, int]:
    return {row["stem"]: int(row["value"]) for row in read_rows(_PACKAGE, "magnitudes")}


@lru_cache(maxsize=1)
def _load_number_words() -> dict[str, int]:
    tables = (*read_rows(_PACKAGE, "number-words"), *read_rows(_PACKAGE, "number-forms"))
    return {fold_characters(row["word"]): int(row["value"]) for row in tables}


@lru_cache(maxsize=4096)
def magnitude_of(word: str) -> int:
    """What a folded word multiplies the number before it by; 1 where it is no such word. Endings are allowed."""
    table = _load_magnitudes()
    for length in range(len(word), max(len(word) - 4, 2), -1):
        if word[:length] in table:
            return table[word[:length]]
    return table.get(word, 1)


def read_digits(folded: str) -> list[ReadNumber]:
    """The numbers that are written in digits, in their order."""
    found = []
    for match in _DIGITS.finditer(folded):
        values, step = _read_value(match[0])
        end = match.end()
        factor = _HAN_MAGNITUDE.get(folded[end : end + 1], 0)
        if factor:
            end += 1
            if folded[end : end + 1] in ("亿", "億", "万", "萬"):
                factor *= _HAN_MAGNITUDE[folded[end]]
                end += 1
        elif (behind := _MAGNITUDE_BEHIND.match(folded, end)) and (factor := magnitude_of(behind[1])) > 1:
            end = behind.end()
        factor = max(factor, 1)
        found.append(ReadNumber(match.start(), end, tuple(value * factor for value in values), step * factor))
    return found


def _read_value(digits: str) -> tuple[tuple[float, ...], float]:
    """All that digits with their separators may mean, and the value of the last printed place."""
    if digits.isdigit():
        return (float(digits),), 1.0
    grouped = _GROUPED.match(digits)
    if grouped:
        tail = digits[grouped.end() :]
        whole = float(re.sub(r"\D", "", grouped[0]) + (f".{tail[1:]}" if tail else ""))
        step = 10.0 ** -len(tail[1:]) if tail else 1.0
        head, _, last = digits.replace(",", ".").rpartition(".")
        if digits.count(".") + digits.count(",") == 1 and head.isdigit() and not tail:
            return (whole, float(f"{head}.{last}")), step
        return (whole,), step
    head, _, last = digits.replace(",", ".").rpartition(".")
    return (float(f"{head}.{last}"),), 10.0 ** -len(last)


def read_number_words(folded: str, words: list[tuple[str, int, int]] | None = None) -> list[ReadNumber]:
    """The numbers that are written in words (twenty-five, zwei Millionen, 三十五), in their order."""
    table = _load_number_words()
    words = words if words is not None else [(match[0], match.start(), match.end()) for match in _WORD.finditer(folded)]
    found: list[ReadNumber] = []
    run: list[int] = []
    start = end = 0
    for word, word_start, word_end in words:
        value = table.get(word)
        if value is None and word[:1] in "وו" and len(word) > 2:
            value = table.get(word[1:])
        factor = magnitude_of(word) if value is None and len(word) > 2 else 1
        if run and word_start - end > 4:
            found.append(_finish_words(run, start, end))
            run = []
        if value is not None or (factor > 1 and run):
            start = start if run else word_start
            run.append(value if value is not None else factor)
            end = word_end
    if run:
        found.append(_finish_words(run, start, end))
    return found + (_read_han(folded) if _HAN_NUMBER.search(folded) else [])


def _finish_words(run: list[int], start: int, end: int) -> ReadNumber:
    total = current = 0
    for value in run:
        if value >= 1000:
            total, current = total + max(current, 1) * value, 0
        elif value == 100 and 0 < current < 100:
            current *= 100
        else:
            current += value
    return ReadNumber(start, end, (float(total + current), *map(float, run)), 1.0, True)


def _read_han(folded: str) -> list[ReadNumber]:
    found = []
    for match in _HAN_NUMBER.finditer(folded):
        total = section = digit = 0
        for character in match[0]:
            if character in _HAN_DIGITS:
                digit = digit * 10 + _HAN_DIGITS[character]
            elif character == "十":
                section, digit = section + max(digit, 1) * 10, 0
            elif character in "百千":
                section, digit = section + max(digit, 1) * _HAN_MAGNITUDE[character], 0
            else:
                total, section, digit = (total + max(section + digit, 1)) * _HAN_MAGNITUDE[character], 0, 0
        found.append(ReadNumber(match.start(), match.end(), (float(total + section + digit),), 1.0, True))
    return found
