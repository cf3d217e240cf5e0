"""Pages of right-to-left scripts: their characters put in the order in which they are read, by where they stand.

PDFium gives such a line as pieces in the order in which they were drawn, and each producer draws in its own. Here the
lines are made anew from the characters' places, and the page is given as if it were written from left to right: what
stands at the right edge is at the left one. So all that knows lines, labels and columns reads both kinds of page.

Runs in the child process: nothing of the package but its neighbours in this folder is imported.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any

from cite_audit.parse.readers.pdf.bidi import (
    RIGHT,
    WIDE_GAP,
    kind_of,
    mirror_brackets,
    order_spans,
    order_spans_from_left,
)
from cite_audit.parse.readers.pdf.page_text import HYPHEN_CODES, PageText, decode_character

RIGHT_TO_LEFT_WORD = re.compile(r"\S*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]\S*")
LATIN_WORD = re.compile(r"(?:[^\W\d_\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]\S*)+")
PRESENTATION_FORM = re.compile(r"[\ufb1d-\ufdff\ufe70-\ufefc]")
INVISIBLE = frozenset(
    [*range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x61C, 0xFEFF, 0x200B, 0]
)
SAME_LINE_RATIO = 0.12  # of the size: baselines this near are one
MAX_RISE_RATIO = 0.75  # of the size of the line: how far a number is raised
MAX_SHIFT_RATIO = 0.5  # of the size: how far a letter with its vowel mark is drawn off the line
SMALLER_RATIO = 0.93
NEAR_RATIO = 2.0  # of the size: a raised number is no further from its line
LEAST_GAP_RATIO, WORD_GAP_RATIO, CLEAR_GAP_RATIO = 0.06, 0.15, 0.25  # of the size: between words
WIDE_GAP_RATIO, MAX_GAP_RATIO = 0.8, 4.0  # of the size: before a label; between lines side by side
LAM, ALEFS = "\u0644", "\u0622\u0623\u0625\u0627\u0671"  # drawn as one, and given in either order
MIN_INDEX_GAP = 60  # characters drawn in between, from which on two columns are told apart
MAX_NEXT_DISTANCE = 4  # characters: spaces and the end of a line may stand between what was drawn in turn
GUTTER_RATIO = 0.7  # of the size: the least gap between columns
EDGE_RATIO = 0.6  # of the size: edges this near are one
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

    def distance(self, left: float, right: float) -> float:
        return min(max(0.0, glyph.left - right, left - glyph.right) for glyph in self.glyphs)


class LogicalPageText(PageText):
    """The measures of a page as if its script ran from left to right, by the characters' places in reading order."""

    def __init__(self, page_text: PageText, width: float, count: int) -> None:
        super().__init__(page_text.text_page, count)
        self.width = width
        self.codes: list[int] = []
        self.indexes: list[int] = []  # PDFium's; -1 for spaces and ends of lines
        self.places: list[tuple[float, float, float]] = []  # left, right, baseline
        rows = split_gutters(gather_rows(read_glyphs(page_text, count)))
        self.is_mirrored = is_flush_right(rows)
        right_edges = [row.glyphs[-1].right for row in rows if has_right_to_left(row)]
        left_edges = [row.glyphs[0].left for row in rows if has_right_to_left(row)]
        for row in rows:
            is_at_right = has_edge(right_edges, row.glyphs[-1].right, row.size)
            is_at_left = has_edge(left_edges, row.glyphs[0].left, row.size)
            is_latin = is_at_left and not is_at_right and not has_right_to_left(row)
            self.add_row(row, runs_left_to_right=is_latin or not self.is_mirrored)
        self.count = len(self.codes)

    def add_row(self, row: Row, *, runs_left_to_right: bool) -> None:
        """Add the characters of a line in the order in which they are read, side by side over the line's width."""
        line, places = spell_row(row)
        raised = frozenset(place for place, glyph in enumerate(places) if glyph.y > row.y and glyph.size < row.size)
        spans = order_spans_from_left(line, raised) if runs_left_to_right else order_spans(line, raised)
        left, right = row.glyphs[0].left, row.glyphs[-1].right
        scale = (right - left) / (sum(glyph.width() for glyph in places) or 1.0)
        x = self.mirror_left(left, right - left)
        texts: list[tuple[str, bool]] = []
        for first, end, is_left_to_right in spans:
            words: list[str] = []
            for place in range(first, end):
                glyph = places[place]
                width = scale * glyph.width()
                for each in (glyph, *glyph.marks):
                    words.append(each.text)
                    self.indexes.extend([each.index] * len(each.text))
                    self.places.extend([(x, x + width, each.y)] * len(each.text))
                x += width
            texts.append(("".join(words), is_left_to_right))
        self.codes.extend(map(ord, mirror_brackets(texts)))
        self.codes.append(10)
        self.indexes.append(-1)
        self.places.append((x, x, row.y))

    def mirror_left(self, left: float, width: float) -> float:
        return self.width - left - width if self.is_mirrored else left

    def character_codes(self, count: int) -> list[int]:
        return self.codes[:count]

    def type_size(self, index: int) -> float:
        return super().type_size(max(0, self.indexes[index]))

    def origin(self, index: int) -> tuple[float, float]:
        left, _, y = self.places[index]
        return left, y

    def box(self, index: int) -> tuple[float, float, float, float]:
        left, right, y = self.places[index]
        if self.indexes[index] < 0:
            return left, right, y, y
        _, _, bottom, top = super().box(self.indexes[index])
        return left, right, bottom, top

    def drawn_centre(self, index: int) -> float:
        left, right, _, _ = super().box(max(0, self.indexes[index]))
        return (left + right) / 2


def runs_right_to_left(text: str) -> bool:
    """Whether most words of a page are of a script that runs from right to left; an address is one word."""
    words = sum(1 for _ in RIGHT_TO_LEFT_WORD.finditer(text))
    return words > 0 and words >= sum(1 for _ in LATIN_WORD.finditer(text))


def is_flush_right(rows: list[Row]) -> bool:
    """Whether the lines of a page begin at its right: more of them end flush there than at the left."""
    lines = [row for row in rows if has_right_to_left(row)]
    rights, lefts = [row.glyphs[-1].right for row in lines], [row.glyphs[0].left for row in lines]

    def count_flush(edges: list[float]) -> int:
        return max(
            (
                sum(abs(edge - other) < EDGE_RATIO * row.size for other in edges)
                for edge, row in zip(edges, lines, strict=True)
            ),
            default=0,
        )

    return count_flush(rights) >= count_flush(lefts)


def has_edge(edges: list[float], edge: float, size: float) -> bool:
    """Whether some line begins or ends at a place."""
    return any(abs(other - edge) < EDGE_RATIO * size for other in edges)


def has_right_to_left(row: Row) -> bool:
    return any(kind_of(glyph.text[0]) == RIGHT for glyph in row.glyphs)


def read_glyphs(page_text: PageText, count: int) -> list[Glyph]:
    """What is drawn on a page, in the order of the content; presentation forms as their letters (NFKC)."""
    raw, text_page = page_text.raw, page_text.text_page
    edges = raw.FS_RECTF()
    glyphs: list[Glyph] = []
    after_space = True
    size, last_y = 0.0, float("nan")
    for index, code in enumerate(page_text.character_codes(count)):
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
    rows: list[Row] = []
    for piece in sorted(pieces, key=lambda piece: (-round(piece.size, 1), -len(piece.glyphs))):
        row = find_row(rows, piece)
        if row is None:
            rows.append(piece)
            continue
        is_number = all(glyph.text.isdecimal() or not glyph.text.isalpha() for glyph in piece.glyphs)
        if not (is_number and piece.size < SMALLER_RATIO * row.size):
            for glyph in piece.glyphs:
                glyph.y = row.y
        row.glyphs.extend(piece.glyphs)
    for row in rows:
        sort_glyphs(row)
    return sorted(rows, key=lambda row: median(glyph.index for glyph in row.glyphs))


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
            if overlap > SAME_GLYPH_SHARE * min(kept[-1].right - kept[-1].left, glyph.right - glyph.left):
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


def read_page_text(text_page: Any, width: float, count: int) -> PageText:
    """The measures of a page: mirrored where its script runs from right to left."""
    page_text = PageText(text_page, count)
    text = "".join(map(decode_character, page_text.character_codes(count)))
    if RIGHT_TO_LEFT_WORD.search(text) is None or not runs_right_to_left(text):
        return page_text
    return LogicalPageText(page_text, width, count)
