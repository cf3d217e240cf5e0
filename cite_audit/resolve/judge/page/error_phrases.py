"""Error phrases in fifteen languages: a heading *is* one; to hold one is no sign."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.resolve.judge.page.prefilter import fold_case, may_match, required_literals
from cite_audit.resolve.judge.tables import read_table

_SEPARATOR = compile_lazily(r"\s*(?:[|•·»«()\u2014\u2013]|\s-\s|\.\s|!\s|\?\s|…)\s*")
_PUNCTUATION = compile_lazily(r"[^\w'’\s-]+")
_ERROR_NUMBER = compile_lazily(r"(?<!\d)(4(?:04|10))(?!\d)")
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
MAX_HEADING = 100  # characters of a heading that can be an error phrase with a site's name


class PhraseKind(StrEnum):
    """The kinds of `phrases.csv`."""

    NOT_FOUND = "not-found"
    UNCONFIRMED = "unconfirmed"  # wordings for a page that is not found which no page or software is known to have
    REMOVED = "removed"
    MAINTENANCE = "maintenance"
    SUSPENDED = "suspended"
    SUSPENDED_TEXT = "suspended-text"  # what stands under such a heading
    DEFAULT_PAGE = "default-page"
    DEFAULT_PAGE_TEXT = "default-page-text"
    LOGIN = "login"
    HOME = "home"
    NOISE = "noise"  # words around a phrase that say nothing


def normalize_phrase(text: str) -> str:
    """A phrase as compared: lower case, no punctuation, single spaces."""
    text = _PUNCTUATION.sub(" ", text.casefold().replace("’", "'").replace("ё", "е"))
    return " ".join(text.replace(" - ", " ").split())


@lru_cache(maxsize=16)
def _load_phrases(kind: PhraseKind) -> frozenset[str]:
    return frozenset(normalize_phrase(row["phrase"]) for row in read_table("phrases") if row["kind"] == kind)


@lru_cache(maxsize=1)
def _noise_pattern() -> re.Pattern[str]:
    longest_first = sorted((re.escape(word) for word in _load_phrases(PhraseKind.NOISE)), key=len, reverse=True)
    return re.compile(rf"^(?:(?:{'|'.join(longest_first)}|\d{{3}})(?:\s+|$))+|(?:\s+(?:error|\d{{3}}|ошибка))+$")


def match_heading(text: str, *kinds: PhraseKind) -> PhraseKind | None:
    """The kind of phrase that a heading, or one part of it beside a site's name, is."""
    if not text or len(text) > MAX_HEADING:
        return None
    for form in _heading_forms(text):
        for kind in kinds:
            if form in _load_phrases(kind):
                return kind
    return None


def is_sentence(text: str, *kinds: PhraseKind) -> bool:
    """Whether a sentence is a phrase of one of the kinds as a whole: not one it quotes, nor one half of it."""
    forms = _sentence_forms(text)
    return any(not forms.isdisjoint(_load_phrases(kind)) for kind in kinds)


@lru_cache(maxsize=4096)
def _sentence_forms(text: str) -> frozenset[str]:
    """A sentence as compared, with and without noise; kept, since all pages of a site have its frame's sentences."""
    phrase = normalize_phrase(text)
    return frozenset((phrase, _noise_pattern().sub("", phrase).strip()))


@lru_cache(maxsize=4096)
def _heading_forms(text: str) -> tuple[str, ...]:
    """The phrases that a heading and its parts can be; kept, since each heading is matched several times."""
    phrases = [normalize_phrase(part) for part in (text, *_SEPARATOR.split(text))]
    forms = (form for phrase in phrases for form in (phrase, _noise_pattern().sub("", phrase).strip()))
    return tuple(dict.fromkeys(form for form in forms if form))


@lru_cache(maxsize=1024)
def is_error_number(text: str) -> bool:
    """Whether a heading is nothing but an error number: “404”, “Error 404”."""
    phrase = _ERROR_NUMBER.sub(r" \1 ", normalize_phrase(text).translate(_DIGITS))
    return bool(_ERROR_NUMBER.search(phrase)) and not _noise_pattern().sub("", " ".join(phrase.split())).strip()


@lru_cache(maxsize=16)
def vocabulary_pattern(table_name: str) -> re.Pattern[str]:
    """The patterns of a table as one, in any case of letters."""
    return re.compile("|".join(f"(?:{row['pattern']})" for row in read_table(table_name)), re.I)


@lru_cache(maxsize=16)
def _vocabulary_rows(table_name: str) -> tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]:
    """Each pattern of a table with the literals of which its matches hold one."""
    patterns = [row["pattern"] for row in read_table(table_name)]
    return tuple((required_literals(pattern), re.compile(pattern, re.I)) for pattern in patterns)


@lru_cache(maxsize=16)
def _vocabulary_literals(table_name: str) -> tuple[str, ...]:
    return required_literals(vocabulary_pattern(table_name).pattern)


def search_vocabulary(table_name: str, text: str) -> re.Match[str] | None:
    """The first match of a table's patterns; only those are searched for of whose literals the text has one."""
    folded_text = fold_case(text)
    if not may_match(_vocabulary_literals(table_name), folded_text):
        return None
    rows = _vocabulary_rows(table_name)
    matches = [pattern.search(text) for literals, pattern in rows if may_match(literals, folded_text)]
    return min(filter(None, matches), key=re.Match.start, default=None)


def find_absence(text: str) -> str:
    """The first words of a text that speak of something missing: a second sign, never the only one."""
    match = search_vocabulary("absence", text.replace("’", "'").replace("ё", "е"))
    return match[0] if match else ""


def has_notice_word(text: str) -> bool:
    """Whether a text has a word that is common in notices and rare in short documents: “sorry”, “page”, “access”."""
    return bool(search_vocabulary("notices", text))


def has_page_word(text: str) -> bool:
    """Whether a text speaks of a page or of what is on it: a film that is gone says nothing of the text around it."""
    return bool(search_vocabulary("page-words", text))


def has_apology(text: str) -> bool:
    """Whether a short text apologises or speaks of an error: “sorry”, “oops”; a second sign, never the only one."""
    return bool(search_vocabulary("apologies", text))


@lru_cache(maxsize=16)
def _phrase_pattern(kind: PhraseKind) -> re.Pattern[str]:
    longest_first = sorted(
        (phrase for phrase in _load_phrases(kind) if len(phrase.split()) > 1 or not phrase.isascii()),
        key=len,
        reverse=True,
    )
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")


def find_phrase(text: str, kind: PhraseKind) -> str:
    """The first phrase of a kind inside a text; for short texts only, where it can be the message itself."""
    match = _phrase_pattern(kind).search(normalize_phrase(text))
    return match[0] if match else ""
