"""Footnotes of a PDF: the lines at the foot of a page whose labels are those of the markers above them."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from cite_audit.parse.readers.pdf.lines import PLAIN_DIGITS, PdfLine
from cite_audit.parse.readers.pdf.markers import (
    MarkerFinder,
    PdfMarker,
    find_bracketed_numbers,
    find_raised_numbers,
)

# no date and no other number: `14.02.2021`, `19/23456`, `33–61`
PRINTED_LABEL = re.compile(r"\s*\[?(\d{1,4})(?:[\].)](?!\d)|(?![.,:/–-]))(?=\s|[^\w\s])\s*")
DAY = re.compile(r"\d{1,2}\.?\s(?:de\s)?[^\W\d_]{3,}\.?,?\s(?:de\s)?(?:19|20)\d\d\b")  # `3 mars 2019`
NOTE_SIZE_RATIO = 0.96  # of the body's: smaller type, where a label need not be raised
MIN_MATCHED_SHARE = 0.8  # the share of a report's markers that must find a note at the foot of their page
MIN_COUNTED_MATCHED_SHARE, MIN_COUNTED_NOTES, COUNTED_SHARE = 0.5, 3, 0.9  # where the notes count up


DrawnLine = tuple[float, float, float]  # left, width, height on the page
MAX_RULES = 100
MAX_REST_LINES = 3  # of a note that ends on the next page, above the notes that follow it
SENTENCE_ENDS = (".", "!", "?", "”", '"', "»", "…", ")")
MIN_COLUMN_RISE = 0.3  # of the height of the page's text: the least that a new column goes up


@dataclass(slots=True)
class PdfFootnote:
    """One footnote: its label, how many characters of its first line that takes, and its lines."""

    label: int
    label_length: int
    lines: list[PdfLine]


@dataclass(slots=True)
class FootnoteLayout:
    """The pages without their feet, the footnotes, and the markers that lead to one, by the `id` of their piece."""

    bodies: list[list[PdfLine]]
    footnotes: list[PdfFootnote] = field(default_factory=list)
    markers: dict[int, list[PdfMarker]] = field(default_factory=dict)


def find_footnotes(pages: list[list[PdfLine]], rules: list[list[DrawnLine]], size: float) -> FootnoteLayout:
    """The footnotes of a report; nothing is taken off its pages unless most markers find their note.

    Raised numbers are tried first: in a report that has both, `[1]` leads to a list of references.
    """
    rules = [drop_underlines(lines, page_rules) for lines, page_rules in zip(pages, rules, strict=True)]
    for find_markers, label_size in (
        (find_raised_numbers, NOTE_SIZE_RATIO * size),
        (find_bracketed_numbers, NOTE_SIZE_RATIO * size),
        (find_raised_numbers, size),
    ):
        layout = _FootFinder(pages, rules, size, label_size, find_markers).find_layout()
        if layout.footnotes:
            return layout
    return FootnoteLayout(pages)


class _FootFinder:
    """Looks for the feet of all pages with markers of one kind."""

    def __init__(
        self,
        pages: list[list[PdfLine]],
        rules: list[list[DrawnLine]],
        size: float,
        label_size: float,
        find_markers: MarkerFinder,
    ) -> None:
        """`label_size`: the largest type in which a label need not be raised."""
        self.pages, self.rules, self.size, self.label_size = pages, rules, size, label_size
        self.find_markers = find_markers
        self.separator_width = self.find_usual_separator()

    def find_layout(self) -> FootnoteLayout:
        """The feet taken off their pages; no footnotes where too few markers have one."""
        layout = FootnoteLayout([])
        markers: list[tuple[int, PdfMarker]] = []
        noted_labels: set[tuple[int, int]] = set()
        carried_labels: set[int] = set()  # markers of the page before, whose notes were moved over
        early_labels: set[int] = set()  # notes of the page before, whose markers were moved over (Typst)
        for number, page in enumerate(self.pages):
            labels: set[int] = set()
            foot_labels: set[int] = set()
            layout.bodies.append([])
            for lines in split_columns(page):
                start = self.include_continuation(lines, self.find_foot_start(lines, carried_labels), number)
                if layout.footnotes and self.is_rest_of_note(lines[:start], layout.footnotes[-1].lines[-1], number):
                    start = 0
                column_markers = self.find_markers(lines[:start])
                labels |= {marker.label for marker in column_markers}
                footnotes = split_footnotes(lines[start:], layout.footnotes, labels | carried_labels)
                layout.footnotes.extend(footnotes)
                layout.bodies[-1].extend(lines[:start])
                markers.extend((number, marker) for marker in column_markers)
                noted_labels.update((number if note.label in labels else number - 1, note.label) for note in footnotes)
                foot_labels.update(note.label for note in footnotes)
                carried_labels = labels - foot_labels
            noted_labels.update((number, label) for label in labels & early_labels)
            early_labels = foot_labels - labels
        if not is_convincing({(number, marker.label) for number, marker in markers}, noted_labels, layout.footnotes):
            return FootnoteLayout(self.pages)
        for number, marker in markers:
            if (number, marker.label) in noted_labels:
                layout.markers.setdefault(id(marker.piece), []).append(marker)
        return layout

    def find_foot_start(self, lines: list[PdfLine], carried_labels: set[int]) -> int:
        """Where the foot of a page starts: the first label of an unbroken count, all of it marked above."""
        marker_lines: dict[int, int] = {}  # label -> the first line that holds its marker
        for index, line in enumerate(lines):
            for marker in self.find_markers([line]):
                marker_lines.setdefault(marker.label, index)
        start = len(lines)
        next_label = 0
        labels = read_labels(lines, self.label_size)
        for line_index in range(len(lines) - 1, 0, -1):
            if start < len(lines) and self.is_running_text(lines[line_index], lines[start]):
                break
            label, _ = labels[line_index]
            if not label:
                continue
            is_marked = label in carried_labels or marker_lines.get(label, line_index) < line_index
            if next_label and label != next_label - 1 and not (is_marked and label < next_label):
                continue  # a line of a note that begins with a number
            next_label = label
            if is_marked:
                start = line_index
            elif start == len(lines):
                next_label = 0
        is_page_of_notes = start == 1 and labels[0][0] == next_label - 1 > 0
        return len(lines) if is_page_of_notes else start

    def is_running_text(self, line: PdfLine, note_line: PdfLine) -> bool:
        """Whether a line is of the text's size where the notes are smaller."""
        return note_line.size < NOTE_SIZE_RATIO * self.size and line.size > (note_line.size + self.size) / 2

    def find_usual_separator(self) -> float:
        """The width of the line drawn above footnotes, as it stands between text and feet told by the markers alone."""
        separator_counts: Counter[float] = Counter()
        for lines, page_rules in zip(self.pages, self.rules, strict=True):
            start = self.find_foot_start(lines, set())
            if start < len(lines):
                separator_counts.update(
                    {round(width) for _, width, y in page_rules if lines[start].y < y < lines[start - 1].y}
                )
        return separator_counts.most_common(1)[0][0] if separator_counts else 0.0

    def include_continuation(self, lines: list[PdfLine], start: int, number: int) -> int:
        """Where the foot starts with the end of the note of the page before: below the usual line, or in small type."""
        rule_height = min(
            (y for _, width, y in self.rules[number] if abs(width - self.separator_width) <= 1.0), default=0.0
        )
        ruled_start = len(lines)
        while ruled_start > 0 and lines[ruled_start - 1].y < rule_height:
            ruled_start -= 1
        if 0 < ruled_start <= start:
            return ruled_start
        while 1 < start < len(lines) and self.is_note_continuation(lines[start - 1], lines[start]):
            start -= 1
        return start

    def is_rest_of_note(self, lines: list[PdfLine], last_line: PdfLine, number: int) -> bool:
        """Whether the few lines above the first label of a page of notes end the sentence of the last note before."""
        return (
            0 < len(lines) <= MAX_REST_LINES
            and last_line.page == number - 1
            and not last_line.text().endswith(SENTENCE_ENDS)
            and all(abs(line.size - last_line.size) < 0.5 for line in lines)
            and not lines[0].text()[:1].isupper()
            and not self.find_markers(lines)
        )

    def is_note_continuation(self, line: PdfLine, next_line: PdfLine) -> bool:
        """Whether a line above the first label is the end of a note of the page before."""
        return (
            line.size < NOTE_SIZE_RATIO * self.size
            and abs(line.size - next_line.size) < 0.5
            and not self.find_markers([line])
        )


def is_convincing(
    marked_labels: set[tuple[int, int]], noted_labels: set[tuple[int, int]], footnotes: list[PdfFootnote]
) -> bool:
    """Whether most markers have a note; half of them are enough where the notes count up without a gap."""
    if not marked_labels or not footnotes:
        return False
    share = len(marked_labels & noted_labels) / len(marked_labels)
    steps = sum(note.label in (previous.label + 1, 1) for previous, note in pairwise(footnotes))
    counts_up = len(footnotes) > MIN_COUNTED_NOTES and steps >= COUNTED_SHARE * (len(footnotes) - 1)
    return share >= MIN_MATCHED_SHARE or (counts_up and share >= MIN_COUNTED_MATCHED_SHARE)


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


def drop_underlines(lines: list[PdfLine], rules: list[DrawnLine]) -> list[DrawnLine]:
    """The drawn lines that do not run along the feet of words."""

    def is_underline(rule: DrawnLine, line: PdfLine) -> bool:
        left, width, y = rule
        return -1 <= line.y - y <= 0.4 * line.size and line.left - 3 <= left and left + width <= line.right + 3

    return [rule for rule in rules[:MAX_RULES] if not any(is_underline(rule, line) for line in lines)]


def split_footnotes(
    lines: list[PdfLine], earlier_notes: list[PdfFootnote], marked_labels: set[int]
) -> list[PdfFootnote]:
    """The notes of a foot; lines before the first label go on with the last note before.

    A line that begins with a number begins a note if its number is marked on the page or follows the last one.
    """
    footnotes: list[PdfFootnote] = []
    for line, (label, length) in zip(lines, read_labels(lines, math.inf), strict=True):
        previous_label = (footnotes or earlier_notes)[-1].label if footnotes or earlier_notes else 0
        is_next = label == previous_label + 1 and (bool(footnotes) or line.pieces[0].raised or not earlier_notes)
        is_marked = label in marked_labels and (not footnotes or label > previous_label)
        if label and (is_next or is_marked):
            footnotes.append(PdfFootnote(label, length, [line]))
        elif footnotes:
            footnotes[-1].lines.append(line)
        elif earlier_notes:
            earlier_notes[-1].lines.append(line)
    return footnotes


def read_labels(lines: list[PdfLine], size: float) -> list[tuple[int, int]]:
    """The label of each line; only the raised ones where two lines have such, and no days where others have any."""
    labels = [parse_line_label(line, size) for line in lines]
    has_raised = sum(label > 0 and line.pieces[0].raised for line, (label, _) in zip(lines, labels, strict=True)) > 1
    days = [label > 0 and DAY.match(line.text()) is not None for line, (label, _) in zip(lines, labels, strict=True)]
    has_others = any(label > 0 and not is_day for (label, _), is_day in zip(labels, days, strict=True))
    return [
        (0, 0) if (has_raised and not line.pieces[0].raised) or (has_others and is_day) else label
        for line, label, is_day in zip(lines, labels, days, strict=True)
    ]


def parse_line_label(line: PdfLine, size: float) -> tuple[int, int]:
    """The label that a line starts with and the characters it takes, raised or up to a size; 0 if there is none."""
    first_piece = line.pieces[0]
    if first_piece.raised:
        digits = first_piece.text.translate(PLAIN_DIGITS).strip()
        if digits.isdecimal() and len(digits) <= 4:
            return int(digits), len(first_piece.text)
    if line.size <= size and (match := PRINTED_LABEL.match("".join(p.text for p in line.pieces[:3]))):
        return int(match[1]), match.end()
    return 0, 0
