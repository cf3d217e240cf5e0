"""How notes are numbered in print: the label before a note, and the marker in the running text. A table of styles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SUP = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_TO_DIGITS = str.maketrans(_SUP, "0123456789")
_ROMAN = r"(?=[ivxlc])(?:x{0,3}l?x{0,3}|xc|xl|c{1,3})?(?:ix|iv|v?i{0,3})"
_LIST = r"(?:\s?[,;–—-]\s?\d{1,4}){0,30}"
_BACK = r"\(<?[^\s()]{0,300}#[^\s()]{0,80}\)"  # (…#_edn1): a link to the note or back from it


@dataclass(frozen=True, slots=True)
class LabelStyle:
    """`label` matches at the start of a line, `marker` in running text; group 1 holds the number.

    A strong style is a note wherever it stands; a weak one needs a heading, links or markers that agree with it.
    """

    name: str
    label: str
    marker: str
    strong: bool
    example: str


STYLES: tuple[LabelStyle, ...] = (
    LabelStyle(
        "unicode-superscript", rf"([{_SUP}]{{1,4}})(?![{_SUP}])", rf"(?<=\S)([{_SUP}]+(?:[,˒⁻–][{_SUP}]+)*)", True, "¹"
    ),
    LabelStyle(
        "html-sup",
        rf"\[?<sup>\s*\[?\s*(\d{{1,4}}|{_ROMAN})\s*\]?\s*</sup>(?:\]{_BACK})?",
        rf"\[?<sup>\s*\[?\s*(\d{{1,4}}{_LIST}|{_ROMAN})\s*\]?\s*</sup>(?:\]{_BACK})?",
        True,
        "<sup>1</sup>",
    ),
    LabelStyle(
        "footnote",
        r"\[\^([^\]\s]{1,80})\]:",
        r"\[\^([^\]\s]{1,80})\](?!:)",
        True,
        "[^1]:",
    ),
    LabelStyle(
        "linked",
        rf"\[\\?\[?(\d{{1,4}}|{_ROMAN})\\?\]?\]{_BACK}",
        rf"\[\\?\[?(\d{{1,4}}|{_ROMAN})\\?\]?\]{_BACK}",
        True,
        "[[iv]](#_edn4)",
    ),
    LabelStyle(
        "square-bracket",
        r"\\?\[(\d{1,4})\\?\]:?",
        rf"\\?\[(\d{{1,4}}{_LIST})\\?\](?!\(|:\s)",
        True,
        "[1]",
    ),
    LabelStyle("square-roman", rf"\\?\[({_ROMAN})\\?\]:?", rf"(?<=\S)\\?\[({_ROMAN})\\?\](?!\()", True, "[iv]"),
    LabelStyle("caret", r"\^(\d{1,4})\^?(?=\s)", r"(?<=\S)\^(\d{1,4})\^?(?![\d.])", True, "^1^"),
    LabelStyle("round", r"\((\d{1,3})\)", r"(?<=\S)\s?\((\d{1,3})\)", False, "(1)"),
    LabelStyle(
        "dotted", r"\\?(\d{1,3})\\?[.)](?=\s|\\|<|\[|http)", r"(?<=[^\W\d_][.,;!?”\"’)])(\d{1,3})(?=\s|$)", False, "1."
    ),
    LabelStyle("roman", rf"({_ROMAN})[.)](?=\s)", r"(?!)", False, "iv."),
    LabelStyle("number", r"(\d{1,3})(?=[ \t\u00a0]+(?:\S))", r"(?!)", False, "1"),
)

_LEAD = r"^[ \t\u00a0]{0,8}(?:[>*-][ \t])?(?:\*\*|__|#{1,6} )?"
_LABELS = {style.name: re.compile(rf"{_LEAD}(?:{style.label})(?:\*\*|__)?", re.M) for style in STYLES}
_MARKERS = {style.name: re.compile(style.marker, re.M) for style in STYLES}
BY_NAME = {style.name: style for style in STYLES}

HEADING = re.compile(
    r"^[ \t]*(?:#{1,6}[ \t]*)?[*_]{0,3}(?:\d{1,2}\.?[ \t]+)?"
    r"(end ?notes?|foot ?notes?|notes|references|sources|citations|works cited|bibliography|"
    r"примечания|сноски|источники|ссылки|литература|примітки|джерела|посилання|список источников)"
    r"[*_]{0,3}[ \t]*:?[ \t]*$",
    re.I | re.M,
)


@dataclass(frozen=True, slots=True)
class Label:
    """A label at the start of a line: where it begins and ends, what it says, the number it means."""

    start: int
    end: int
    printed: str
    number: int


def number_of(printed: str) -> int:
    """The number a label means: digits, superscripts or roman numerals; 0 for a name."""
    text = printed.translate(_TO_DIGITS)
    if text.isdigit():
        return int(text) if len(text) <= 4 else 0
    if text and not text.strip("ivxlcIVXLC"):
        return _roman(text.lower())
    return 0


def _roman(text: str) -> int:
    values = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
    total = 0
    for here, after in zip(text, [*text[1:], "i"], strict=True):
        total += -values[here] if values[here] < values[after] else values[here]
    return total


def numbers_of(printed: str) -> list[int]:
    """Every number a marker holds: `1,3`, `2-4` and `¹⁻³` name several."""
    text = printed.translate(_TO_DIGITS).replace("⁻", "-").replace("˒", ",")
    if not re.search(r"[,;–—-]", text):
        return [number_of(text)]
    out: list[int] = []
    for part in re.split(r"\s?[,;]\s?", text):
        first, _, last = re.sub(r"[–—]", "-", part).partition("-")
        low, high = number_of(first.strip()), number_of(last.strip())
        out += range(low, high + 1) if low and low < high <= low + 30 else [low] + ([high] if high else [])
    return out


def labels(text: str, style: LabelStyle) -> Iterator[Label]:
    """Every label of a style that stands at the start of a line."""
    for match in _LABELS[style.name].finditer(text):
        if style.name == "footnote" or (number := number_of(match[1])) > 0:
            yield Label(match.start(), match.end(), match[1], 0 if style.name == "footnote" else number)


def markers(text: str, style: LabelStyle) -> Iterator[re.Match[str]]:
    """Every marker of a style in a text, also those that stand at a line's start."""
    return _MARKERS[style.name].finditer(text)
