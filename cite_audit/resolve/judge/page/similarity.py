"""The similarity of two texts, and of an address and a title."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache
from urllib.parse import unquote

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.resolve.judge.tables import read_table
from cite_audit.urls.parts import path_and_query

_WORD = compile_lazily(r"\w+")
_MAX_WORDS = 4000  # words compared; more adds nothing


def tokenize_text(text: str) -> list[str]:
    """The words of a text, lower case, at most 4,000; Chinese and Japanese characters one by one."""
    words: list[str] = []
    for word in _WORD.findall(text.casefold())[:_MAX_WORDS]:
        if "\u3040" <= word[0] <= "\u9fff":
            words.extend(word)
        else:
            words.append(word)
    return words


def shingle_similarity(first_text: str, second_text: str, *, without: str = "") -> float:
    """The Jaccard similarity (0-1) of two texts by runs of three words, without the words of the address `without`."""
    ignored = set(_WORD.findall(unquote(without).casefold()))
    first_words, second_words = (
        [word for word in tokenize_text(text) if word not in ignored and not word.isdigit()]
        for text in (first_text, second_text)
    )
    if len(first_words) < 3 or len(second_words) < 3:
        return float(first_words == second_words and bool(first_words))  # two texts without words are no match
    first_shingles = set(zip(first_words, first_words[1:], first_words[2:], strict=False))
    second_shingles = set(zip(second_words, second_words[1:], second_words[2:], strict=False))
    return len(first_shingles & second_shingles) / len(first_shingles | second_shingles)


def shingle_containment(part: str, whole: str) -> float:
    """The share (0-1) of a text's runs of three words that another text holds."""
    part_shingles, whole_shingles = (
        {*zip(words, words[1:], words[2:], strict=False)} for words in map(tokenize_text, (part, whole))
    )
    return len(part_shingles & whole_shingles) / max(len(part_shingles), 1)


def cosine_similarity(first_text: str, second_text: str) -> float:
    """The cosine (0-1) of the word counts of two texts, without the commonest words of fifteen languages.

    OTMT's measure: words weigh as they do in a collection of these two texts.
    """
    stopwords = load_stopwords()
    first_counts, second_counts = (
        Counter(word for word in tokenize_text(text) if word not in stopwords and (len(word) > 2 or word > "\u3040"))
        for text in (first_text, second_text)
    )
    if not first_counts or not second_counts:
        return 0.0
    single_weight = 1 + math.log(1.5)  # the weight of a word that one of two texts has; a word of both weighs 1
    dot = sum(count * second_counts[word] for word, count in first_counts.items() if word in second_counts)
    sizes = [
        math.sqrt(
            sum(
                (occurrences if word in theirs else occurrences * single_weight) ** 2
                for word, occurrences in ours.items()
            )
        )
        for ours, theirs in ((first_counts, second_counts), (second_counts, first_counts))
    ]
    return dot / (sizes[0] * sizes[1])


@lru_cache(maxsize=1)
def load_stopwords() -> frozenset[str]:
    return frozenset(row["word"] for row in read_table("stopwords"))


def address_words(url: str) -> set[str]:
    """The words (three letters and more) and numbers (three digits and more) of an address's path and query."""
    text = unquote(" ".join(path_and_query(url))).casefold()
    return {word for word in re.split(r"[\W_]+", text) if len(word) > 2} - _load_common_words()


@lru_cache(maxsize=1)
def _load_common_words() -> frozenset[str]:
    """The words that every other address has."""
    return frozenset(row["word"] for row in read_table("common-words"))


_LATIN_LETTERS = str.maketrans("абвгдеёзийклмнопрстуфыэіїєґў", "abvgdeeziiklmnoprstufyeiiegu")
_LATIN_DIGRAPHS = str.maketrans(
    {"ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "yu", "я": "ya", "ъ": "", "ь": ""}
)


def transliterate_cyrillic(word: str) -> str:
    """A lower-case text with Latin letters for Cyrillic ones, as addresses have them."""
    return word.translate(_LATIN_LETTERS).translate(_LATIN_DIGRAPHS)


def has_word_in_title(url: str, title: str) -> bool:
    """Whether a word of an address, Latin letters for Cyrillic allowed, begins like a word of a title."""
    title_starts = {
        form[:4] for word in tokenize_text(title) for form in (word, transliterate_cyrillic(word)) if len(word) >= 4
    }
    if not title_starts:
        return False
    return any(word[:4] in title_starts for word in address_words(url) if len(word) >= 4 and not word.isdigit())


def is_title_cited(title: str, sentences: tuple[str, ...]) -> bool:
    """Whether a sentence names a title: at least three of its longer words, and four fifths of them."""
    title_words = {word for word in tokenize_text(title) if len(word) > 3}
    if len(title_words) < 3:
        return False
    return any(
        len(title_words & set(tokenize_text(sentence))) >= max(3, 0.8 * len(title_words)) for sentence in sentences
    )


_NAME_BORDER = compile_lazily(r"\s+(?:[|–—·•»/-]|::)\s+")
_MIN_TITLE_WORDS = 3  # words without which a title is nobody's own


def strip_site_name(title: str) -> str:
    """The longest part of a title: the site's name stands before or behind it."""
    return max(_NAME_BORDER.split(title), key=len)


def title_likeness(first_title: str, second_title: str) -> float:
    """The share (0-1) of words that two titles share (Dice); 0 with other numbers, or fewer than three words."""
    stopwords = load_stopwords()
    first_words, second_words = (Counter(tokenize_text(title)) for title in (first_title, second_title))
    if _find_numbers(first_words) != _find_numbers(second_words):
        return 0.0
    for words in (first_words, second_words):
        if sum(words.values()) < _MIN_TITLE_WORDS or not any(word not in stopwords for word in words):
            return 0.0
    return 2 * (first_words & second_words).total() / (first_words.total() + second_words.total())


def _find_numbers(words: Counter[str]) -> set[str]:
    return {word for word in words if any(letter.isdigit() for letter in word)}
