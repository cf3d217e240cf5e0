"""Finds the schemes of a text, in any dialect: first the separator, which is rare, then the word before it."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass, field, replace
from functools import lru_cache

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import PLAIN_STYLE, Repair, RepairKind
from cite_audit.parse.links import dialects as d

_PLACES = (d.ANYWHERE, d.ADDRESS, d.SCHEME)
_BLANK = r"[ \t\u00a0]"
_SEPARATOR = compile_lazily(rf"(?:{d.build_alternation(d.SEPARATORS, _PLACES)})[ \t\u00a0]{{0,3}}")
_WORD = compile_lazily(rf"(?:{'|'.join(row.pattern for row in d.SCHEMES)})\Z", re.I)
_WORD_RUN = compile_lazily(r"[\w×*#()\[\]{}-]+.?", re.S)  # backwards; all that `_WORD` may hold or look at
_SPACED_RUN = len("_http s")  # with what `_WORD` looks at before it
_MAX_BLANKS = 3  # between the word and the separator
# Where a separator may begin: behind the last two letters of a scheme's word, perhaps with spaces between. It covers
# the first characters of all `d.SEPARATORS` and cheaply rejects most of the marks in a text.
_WORD_END = r"(?i:[tx×*_#z)\]}dc-]p|[px ]s|xx|ow|ss|[ps][)\]])"
_SEPARATOR_START = compile_lazily(
    rf"[:：_/\[({{;.,&\\](?<=[pPsSxXwW)\]}}{_BLANK[1:-1]}].)"
    rf"(?:{'|'.join(f'(?<={_WORD_END}{_BLANK * n}.)' for n in range(4))})"
)
_USUAL_WORD = compile_lazily(r".{0,2}?(https?|(?<![^\W_])h[xX]{2}ps?)\Z", re.S)  # most words in print
_PLAIN_SCHEME = compile_lazily(
    r"h(?:ttps?|(?<![^\W_]h)[xX]{2}ps?)://(?![\s/]|(?:h?t?t|h[xX]{2})ps?:/)"
)  # `re` finds its first letter fast
_DOUBLED_SCHEME = compile_lazily(r"(?:h(?:tt|xx)|t{1,2})ps?(?::/|//)", re.I)  # https://https://…: the second one counts
_WIDE_MARKS = ("：", "／／")
_UNUSUAL_MARK = compile_lazily(
    r"[_:\[({&](?:(?<=_)_|(?<=:)(?:[\\\[({]|/ )|(?<=[\[({]):|(?<=[:&])(?:"
    rf"{'|'.join(re.escape(mark[1:]) for mark in d.ENTITY_MARKS)}))"
)
_SCHEME_WINDOW = 14


@dataclass(slots=True)
class Scheme:
    """A scheme as printed at `text[start:end]`, separator and spaces included, and what it means."""

    start: int
    end: int
    name: str
    _: KW_ONLY
    style: str = PLAIN_STYLE
    confidence: float = 1.0
    bare_separator: bool = False  # `//` or `__` without a colon
    spaced: bool = False  # a space follows the separator
    repairs: tuple[Repair, ...] = field(default=())


class SchemeIndex:
    """Every scheme of a text, in order; a usual one takes sixteen bytes until it is read."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.starts, self._ends = array("Q"), array("Q")
        self._unusual: dict[int, Scheme] = {}  # by position: all that is neither plain nor `hxxp://`
        for match in _PLAIN_SCHEME.finditer(text):
            self.starts.append(match.start())
            self._ends.append(match.end())
        slashes = text.count("//") == text.count(":/") == len(self.starts)
        if not slashes or any(mark in text for mark in _WIDE_MARKS) or _UNUSUAL_MARK.search(text):
            self.starts, self._ends = array("Q"), array("Q")
            for scheme in _find_schemes(text):
                if scheme.style != PLAIN_STYLE or scheme != _plain_scheme(scheme.start, scheme.end):
                    self._unusual[len(self.starts)] = scheme
                self.starts.append(scheme.start)
                self._ends.append(scheme.end)

    def __getitem__(self, index: int) -> Scheme:
        return self._unusual.get(index) or _read_usual_scheme(self._text, self.starts[index], self._ends[index])

    def find_at(self, place: int) -> Scheme | None:
        """The scheme that begins at a place."""
        index = bisect_left(self.starts, place)
        return self[index] if index < len(self.starts) and self.starts[index] == place else None


def _read_usual_scheme(text: str, start: int, end: int) -> Scheme:
    """A scheme of one word and `://`."""
    name, style, confidence, _ = _interpret_scheme(text[start : end - len("://")], "://")
    return Scheme(start, end, name, style=style, confidence=confidence)


def _plain_scheme(start: int, end: int) -> Scheme:
    return Scheme(start, end, "https" if end - start == len("https://") else "http")


def _find_schemes(text: str) -> Iterator[Scheme]:
    scanned_to = 0
    for candidate in _SEPARATOR_START.finditer(text):
        start = candidate.start()
        match = _SEPARATOR.match(text, start) if start >= scanned_to else None
        if match is None or _DOUBLED_SCHEME.match(text, match.end()):
            continue
        if match[0] == "://" and (word := _USUAL_WORD.match(text, max(start - 6, 0), start)):
            yield _read_usual_scheme(text, word.start(1), match.end())
            continue
        low = max(scanned_to, start - _SCHEME_WINDOW)
        if (scheme := _read_scheme_before(text[low:start], low, match)) is not None:
            scanned_to = match.end()
            yield scheme


def scheme_at(text: str, start: int = 0) -> Scheme | None:
    """The scheme that begins at `start`, if one does."""
    scheme = next(_find_schemes(text[start : start + 40]), None)
    return replace(scheme, start=start, end=start + scheme.end) if scheme and scheme.start == 0 else None


def _read_scheme_before(window: str, low: int, match: re.Match[str]) -> Scheme | None:
    """The scheme whose word ends the window before a separator."""
    printed = window.rstrip(" \t\u00a0")
    if len(window) - len(printed) > _MAX_BLANKS or printed[-1:] not in tuple("pPsSxXwW])}"):
        return None
    run = _WORD_RUN.match(printed[::-1])
    word = _find_word(run[0][::-1]) if run else ""
    if not word and printed[-2:-1] == " ":
        word = _find_word(printed[-_SPACED_RUN:])
    if not word:
        return None
    name, style, confidence, repairs = _interpret_scheme(word, match[0].strip())
    bare = match[0].strip() in ("//", "__")
    if bare and name not in ("http", "https"):
        return None
    return Scheme(
        low + len(printed) - len(word),
        match.end(),
        name,
        style=style,
        confidence=confidence,
        bare_separator=bare,
        spaced=match[0][-1].isspace(),
        repairs=repairs,
    )


@lru_cache(maxsize=1024)
def _find_word(run: str) -> str:
    """The word of a scheme that a run of characters ends with; empty where it ends with none."""
    word = _WORD.search(run)
    return word[0] if word else ""


@lru_cache(maxsize=1024)
def _interpret_scheme(word: str, separator: str) -> tuple[str, str, float, tuple[Repair, ...]]:
    """The scheme meant, the style it was printed in, how sure, and what had to be repaired."""
    # a lookbehind of the table needs something before the word
    row = next(r for r in d.SCHEMES if re.fullmatch(r.pattern, word, re.I))
    cut = next(r for r in d.SEPARATORS if re.match(rf"(?:{r.pattern})\Z", separator) or r is d.SEPARATORS[-1])
    letters = re.sub(r"[^a-z]", "", word.lower())
    secure = letters.endswith("s") or letters == "xxxxx"
    scheme = {"http": "https" if secure else "http", "ftp": letters.replace("x", "t")}.get(row.means, letters)
    style = PLAIN_STYLE if row.name == d.LOST_LETTERS else row.name
    if style == PLAIN_STYLE and cut.where != d.SCHEME:
        style = cut.name
    repairs = []
    if row.name == d.LOST_LETTERS:
        lost = scheme[: len(scheme) - len(letters)]
        repairs.append(Repair(RepairKind.SCHEME_LETTERS_LOST, f"printed {word!r}", inserted=lost))
    if cut.where == d.SCHEME:
        repairs.append(Repair(RepairKind.SCHEME_SEPARATOR, f"printed {separator!r}", inserted="://"))
    return scheme, style, min(row.confidence, cut.confidence), tuple(repairs)
