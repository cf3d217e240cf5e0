"""Error phrases in fifteen languages: a heading *is* one, never merely holds one."""

from __future__ import annotations

import re
from functools import lru_cache

from cite_audit.resolve.judge.tables import rows

_SEPARATOR = re.compile(r"\s*(?:[|•·»«()\u2014\u2013]|\s-\s|\.\s|!\s|\?\s|…)\s*")
_MARKS = re.compile(r"[^\w'’\s-]+")
_NUMBER = re.compile(r"(?<!\d)(4(?:04|10))(?!\d)")
_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
LONGEST = 100  # characters of a heading that can be an error phrase with a site's name


def plain(text: str) -> str:
    """A phrase as compared: lower case, no punctuation, single spaces."""
    text = _MARKS.sub(" ", text.casefold().replace("’", "'").replace("ё", "е"))
    return " ".join(text.replace(" - ", " ").split())


@lru_cache(maxsize=16)
def _set(kind: str) -> frozenset[str]:
    return frozenset(plain(row["phrase"]) for row in rows("phrases") if row["kind"] == kind)


@lru_cache(maxsize=1)
def _noise() -> re.Pattern[str]:
    longest = sorted((re.escape(word) for word in _set("noise")), key=len, reverse=True)
    return re.compile(rf"^(?:(?:{'|'.join(longest)}|\d{{3}})(?:\s+|$))+|(?:\s+(?:error|\d{{3}}|ошибка))+$")


def heading_is(text: str, *kinds: str) -> str:
    """The kind of phrase that a heading, or one part of it beside a site's name, is; else the empty string."""
    if not text or len(text) > LONGEST:
        return ""
    for form in _forms(text):
        for kind in kinds:
            if form in _set(kind):
                return kind
    return ""


def sentence_is(text: str, *kinds: str) -> str:
    """The kind of phrase that a sentence is as a whole: not one it quotes, nor one half of it."""
    forms = _whole(text)
    return next((kind for kind in kinds if not forms.isdisjoint(_set(kind))), "")


@lru_cache(maxsize=4096)
def _whole(text: str) -> frozenset[str]:
    """A sentence as compared, with and without noise; the frame of a site has the same ones on every page."""
    phrase = plain(text)
    return frozenset((phrase, _noise().sub("", phrase).strip()))


@lru_cache(maxsize=4096)
def _forms(text: str) -> tuple[str, ...]:
    """The phrases that a heading and its parts can be; asked several times of each heading."""
    phrases = [plain(part) for part in (text, *_SEPARATOR.split(text))]
    forms = (form for phrase in phrases for form in (phrase, _noise().sub("", phrase).strip()))
    return tuple(dict.fromkeys(form for form in forms if form))


def is_number(text: str) -> bool:
    """Whether a heading is nothing but an error number: “404”, “Error 404”."""
    phrase = _NUMBER.sub(r" \1 ", plain(text).translate(_DIGITS))
    return bool(_NUMBER.search(phrase)) and not _noise().sub("", " ".join(phrase.split())).strip()


@lru_cache(maxsize=16)
def vocabulary(table: str) -> re.Pattern[str]:
    """The patterns of a table as one, in any case of letters."""
    return re.compile("|".join(f"(?:{row['pattern']})" for row in rows(table)), re.I)


def absence(text: str) -> str:
    """The first words of a text that speak of something missing: a second sign, never the only one."""
    match = vocabulary("absence").search(text.replace("’", "'").replace("ё", "е"))
    return match[0] if match else ""


def speaks_to_visitors(text: str) -> bool:
    """Whether a text has a word that notices have and documents of few words seldom do: “sorry”, “page”, “access”."""
    return bool(vocabulary("notices").search(text))


def apologises(text: str) -> bool:
    """Whether a short text excuses itself or speaks of an error: “sorry”, “oops”; a second sign, never the only one."""
    return bool(vocabulary("apologies").search(text))


@lru_cache(maxsize=16)
def _inside(kind: str) -> re.Pattern[str]:
    long = sorted((p for p in _set(kind) if len(p.split()) > 1 or not p.isascii()), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, long)) + r")(?!\w)")


def holds(text: str, kind: str) -> str:
    """The first phrase of a kind inside a text; for short texts only, where it can be the message itself."""
    match = _inside(kind).search(plain(text))
    return match[0] if match else ""
