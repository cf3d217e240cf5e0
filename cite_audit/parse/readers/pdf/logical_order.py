"""Pages of right-to-left scripts: their characters put in the order in which they are read, by where they stand.

PDFium gives such a line as pieces in the order in which they were drawn, and each producer draws in its own. Here the
lines are made anew from the characters' places, and the page is given as if it were written from left to right: what
stands at the right edge is at the left one. So all that knows lines, labels and columns reads both kinds of page.

Runs in the child process: nothing of the package but its neighbours in this folder is imported.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from cite_audit.parse.readers.pdf.bidi import (
    RIGHT,
    kind_of,
    mirror_brackets,
    order_spans,
    order_spans_from_left,
)
from cite_audit.parse.readers.pdf.glyph_rows import Row, gather_rows, read_glyphs, spell_row, split_gutters
from cite_audit.parse.readers.pdf.page_text import RIGHT_TO_LEFT_LETTER, PageText, decode_character

EDGE_RATIO = 0.6  # of the size: edges this near are one


class LogicalPageText(PageText):
    """The measures of a page as if its script ran from left to right, by the characters' places in reading order."""

    is_in_drawn_order = False

    def __init__(self, page_text: PageText, width: float, *, is_previous_mirrored: bool) -> None:
        super().__init__(page_text.text_page, page_text.count)
        self.width = width
        self.codes: list[int] = []
        self.indexes: list[int] = []  # PDFium's; -1 for spaces and ends of lines
        self.places: list[tuple[float, float, float]] = []  # left, right, baseline
        rows = split_gutters(gather_rows(read_glyphs(page_text)))
        self.is_mirrored = is_flush_right(rows, if_unclear=is_previous_mirrored)
        right_edges = sorted(row.glyphs[-1].right for row in rows if has_right_to_left(row))
        left_edges = sorted(row.glyphs[0].left for row in rows if has_right_to_left(row))
        for row in rows:
            is_at_right = count_near(right_edges, row.glyphs[-1].right, row.size) > 0
            is_at_left = count_near(left_edges, row.glyphs[0].left, row.size) > 0
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
    words = [word for word in text.split() if any(character.isalpha() for character in word)]
    count = sum(RIGHT_TO_LEFT_LETTER.search(word) is not None for word in words)
    return count > 0 and 2 * count >= len(words)


def is_flush_right(rows: list[Row], *, if_unclear: bool) -> bool:
    """Whether the lines of a page begin at its right: more of them end flush there than at the left."""
    lines = [row for row in rows if has_right_to_left(row)]
    rights = sorted(row.glyphs[-1].right for row in lines)
    lefts = sorted(row.glyphs[0].left for row in lines)
    right_count = max((count_near(rights, row.glyphs[-1].right, row.size) for row in lines), default=0)
    left_count = max((count_near(lefts, row.glyphs[0].left, row.size) for row in lines), default=0)
    return if_unclear if right_count == left_count else right_count > left_count


def count_near(edges: list[float], edge: float, size: float) -> int:
    """How many of these edges, in order, are at a place."""
    tolerance = EDGE_RATIO * size
    return bisect_right(edges, edge + tolerance) - bisect_left(edges, edge - tolerance)


def has_right_to_left(row: Row) -> bool:
    return any(kind_of(glyph.text[0]) == RIGHT for glyph in row.glyphs)


def order_page(page_text: PageText, width: float, *, is_previous_mirrored: bool) -> PageText:
    """The measures of a page in reading order if most of its words run from right to left; else as they are.

    `is_previous_mirrored`: whether the lines of the page before do, for a page of which that is not clear.
    """
    if not runs_right_to_left("".join(map(decode_character, page_text.character_codes(page_text.count)))):
        return page_text
    return LogicalPageText(page_text, width, is_previous_mirrored=is_previous_mirrored)
