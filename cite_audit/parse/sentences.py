"""Cuts running text into sentences, well enough to tell which one a marker stands behind."""

from __future__ import annotations

import re
from bisect import bisect_right

_SHORT = (
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
_NOT_SHORT = "".join(rf"(?<!\b{word}.)" for word in _SHORT)
_END = re.compile(
    rf"[.!?…](?<!\b[A-ZА-Я].)(?<!\b[A-Z]\.[A-Z].){_NOT_SHORT}[.!?…]*[\"”’)»*_]*"
    r"(?:\s?(?:\[[^\]\n]{1,60}\](?:\([^)\n]{0,200}\))?|<sup>.{1,40}?</sup>|[⁰¹²³⁴⁵⁶⁷⁸⁹ⁱᵛˣˡ,˒⁻]+|\d{1,3}(?=\s)|[*_]{1,3})){0,12}"
    r"(?=\s+[\"“«(\[*_]*\w|\s*\Z)"
)
_BREAK = re.compile(r"\n[ \t\r]*\n(?![ \t\r\n]*[a-zа-я])|\n(?=[ \t]*(?:#{1,6} |[*•-] |\d{1,3}[.)] ))")
_MARK = re.compile(
    r"\\?\[\^?(?:\d{1,4}(?:[,;–-]\s?\d{1,4})*|[ivxlc]+|[\w-]{1,40})\\?\](?:\([^)]*\))?|\[?<sup>.{1,40}?</sup>\]?|[⁰¹²³⁴⁵⁶⁷⁸⁹ⁱᵛˣˡ]+(?:[,˒⁻–][⁰¹²³⁴⁵⁶⁷⁸⁹ⁱᵛˣˡ]+)*"
)
# Characters before and after a marker beyond which a sentence is none, and how much of it is told at a time.
_BEFORE, _AFTER, _STRETCH = 3000, 2000, 2000


class Sentences:
    """The sentences of one text, cut paragraph by paragraph, only where asked."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.breaks = [0, *(match.end() for match in _BREAK.finditer(text)), len(text)]
        self._paragraph = -1
        self._starts: list[int] = []
        self._last, self._said = (0, 0), ""

    def around(self, start: int, end: int) -> str:
        """The sentence that a marker at `text[start:end]` stands behind or in, without markers and line breaks."""
        paragraph = min(bisect_right(self.breaks, max(start - 1, 0)), len(self.breaks) - 1) - 1
        first, last = self.breaks[paragraph], self.breaks[paragraph + 1]
        if paragraph != self._paragraph:
            self._paragraph = paragraph
            self._starts = [first, *(match.end() for match in _END.finditer(self.text, first, last))]
        at = bisect_right(self._starts, max(start - 1, first)) - 1
        begin = self._starts[at]
        stop = self._starts[at + 1] if at + 1 < len(self._starts) else last
        if start - begin > _BEFORE:  # no sentence: a stretch of text, the same for the markers close together
            begin += (start - begin - _BEFORE) // _STRETCH * _STRETCH
        if stop - end > _AFTER:
            stop -= (stop - end - _AFTER) // _STRETCH * _STRETCH
        if (begin, stop) != self._last:
            self._last = begin, stop
            self._said = " ".join(_MARK.sub("", self.text[begin:stop]).split()).strip(" *_")
        return self._said
