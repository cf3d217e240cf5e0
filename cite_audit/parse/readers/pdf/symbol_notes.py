"""Footnotes of a PDF that are marked by signs instead of numbers: `*`, `†`, `‡`, `§`; they are counted through."""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque

from cite_audit.parse.readers.pdf.footnotes import (
    NOTE_SIZE_RATIO,
    FootnoteLayout,
    PdfFootnote,
    split_columns,
)
from cite_audit.parse.readers.pdf.lines import PdfLine
from cite_audit.parse.readers.pdf.markers import PdfMarker, find_bracketed_numbers, find_raised_numbers

SIGN = r"(?:[*∗]{1,4}|†{1,3}|‡{1,3}|§{1,3}|¶{1,3}|‖{1,3})"
MARKER = re.compile(rf"(?<![\s*∗†‡§¶‖(\[/|=<>&]){SIGN}(?=[\s.,;:!?)\]”»\"’]|$)")
LABEL = re.compile(rf"\s*({SIGN})\s*(?=[^\s\d])")
MAX_NUMBERS = 1  # in the running text: where there are more, notes are numbered


def find_symbol_notes(pages: list[list[PdfLine]], size: float) -> FootnoteLayout:
    """The notes below the text whose signs stand above as often; none where the text has markers with numbers."""
    layout = FootnoteLayout([])
    number_count = sum(len(find_raised_numbers(lines)) + len(find_bracketed_numbers(lines)) for lines in pages)
    if number_count > MAX_NUMBERS:
        return FootnoteLayout(pages)
    for page in pages:
        layout.bodies.append([])
        for lines in split_columns(page):
            start = find_foot_start(lines, size)
            markers = find_signs(lines[:start])
            labels = [match[1] for line in lines[start:] if (match := LABEL.match(line.text()))]
            if not labels or Counter(labels) != Counter(sign for sign, _ in markers):
                layout.bodies[-1].extend(lines)
                continue
            layout.bodies[-1].extend(lines[:start])
            add_notes(layout, lines[start:], markers)
    return layout


def find_foot_start(lines: list[PdfLine], size: float) -> int:
    """Where the first line with a label stands among the lines in smaller type that end a column."""
    start = len(lines)
    while start > 0 and lines[start - 1].size < NOTE_SIZE_RATIO * size:
        start -= 1
    return next((index for index in range(start, len(lines)) if LABEL.match(lines[index].text())), len(lines))


def find_signs(lines: list[PdfLine]) -> list[tuple[str, PdfMarker]]:
    """The signs behind words, in their order; the label of each marker is still 0."""
    signs: list[tuple[str, PdfMarker]] = []
    for line in lines:
        text_before = " "
        for piece in line.pieces:
            for match in MARKER.finditer(text_before + piece.text, 1):
                marker = PdfMarker(0, piece, match.start() - 1, match.end() - 1)
                signs.append((match[0], marker))
            text_before = piece.text[-1:] or text_before
    return signs


def add_notes(layout: FootnoteLayout, lines: list[PdfLine], markers: list[tuple[str, PdfMarker]]) -> None:
    """Add the notes of a foot; of markers with one sign the first belongs to the first note with it."""
    waiting: dict[str, deque[PdfMarker]] = defaultdict(deque)
    for sign, marker in markers:
        waiting[sign].append(marker)
    for line in lines:
        if match := LABEL.match(line.text()):
            number = len(layout.footnotes) + 1
            text = "".join(piece.text for piece in line.pieces)
            label_length = match.end() + len(text) - len(text.lstrip())
            layout.footnotes.append(PdfFootnote(number, label_length, [line]))
            marker = waiting[match[1]].popleft()
            numbered = PdfMarker(number, marker.piece, marker.start, marker.end)
            layout.markers.setdefault(id(marker.piece), []).append(numbered)
        else:
            layout.footnotes[-1].lines.append(line)
