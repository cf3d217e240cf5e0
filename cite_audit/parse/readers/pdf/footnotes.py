"""Footnotes of a PDF: the lines at the foot of a page whose labels are those of the markers above them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from cite_audit.parse.readers.pdf.lines import LinePiece, PdfLine

PRINTED_LABEL = re.compile(r"\s*\[?(\d{1,4})[\].)]?(?=\s|[^\w\s])\s*")
BRACKETED_NUMBER = re.compile(r"\[(\d{1,4})\]")
MARKER_NUMBER = re.compile(r"\d{1,4}")
UNIT_ENDING = re.compile(r"(?:\b(?:[kcdm]?m|ft|mi|ha|s)|\d)$")
PLAIN_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
NOTE_SIZE_RATIO = 0.96  # of the body's: smaller type, where a label need not be raised
MIN_MATCHED_SHARE = 0.8  # the share of a report's markers that must find a note at the foot of their page


DrawnLine = tuple[float, float, float]  # left, width, height on the page
MAX_RULES = 100
MIN_COLUMN_RISE = 0.3  # of the height of the page's text: the least that a new column goes up


@dataclass(slots=True)
class PdfFootnote:
    """One footnote: its label, how many characters of its first line that takes, and its lines."""

    label: int
    label_length: int
    lines: list[PdfLine]


@dataclass(frozen=True, slots=True)
class PdfMarker:
    """A number raised, or in brackets, in running text: characters `start` to `end` of a piece."""

    label: int
    piece: LinePiece
    start: int
    end: int


@dataclass(slots=True)
class FootnoteLayout:
    """The pages without their feet, the footnotes, and the markers that lead to one, by the `id` of their piece."""

    bodies: list[list[PdfLine]]
    footnotes: list[PdfFootnote] = field(default_factory=list)
    markers: dict[int, list[PdfMarker]] = field(default_factory=dict)


def find_footnotes(pages: list[list[PdfLine]], rules: list[list[DrawnLine]], size: float) -> FootnoteLayout:
    """The footnotes of a report; nothing is taken off its pages unless most markers find their note."""
    rules = [drop_underlines(lines, page_rules) for lines, page_rules in zip(pages, rules, strict=True)]
    separator = find_usual_separator(pages, rules, size)
    layout = FootnoteLayout([])
    markers: list[tuple[int, PdfMarker]] = []
    noted_labels: set[tuple[int, int]] = set()
    carried_labels: set[int] = set()  # markers of the page before, whose notes were moved over
    for number, page in enumerate(pages):
        labels: set[int] = set()
        foot_labels: set[int] = set()
        layout.bodies.append([])
        for lines in split_columns(page):
            start = include_continuation(
                lines, find_foot_start(lines, size, carried_labels), rules[number], separator, size
            )
            column_markers = find_line_markers(lines[:start])
            labels |= {marker.label for marker in column_markers}
            footnotes = split_footnotes(lines[start:], layout.footnotes)
            layout.footnotes.extend(footnotes)
            layout.bodies[-1].extend(lines[:start])
            markers.extend((number, marker) for marker in column_markers)
            noted_labels.update(
                (number if footnote.label in labels else number - 1, footnote.label) for footnote in footnotes
            )
            foot_labels.update(footnote.label for footnote in footnotes)
            carried_labels = labels - foot_labels
    marked_labels = {(number, marker.label) for number, marker in markers}
    if not marked_labels or len(marked_labels & noted_labels) < MIN_MATCHED_SHARE * len(marked_labels):
        return FootnoteLayout(pages)
    for number, marker in markers:
        if (number, marker.label) in noted_labels:
            layout.markers.setdefault(id(marker.piece), []).append(marker)
    return layout


def split_columns(lines: list[PdfLine]) -> list[list[PdfLine]]:
    """The lines of a page by columns: one begins where the text goes on higher up and to the right."""
    columns: list[list[PdfLine]] = [[]]
    top = max((line.y for line in lines), default=0.0)
    bottom = min((line.y for line in lines), default=0.0)
    for line in lines:
        last_line = columns[-1][-1] if columns[-1] else None
        if last_line and line.y - last_line.y > MIN_COLUMN_RISE * (top - bottom) and line.left > last_line.right:
            columns.append([])
        columns[-1].append(line)
    return columns


def find_foot_start(lines: list[PdfLine], size: float, carried_labels: set[int]) -> int:
    """Where the foot of a page starts: the first label of an unbroken count, all of it marked above."""
    marker_lines: dict[int, int] = {}  # label -> the first line that holds its marker
    for index, line in enumerate(lines):
        for marker in find_line_markers([line]):
            marker_lines.setdefault(marker.label, index)
    start = len(lines)
    expected_label = 0
    for line_index in range(len(lines) - 1, 0, -1):
        label, _ = parse_line_label(lines[line_index], size)
        if not label:
            continue
        if expected_label and label != expected_label:
            break
        expected_label = label - 1
        if label in carried_labels or marker_lines.get(label, line_index) < line_index:
            start = line_index
        elif start == len(lines):
            expected_label = 0
    return start


def drop_underlines(lines: list[PdfLine], rules: list[DrawnLine]) -> list[DrawnLine]:
    """The drawn lines that do not run along the feet of words."""

    def is_underline(rule: DrawnLine, line: PdfLine) -> bool:
        left, width, y = rule
        return -1 <= line.y - y <= 0.4 * line.size and line.left - 3 <= left and left + width <= line.right + 3

    return [rule for rule in rules[:MAX_RULES] if not any(is_underline(rule, line) for line in lines)]


def find_usual_separator(pages: list[list[PdfLine]], rules: list[list[DrawnLine]], size: float) -> tuple[float, float]:
    """Left edge and width of the line drawn above footnotes, where their labels are told by the markers alone."""
    separator_counts: Counter[tuple[float, float]] = Counter()
    for lines, page_rules in zip(pages, rules, strict=True):
        start = find_foot_start(lines, size, set())
        if start < len(lines):
            separator_counts.update({rule[:2] for rule in page_rules if rule[2] > lines[start].y})
    return separator_counts.most_common(1)[0][0] if separator_counts else (0.0, 0.0)


def include_continuation(
    lines: list[PdfLine], start: int, rules: list[DrawnLine], separator: tuple[float, float], size: float
) -> int:
    """Where the foot starts with the end of the note of the page before: below the usual line, or in smaller type."""
    rule_height = min((y for left, width, y in rules if (left, width) == separator), default=0.0)
    ruled_start = len(lines)
    while ruled_start > 0 and lines[ruled_start - 1].y < rule_height:
        ruled_start -= 1
    if 0 < ruled_start <= start:
        return ruled_start
    while 1 < start < len(lines) and is_note_continuation(lines[start - 1], lines[start], size):
        start -= 1
    return start


def is_note_continuation(line: PdfLine, next_line: PdfLine, size: float) -> bool:
    """Whether a line above the first label is the end of a note of the page before."""
    return (
        line.size < NOTE_SIZE_RATIO * size and abs(line.size - next_line.size) < 0.5 and not find_line_markers([line])
    )


def split_footnotes(lines: list[PdfLine], earlier_notes: list[PdfFootnote]) -> list[PdfFootnote]:
    """The notes of a foot; lines before the first label go on with the last note before."""
    footnotes: list[PdfFootnote] = []
    for line in lines:
        label, length = parse_line_label(line, line.size * 2)
        is_next_label = not footnotes or label == footnotes[-1].label + 1
        if (
            label
            and is_next_label
            and (
                footnotes or line is lines[0] or not earlier_notes or label == earlier_notes[-1].label + 1 or label == 1
            )
        ):
            footnotes.append(PdfFootnote(label, length, [line]))
        elif footnotes:
            footnotes[-1].lines.append(line)
        elif earlier_notes:
            earlier_notes[-1].lines.append(line)
    return footnotes


def parse_line_label(line: PdfLine, size: float) -> tuple[int, int]:
    """The label that a line starts with and the characters it takes; 0 if there is none."""
    first_piece = line.pieces[0]
    if first_piece.raised:
        digits = first_piece.text.translate(PLAIN_DIGITS).strip()
        if digits.isdecimal() and len(digits) <= 4:
            return int(digits), len(first_piece.text)
    if line.size <= NOTE_SIZE_RATIO * size and (match := PRINTED_LABEL.match("".join(p.text for p in line.pieces[:3]))):
        return int(match[1]), match.end()
    return 0, 0


def find_line_markers(lines: list[PdfLine]) -> list[PdfMarker]:
    """The numbers raised, or in brackets, in running text; units of measure aside."""
    markers: list[PdfMarker] = []
    for line in lines:
        text_before = ""
        for piece_index, piece in enumerate(line.pieces):
            if piece.raised and piece_index and not UNIT_ENDING.search(text_before.rstrip()[-4:]):
                plain = piece.text.translate(PLAIN_DIGITS)
                markers.extend(PdfMarker(int(m[0]), piece, m.start(), m.end()) for m in MARKER_NUMBER.finditer(plain))
            elif not piece.raised:
                brackets = BRACKETED_NUMBER.finditer(piece.text, 0 if piece_index else 1)
                markers.extend(PdfMarker(int(m[1]), piece, m.start(), m.end()) for m in brackets)
            text_before = piece.text
    return markers
