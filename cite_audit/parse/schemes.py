"""Finds the schemes of a text, in any dialect: first the separator, which is rare, then the word before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from cite_audit.model import Repair
from cite_audit.parse import dialects as d

_PLACES = (d.ANYWHERE, d.ADDRESS, d.SCHEME)
_SEPARATOR = re.compile(rf"(?:{d.alternation(d.SEPARATORS, _PLACES)})[ \t\u00a0]{{0,3}}")
_WORD = re.compile(rf"(?:{'|'.join(row.pattern for row in d.SCHEMES)})(?=[ \t\u00a0]{{0,3}}\Z)", re.I)
_PLAIN = re.compile(r"(https?)://(?![\s/]|(?:ht|t)?tps?:/)")
_TWICE = re.compile(r"(?:h(?:tt|xx)|t{1,2})ps?:/", re.I)  # https://https://…: the second one counts
_EXOTIC = ("__", ":\\", "[:", "(:", "{:", ":[", ":(", ":{", "：", "／／", ":/ ")
_WINDOW = 14


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme as printed at `text[start:end]`, separator and spaces included, and what it means."""

    start: int
    end: int
    name: str
    style: str = "plain"
    confidence: float = 1.0
    bare_separator: bool = False  # `//` or `__` without a colon
    spaced: bool = False  # a space follows the separator
    repairs: tuple[Repair, ...] = field(default=())


def schemes(text: str) -> list[Scheme]:
    """Every scheme of a text, in order."""
    plain = [Scheme(m.start(), m.end(), m[1]) for m in _PLAIN.finditer(text)]
    if text.count("//") == text.count(":/") == len(plain) and not any(gate in text for gate in _EXOTIC):
        return plain
    return list(_schemes(text))


def _schemes(text: str) -> Iterator[Scheme]:
    done = 0
    for match in _SEPARATOR.finditer(text):
        start = match.start()
        if start < done:
            continue
        if _TWICE.match(text, match.end()):
            continue
        if match[0] == "://" and text[start - 4 : start].isalpha():
            if text.startswith("https", start - 5) and start >= 5:
                yield Scheme(start - 5, match.end(), "https")
                continue
            if text.startswith("http", start - 4) and start >= 4:
                yield Scheme(start - 4, match.end(), "http")
                continue
        low = max(done, start - _WINDOW)
        if (found := _before(text[low:start], low, match)) is not None:
            done = match.end()
            yield found


def scheme_at(text: str, start: int = 0) -> Scheme | None:
    """The scheme that begins at `start`, if one does."""
    found = next(_schemes(text[start : start + 40]), None)
    return replace(found, start=start, end=start + found.end) if found and found.start == 0 else None


def _before(window: str, low: int, match: re.Match[str]) -> Scheme | None:
    """The scheme whose word ends the window before a separator."""
    if not window.rstrip(" \t\u00a0")[-1:] or window.rstrip(" \t\u00a0")[-1] not in "pPsSxXwW])}":
        return None
    word = _WORD.search(window)
    if word is None:
        return None
    name, style, confidence, repairs = _meaning(word[0], match[0].strip())
    bare = match[0].strip() in ("//", "__")
    if bare and name not in ("http", "https"):
        return None
    return Scheme(low + word.start(), match.end(), name, style, confidence, bare, match[0][-1].isspace(), repairs)


@lru_cache(maxsize=1024)
def _meaning(word: str, separator: str) -> tuple[str, str, float, tuple[Repair, ...]]:
    """The scheme meant, the style it was printed in, how sure, and what had to be repaired."""
    # a lookbehind of the table needs something before the word
    row = next(r for r in d.SCHEMES if re.fullmatch(r.pattern, word, re.I))
    cut = next(r for r in d.SEPARATORS if re.match(rf"(?:{r.pattern})\Z", separator) or r is d.SEPARATORS[-1])
    letters = re.sub(r"[^a-z]", "", word.lower())
    secure = letters.endswith("s") or letters == "xxxxx"
    scheme = {"http": "https" if secure else "http", "ftp": letters.replace("x", "t")}.get(row.means, letters)
    style = "plain" if row.name in ("plain", "ftp", "other", "lost-letters") else row.name
    if style == "plain" and cut.where != d.SCHEME and cut.name != "plain":
        style = cut.name
    repairs = []
    if row.name == "lost-letters":
        lost = scheme[: len(scheme) - len(letters)]
        repairs.append(Repair("scheme-letters-lost", f"printed {word!r}", inserted=lost))
    if cut.where == d.SCHEME:
        repairs.append(Repair("scheme-separator", f"printed {separator!r}", inserted="://"))
    return scheme, style, min(row.confidence, cut.confidence), tuple(repairs)
