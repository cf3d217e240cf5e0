"""Reads title, authors, date and publisher from the head of a report."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse.dateline import read_dateline
from cite_audit.parse.dates import find_dates
from cite_audit.parse.masthead_words import (
    has_only_names,
    is_document_kind,
    is_east_asian_name,
    read_byline,
    read_title_label,
    split_names,
)
from cite_audit.parse.readers.base import Metadata

_SKIPPED_LINE = compile_lazily(r"^(?:[-=*_#\s]*|!\[.*|\[?(?:home|menu|skip to.*)\]?(?:\(.*)?)$", re.I)
_BODY_START = compile_lazily(r"^(?:\\?\[\^?\d+\\?\]|<sup>|[¹²³⁰-⁹])|^\W*(?:h\w\wps?|www)\W", re.I)
_TWO_SENTENCES = compile_lazily(r"[.!?]\s.*[.!?]$|[^\W\d_][.,;](?:<sup|\\?\[\^?\d{1,3}\\?\]|[¹²³⁰-⁹])")  # or a marker
_HEAD_LINES = 40
_MAX_TITLE_LINES, _MAX_NAME_LINES = 4, 4  # below their label
_QUOTE_PAIRS = {("«", "»"), ("„", "“"), ("“", "”"), ("„", "”"), ('"', '"'), ("《", "》"), ("「", "」"), ("‘", "’")}
_PRINTED_HEAD = 4000  # characters in which a title or an author of the file's properties must be printed
_GENERIC_OWNER = compile_lazily(
    r"\b(?:customer|user|owner|admin\w*|student\w*|office|default|author|corp\w*|inc|ltd)\b", re.I
)
_SURNAME = compile_lazily(r"[^\W\d_]+(?:[-’'][^\W\d_]+)?")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200e\u200f\u2060\ufeff"))  # Google Docs writes them


@dataclass(slots=True)
class FrontMatter:
    """What the head of a report says; empty where it says nothing."""

    title: str = ""
    authors: list[str] = field(default_factory=list)
    published: date | None = None


def read_front_matter(text: str) -> FrontMatter:
    """The front matter printed at the top of a text: a title, then within a few lines a date and names."""
    lines = [line.strip() for line in text[:8000].translate(_INVISIBLE).split("\n")[:_HEAD_LINES]]
    places = [place for place, line in enumerate(lines) if line and not _SKIPPED_LINE.match(line)]
    return _HeadReader([lines[place] for place in places], places).read()


class _HeadReader:
    """Goes down the lines of a head, and stops where the text begins."""

    def __init__(self, lines: list[str], places: list[int]) -> None:
        """`places`: of the lines in the text, where blank ones and rules stand between them."""
        self.lines, self.places = lines, places
        self.front_matter = FrontMatter()
        self.kind = ""  # a line such as “Policy brief”: the title where there is no other
        self.title_date: date | None = None
        self.is_labelled = False  # the title

    def read(self) -> FrontMatter:
        for index, line in enumerate(self.lines):
            plain = re.sub(r"^#{1,6}\s*|^[*_]{1,3}|[*_]{1,3}$", "", line).strip()
            if _BODY_START.search(line) or len(plain) > 300:
                break
            is_date = self._take_date(plain)
            if not is_date and _TWO_SENTENCES.search(line):  # `3. ožujka 2024.` is a date
                break
            if not (is_date or self._take_title_label(plain, index) or self._take_names(plain, index)):
                self._take_title(plain)
        head = self.front_matter
        head.title = head.title or self.kind
        head.published = head.published or self.title_date
        return head

    def _take_date(self, line: str) -> bool:
        head = self.front_matter
        dateline = read_dateline(line, has_title=bool(head.title), has_kind=bool(self.kind))
        if not dateline:
            return False
        head.published = head.published or dateline.day
        head.authors = head.authors or list(dateline.names)
        return True

    def _take_title_label(self, line: str, index: int) -> bool:
        title = None if self.is_labelled else read_title_label(line)
        if title is None:
            return False
        following = self.lines[index + 1 : index + 1 + _MAX_TITLE_LINES]
        if not title:
            title = following.pop(0) if following else ""
        while following and _count_open_quotes(title) > 0:
            title += f" {following.pop(0)}"
        if title:
            self.front_matter.title, self.is_labelled = _strip_quotes(title), True
            self.title_date = _find_date_of_title(title)
        return bool(title)

    def _take_names(self, line: str, index: int) -> bool:
        head = self.front_matter
        if head.authors:
            return False
        names = read_byline(line)
        if names is not None:
            head.authors = self._complete_last(names, index) or self._find_names_below(index)
            return True
        is_name = has_only_names(line) or (is_east_asian_name(line) and self._has_date_beside(index))
        if (head.title or self.kind) and self.lines[index][0] != "#" and is_name:
            head.authors = split_names(line)
        return bool(head.authors)

    def _complete_last(self, names: list[str], index: int) -> list[str]:
        """The names of a byline; the last one goes on below where it alone is one word: `By Ann Lee, Bo⏎Kim`."""
        has_below = self.places[index + 1 : index + 2] == [self.places[index] + 1]
        below = self.lines[index + 1] if has_below else ""
        is_cut = [" " in name for name in names] == [True] * (len(names) - 1) + [False] and len(names) > 1
        return (
            [*names[:-1], f"{names[-1]} {below}"]
            if is_cut and below[:1].isupper() and _SURNAME.fullmatch(below)
            else names
        )

    def _has_date_beside(self, index: int) -> bool:
        """Whether the line above or below says a date and little else: between them a lone word may be a name."""
        beside = [*self.lines[max(0, index - 1) : index], *self.lines[index + 1 : index + 2]]
        return any(read_dateline(line, has_title=True) for line in beside)

    def _find_names_below(self, index: int) -> list[str]:
        """The names on the lines below a label: the first such lines, not beyond another label."""
        names: list[str] = []
        for line in self.lines[index + 1 : index + 1 + _MAX_NAME_LINES]:
            has_names = has_only_names(line)
            if (names and not has_names) or line.endswith((":", "：")):
                break
            names += split_names(line) if has_names else []
        return names

    def _take_title(self, line: str) -> None:
        head = self.front_matter
        if head.title:
            return
        if is_document_kind(line) and not self.kind:
            self.kind = line
        elif not self.kind or not line.endswith((".", ":")):
            head.title, self.title_date = line, _find_date_of_title(line)


def _count_open_quotes(text: str) -> int:
    """How many quotation marks are open at the end of a text."""
    return sum(text.count(quote) for quote in "«„《「") - sum(text.count(quote) for quote in "»“》」")


def _strip_quotes(title: str) -> str:
    """A title without the quotation marks around all of it."""
    inner = title[1:-1]
    if (title[:1], title[-1:]) in _QUOTE_PAIRS and _count_open_quotes(inner) == 0 and '"' not in inner:
        return inner.strip()
    return title


def settle_masthead(declared: Metadata, text: str) -> tuple[str, tuple[str, ...], FrontMatter]:
    """Title and authors of a report, and its printed front matter.

    What a file's properties say counts only where the head of the report prints it too, or where nothing is printed and
    they name a person: templates and programs leave their own behind.
    """
    printed = read_front_matter(text)
    declared_authors = _split_declared(declared.authors, text)
    if not declared.is_of_file:
        return declared.title or printed.title, declared_authors or tuple(printed.authors), printed
    head = _squash(text[:_PRINTED_HEAD])
    title = declared.title if declared.title and _squash(declared.title) in head else printed.title or declared.title
    authors = tuple(printed.authors)
    if declared_authors and all(_squash(name) in head for name in declared_authors):
        authors = authors if len(authors) > len(declared_authors) else declared_authors
    elif not authors:
        authors = tuple(name for name in declared_authors if has_only_names(name) and not _GENERIC_OWNER.search(name))
    return title, authors, printed


def _split_declared(authors: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Several authors declared as one: `A. Lee; B. Kim`, `Ann Lee, Bo Kim`. `García López, Ana María` is one."""
    if len(authors) != 1:
        return authors
    parts = [part.strip() for part in authors[0].split(";") if part.strip()]
    if len(parts) > 1:
        return tuple(parts)
    names = split_names(authors[0])
    are_whole = len(names) > 1 and all(len(name.split()) > 1 for name in names) and has_only_names(authors[0])
    if not are_whole:
        return authors
    is_inverted = len(names) == 2 and _squash(f"{names[1]} {names[0]}") in _squash(text[:_PRINTED_HEAD])
    return authors if is_inverted else tuple(names)


def _squash(text: str) -> str:
    return " ".join(text.translate(_INVISIBLE).casefold().split())


def _find_date_of_title(title: str) -> date | None:
    """A date that a title bears before or after a sign, as an issue does; one within it is that of an event."""
    for start, end, day in sorted(find_dates(title)):
        before, after = title[:start].rstrip(), title[end:].lstrip()
        ends_title = not after.strip(")].") and (not before or before[-1] in ",:;–—-|([")
        if ends_title or (not before and after[:1] in tuple("(:–—-|")):
            return day
    return None
