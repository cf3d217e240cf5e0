"""Footnotes of a PDF: the lines at the foot of a page whose labels are those of the markers above them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from cite_audit.parse.readers.pdf_lines import Line, Piece

PRINTED_LABEL = re.compile(r"\s*\[?(\d{1,4})[\].)]?(?=\s|[^\w\s])\s*")
BRACKETED = re.compile(r"\[(\d{1,4})\]")
NUMBER = re.compile(r"\d{1,4}")
UNIT = re.compile(r"(?:\b(?:[kcdm]?m|ft|mi|ha|s)|\d)$")
PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
NOTE_SIZE = 0.96  # of the body's: smaller type, where a label need not be raised
ENOUGH = 0.8  # the share of a report's markers that must find a note at the foot of their page


Rule = tuple[float, float, float]  # left, width, height on the page
MOST_RULES = 100
COLUMN_RISE = 0.3  # of the height of the page's text: the least that a new column goes up


@dataclass(slots=True)
class Foot:
    """One footnote: its label, how many characters of its first line that takes, and its lines."""

    label: int
    label_length: int
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Marker:
    """A number raised, or in brackets, in running text: characters `start` to `end` of a piece."""

    label: int
    piece: Piece
    start: int
    end: int


@dataclass(slots=True)
class Feet:
    """The pages without their feet, the footnotes, and the markers that lead to one, by the `id` of their piece."""

    bodies: list[list[Line]]
    notes: list[Foot] = field(default_factory=list)
    markers: dict[int, list[Marker]] = field(default_factory=dict)


def feet_of(pages: list[list[Line]], rules: list[list[Rule]], size: float) -> Feet:
    """The footnotes of a report; nothing is taken off its pages unless most markers find their note."""
    rules = [not_underlines(lines, drawn) for lines, drawn in zip(pages, rules, strict=True)]
    usual = usual_separator(pages, rules, size)
    found = Feet([])
    markers: list[tuple[int, Marker]] = []
    noted: set[tuple[int, int]] = set()
    waiting: set[int] = set()  # markers of the page before, whose notes were moved over
    for number, page in enumerate(pages):
        labels: set[int] = set()
        told: set[int] = set()
        found.bodies.append([])
        for lines in columns_of(page):
            start = with_continuation(lines, foot_start(lines, size, waiting), rules[number], usual, size)
            here = markers_in(lines[:start])
            labels |= {marker.label for marker in here}
            notes = split(lines[start:], found.notes)
            found.notes.extend(notes)
            found.bodies[-1].extend(lines[:start])
            markers.extend((number, marker) for marker in here)
            noted.update((number if foot.label in labels else number - 1, foot.label) for foot in notes)
            told.update(foot.label for foot in notes)
            waiting = labels - told
    wanted = {(number, marker.label) for number, marker in markers}
    if not wanted or len(wanted & noted) < ENOUGH * len(wanted):
        return Feet(pages)
    for number, marker in markers:
        if (number, marker.label) in noted:
            found.markers.setdefault(id(marker.piece), []).append(marker)
    return found


def columns_of(lines: list[Line]) -> list[list[Line]]:
    """The lines of a page by columns: one begins where the text goes on higher up and to the right."""
    columns: list[list[Line]] = [[]]
    high = max((line.y for line in lines), default=0.0)
    low = min((line.y for line in lines), default=0.0)
    for line in lines:
        last = columns[-1][-1] if columns[-1] else None
        if last and line.y - last.y > COLUMN_RISE * (high - low) and line.left > last.right:
            columns.append([])
        columns[-1].append(line)
    return columns


def foot_start(lines: list[Line], size: float, waiting: set[int]) -> int:
    """Where the foot of a page starts: the first label of an unbroken count, all of it marked above."""
    marked: dict[int, int] = {}  # label -> the first line that holds its marker
    for place, line in enumerate(lines):
        for marker in markers_in([line]):
            marked.setdefault(marker.label, place)
    start = len(lines)
    wanted = 0
    for i in range(len(lines) - 1, 0, -1):
        label, _ = label_of(lines[i], size)
        if not label:
            continue
        if wanted and label != wanted:
            break
        wanted = label - 1
        if label in waiting or marked.get(label, i) < i:
            start = i
        elif start == len(lines):
            wanted = 0
    return start


def not_underlines(lines: list[Line], rules: list[Rule]) -> list[Rule]:
    """The drawn lines that do not run along the feet of words."""

    def underlines(rule: Rule, line: Line) -> bool:
        left, width, y = rule
        return -1 <= line.y - y <= 0.4 * line.size and line.left - 3 <= left and left + width <= line.right + 3

    return [rule for rule in rules[:MOST_RULES] if not any(underlines(rule, line) for line in lines)]


def usual_separator(pages: list[list[Line]], rules: list[list[Rule]], size: float) -> tuple[float, float]:
    """Left edge and width of the line drawn above footnotes, where their labels are told by the markers alone."""
    seen: Counter[tuple[float, float]] = Counter()
    for lines, drawn in zip(pages, rules, strict=True):
        start = foot_start(lines, size, set())
        if start < len(lines):
            seen.update({rule[:2] for rule in drawn if rule[2] > lines[start].y})
    return seen.most_common(1)[0][0] if seen else (0.0, 0.0)


def with_continuation(lines: list[Line], start: int, rules: list[Rule], usual: tuple[float, float], size: float) -> int:
    """Where the foot starts with the end of the note of the page before: below the usual line, or in smaller type."""
    below = min((y for left, width, y in rules if (left, width) == usual), default=0.0)
    ruled = len(lines)
    while ruled > 0 and lines[ruled - 1].y < below:
        ruled -= 1
    if 0 < ruled <= start:
        return ruled
    while 1 < start < len(lines) and is_continuation(lines[start - 1], lines[start], size):
        start -= 1
    return start


def is_continuation(line: Line, below: Line, size: float) -> bool:
    """Whether a line above the first label is the end of a note of the page before."""
    return line.size < NOTE_SIZE * size and abs(line.size - below.size) < 0.5 and not markers_in([line])


def split(lines: list[Line], before: list[Foot]) -> list[Foot]:
    """The notes of a foot; lines before the first label go on with the last note before."""
    found: list[Foot] = []
    for line in lines:
        label, length = label_of(line, line.size * 2)
        due = not found or label == found[-1].label + 1
        if label and due and (found or line is lines[0] or not before or label == before[-1].label + 1 or label == 1):
            found.append(Foot(label, length, [line]))
        elif found:
            found[-1].lines.append(line)
        elif before:
            before[-1].lines.append(line)
    return found


def label_of(line: Line, size: float) -> tuple[int, int]:
    """The label that a line starts with and the characters it takes; 0 if there is none."""
    first = line.pieces[0]
    if first.raised:
        digits = first.text.translate(PLAIN).strip()
        if digits.isdecimal() and len(digits) <= 4:
            return int(digits), len(first.text)
    if line.size <= NOTE_SIZE * size and (match := PRINTED_LABEL.match("".join(p.text for p in line.pieces[:3]))):
        return int(match[1]), match.end()
    return 0, 0


def markers_in(lines: list[Line]) -> list[Marker]:
    """The numbers raised, or in brackets, in running text; units of measure aside."""
    found: list[Marker] = []
    for line in lines:
        before = ""
        for place, piece in enumerate(line.pieces):
            if piece.raised and place and not UNIT.search(before.rstrip()[-4:]):
                plain = piece.text.translate(PLAIN)
                found.extend(Marker(int(m[0]), piece, m.start(), m.end()) for m in NUMBER.finditer(plain))
            elif not piece.raised:
                brackets = BRACKETED.finditer(piece.text, 0 if place else 1)
                found.extend(Marker(int(m[1]), piece, m.start(), m.end()) for m in brackets)
            before = piece.text
    return found
