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
    r"(?:\s?(?:\[[^\]\n]{1,60}\](?:\([^)\n]{0,200}\))?|<sup>.{1,40}?</sup>|[⁰¹²³⁴⁵⁶⁷⁸⁹,˒⁻]+|\d{1,3}(?=\s)|[*_]{1,3})){0,12}"
    r"(?=\s+[\"“«(\[*_]*\w|\s*\Z)"
)
_BREAK = re.compile(r"\n[ \t\r]*\n(?![ \t\r\n]*[a-zа-я])|\n(?=[ \t]*(?:#{1,6} |[*•-] |\d{1,3}[.)] ))")
_MARK = re.compile(
    r"\\?\[\^?(?:\d{1,4}(?:[,;–-]\s?\d{1,4})*|[ivxlc]+|[\w-]{1,40})\\?\](?:\([^)]*\))?|\[?<sup>.{1,40}?</sup>\]?|[⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:[,˒⁻–][⁰¹²³⁴⁵⁶⁷⁸⁹]+)*"
)


class Sentences:
    """The sentences of one text, cut paragraph by paragraph, only where asked."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.breaks = [0, *(match.end() for match in _BREAK.finditer(text)), len(text)]
        self._paragraph = -1
        self._starts: list[int] = []

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
        said = _MARK.sub("", self.text[max(begin, start - 3000) : min(stop, end + 2000)])
        return " ".join(said.split()).strip(" *_")
