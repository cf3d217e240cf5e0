"""The facts of one sentence: quotations, days, numbers, names, in the order in which they are printed."""

from __future__ import annotations

import re
from functools import lru_cache

from cite_audit.model import Fact, FactKind
from cite_audit.parse.facts.names import WordForms, find_names
from cite_audit.prose.calendar import read_dates
from cite_audit.prose.letter_forms import fold_characters
from cite_audit.prose.numbers import ReadNumber, read_digits, read_number_words

_QUOTATION = re.compile(r"[“„«]([^“”„«»]{12,600})[”“»]|(?<!\w)\"(?=\S)([^\"]{12,600})(?<=\S)\"|「([^」]{6,300})」")
_CURRENCY = re.compile(r"[$€£¥₽₴₪₺₹]\s?$|(?:usd|eur|us|rub|uah|gbp)\$?\s?$")
_CURRENCY_BEHIND = re.compile(
    r"\s?(?:[$€£¥₽₴₪₺₹]|(?:us\s)?dollar|euro|pound|ruble|rouble|yuan|hryvn|rial|shekel|рубл|доллар|евро|гривен|usd|eur)"
)
_PERCENT_BEHIND = re.compile(r"\s?(?:%|٪|per\s?cent|percent|prozent|pour cent|por ciento|процент|відсот)")
_CONVERSION = re.compile(
    r"[(\[][^)\]]{0,12}[$€£¥₽₴₪₺₹][^)\]]*[)\]]|[(\[][^)\]]*\d\s?(?:km|mi|miles|ft|feet|lb|lbs|kg|°[cf]|m|metres|meters)[)\]]",
    re.I,
)
_NO_NUMBER_BEHIND = re.compile(r"\s?(?:st|nd|rd|th)\b")
_ADDRESS = re.compile(r"\S*(?://|www\.|\[\.\])\S*")
_MIN_NUMBER, _MIN_NUMBER_WORD = 4, 4  # smaller ones stand on every page, in words or in none
_MIN_QUOTED_WORDS = 3
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_HEADLINE_SHARE = 0.75


@lru_cache(maxsize=1024)
def _fold(sentence: str) -> str:
    return fold_characters(sentence)


def extract_facts(sentence: str, forms: WordForms, language: str = "") -> tuple[Fact, ...]:
    """The facts of a sentence; those inside a quotation count besides it."""
    folded = _fold(sentence)
    taken = [match.span() for match in _CONVERSION.finditer(folded)] + [
        match.span() for match in _ADDRESS.finditer(folded)
    ]
    facts = _find_dates(sentence, folded, taken)
    taken += [(fact.start, fact.end) for fact in facts]
    facts += _find_numbers(sentence, folded, taken)
    names = [] if _is_headline(sentence) else find_names(sentence, forms, has_noun_capitals=language == "de")
    facts += [name for name in names if not _overlaps(name.start, name.end, taken)]
    facts += _find_quotations(sentence)
    unique = {fact.key: fact for fact in reversed(facts)}
    return tuple(sorted(unique.values(), key=lambda fact: (fact.start, fact.end)))


def _is_headline(sentence: str) -> bool:
    """Whether nearly all longer words have a capital, so that none of them shows a name."""
    words = _LONG_WORD.findall(sentence)
    return len(words) >= 5 and sum(word[0].isupper() for word in words) > _HEADLINE_SHARE * len(words)


def _overlaps(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(start < other_end and other_start < end for other_start, other_end in spans)


def _find_dates(sentence: str, folded: str, taken: list[tuple[int, int]]) -> list[Fact]:
    facts: list[Fact] = []
    for read in read_dates(folded):
        if _overlaps(read.start, read.end, [*taken, *((fact.start, fact.end) for fact in facts)]):
            continue
        text = sentence[read.start : read.end]
        facts.append(Fact(FactKind.DATE, text, read.start, read.end, year=read.year, month=read.month, day=read.day))
    return facts


def _find_numbers(sentence: str, folded: str, taken: list[tuple[int, int]]) -> list[Fact]:
    facts = []
    for read in (*read_digits(folded), *read_number_words(folded)):
        least = _MIN_NUMBER_WORD if read.is_word else _MIN_NUMBER
        is_attached = folded[read.start - 1 : read.start].isalpha() or folded[read.end : read.end + 1].isalpha()
        if read.values[0] < least or is_attached or _overlaps(read.start, read.end, taken):
            continue
        if not read.is_word and _NO_NUMBER_BEHIND.match(folded, read.end):
            continue
        kind = _classify_number(folded, read)
        facts.append(
            Fact(kind, sentence[read.start : read.end], read.start, read.end, values=read.values, step=read.step)
        )
    return facts


def _classify_number(folded: str, read: ReadNumber) -> FactKind:
    if _PERCENT_BEHIND.match(folded, read.end):
        return FactKind.PERCENTAGE
    is_money = _CURRENCY.search(folded[max(read.start - 5, 0) : read.start]) or _CURRENCY_BEHIND.match(folded, read.end)
    return FactKind.MONEY if is_money else FactKind.NUMBER


def _find_quotations(sentence: str) -> list[Fact]:
    facts = []
    for match in _QUOTATION.finditer(sentence):
        text = match[1] or match[2] or match[3]
        if len(text.split()) >= _MIN_QUOTED_WORDS or match[3]:
            start = match.start() + 1
            facts.append(
                Fact(FactKind.QUOTATION, text, start, start + len(text), words=tuple(fold_characters(text).split()))
            )
    return facts
