"""Markers in the running text of a PDF: numbers raised, or in brackets."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from cite_audit.frozen_record import frozen_record
from cite_audit.parse.readers.pdf.lines import MARKER_NUMBER, PLAIN_DIGITS, LinePiece, PdfLine

BRACKETED_NUMBER = re.compile(r"\[(\d{1,4})\]")
UNIT_ENDING = re.compile(r"(?:\b(?:[kcdm]?m|ft|mi|ha|s)|\d)$")
YEAR_ENDING = re.compile(r"\b(?:1\d|20)\d\d$")


@frozen_record
class PdfMarker:
    """A number raised, or in brackets, in running text: characters `start` to `end` of a piece."""

    label: int
    piece: LinePiece
    start: int
    end: int


MarkerFinder = Callable[[list[PdfLine]], list[PdfMarker]]


def find_raised_numbers(lines: list[PdfLine]) -> list[PdfMarker]:
    """The numbers raised in running text; units of measure and powers aside."""
    markers: list[PdfMarker] = []
    for line in lines:
        for previous_piece, piece in pairwise(line.pieces):
            if piece.raised and not is_power(previous_piece.text.rstrip()[-5:], piece.text):
                plain = piece.text.translate(PLAIN_DIGITS)
                markers.extend(PdfMarker(int(m[0]), piece, m.start(), m.end()) for m in MARKER_NUMBER.finditer(plain))
    return markers


def is_power(text_before: str, number: str) -> bool:
    """Whether a raised number is a power, or that of a unit of measure: not in brackets, and not behind a year."""
    return "[" not in number and UNIT_ENDING.search(text_before) is not None and not YEAR_ENDING.search(text_before)


def find_bracketed_numbers(lines: list[PdfLine]) -> list[PdfMarker]:
    """The numbers in brackets in running text, not at the start of a line."""
    markers: list[PdfMarker] = []
    for line in lines:
        for piece_index, piece in enumerate(line.pieces):
            if not piece.raised:
                brackets = BRACKETED_NUMBER.finditer(piece.text, 0 if piece_index else 1)
                markers.extend(PdfMarker(int(m[1]), piece, m.start(), m.end()) for m in brackets)
    return markers
