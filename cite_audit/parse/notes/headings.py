"""Headings of lists of notes and references, from `data/headings.csv`, and how far a heading reaches."""

from __future__ import annotations

import csv
import re
from bisect import bisect_left
from functools import lru_cache
from typing import NamedTuple

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.package_data import find_package_folder

__all__ = ["NoteHeading", "find_note_headings", "is_note_heading"]

_MAX_LENGTH = 90  # characters of a line that may be such a heading
# no heading begins with a label such as `[1]`, with a tag or with the mark of an item
_SHORT_LINE = rf"(?!\[[\W\d]|[<>|•–-])[^\n]{{1,{_MAX_LENGTH}}}+(?=\n|\Z)"
_FIRST_SHORT_LINE = compile_lazily(rf"^{_SHORT_LINE}", re.M)
_NEXT_SHORT_LINE = compile_lazily(rf"\n(?P<line>{_SHORT_LINE})")  # `re` finds `\n` far sooner than `^`
_NUMBERING = (
    r"(?:(?:\d{1,2}|[IVX]{1,4})(?:\.\d{1,2}){0,2}[.)]?[ \t]+|[A-C]\.[ \t]+|[一二三四五六七八九十]{1,3}[、.．][ \t]*)?"
)
_FRAME = compile_lazily(
    rf"[ \t\u00a0\ufeff\u200b]*(?P<marks>#{{1,6}}[ \t]*)?[*_]{{0,3}}{_NUMBERING}[\[【〔（(]?"
    r"(?P<name>[^\W\d_][^\n.;:!?#*|{}\[\]()<>]{0,70}?)"
    r"[\]】〕）)]?[*_]{0,3}[ \t]*[:：]?[*_]{0,3}[ \t]*#*[ \t]*(?:\{[^}\n]{0,60}\})?[ \t\r\u00a0\u200b]*"
)
# What joins two of them: “References and notes”, “Źródła i przypisy”.
_JOINT = compile_lazily(
    r"\s*[&/,+]\s*|\s+(?:and|und|et|y|e|en|i|a|и|та|і|й|és|și|ve|va|och|og|ja|in|và|dan|και|და|و)\s+|[和与與及]"
)
_ANY_HEADING = compile_lazily(r"^[ \t]{0,3}(#{1,6})[ \t]+\S[^\n]*$|^(?=\S)[^\n]{1,120}\n(={3,}|-{3,})[ \t]*\r?$", re.M)
_UNDERLINE = compile_lazily(r"\r?\n(={3,}|-{3,})[ \t]*\r?$", re.M)


class NoteHeading(NamedTuple):
    """A heading of a list of notes: its line, and where the next heading of its level ends its reach."""

    start: int
    end: int
    reach: int


@lru_cache(maxsize=1)
def _read_names() -> frozenset[str]:
    table = (find_package_folder(__package__) / "data" / "headings.csv").read_text(encoding="utf-8")
    return frozenset(
        name.casefold() for row in csv.DictReader(table.splitlines()) for name in row["heading"].split("|")
    )


def is_note_heading(line: str) -> bool:
    """Whether a line heads a list of notes."""
    return len(line) <= _MAX_LENGTH and _match_heading(line) is not None


def _match_heading(line: str) -> re.Match[str] | None:
    match = _FRAME.fullmatch(line)
    if match is None:
        return None
    name, names = " ".join(match["name"].split()).casefold(), _read_names()
    if name in names or all(part in names for part in _JOINT.split(name)):
        return match
    return None


def find_note_headings(text: str, declared: tuple[tuple[int, int], ...] = (), start: int = 0) -> list[NoteHeading]:
    """The headings of lists of notes from `start` on. `declared`: headings of the format, as offset and level."""
    first_line = _FIRST_SHORT_LINE.match(text, start)
    lines = [first_line.span()] if first_line else []
    lines += [line.span("line") for line in _NEXT_SHORT_LINE.finditer(text, start)]
    matches = [
        (begin, end, len((match["marks"] or "").strip()))
        for begin, end in lines
        if (match := _match_heading(text[begin:end]))
    ]
    if not matches:
        return []
    levels = list(declared) or _find_levels(text)
    places = [place for place, _ in levels]
    headings = []
    for first, last, marks in matches:
        level = marks or _read_level(text, last) or next((depth for place, depth in declared if place == first), 0)
        following = levels[bisect_left(places, last) :] if level else []
        headings.append(
            NoteHeading(first, last, next((place for place, depth in following if depth <= level), len(text)))
        )
    return headings


def _find_levels(text: str) -> list[tuple[int, int]]:
    """Where the Markdown headings of a text stand, and their levels."""
    return [
        (match.start(), len(match[1]) if match[1] else 1 if match[2][0] == "=" else 2)
        for match in _ANY_HEADING.finditer(text)
    ]


def _read_level(text: str, end: int) -> int:
    """The level of a Markdown heading by the line below it; 0 where there is none."""
    underline = _UNDERLINE.match(text, end)
    return (1 if underline[1][0] == "=" else 2) if underline else 0
