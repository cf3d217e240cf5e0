"""Footnotes of a PDF: the lines at the foot of a page whose labels are those of the markers above them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cite_audit.parse.readers.pdf_lines import Line

PRINTED_LABEL = re.compile(r"\s*\[?(\d{1,4})[\].)]?(?=\s|[^\w\s])\s*")
BRACKETED = re.compile(r"\[(\d{1,4})\]")
UNIT = re.compile(r"(?:\b(?:[kcdm]?m|ft|mi|ha|s)|\d)$")
PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
NOTE_SIZE = 0.96  # of the body's: smaller type, where a label need not be raised
ENOUGH = 0.8  # the share of a report's markers that must find a note at the foot of their page


@dataclass(slots=True)
class Foot:
    """One footnote: its label, how many characters of its first line that takes, and its lines."""

    label: int
    label_length: int
    lines: list[Line]


def feet_of(pages: list[list[Line]], size: float) -> tuple[list[list[Line]], list[Foot]]:
    """The pages without their feet, and the footnotes; nothing is taken away unless most markers find theirs."""
    bodies: list[list[Line]] = []
    feet: list[Foot] = []
    marked: set[tuple[int, int]] = set()
    noted: set[tuple[int, int]] = set()
    waiting: set[int] = set()  # markers of the page before, whose notes were moved over
    for number, lines in enumerate(pages):
        start = foot_start(lines, size, waiting)
        body = lines[:start]
        here = markers_in(body)
        found = split(lines[start:], feet)
        feet.extend(found)
        labels = {foot.label for foot in found}
        marked.update((number, label) for label in here)
        noted.update((number if label in here else number - 1, label) for label in labels)
        waiting = here - labels
        bodies.append(body)
    if not marked or len(marked & noted) < ENOUGH * len(marked):
        return pages, []
    return bodies, feet


def foot_start(lines: list[Line], size: float, waiting: set[int]) -> int:
    """Where the foot of a page starts: the first label of an unbroken count, all of it marked above."""
    start = len(lines)
    wanted = 0
    for i in range(len(lines) - 1, 0, -1):
        label, _ = label_of(lines[i], size)
        if not label:
            continue
        if wanted and label != wanted:
            break
        wanted = label - 1
        if label in markers_in(lines[:i]) | waiting:
            start = i
        elif start == len(lines):
            wanted = 0
    if start == len(lines):
        return start
    while start > 1 and is_continuation(lines[start - 1], lines[start], size):
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


def markers_in(lines: list[Line]) -> set[int]:
    """The numbers raised, or in brackets, in running text; units of measure aside."""
    found: set[int] = set()
    for line in lines:
        before = ""
        for place, piece in enumerate(line.pieces):
            if piece.raised and place and not UNIT.search(before[-4:]):
                found.update(int(digits) for digits in re.findall(r"\d{1,4}", piece.text.translate(PLAIN)))
            elif not piece.raised:
                found.update(int(match[1]) for match in BRACKETED.finditer(piece.text, 1 if place == 0 else 0))
            before = piece.text
    return found
