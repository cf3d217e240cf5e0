"""The language of a sentence: letters and common words of `data/attribution/languages.csv`, script first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parent / "data" / "attribution"

# script → a class of characters that only it has; the first that a sentence holds most of decides
_SCRIPTS = {
    "latin": "a-zA-ZÀ-ɏ",
    "cyrillic": "Ѐ-ӿ",
    "arabic": "؀-ۿ",
    "hebrew": "֐-׿",
    "han": "一-鿿㐀-䶿",
    "kana": "぀-ヿ",
    "hangul": "가-힯",
    "georgian": "Ⴀ-ჿ",
    "armenian": "԰-֏",
    "greek": "Ͱ-Ͽ",
    "thai": "฀-๿",
    "devanagari": "ऀ-ॿ",
    "bengali": "ঀ-৿",
    "ethiopic": "ሀ-፿",
}
_WORD = re.compile(r"[^\W\d_]+")
_URL = re.compile(r"\S+://\S+")
FALLBACK = "en"  # of a report in plain ASCII that holds no common word of any language
USUAL_BONUS = 1  # one common word is no evidence that a report changes its language
LETTER_HITS = 2  # a letter that only one language of a script has says more than a word


class Language(NamedTuple):
    """`has_table`: whether attribution can be read in it."""

    code: str
    script: str
    has_table: bool
    letters: frozenset[str]
    words: frozenset[str]


@lru_cache(maxsize=1)
def load_languages() -> dict[str, Language]:
    """The languages that are told apart, by ISO 639-1 code."""
    lines = (DATA / "languages.csv").read_text("utf-8").splitlines()[1:]
    return {
        code: Language(code, script, table == "yes", frozenset(letters), frozenset(words.split()))
        for code, table, script, letters, words in (line.split(",") for line in lines)
    }


@lru_cache(maxsize=1)
def _map_words() -> dict[str, list[str]]:
    """The languages that each common word belongs to."""
    codes_by_word: dict[str, list[str]] = {}
    for language in load_languages().values():
        for word in language.words:
            codes_by_word.setdefault(word, []).append(language.code)
    return codes_by_word


@lru_cache(maxsize=1)
def _compile_scripts() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(f"[{characters}]") for name, characters in _SCRIPTS.items()}


def detect_script(text: str) -> str:
    """The script of most of a text's letters; Japanese where kana stand among Han characters."""
    if text.isascii():
        return "latin" if any(map(str.isalpha, text)) else ""
    counts = {name: len(pattern.findall(text)) for name, pattern in _compile_scripts().items()}
    if counts["kana"]:
        return "kana"
    script = max(counts, key=lambda name: counts[name])
    return script if counts[script] else ""


@lru_cache(maxsize=4096)
def detect_language(text: str, usual: str = "") -> str:
    """The ISO 639-1 code of a text's language, or empty where nothing tells.

    `usual`, the language of the report, counts as one word more, unless letters that it does not have speak against it.
    """
    text = _URL.sub(" ", text)
    script = detect_script(text)
    candidates = [language for language in load_languages().values() if language.script == script]
    if len(candidates) == 1:
        return candidates[0].code
    scores = dict.fromkeys((language.code for language in candidates), 0)
    for word in _WORD.findall(text.lower()):
        for code in _map_words().get(word, ()):
            if code in scores:
                scores[code] += 1
    if not text.isascii():
        letters = set(text.lower())
        for language in candidates:
            scores[language.code] += LETTER_HITS * len(letters & language.letters)
    if usual in scores and (scores[usual] or script != "latin" or text.isascii()):
        scores[usual] += USUAL_BONUS
    best = max(scores.values(), default=0)
    leaders = [code for code, score in scores.items() if score == best and best]
    return leaders[0] if len(leaders) == 1 else usual if usual in leaders else ""


def detect_usual_language(sentences: Iterable[str], declared: str = "") -> str:
    """The language of most of a report: what it declares, else what its sentences together look like."""
    code = declared[:2].lower()
    if code in load_languages():
        return code
    text = " ".join(sentences)[:4000]
    return detect_language(text) or (FALLBACK if text.isascii() else "")
