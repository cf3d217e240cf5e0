"""What is drawn on a PDF page of a right-to-left script, as lines: characters by where they stand, not by when.

Runs in the child process: nothing of the package but its neighbours in this folder is imported.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from cite_audit.parse.readers.pdf.bidi import RIGHT, WIDE_GAP, kind_of
from cite_audit.parse.readers.pdf.page_text import HYPHEN_CODES, PageText, decode_character

PRESENTATION_FORM = re.compile(r"[\ufb1d-\ufdff\ufe70-\ufefc]")
INVISIBLE = frozenset(
    [*range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x61C, 0xFEFF, 0x200B, 0]
)
SAME_LINE_RATIO = 0.12  # of the size: baselines this near are one
MAX_RISE_RATIO = 0.75  # of the size of the line: how far a number is raised
MAX_SHIFT_RATIO = 0.5  # of the size: how far a letter with its vowel mark is drawn off the line
SMALLER_RATIO = 0.93
NEAR_RATIO = 2.0  # of the size: a raised number is no further from its line
LEAST_GAP_RATIO, WORD_GAP_RATIO, CLEAR_GAP_RATIO = 0.12, 0.15, 0.25  # of the size: between words
WIDE_GAP_RATIO, MAX_GAP_RATIO = 0.8, 4.0  # of the size: before a label; between lines side by side
LAM, ALEFS = "\u0644", "\u0622\u0623\u0625\u0627\u0671"  # drawn as one, and given in either order
MIN_INDEX_GAP = 60  # characters drawn in between, from which on two columns are told apart
MAX_NEXT_DISTANCE = 4  # characters: spaces and the end of a line may stand between what was drawn in turn
GUTTER_RATIO = 0.7  # of the size: the least gap between columns
SAME_GLYPH_SHARE = 0.6  # of the narrower: letters that overlap so much are one, given twice


@dataclass(slots=True)
class Glyph:
    """What is drawn of one character, in points; `text` is one character, or more for a presentation form."""

    index: int
    text: str
    left: float
    right: float
    y: float
    size: float
    after_space: bool = False  # in the order of the content
    marks: list[Glyph] = field(default_factory=list)

    def centre(self) -> float:
        return (self.left + self.right) / 2

    def width(self) -> float:
        return self.right - self.left

    def is_mark(self) -> bool:
        return unicodedata.bidirectional(self.text[0]) == "NSM"


@dataclass(slots=True)
class Row:
    """The glyphs of one line, from left to right once `sort_glyphs` has run."""

    y: float
    size: float
    glyphs: list[Glyph]
    centres: list[float] = field(default_factory=list)  # of the glyphs, from left to right

    def add(self, glyphs: list[Glyph]) -> None:
        self.glyphs.extend(glyphs)
        for glyph in glyphs:
            insort(self.centres, glyph.centre())

    def distance(self, left: float, right: float) -> float:
        """From a piece to the centre of the nearest glyph."""
        position = bisect_left(self.centres, (left + right) / 2)
        nearest_centres = self.centres[max(0, position - 1) : position + 1]
        return min(max(0.0, left - centre, centre - right) for centre in nearest_centres)


def read_glyphs(page_text: PageText) -> list[Glyph]:
    """What is drawn on a page, in the order of the content; presentation forms as their letters (NFKC)."""
    raw, text_page = page_text.raw, page_text.text_page
    edges = raw.FS_RECTF()
    glyphs: list[Glyph] = []
    after_space = True
    size, last_y = 0.0, float("nan")
    for index, code in enumerate(page_text.character_codes(page_text.count)):
        character = decode_character(code)
        if code in INVISIBLE:
            continue
        if character.isspace() or (code in HYPHEN_CODES and raw.FPDFText_IsGenerated(text_page, index)):
            after_space = True
            continue
        y = page_text.origin(index)[1]
        if after_space or character.isdecimal() or y != last_y:
            size = page_text.type_size(index)
        last_y = y
        raw.FPDFText_GetLooseCharBox(text_page, index, ctypes.byref(edges))
        left, right = edges.left, max(edges.left, edges.right)
        text = unicodedata.normalize("NFKC", character) if PRESENTATION_FORM.match(character) else character
        glyphs.append(Glyph(index, text.strip() or character, left, right, y, size, after_space))
        after_space = False
    return glyphs


def gather_rows(glyphs: list[Glyph]) -> list[Row]:
    """The lines of a page, raised numbers and letters drawn off the line among their neighbours."""
    pieces: list[Row] = []
    for glyph in glyphs:
        piece = pieces[-1] if pieces else None
        if piece and glyph.y == piece.y and abs(glyph.size - piece.size) < 0.05 * piece.size:
            piece.glyphs.append(glyph)
        else:
            pieces.append(Row(glyph.y, glyph.size, [glyph]))
    rows: list[Row] = []  # by height
    largest_size = max((piece.size for piece in pieces), default=0.0)
    for piece in sorted(pieces, key=lambda piece: (-round(piece.size, 1), -len(piece.glyphs))):
        lowest = bisect_left(rows, piece.y - MAX_RISE_RATIO * largest_size, key=row_height)
        highest = bisect_right(rows, piece.y + MAX_RISE_RATIO * largest_size, key=row_height)
        row = find_row(rows[lowest:highest], piece)
        if row is None:
            piece.centres = sorted(glyph.centre() for glyph in piece.glyphs)
            insort(rows, piece, key=row_height)
            continue
        is_number = all(glyph.text.isdecimal() or not glyph.text.isalpha() for glyph in piece.glyphs)
        if not (is_number and piece.size < SMALLER_RATIO * row.size):
            for glyph in piece.glyphs:
                glyph.y = row.y
        row.add(piece.glyphs)
    for row in rows:
        sort_glyphs(row)
    return sorted(rows, key=lambda row: median(glyph.index for glyph in row.glyphs))


def row_height(row: Row) -> float:
    return row.y


def find_row(rows: list[Row], piece: Row) -> Row | None:
    """The line on which a piece stands, or beside which it is raised; the nearest by its height."""
    left, right = min(glyph.left for glyph in piece.glyphs), max(glyph.right for glyph in piece.glyphs)
    best: tuple[float, int] | None = None
    for number, row in enumerate(rows):
        rise = piece.y - row.y
        if abs(rise) > MAX_RISE_RATIO * row.size:
            continue
        if abs(rise) > SAME_LINE_RATIO * row.size:
            is_short = len(piece.glyphs) <= 6
            is_smaller = piece.size < SMALLER_RATIO * row.size
            is_shifted = abs(rise) < MAX_SHIFT_RATIO * row.size and not is_smaller and len(piece.glyphs) <= 3
            is_raised = is_smaller and rise > 0 and is_short
            if not (is_raised or is_shifted) or row.distance(left, right) > NEAR_RATIO * row.size:
                continue
        best = min(best or (abs(rise), number), (abs(rise), number))
    return rows[best[1]] if best else None


def sort_glyphs(row: Row) -> None:
    """Order the glyphs of a line from left to right, each vowel mark with its letter; what was given twice is one."""
    letters = sorted((glyph for glyph in row.glyphs if not glyph.is_mark()), key=Glyph.centre)
    marks = [glyph for glyph in row.glyphs if glyph.is_mark()]
    kept: list[Glyph] = []
    for glyph in letters:
        if kept and kept[-1].text == glyph.text and kind_of(glyph.text[0]) == RIGHT:
            overlap = min(kept[-1].right, glyph.right) - max(kept[-1].left, glyph.left)
            if overlap > SAME_GLYPH_SHARE * min(kept[-1].width(), glyph.width()):
                continue
        kept.append(glyph)
    for place, (glyph, following) in enumerate(pairwise(kept)):
        if glyph.text == LAM and following.text in ALEFS and abs(glyph.left - following.left) < 0.01:
            kept[place : place + 2] = following, glyph
    if kept:
        centres = [letter.centre() for letter in kept]
        for mark in marks:
            base = nearest(kept, centres, mark.centre())
            if all(other.text != mark.text for other in base.marks):
                base.marks.append(mark)
    row.glyphs = kept or marks


def nearest(letters: list[Glyph], centres: list[float], x: float) -> Glyph:
    """The letter whose centre is nearest to a place."""
    position = bisect_left(centres, x)
    return min(letters[max(0, position - 1) : position + 1], key=lambda letter: abs(letter.centre() - x))


def split_gutters(rows: list[Row]) -> list[Row]:
    """The lines, cut between columns: where a wide gap parts what was drawn at different times."""
    parts: list[Row] = []
    for row in rows:
        start = 0
        lows, highs = edge_indexes(row)
        for position in range(1, len(row.glyphs)):
            gap = row.glyphs[position].left - row.glyphs[position - 1].right
            if gap < GUTTER_RATIO * row.size:
                continue
            before, after = highs[position - 1], lows[position]
            distance = max(after[0] - before[1], before[0] - after[1])
            if distance > MIN_INDEX_GAP or (gap > MAX_GAP_RATIO * row.size and distance > MAX_NEXT_DISTANCE):
                parts.append(Row(row.y, row.size, row.glyphs[start:position]))
                start = position
        parts.append(Row(row.y, row.size, row.glyphs[start:]))
    return sorted(parts, key=lambda row: median(glyph.index for glyph in row.glyphs))


def edge_indexes(row: Row) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """For each place, the least and the greatest index of what stands from it on, and of what stands up to it."""
    after = [(glyph.index, glyph.index) for glyph in row.glyphs]
    before = list(after)
    for position in range(1, len(before)):
        least, greatest = before[position - 1]
        before[position] = (min(least, before[position][0]), max(greatest, before[position][1]))
    for position in range(len(after) - 2, -1, -1):
        least, greatest = after[position + 1]
        after[position] = (min(least, after[position][0]), max(greatest, after[position][1]))
    return after, before


def spell_row(row: Row) -> tuple[str, list[Glyph]]:
    """A line's letters from left to right as drawn, with a space (a tab for a wide one) where words are apart."""
    characters: list[str] = []
    places: list[Glyph] = []
    previous: Glyph | None = None
    for glyph in row.glyphs:
        if previous:
            gap = glyph.left - previous.right
            first, second = sorted((previous, glyph), key=lambda each: each.index)
            least_gap = WORD_GAP_RATIO
            if second.index - first.index <= 1 + second.after_space:  # PDFium saw them side by side too
                least_gap = LEAST_GAP_RATIO if second.after_space else CLEAR_GAP_RATIO
            if gap > least_gap * row.size:
                characters.append(WIDE_GAP if gap > WIDE_GAP_RATIO * row.size else " ")
                places.append(Glyph(-1, " ", previous.right, max(previous.right, glyph.left), row.y, row.size))
        characters.append(glyph.text[0])
        places.append(glyph)
        previous = glyph
    return "".join(characters), places
