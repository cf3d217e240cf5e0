"""Whether what an address shows is the work that its note names. Pure; rather silent than wrong (decision 0408)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import CitedWork, OtherWork
from cite_audit.resolve.judge.page.similarity import (
    address_words,
    load_stopwords,
    tokenize_text,
    transliterate_cyrillic,
)
from cite_audit.resolve.judge.page.stated_work import StatedWork
from cite_audit.resolve.judge.page.text import fold_text
from cite_audit.resolve.judge.tables import read_table

MIN_TITLE_WORDS = 3  # words with a meaning that a title needs to be told from another
MAX_TITLE_SHARE = 0.34  # of them in another work's title, or in its address
MAX_TEXT_SHARE = 0.5  # of them anywhere on its page
MIN_PAGE_WORDS = 100  # of a page that shows a work at all
MIN_SAME_SHARE = 0.8  # of them in the title of the same work
STEM = 5  # letters: inflected forms count as one word
MIN_SURNAME = 3  # letters
MAX_LITTLE = 3  # letters of a little word, such as an article
MIN_LITTLE_SHARE = 0.5
_PERSON = compile_lazily(r"^(?:[^\W\d_][\w.'’-]*\s+){1,3}[^\W\d_][\w'’-]+$")
_NO_PERSON = compile_lazily(
    r"\b(?:the|of|and|for|see|institute|ministry|university|news|agency|press|office|center|centre|council|staff|team"
    r"|report|group|committee|bureau|department|foundation|association|times|post|editors?|editorial|reuters|afp)\b",
    re.I,
)


def compare_page(cited: CitedWork, page: StatedWork, url: str, seen_in: str, language: str = "") -> OtherWork | None:
    """The work that a page shows where it is another than the cited one; None where it is that, or cannot be told.

    `language`: the one that the note is written in, empty where that is not declared.
    """
    words = _meaningful_words(cited.title)
    if len(words) < MIN_TITLE_WORDS or not page.titles or len(page.text.split()) < MIN_PAGE_WORDS:
        return None
    if not _is_same_language(cited.title, page.text, is_declared=bool(language) and language[:2] == page.language):
        return None
    if _names_author(cited.authors, f"{' '.join(page.authors)} {page.text}"):
        return None
    names = [*page.titles, " ".join(address_words(url))]  # headlines are changed, and the address keeps the old one
    if max(_share(words, name) for name in names) > MAX_TITLE_SHARE or _share(words, page.text) > MAX_TEXT_SHARE:
        return None
    return OtherWork(cited=cited, differs="title", shown=page.titles[0], seen_in=seen_in)


def compare_record(cited: CitedWork, record: StatedWork) -> OtherWork | None:
    """The same of a registry's record, which also names all authors."""
    words = _meaningful_words(cited.title)
    known = set(re.findall(r"\w+", _fold(record.text)))  # its journal and publisher are printed as if they were authors
    people = [name for name in cited.authors if _is_person(name) and not set(_fold(name).split()) <= known]
    if len(words) < MIN_TITLE_WORDS or _names_author(cited.authors, " ".join(record.authors)):
        return None
    share = max(_share(words, title) for title in record.titles)
    seen_in = "the record of its DOI"
    is_other_author = bool(people) and bool(record.authors)
    is_comparable = is_other_author or _is_same_language(cited.title, " ".join((*record.titles, record.text)))
    if share <= MAX_TITLE_SHARE and is_comparable and _scripts(cited.title) == _scripts(record.titles[0]):
        return OtherWork(cited=cited, differs="title", shown=record.titles[0], seen_in=seen_in)
    if share >= MIN_SAME_SHARE and is_other_author:
        shown = ", ".join(record.authors[:3]) + (" and others" if len(record.authors) > 3 else "")
        return OtherWork(cited=cited, differs="authors", shown=shown, seen_in=seen_in)
    return None


_LATIN = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})  # no accents to fold


def _fold(text: str) -> str:
    return transliterate_cyrillic(fold_text(text)).translate(_LATIN)


def _meaningful_words(text: str) -> set[str]:
    """The beginnings of a text's words, without the commonest of its language and single letters."""
    stopwords = load_stopwords()
    return {
        _fold(word)[:STEM]
        for word in tokenize_text(text)
        if word not in stopwords and (len(word) > 2 or word.isdigit() or word > "\u3040")
    }


def _share(words: set[str], text: str) -> float:
    """The share (0-1) of words whose beginnings stand in a text, of any length."""
    found = {_fold(word)[:STEM] for word in re.findall(r"[\u3040-\u9fff]|\w+", text.casefold())}
    return len(words & found) / len(words)


def _scripts(text: str) -> set[str]:
    return {unicodedata.name(letter, "?").split()[0] for letter in text if letter.isalpha()}


def _is_same_language(title: str, text: str, *, is_declared: bool = False) -> bool:
    """Whether a title has a common word of the language of a text, which has most of its little words.

    Where note and page declare one language, the little words are all that is compared.
    """
    text_words = set(re.findall(r"\w+", text.casefold()))
    title_words = set(tokenize_text(title))
    common = _common_words_by_language()
    language = max(common, key=lambda each: len(common[each] & text_words))
    little = {word for word in title_words if word in load_stopwords() or (word.isalpha() and len(word) <= MAX_LITTLE)}
    return (is_declared or bool(title_words & common[language])) and (
        len(little & text_words) >= MIN_LITTLE_SHARE * len(little)
    )


@lru_cache(maxsize=1)
def _common_words_by_language() -> dict[str, set[str]]:
    words: dict[str, set[str]] = {}
    for row in read_table("stopwords"):
        words.setdefault(row["language"], set()).add(row["word"])
    return words


def _is_person(name: str) -> bool:
    return bool(_PERSON.match(name)) and not _NO_PERSON.search(name)


def _names_author(authors: tuple[str, ...], text: str) -> bool:
    """Whether the surname of one author stands in a text, Latin letters for Cyrillic ones allowed."""
    shown = {_fold(word) for word in re.findall(r"\w+", text)}
    surnames = [re.findall(r"\w+", name.partition(",")[0])[-1:] for name in authors]  # “Lee, Ann” as well as “Ann Lee”
    return any(_fold(word) in shown for words in surnames for word in words if len(word) >= MIN_SURNAME)
