"""The tables of attribution: one a language, `data/attribution/*.toml`, normalised for comparison."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.report.grading.languages import DATA

_ARABIC_FORMS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ک": "ك", "ی": "ي"}
)
_PERSIAN_FORMS = str.maketrans({"ي": "ی", "ك": "ک", "\u200c": "", "أ": "ا", "ئ": "ئ"})
_HEBREW_FORMS = str.maketrans({"״": '"', "׳": "'", "”": '"', "“": '"'})
_VOWEL_SIGNS = compile_lazily("[\u064b-\u0652\u0640\u0591-\u05c7\u200e\u200f]")
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'"})


def _normalize_arabic(text: str) -> str:
    return _VOWEL_SIGNS.sub("", text).translate(_ARABIC_FORMS)


def _normalize_persian(text: str) -> str:
    return _VOWEL_SIGNS.sub("", text).translate(_PERSIAN_FORMS)


def _normalize_hebrew(text: str) -> str:
    return _VOWEL_SIGNS.sub("", text).translate(_HEBREW_FORMS)


def _normalize_cased(text: str) -> str:
    return text.lower().translate(_APOSTROPHES)


# language → how its spelling is made one, and the one-letter words that are written together with the next
_NORMALIZERS: dict[str, Callable[[str], str]] = {
    "ar": _normalize_arabic,
    "fa": _normalize_persian,
    "he": _normalize_hebrew,
}
_PROCLITICS = {"ar": "وفبلك", "he": "והשכלבמ"}
_VERB_PROCLITICS = {"ar": "وف", "he": "וש"}  # “and”, “that”: a preposition before a verb makes another word
_VERB_LISTS = frozenset({"verbs", "weak_verbs", "reports", "acts", "acts_alone"})
_MIN_STEM = 2  # letters that must remain when a one-letter word is taken off
_WORDS = {"he": compile_lazily(r"[^\W\d_]+(?:[\"'][^\W\d_]+)*"), "": compile_lazily(r"[^\W_]+(?:['’][^\W_]+)?")}


class WordList:
    """Words, some with a star for any ending."""

    def __init__(self, text: str) -> None:
        words = text.split()
        self.words = frozenset(word for word in words if not word.endswith("*"))
        self.stems = tuple(word[:-1].replace("?", "") for word in words if word.endswith("*"))

    def has_word(self, word: str) -> bool:
        """Whether a normalised word is one of them."""
        return word in self.words or word.startswith(self.stems)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AttributionTable:
    """How one language says who says so; `lists` are the word lists by name, `phrases` the lists of phrases."""

    language: str
    cased: bool
    spaced: bool
    lists: dict[str, WordList]
    phrases: dict[str, tuple[str, ...]]
    patterns: dict[str, re.Pattern[str] | None]

    def has(self, name: str, word: str) -> bool:
        """Whether a normalised word stands in a list, one-letter words before it passed over."""
        words = self.lists[name]
        proclitics = (_VERB_PROCLITICS if name in _VERB_LISTS else _PROCLITICS).get(self.language, "")
        return any(words.has_word(form) for form in _iterate_forms(word, proclitics))

    def normalize(self, text: str) -> str:
        """A text as the lists spell it."""
        return _NORMALIZERS.get(self.language, _normalize_cased)(text)

    def split_words(self, text: str) -> list[str]:
        """The words of a text, in its own spelling."""
        return _WORDS.get(self.language, _WORDS[""]).findall(text)


def _iterate_forms(word: str, proclitics: str) -> Iterator[str]:
    """A word as it stands, and without the one-letter words before it."""
    yield word
    if word[1:2] == "'":  # l'administration, d'autres
        yield word[2:]
    while proclitics and len(word) > _MIN_STEM and word[0] in proclitics:
        word = word[1:]
        yield word


PHRASE_LISTS = ("verb_phrases", "according", "according_after", "statements")
WORD_LISTS = (
    "verbs", "weak_verbs", "reports", "offices", "outlets", "pronouns", "hedges", "openers", "speech", "determiners",
    "passive", "impersonal", "military", "acts", "act_objects", "acts_alone", "complement",
)  # fmt: skip


@lru_cache(maxsize=16)
def load_table(language: str) -> AttributionTable:
    """The table of a language that has one. Raises FileNotFoundError for others."""
    content: dict[str, Any] = tomllib.loads((DATA / f"{language}.toml").read_text("utf-8"))
    normalize = _NORMALIZERS.get(language, _normalize_cased)
    phrases = {
        name: tuple(normalize(line.strip()) for line in content.get(name, "").splitlines() if line.strip())
        for name in PHRASE_LISTS
    }
    return AttributionTable(
        language=language,
        cased=content["cased"],
        spaced=content.get("spaced", True),
        lists={name: WordList(normalize(content.get(name, ""))) for name in WORD_LISTS},
        phrases=phrases,
        patterns={name: _compile_phrases(list_, language) for name, list_ in phrases.items()},
    )


def _compile_phrases(phrases: tuple[str, ...], language: str) -> re.Pattern[str] | None:
    if not phrases:
        return None
    alternatives = "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True))
    proclitic = f"[{_PROCLITICS[language]}]?" if language in _PROCLITICS else ""
    ending = "" if language in _PROCLITICS else r"(?!\w)"  # Arabic and Hebrew write “of” together with the next word
    return re.compile(rf"(?<!\w){proclitic}(?:{alternatives}){ending}")
