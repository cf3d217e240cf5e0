"""Cuts running text into sentences, well enough to tell which one a marker stands behind."""

from __future__ import annotations

import re
from bisect import bisect_right

_ABBREVIATIONS = (
    "Mr",
    "Ms",
    "Dr",
    "Mrs",
    "St",
    "Gen",
    "Lt",
    "Col",
    "Maj",
    "No",
    "vs",
    "Sen",
    "Rep",
    "Gov",
    "Inc",
    "г",
    "ул",
    "т",
)
_NOT_ABBREVIATED = "".join(rf"(?<!\b{word}.)" for word in _ABBREVIATIONS)
_SENTENCE_END = re.compile(
    rf"[.!?…](?<!\b[A-ZА-Я].)(?<!\b[A-Z]\.[A-Z].){_NOT_ABBREVIATED}[.!?…]*[\"”’)»*_]*"
    r"(?:\s?(?:\[[^\]\n]{1,60}\](?:\([^)\n]{0,200}\))?|<sup>.{1,40}?</sup>|[⁰¹²³⁴⁵⁶⁷⁸⁹ⁱᵛˣˡ,˒⁻]+|\d{1,3}(?=\s)|[*_]{1,3})){0,12}"
    r"(?=\s+[\"“«(\[*_]*\w|\s*\Z)"
)
_PARAGRAPH_BREAK = re.compile(r"\n[ \t\r]*\n(?![ \t\r\n]*[a-zа-я])|\n(?=[ \t]*(?:#{1,6} |[*•-] |\d{1,3}[.)] ))")
_PRINTED_MARKER = re.compile(
    r"\\?\[\^?(?:\d{1,4}(?:[,;–-]\s?\d{1,4})*|[ivxlc]+|[\w-]{1,40})\\?\](?:\([^)]*\))?|\[?<sup>.{1,40}?</sup>\]?|[⁰¹²³⁴⁵⁶⁷⁸⁹ⁱᵛˣˡ]+(?:[,˒⁻–][⁰¹²³⁴⁵⁶⁷⁸⁹ⁱᵛˣˡ]+)*"
)
# a link keeps its words: `[the Herald](https://…)`, while `[3](#note-3)` is a marker
_MARKDOWN_LINK = re.compile(
    r"\[([^\]\[\n]{1,300})\]\(<?(?:h..ps?|www)[^()\n]{0,1000}(?:\([^()\n]{0,200}\)[^()\n]{0,1000})?\)", re.I
)
# Characters before and after a marker within which its sentence is looked for, and how much text is cut at a time.
_MAX_BEFORE, _MAX_AFTER, _STRETCH = 3000, 2000, 2000


class Sentences:
    """The sentences of one text, cut paragraph by paragraph, only where asked."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.breaks = [0, *(match.end() for match in _PARAGRAPH_BREAK.finditer(text)), len(text)]
        self._paragraph = -1
        self._starts: list[int] = []
        self._cached_span, self._cached_sentence = (0, 0), ""

    def sentence_at(self, start: int, end: int) -> str:
        """The sentence that a marker at `text[start:end]` stands behind or in, without markers and line breaks."""
        paragraph = min(bisect_right(self.breaks, max(start - 1, 0)), len(self.breaks) - 1) - 1
        paragraph_start, paragraph_end = self.breaks[paragraph], self.breaks[paragraph + 1]
        if paragraph != self._paragraph:
            self._paragraph = paragraph
            self._starts = [
                paragraph_start,
                *(match.end() for match in _SENTENCE_END.finditer(self.text, paragraph_start, paragraph_end)),
            ]
        index = bisect_right(self._starts, max(start - 1, paragraph_start)) - 1
        begin = self._starts[index]
        stop = self._starts[index + 1] if index + 1 < len(self._starts) else paragraph_end
        if start - begin > _MAX_BEFORE:  # no sentence: a stretch of text, the same for the markers close together
            begin += (start - begin - _MAX_BEFORE) // _STRETCH * _STRETCH
        if stop - end > _MAX_AFTER:
            stop -= (stop - end - _MAX_AFTER) // _STRETCH * _STRETCH
        if (begin, stop) != self._cached_span:
            self._cached_span = begin, stop
            self._cached_sentence = _clean_sentence(self.text[begin:stop])
        return self._cached_sentence


def _clean_sentence(text: str) -> str:
    """A sentence without markers, addresses behind words, and line breaks."""
    if "](" in text:
        text = _MARKDOWN_LINK.sub(lambda link: link[1] if not link[1].strip("^ ").isdigit() else "", text)
    return " ".join(_PRINTED_MARKER.sub("", text).split()).strip(" *_")
