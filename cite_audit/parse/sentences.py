"""Cuts running text into sentences, well enough to tell which one a marker stands behind."""

from __future__ import annotations

import re
from bisect import bisect_right

_END = re.compile(
    r"(?<!\b[A-ZА-Я])(?<!\b[A-Z]\.[A-Z])(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bMrs)(?<!\bSt)(?<!\bGen)(?<!\bLt)(?<!\bCol)(?<!\bMaj)(?<!\bNo)"
    r"(?<!\bvs)(?<!\bSen)(?<!\bRep)(?<!\bGov)(?<!\bInc)(?<!\bг)(?<!\bул)(?<!\bт)"
    r"[.!?…]+[\"”’)»*_]*(?:\s?(?:\[[^\]\n]{1,60}\](?:\([^)\n]{0,200}\))?|<sup>.{1,40}?</sup>|[⁰¹²³⁴⁵⁶⁷⁸⁹,˒⁻]+|\d{1,3}(?=\s)|[*_]{1,3}))*(?=\s+[\"“«(\[*_]*\w|\s*\Z)"
)
_BREAK = re.compile(r"\n[ \t\r]*\n(?![ \t\r\n]*[a-zа-я])|\n(?=[ \t]*(?:#{1,6} |[*•-] |\d{1,3}[.)] ))")
_MARK = re.compile(
    r"\\?\[\^?(?:\d{1,4}(?:[,;–-]\s?\d{1,4})*|[ivxlc]+|[\w-]{1,40})\\?\](?:\([^)]*\))?|\[?<sup>.{1,40}?</sup>\]?|[⁰¹²³⁴⁵⁶⁷⁸⁹]+(?:[,˒⁻–][⁰¹²³⁴⁵⁶⁷⁸⁹]+)*"
)


class Sentences:
    """The sentences of one text, cut once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = sorted({0, *(m.end() for m in _BREAK.finditer(text)), *(m.end() for m in _END.finditer(text))})

    def around(self, start: int, end: int) -> str:
        """The sentence that a marker at `text[start:end]` stands behind or in, without markers and line breaks."""
        at = bisect_right(self.starts, max(start - 1, 0)) - 1
        begin = self.starts[at]
        stop = self.starts[at + 1] if at + 1 < len(self.starts) else len(self.text)
        said = _MARK.sub("", self.text[max(begin, start - 3000) : min(stop, end + 2000)])
        return re.sub(r"\s+", " ", said).strip(" *_")
