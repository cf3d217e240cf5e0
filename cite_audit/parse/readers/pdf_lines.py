"""The runs of a PDF page as lines: raised numbers joined to their words, running heads and page numbers left out."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any

from cite_audit.parse.readers.draft import RAISED, SUPERSCRIPTS

SMALLER = 0.87  # of the size of its neighbours: a raised number; Word's is 0.65, Writer's 0.58, a browser's 0.83
SAME_LINE = 0.12  # of the size: baselines this near are one
HIGHEST_RAISE = 0.75  # of the size
PARAGRAPH_GAP = 1.3  # of the usual distance of lines
CLOSE = 1.45  # of the size: lines of a large heading no further apart than this are one paragraph
APART = 1.6  # of the size: what stands further than this from the text is not of it
COMMON = 0.6  # the share of the pages that have a line in common: furniture, however near the text
ADDRESS_SIGN = re.compile(r"://|www\.|\bdot\b|[\[({]\.|/\S*\d|\.[a-z]{2,5}/", re.IGNORECASE)
EDGE_LINES = 3  # at the top and the bottom of a page, which may be furniture
PAGE_NUMBER = re.compile(r"[-–—|\s]*(?:page\s+)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?[-–—|\s]*", re.IGNORECASE)
COUNTS = re.compile(r"(?<!\S)\d+(?:/\d+)?(?!\S)")  # numbers that stand alone, beside an address
DIGITS = re.compile(r"\d+")


@dataclass(slots=True)
class Piece:
    """Characters of one size: `first` is the index of the first of them on the page."""

    first: int
    text: str
    raised: bool = False


@dataclass(slots=True)
class Line:
    """A line of a page: baseline and edges in points."""

    page: int
    y: float
    size: float
    left: float
    right: float
    pieces: list[Piece] = field(default_factory=list)
    paragraph: bool = False  # a paragraph starts here

    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces).strip()


def lines_of(page: dict[str, Any], number: int) -> list[Line]:
    """The lines of one page, in the order of its content."""
    lines: list[Line] = []
    broken = True
    for first, text, size, left, right, y in page["runs"]:
        if text == "\n":
            broken = True
            continue
        if not text.strip():
            if lines and not broken:
                lines[-1].pieces.append(Piece(first, " "))
            continue
        place(lines, Line(number, y, size, left, right, [Piece(first, text)]), broken)
        broken = False
    mark_paragraphs(lines)
    return lines


def place(lines: list[Line], run: Line, broken: bool) -> None:
    """Join a run to the last line, if it stands on it or is raised beside it; else begin a line."""
    last = lines[-1] if lines else None
    piece = run.pieces[0]
    if last is None or run.left < last.right - last.size or run.left > last.right + 4 * max(last.size, run.size):
        lines.append(run)
        return
    size = max(last.size, run.size)
    rise = run.y - last.y
    gap = " " if run.left - last.right > 0.2 * size and not last.pieces[-1].text[-1:].isspace() else ""
    digits = RAISED.fullmatch(piece.text) is not None
    if run.size < SMALLER * last.size and 0 < rise < HIGHEST_RAISE * size:
        piece.raised = digits
        piece.text = gap * (not digits) + (piece.text.translate(SUPERSCRIPTS) if digits else piece.text)
    elif last.size < SMALLER * run.size and 0 < -rise < HIGHEST_RAISE * size and len(last.pieces) == 1:
        label = last.pieces[0]
        label.raised = RAISED.fullmatch(label.text) is not None
        label.text = label.text.translate(SUPERSCRIPTS) if label.raised else label.text
        last.y, last.size = run.y, run.size
        piece.text = gap + piece.text
    elif abs(rise) <= SAME_LINE * size:
        last.size = max(last.size, run.size)
        piece.text = gap + piece.text
    else:
        lines.append(run)
        return
    if gap and piece.text.startswith(gap):
        piece.first -= 1
    if last.pieces[-1].text[-1:].isspace():
        bare = piece.text.lstrip()
        piece.first += len(piece.text) - len(bare)
        piece.text = bare
    last.right = max(last.right, run.right)
    last.pieces.append(piece)


def mark_paragraphs(lines: list[Line]) -> None:
    """A line starts a paragraph if it stands further down than lines do here, or is of another size."""
    steps = [above.y - line.y for above, line in pairwise(lines)]
    usual = median([step for step in steps if step > 1] or [0.0])
    for (above, line), step in zip(pairwise(lines), steps, strict=True):
        near = [other for other in steps if 0.8 * line.size < other < 1.9 * line.size]
        leading = min(usual, median(near)) if near else usual
        other_size = abs(line.size - above.size) > 0.12 * above.size
        close = 0 < step < CLOSE * line.size and line.size > 1.2 * max(1.0, usual / CLOSE)
        line.paragraph = other_size or (step > PARAGRAPH_GAP * leading and not close)
    if lines:
        lines[0].paragraph = True


def without_furniture(pages: list[list[Line]]) -> list[list[Line]]:
    """The lines that are the report's: not what stands apart in the same place of several pages, page numbers aside."""
    seen: Counter[tuple[str, int]] = Counter()
    for lines in pages:
        seen.update({sign(line) for edge in edges(lines) for line in edge[:EDGE_LINES]})
    enough = 2 if len(pages) < 6 else 3
    kept = []
    for lines in pages:
        furniture: set[int] = set()
        for edge in edges(lines):
            times = [max(seen[sign(line, up)] for up in (-1, 0, 1)) for line in edge[:EDGE_LINES]]
            repeated = next((place for place, number in enumerate(times) if number < enough), len(times))
            for count in range(repeated, 0, -1):
                common = times[count - 1] >= max(3, COMMON * len(pages))
                if count == len(edge) or common or stands_apart(edge[count - 1], edge[count]):
                    furniture.update(id(line) for line in edge[:count])
                    break
        furniture.update(id(line) for line in page_numbers(lines))
        kept.append([line for line in lines if id(line) not in furniture])
    return kept


def stands_apart(edge: Line, inner: Line) -> bool:
    """Whether a line is further than a line's distance from the next one towards the middle, or in smaller type."""
    return abs(edge.y - inner.y) > APART * max(edge.size, inner.size) or edge.size < SMALLER * inner.size


def edges(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """The lines of a page from the bottom up, and from the top down."""
    by_height = sorted(lines, key=lambda line: line.y)
    return by_height, by_height[::-1]


def sign(line: Line, up: int = 0) -> tuple[str, int]:
    """What furniture has in common over pages: its words, numbers aside unless it holds an address, and its height."""
    text = line.text()
    words = (COUNTS if ADDRESS_SIGN.search(text) else DIGITS).sub("#", text)
    return words[:200], round(line.y / 4) + up


def page_numbers(lines: list[Line]) -> list[Line]:
    """The highest and the lowest line, where they are a number that stands apart from the rest."""
    ends = edges(lines) if len(lines) > 2 else ()
    return [end[0] for end in ends if PAGE_NUMBER.fullmatch(end[0].text()) and stands_apart(end[0], end[1])]


def body_size(pages: list[list[Line]]) -> float:
    """The size that most characters have."""
    sizes: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            sizes[round(line.size, 1)] += len(line.text())
    return sizes.most_common(1)[0][0] if sizes else 0.0


def raise_lone_numbers(pages: list[list[Line]], size: float) -> None:
    """A number in small type alone on its line, within a page, is the label of the note below it."""
    for lines in pages:
        for line in lines[1:-1]:
            piece = line.pieces[0]
            if len(line.pieces) == 1 and line.size < SMALLER * size and RAISED.fullmatch(piece.text):
                piece.text, piece.raised = piece.text.translate(SUPERSCRIPTS), True
