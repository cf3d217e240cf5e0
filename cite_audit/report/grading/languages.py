"""The language of a sentence: letters and common words of `data/attribution/languages.csv`, script first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from cite_audit.lazy_pattern import compile_lazily

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
_WORD = compile_lazily(r"[^\W\d_]+")
_URL = compile_lazily(r"(?<!\S)\S+?://\S+")
_MARKS = compile_lazily("[\u064b-\u0652\u0640]")  # Arabic vowel signs and stretching
# letters that English words often have together, and words of few other languages in plain ASCII
_ENGLISH_SHAPE = compile_lazily(r"th|wh|ck|gh|ee|oo|ea|ou|ff|ss|ct|nd|rk|[^aeious]s$|ed$|ing$|tion")
_CASED_SCRIPTS = frozenset({"latin", "cyrillic"})
FALLBACK = "en"  # of a report in plain ASCII of few words that holds no common word of any language
USUAL_BONUS = 1  # one common word is no evidence that a report changes its language
FOREIGN_WORD = 2  # common words that one word with letters of other languages outweighs
MIN_DENSITY = 12  # words in Latin letters among which there is a common word of their language


class Language(NamedTuple):
    """`has_table`: whether attribution can be read in it. `letters`: those that few of its script have."""

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
    others = sum(map(str.isalpha, text)) - sum(counts.values())  # of scripts that no table has
    return script if counts[script] > others else ""


@lru_cache(maxsize=4096)
def detect_language(text: str, usual: str = "") -> str:
    """The code of a text's language (ISO 639), or empty where nothing tells.

    Common words speak for a language, and words with letters that it does not have against it; names may have any
    letters. `usual`, the language of the report, counts as one word more.
    """
    text = _MARKS.sub("", unicodedata.normalize("NFC", _URL.sub(" ", text)))
    script = detect_script(text)
    candidates = [language for language in load_languages().values() if language.script == script]
    if script == "han" and usual == "ja":
        return usual
    if len(candidates) == 1:
        return candidates[0].code
    words = _WORD.findall(text)
    scores = _score_languages(candidates, words, script)
    if usual in scores and (scores[usual] > 0 or (scores[usual] == 0 and _may_lack_common_words(usual, words))):
        scores[usual] += USUAL_BONUS
    best = max(scores.values(), default=0)
    leaders = [code for code, score in scores.items() if score == best and best > 0]
    code = leaders[0] if len(leaders) == 1 else usual if usual in leaders else ""
    return "" if script == "latin" and code != usual and best * MIN_DENSITY < len(words) else code


@lru_cache(maxsize=32)
def _collect_special_letters(script: str) -> frozenset[str]:
    """The letters that some language of a script has and not every one."""
    return frozenset().union(*(each.letters for each in load_languages().values() if each.script == script))


def _score_languages(candidates: Iterable[Language], words: list[str], script: str) -> dict[str, int]:
    scores = {language.code: 0 for language in candidates}
    special_letters = _collect_special_letters(script)
    for word in words:
        lowered = word.lower()
        for code in _map_words().get(lowered, ()):
            if code in scores:
                scores[code] += 1
        special = special_letters.intersection(lowered)
        if special and not (script in _CASED_SCRIPTS and word[0].isupper()):
            for code in scores:
                if not special <= load_languages()[code].letters:
                    scores[code] -= FOREIGN_WORD
    return scores


def _may_lack_common_words(code: str, words: list[str]) -> bool:
    """Whether a sentence without any common word may be in a language; English hardly does without them."""
    return code != FALLBACK or _looks_english(words)


def _looks_english(words: list[str]) -> bool:
    """Whether every other word, in plain ASCII, is spelt as English words are."""
    return all(map(str.isascii, words)) and 2 * sum(bool(_ENGLISH_SHAPE.search(word)) for word in words) >= len(words)


def detect_usual_language(sentences: Iterable[str], declared: str = "") -> str:
    """The language of most of a report: what it declares, else what its sentences together look like."""
    code = declared[:2].lower()
    if code in load_languages():
        return code
    text = " ".join(sentences)[:4000]
    return detect_language(text) or (FALLBACK if _looks_english(_WORD.findall(text)) else "")
