"""Cuts running text into sentences as an editor would, to tell which one a marker stands behind or in."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse.readers import find_format
from cite_audit.parse.readers.base import Document
from cite_audit.parse.sentence_ends import PRINTED_MARKER, find_sentence_ends, is_lower_behind

_SMALL = "a-zа-яіїєґß-öø-ÿα-ω"
_HEADING = r"(?P<heading>[ \t]*+#{1,6} [^\n]{1,300})(?=\n)"
_ROW_END = r"\|[ \t\r]*+\n"
# A blank line, an item, a heading or a row of a table; not the blank line of a page's end within a sentence. A run of
# blank lines is taken whole, so that it is read once; both patterns begin with a character that `re` searches for fast.
_WRAPPED_BREAK = (
    rf"\n(?P<blank>(?:[ \t\r]*+\n)++)?+(?:{_HEADING}|(?=[ \t]*+(?:#{{1,6}} |[*•–-] |\d{{1,3}}[.)] |\|))"
    rf"|(?(blank)(?:(?![ \t\r]*+[{_SMALL}])|(?P<within>))|(?!)))"
)
_LINE_BREAK = rf"\n(?:{_HEADING}|(?![ \t\r]*+[{_SMALL}]))"
_FIRST_HEADING = compile_lazily(_HEADING)
_MARKER = compile_lazily(PRINTED_MARKER)
_MARKER_START = compile_lazily(r"[\\\[<^⁰¹²³⁴⁵⁶⁷⁸⁹ⁱᵛˣˡ]")  # what `_MARKER` begins with
# possessive, as `[i]` is two kinds of marker: a run of them would be read in all combinations
_MARKERS_ONLY = compile_lazily(rf"(?:\s|{PRINTED_MARKER}|(?<!\d)\d{{1,3}}(?!\d))*+")
_WORDS_FIRST = compile_lazily(rf"\s*+(?!\d|{PRINTED_MARKER})")
# a link keeps its words: `[the Herald](https://…)`, while `[3](#note-3)` is a marker
_MARKDOWN_LINK = compile_lazily(
    r"[!\[](?:(?<=!)\[|(?<=\[))([^\]\[\n]{1,300})\]"
    r"\(<?(?i:h..ps?|www)[^()\n]{0,1000}(?:\([^()\n]{0,200}\)[^()\n]{0,1000})?\)"
)
_TAG = compile_lazily(r"</?[a-zA-Z](?!\w*+:/)[^<>]{0,300}>")  # an address in angles is none
_LIST_MARK = compile_lazily(r"\s*(?:#{1,6}|[*•>|–-]|\d{1,3}[.)]|[a-z][.)])\s+")
_STRAY_SPACE = compile_lazily(r" (?=[.,;](?: |\Z))")
_DOT = r"(?:\[\.\]|\({1,2}\.\){1,2}|[\[(]?dot[\])]?)"  # as addresses are defanged with
# what is no word: addresses, defanged ones too, and all but letters
_WORDLESS = compile_lazily(
    rf"(?:(?:(?:h\S\Sps?|ftp)://|www\.)\S*+(?: {_DOT} \S++)*+|[\w-]++\\?[\[(]{{1,2}}\.\\?[\])]\S++|[\W\d_])*+", re.I
)
# Characters before and after a marker within which its sentence is looked for, and how much text is cut at a time.
_MAX_BEFORE, _MAX_AFTER, _STRETCH = 3000, 2000, 2000


class Sentences:
    """The sentences of one text, cut paragraph by paragraph, only where asked; without a question it is not read.

    `has_wrapped_lines`: a line break may stand within a sentence, as in plain text; else each begins another.
    """

    def __init__(self, text: str, *, has_wrapped_lines: bool = True) -> None:
        self.text, self.has_wrapped_lines = text, has_wrapped_lines
        self._paragraph = -1
        self._starts: list[int] = []
        self._cached_span, self._cached_sentence = (0, 0), ""
        self._reach = 0, 0  # markers that begin within it have the cached sentence

    @cached_property
    def breaks(self) -> list[int]:
        """Where each paragraph begins, and the length of the text; none but the first is blank."""
        text, breaks = self.text, [0]
        first = _FIRST_HEADING.match(text)
        places = [first.end() + 1] if first else []
        pattern = _WRAPPED_BREAK if self.has_wrapped_lines else _LINE_BREAK
        for match in re.finditer(f"{pattern}|{_ROW_END}" if "|" in text else pattern, text):
            if match.lastgroup == "heading":
                places += (match.start("heading"), match.end() + 1)
            elif match.lastgroup != "within":
                places.append(match.end())
        for place in places:
            if len(breaks) > 1 and text[breaks[-1] : place].isspace():
                breaks.pop()
            if place > breaks[-1]:
                breaks.append(place)
        return [*breaks, len(text)]

    def sentence_at(self, start: int, end: int) -> str:
        """The sentence that a marker at `text[start:end]` stands behind or in, without markers and line breaks."""
        if self._reach[0] <= start < self._reach[1]:
            return self._cached_sentence
        paragraph = min(bisect_right(self.breaks, start), len(self.breaks) - 1) - 1
        paragraph_start, paragraph_end = self._paragraph_span(paragraph)
        if paragraph and _MARKERS_ONLY.fullmatch(self.text, paragraph_start, paragraph_end):
            paragraph, start = paragraph - 1, self.breaks[paragraph] - 1  # markers on a line of their own
            paragraph_start, paragraph_end = self._paragraph_span(paragraph)
        if paragraph != self._paragraph:
            self._paragraph = paragraph
            ends = find_sentence_ends(self.text, paragraph_start, paragraph_end)
            self._starts = list(dict.fromkeys((paragraph_start, *ends)))
        index = self._find_index(start, end)
        begin = self._starts[index]
        stop = self._starts[index + 1] if index + 1 < len(self._starts) else paragraph_end
        words = _WORDS_FIRST.match(self.text, begin, stop) if stop - begin <= _STRETCH else None
        self._reach = (words.end(), stop) if words else (0, 0)
        if start - begin > _MAX_BEFORE:  # no sentence: a stretch of text, the same for the markers close together
            begin += (start - begin - _MAX_BEFORE) // _STRETCH * _STRETCH
        if stop - end > _MAX_AFTER:
            stop -= (stop - end - _MAX_AFTER) // _STRETCH * _STRETCH
        if (begin, stop) != self._cached_span:
            self._cached_span = begin, stop
            self._cached_sentence = _clean_sentence(self.text[begin:stop])
        return self._cached_sentence

    def _paragraph_span(self, paragraph: int) -> tuple[int, int]:
        """Where a paragraph begins and ends, without the line ends behind it."""
        start, end = self.breaks[paragraph], self.breaks[paragraph + 1]
        if self.text.endswith("\n", start, end):
            end -= 2 if self.text.endswith("\n\n", start, end) else 1
        return start, end

    def _find_index(self, start: int, end: int) -> int:
        """The sentence of a marker; one with a space before and a capital behind it belongs to the one before."""
        index = max(bisect_right(self._starts, start) - 1, 0)
        begin = self._starts[index]
        is_behind = index and start - begin < _STRETCH and _MARKERS_ONLY.fullmatch(self.text, begin, end)
        return index - 1 if is_behind and not is_lower_behind(self.text, end) else index


def cut_document(document: Document) -> Sentences:
    """The sentences of a document."""
    return Sentences(document.text, has_wrapped_lines=not find_format(document.format).has_line_breaks)


def _clean_sentence(text: str) -> str:
    """A sentence without markers, addresses behind words, tags and line breaks; empty where it is an address alone."""
    if "](" in text:
        text = _MARKDOWN_LINK.sub(lambda link: link[1] if not link[1].strip("^ ").isdigit() else "", text)
    text = _remove_markers(text)
    if "<" in text:
        text = _TAG.sub("", text)
    list_mark = _LIST_MARK.match(text)
    text = " ".join((text[list_mark.end() :] if list_mark else text).split())
    if " ." in text or " ," in text or " ;" in text:
        text = _STRAY_SPACE.sub("", text)
    text = text.strip(" *_|").removeprefix("![")
    return "" if _WORDLESS.fullmatch(text) else text


def _remove_markers(text: str) -> str:
    kept, position = [], 0
    for mark in _MARKER_START.finditer(text):
        if mark.start() >= position and (marker := _MARKER.match(text, mark.start())):
            kept.append(text[position : mark.start()])
            position = marker.end()
    return "".join([*kept, text[position:]]) if kept else text
