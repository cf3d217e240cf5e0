"""Reads the line of a masthead that says when a report was published, and who stands beside the date."""

from __future__ import annotations

import re
from datetime import date

from cite_audit.frozen_record import frozen_record
from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse.dates import find_date, remove_dates
from cite_audit.parse.masthead_words import (
    TIME_OF_DAY,
    has_only_names,
    is_word_of,
    opens_with,
    read_byline,
    split_names,
)

__all__ = ["Dateline", "read_dateline"]

_VERSION = compile_lazily(r"v(?:ersion|er\.?)?[ .]?\d[\w.]*\s*[(,:–—-]", re.I)  # “v1.05 (May 31, 2012) – a draft”
_PARTS = compile_lazily(r"\s[|·•–—]\s")
_EDGE_WORDS = compile_lazily(r"(?:\W*\b(?:le|am|den|el|il|em|on|op|the)\b)?\W*\Z", re.I)  # “Par Anne Lac, le ” + date
_MAX_LENGTH = 200  # characters
_MAX_WORDS, _MAX_WORDS_OF_KIND, _MAX_LABELLED_WORDS = 4, 2, 16  # beside the date


@frozen_record
class Dateline:
    """The date that a line says, and the authors that it names beside it."""

    day: date
    names: tuple[str, ...] = ()


def read_dateline(line: str, *, has_title: bool, has_kind: bool = False) -> Dateline | None:
    """The date of a line that says it and little else; before there is a title, nothing else. A row of a table is none.

    `has_kind`: a line such as “Policy brief” stands above, which may be followed by the title.
    """
    day = find_date(line) if len(line) < _MAX_LENGTH and "\t" not in line else None
    if day is None:
        return None
    parts = _PARTS.split(line)
    names = next((names for part in parts if (names := _read_names(part))), ())
    limit = _MAX_WORDS if has_title else _MAX_WORDS_OF_KIND if has_kind else 0
    is_dateline = (
        _VERSION.match(line)
        or _is_labelled(line)
        or _says_little(line, limit)
        or (has_title and bool(names) and (len(parts) == 1 or any(_is_dated(part) for part in parts)))
    )
    return Dateline(day, names if has_title or has_kind else ()) if is_dateline else None


def _is_dated(part: str) -> bool:
    return find_date(part) is not None and _says_little(part, _MAX_WORDS)


def _is_labelled(line: str) -> bool:
    """Whether a line begins with a word such as “Published”, in any language of the table."""
    return opens_with(line, "dated") and len(re.findall(r"\w+", remove_dates(line))) <= _MAX_LABELLED_WORDS


def _says_little(line: str, limit: int) -> bool:
    """Whether a line has at most so many words beside its date, and is no sentence: “It closed on 3 May 2021.”"""
    undated = remove_dates(line)
    if undated == line:
        return True  # a date of a language without a table, which is only read where it is all of a line
    words = [word for word in re.findall(r"\w+", TIME_OF_DAY.sub("", undated)) if not is_word_of(word, "beside")]
    return len(words) <= limit and not (line.endswith(".") and any(word.islower() and len(word) > 1 for word in words))


def _read_names(part: str) -> tuple[str, ...]:
    """The authors in one part of a line: behind a word such as “by”, or names alone; without the date beside them."""
    undated = _EDGE_WORDS.sub("", remove_dates(part)) if find_date(part) else part
    byline = _find_byline(undated) if opens_with(undated, "dated") else read_byline(undated)
    if byline is not None:
        return tuple(byline)
    return tuple(split_names(undated)) if has_only_names(undated) else ()


def _find_byline(text: str) -> list[str] | None:
    """The names of a byline that follows a date: “Published on  by Ann Lee”; None without one."""
    words = text.split()
    rests = (" ".join(words[place:]) for place, word in enumerate(words) if place and opens_with(word, "byline"))
    return next(filter(None, map(read_byline, rests)), None)
