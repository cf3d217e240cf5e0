"""The table of label styles: how notes are numbered in print, before the note and in the running text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import KW_ONLY

from cite_audit.frozen_record import frozen_record
from cite_audit.lazy_pattern import compile_lazily

_SUP = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_SUP_ROMAN = "ⁱᵛˣˡ"
_LIST_MARK = compile_lazily("[,;–—-]")
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"
_TO_DIGITS = str.maketrans(_SUP + _SUP_ROMAN + "、，・～", "0123456789ivxl,,,-", "注註주") | {
    ord(character): str(number) for number, character in enumerate(_CIRCLED, 1)
}
_ROMAN = r"(?=[ivxlc])(?:x{0,3}l?x{0,3}|xc|xl|c{1,3})?(?:ix|iv|v?i{0,3})"
_LIST = r"(?:\s?[,;–—-]\s?\d{1,4}){0,30}"
# `[1, с. 25]`, `[1, p. 4]` (GOST R 7.0.5, numeric styles), and `[1:2]`, the second marker of a note in markdown-it
_LOCATOR = r"(?:,?\s(?:pp?|стр?|[сcsSС]|S|art|para?|ч|т|vol|ст)\.[^\]\n]{1,40}|:\d{1,3})?"
_OPEN, _CLOSE = r"\\?[\[［【〔]", r"\\?[\]］】〕]"
_EMPHASIS = r"[_*^]{0,2}"  # emphasis within the brackets
# `3 June 2023)` at a line's start is a date
_DATE = (
    r"[ \t\u00a0](?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек"
    r"|січ|лют|бер|кві|тра|чер|лип|сер|вер|жов|лис|гру)[a-zа-яі]{0,9}\.?,?[ \t\u00a0]\d{4}"
)
_CLAUSE_ENDS = frozenset('.,;:!?”"’)' + _SUP + _SUP_ROMAN)
_BACK_LINK = r"\(<?[^\s()]{0,300}#[^\s()]{0,80}\)"  # (…#_edn1): a link to the note or back from it


@frozen_record
class LabelStyle:
    """`label` matches at the start of a line, `marker` in running text; group 1 holds the number.

    A strong style is a note wherever it stands; a weak one needs a heading, links or markers that agree with it.
    """

    name: str
    label: str
    marker: str
    _: KW_ONLY
    strong: bool
    example: str
    gate: Sequence[str] = ""  # a text with none of these has no label and no marker of the style
    glued: bool = False  # the marker follows a word or its punctuation without a space
    named: bool = False  # labels may be names, which renderers number by first mention
    superscript: bool = False  # the marker may be the exponent of a unit: m²


STYLES: tuple[LabelStyle, ...] = (
    LabelStyle(
        "unicode-superscript",
        rf"⁽?([{_SUP}]{{1,4}}|[{_SUP_ROMAN}]{{1,8}})⁾?(?![{_SUP}{_SUP_ROMAN}])",
        rf"⁽?([{_SUP}]+(?:[,˒⁻–][{_SUP}]+)*|[{_SUP_ROMAN}]{{1,8}})⁾?",
        strong=True,
        example="¹",
        gate=_SUP + _SUP_ROMAN,
        glued=True,
        superscript=True,
    ),
    LabelStyle(
        "html-sup",
        rf"\[?<sup>\s*\[?\s*(\d{{1,4}}|{_ROMAN})\s*\]?\s*</sup>(?:\]{_BACK_LINK})?",
        rf"<sup>\s*\[?\s*(\d{{1,4}}{_LIST}|{_ROMAN})\s*\]?\s*</sup>(?:\]{_BACK_LINK})?",
        strong=True,
        example="<sup>1</sup>",
        gate=("<sup>",),
    ),
    LabelStyle(
        "anchored",
        r"<a\s[^<>\n]{1,80}>\[?(\d{1,4})\]?</a>[.:)]?(?=\s)",
        "",
        strong=False,
        example='<a name="n1">1</a>',
        gate=("<a",),
    ),
    LabelStyle(
        "footnote",
        r"\[\^([^\]\s]{1,80})\]:",
        r"\[(?!(?<!\S\[)\^[^\]\s]{1,80}\]:)(?!(?<=>\[)\^[^\]\s]{1,80}\]:)\^([^\]\s]{1,80})\]",
        strong=True,
        example="[^1]:",
        gate="^",
        named=True,
    ),
    LabelStyle(
        "linked",
        rf"\[{_EMPHASIS}(?:{_OPEN})?(\d{{1,4}}|{_ROMAN})(?:{_CLOSE})?{_EMPHASIS}\]{_BACK_LINK}",
        rf"\[{_EMPHASIS}(?:{_OPEN})?(\d{{1,4}}|{_ROMAN})(?:{_CLOSE})?{_EMPHASIS}\]{_BACK_LINK}",
        strong=True,
        example="[[iv]](#_edn4)",
        gate="#",
    ),
    LabelStyle(
        "square-bracket",
        rf"{_OPEN}(\d{{1,4}}){_CLOSE}:?",
        rf"[\[［【〔](\d{{1,4}}{_LIST}){_LOCATOR}{_CLOSE}(?!\()",
        strong=True,
        example="[1]",
        gate="[［【〔",
    ),
    LabelStyle(
        "square-roman",
        rf"\\?\[({_ROMAN})\\?\]:?",
        rf"\[({_ROMAN})\\?\](?!\()",
        strong=True,
        example="[iv]",
        gate="[",
        glued=True,
    ),
    LabelStyle(
        "caret", r"\^(\d{1,4})\^?(?=\s)", r"\^(\d{1,4})\^?(?![\d.])", strong=True, example="^1^", gate="^", glued=True
    ),
    LabelStyle("round", r"[(（](\d{1,3})[)）]", r"[(（](\d{1,3})[)）]", strong=False, example="(1)", gate="(（"),
    LabelStyle(
        "circled", rf"([{_CIRCLED}])", rf"(?<=[^\s{_CIRCLED}])([{_CIRCLED}])", strong=False, example="①", gate=_CIRCLED
    ),
    LabelStyle(
        "dotted",
        r"\\?(\d{1,3})(?:\\?[.):\]](?=\s|\\|<|\[|http)|[ \t][–—-](?=[ \t]))",
        r"[.,;!?”\"’)](?:(?<=[^\W\d_].)|(?<=\b\d{4}.)|(?<=[^\W\d_][.,!?][”\"’)]))(\d{1,3})(?=\s|$)",
        strong=False,
        example="1.",
    ),
    LabelStyle(
        "closing-bracket",
        r"(\d{1,3})\)(?=\s)",
        r"(?:(?<=[^\W\d_])|(?<=[^\W\d_][.,!?。”’」]))(\d{1,3})\)(?=[\s.,;:!?]|$)",
        strong=False,
        example="1)",
        gate=")",
    ),
    LabelStyle(
        "worded",
        r"(?i:(?:foot|end)?note|fn\.?|сноска|примечание|примітка)[ \t\u00a0]{1,2}(\d{1,3})(?:[.:)]|[ \t][–—-])(?=\s)",
        r"[\[(](?i:(?:foot|end)?note|fn\.?|сноска)[ \t\u00a0](\d{1,3})[\])]",
        strong=False,
        example="Note 1.",
    ),
    LabelStyle(
        "east-asian",
        r"[（(［\[]?[注註주※](\d{1,3})[）)］\]]?(?:[ \t\u3000:：．.]|(?=[^\d\s]))",
        r"(?:[（(［\[※*]\s?[注註주]|※)\s?(\d{1,3}(?:[、，,・～–-][注註주]?\d{1,3}){0,9})(?:\s?[）)］\]])?",
        strong=True,
        example="注1",
        gate="注註주※",
    ),
    LabelStyle(
        "table-row",
        r"\|[ \t]*(\d{1,3})\.?[ \t]*\|",
        "",
        strong=False,
        example="| 1 |",
    ),
    LabelStyle("roman", rf"\(?({_ROMAN})[.)](?=\s)", "", strong=False, example="iv."),
    LabelStyle(
        "number",
        rf"(\d{{1,3}})(?!{_DATE})"
        r"(?=[ \t\u00a0]+\S|[ \t]*\r?\n(?:[ \t]*\r?\n)?[ \t]*[<(\[]{0,2}(?:h..ps?\b|tt?ps?:|www\b))",
        "",
        strong=False,
        example="1",
    ),
)

BARE_DIGITS = next(style for style in STYLES if style.name == "dotted")  # its markers are bare digits behind a word

_LEAD = (
    r"[ \t\u00a0]{0,8}(?:[>*|-][ \t])?(?:<a\b[^<>\n]{0,80}></a>)?(?:[*_]{1,3}|#{1,6} )?"
    r"(?:(?i:(?:end|foot)?notes?|references|sources)"
    r"(?:[ \t]*:?[ \t]+(?=[\[<(⁰¹²³⁴⁵⁶⁷⁸⁹])|(?=\[\d{1,3}\][ \t\u00a0]{0,3}[<(\[]*(?:h..ps?:|www\.|[“\"])))"
    r")?"
)
_LABELS = {style.name: compile_lazily(rf"^{_LEAD}(?:{style.label})[*_]{{0,3}}", re.M) for style in STYLES}
_MARKERS = {style.name: compile_lazily(style.marker, re.M) for style in STYLES if style.marker}
_INNER_LABELS = {style.name: compile_lazily(style.label) for style in STYLES if style.strong and not style.named}
_LABEL_BEGINNING = "|".join(
    (
        rf"[\d\[(<^（注註주※\\{_SUP}{_SUP_ROMAN}{_CIRCLED}［【〔⁽]",
        r"\|[ \t]*\d",
        r"[ivxlc]{1,8}[.)]",
        r"(?i:(?:foot|end)?note|fn|сноск|прим)",
    )
)
_LABEL_LINE = rf"(?![ \t\u00a0]*+[\n\r]){_LEAD}(?={_LABEL_BEGINNING})"
_FIRST_LABEL_LINE = compile_lazily(rf"^{_LABEL_LINE}", re.M)
_NEXT_LABEL_LINE = compile_lazily(rf"\n(?={_LABEL_LINE})")  # `re` finds `\n` far sooner than `^`


@frozen_record
class Label:
    """A label at the start of a line: where it begins and ends, its text, and its number."""

    start: int
    end: int
    printed: str
    _: KW_ONLY
    number: int


def parse_label_number(printed: str) -> int:
    """The number a label means: digits, superscripts or roman numerals; 0 for a name."""
    text = printed.translate(_TO_DIGITS)
    if text.isdecimal():
        return int(text) if len(text) <= 4 else 0
    if text and not text.strip("ivxlcIVXLC"):
        return _parse_roman(text.lower())
    return 0


def _parse_roman(text: str) -> int:
    values = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
    total = 0
    for numeral, next_numeral in zip(text, [*text[1:], "i"], strict=True):
        total += -values[numeral] if values[numeral] < values[next_numeral] else values[numeral]
    return total


def parse_marker_numbers(printed: str) -> list[int]:
    """Every number a marker holds: `1,3`, `2-4` and `¹⁻³` name several."""
    text = printed.translate(_TO_DIGITS).replace("⁻", "-").replace("˒", ",")
    if not _LIST_MARK.search(text):
        return [parse_label_number(text)]
    out: list[int] = []
    for part in re.split(r"\s?[,;]\s?", text):
        low_text, _, high_text = re.sub(r"[–—]", "-", part).partition("-")
        low, high = parse_label_number(low_text.strip()), parse_label_number(high_text.strip())
        out += range(low, high + 1) if low and low < high <= low + 30 else [low] + ([high] if high else [])
    return out


def find_label_lines(text: str, start: int = 0) -> list[int]:
    """Where lines begin, from `start` on, that may begin with a label of any style."""
    first = [start] if _FIRST_LABEL_LINE.match(text, start) else []
    return first + [match.end() for match in _NEXT_LABEL_LINE.finditer(text, start)]


def match_labels(text: str, style: LabelStyle, places: list[int]) -> Iterator[Label]:
    """Every label of a style that stands at the start of a line; `places` from `find_label_lines`."""
    pattern = _LABELS[style.name]
    for place in places if _passes_gate(text, style) else ():
        if match := pattern.match(text, place):
            number = 0 if style.named else parse_label_number(match[1])
            if number > 0 or style.named:
                yield Label(match.start(), match.end(), match[1], number=number)


def _passes_gate(text: str, style: LabelStyle) -> bool:
    return not style.gate or any(mark in text for mark in style.gate)


def match_inner_labels(text: str, style: LabelStyle, start: int, end: int) -> Iterator[Label]:
    """What looks like a label of a strong style inside a line: after a space, a separator, or glued if in brackets."""
    pattern = _INNER_LABELS.get(style.name)
    for match in pattern.finditer(text, start, end) if pattern else ():
        previous_char = text[match.start() - 1]
        is_separate = (
            previous_char.isspace() or previous_char in ";.)>" or (match[0][0] in "\\[<" and previous_char not in "[(=")
        )
        if is_separate and (number := parse_label_number(match[1])):
            yield Label(match.start(), match.end(), match[1], number=number)


def prefer_paragraph_starts(line_labels: list[Label], opened: set[int]) -> list[Label]:
    """The labels without numbers at a line's start (`3 мая 2023 г.`) that repeat one that opens a paragraph."""
    later_numbers: set[int] = set()
    out: list[Label] = []
    for label in reversed(line_labels):
        if label.start in opened or label.number not in later_numbers:
            out.append(label)
            if label.number == 1:
                later_numbers = set()
            elif label.start in opened:
                later_numbers.add(label.number)
    return out[::-1]


def match_markers(text: str, style: LabelStyle) -> Iterator[re.Match[str]]:
    """Every marker of a style in a text, also those that stand at a line's start."""
    pattern = _MARKERS.get(style.name)
    if pattern is None or not _passes_gate(text, style):
        return
    for match in pattern.finditer(text):
        if (
            not style.glued
            or (match.start() > 0 and not text[match.start() - 1].isspace())
            or _is_spaced_marker(text, match)
        ):
            yield match


def _is_spaced_marker(text: str, match: re.Match[str]) -> bool:
    """Whether a raised number stands a space after the end of a clause or after another: `left. ¹`, `⁵ ⁷`."""
    start = match.start()
    return text[start - 1 : start] in (" ", "\u00a0", "\u202f") and text[start - 2 : start - 1] in _CLAUSE_ENDS
