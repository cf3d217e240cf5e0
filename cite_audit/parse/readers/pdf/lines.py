"""The runs of a PDF page as lines: raised numbers joined to their words, in reading order."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any

from cite_audit.parse.readers.document_builder import SUPERSCRIPT_NUMBER, SUPERSCRIPTS

SMALLER_RATIO = 0.87  # of the size of its neighbours: a raised number; Word's is 0.65, Writer's 0.58, a browser's 0.83
INITIAL_RATIO = 1.6  # times the size of the line
SAME_LINE_RATIO = 0.12  # of the size: baselines this near are one
MAX_RISE_RATIO = 0.75  # of the size
CLEAR_RISE_RATIO = 0.25  # of the size: a number raised so much need not be in much smaller type
PARAGRAPH_GAP_RATIO = 1.3  # of the usual distance of lines
COLUMN_SHARE = 0.2  # of the width of a page's text: narrower lines do not make a column
CLOSE_LINES_RATIO = 1.55  # of the size: lines of a large heading no further apart than this are one paragraph
MARKER_NUMBER = re.compile(r"\d{1,4}")
PLAIN_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
BRACKETED = re.compile(r"\s*\[[\d\s,;–-]{1,12}\]\s*")  # Word's Vancouver style, raised
LIST_LABEL = re.compile(r"\d{1,4}[.)]|\[\d{1,4}\]")
MAX_LOOK_BACK = 200  # lines: an item is sought among so many before a label drawn late
MAX_LABEL_GAP_RATIO = 2.5  # of the size: between a label and its item
LONE_LABEL = re.compile(r"\d{1,4}")
PROSE_START = re.compile(r"\s*[„“«\"(]?(?!h..ps?:|www\.|doi:)[^\W\d_]{2,}\s")
NUMBERED_LINE = re.compile(r"\[?\d{1,4}[\].)]?\s")
BODY_SHARE = 0.3  # of the characters of the commonest size


@dataclass(slots=True)
class LinePiece:
    """Characters of one size: `first` is the index of the first of them on the page."""

    first_index: int
    text: str
    raised: bool = False


@dataclass(slots=True)
class PdfLine:
    """A line of a page: baseline and edges in points."""

    page: int
    y: float
    size: float
    left: float
    right: float
    pieces: list[LinePiece] = field(default_factory=list)
    starts_paragraph: bool = False  # a paragraph starts here

    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces).strip()

    def columns(self, gaps: list[int]) -> list[str]:
        """The line's text, cut where a wide gap stands before one of its characters."""
        columns = [""]
        for piece in self.pieces:
            start = 0
            for gap in gaps:
                if piece.first_index <= gap < piece.first_index + len(piece.text):
                    columns[-1] += piece.text[start : gap - piece.first_index]
                    columns.append("")
                    start = gap - piece.first_index
            columns[-1] += piece.text[start:]
        return [column.strip() for column in columns if column.strip()]


def assemble_lines(page: dict[str, Any], number: int) -> list[PdfLine]:
    """The lines of one page, in the order of its content."""
    lines: list[PdfLine] = []
    at_line_break = True
    for first_index, text, size, left, right, y in page["runs"]:
        if text == "\n":
            at_line_break = True
            continue
        if not text.strip():
            if lines and not at_line_break:
                lines[-1].pieces.append(LinePiece(first_index, " "))
            continue
        run = PdfLine(number, y, size, left, right, [LinePiece(first_index, text)])
        if not place_late_label(lines, run):
            place_run(lines, run, at_line_break)
        at_line_break = False
    lines = order_single_column(lines)
    mark_paragraphs(lines)
    return lines


def order_single_column(lines: list[PdfLine]) -> list[PdfLine]:
    """The lines from the top down where none stand side by side; else in the order of the content.

    Producers draw a page's foot, or a box, before the text above it.
    """
    by_height = sorted(lines, key=lambda line: -line.y)
    width = max((line.right for line in lines), default=0.0) - min((line.left for line in lines), default=0.0)
    wide_lines = [line for line in by_height if line.right - line.left > COLUMN_SHARE * width]
    for line, lower_line in pairwise(wide_lines):
        is_beside = line.right <= lower_line.left or lower_line.right <= line.left
        if is_beside and line.y - lower_line.y < max(line.size, lower_line.size):
            return lines
    return by_height


def place_late_label(lines: list[PdfLine], run: PdfLine) -> bool:
    """Put the number of a list's item that was drawn after the item (WeasyPrint) before its line."""
    if not LIST_LABEL.fullmatch(run.text()):
        return False
    for line in lines[-MAX_LOOK_BACK:]:
        gap = line.left - run.right
        if abs(line.y - run.y) <= SAME_LINE_RATIO * run.size and 0 <= gap < MAX_LABEL_GAP_RATIO * run.size:
            label = run.pieces[0]
            label.text = label.text.rstrip() + " "
            line.pieces.insert(0, label)
            line.left = run.left
            return True
    return False


def place_run(lines: list[PdfLine], run: PdfLine, at_line_break: bool) -> None:
    """Join a run to the last line, if it stands on it or is raised beside it; else begin a line."""
    last_line = lines[-1] if lines else None
    piece = run.pieces[0]
    if (
        last_line is None
        or run.left < last_line.right - last_line.size
        or run.left > last_line.right + 4 * max(last_line.size, run.size)
    ):
        lines.append(run)
        return
    size = max(last_line.size, run.size)
    rise = run.y - last_line.y
    gap = " " if run.left - last_line.right > 0.2 * size and not last_line.pieces[-1].text[-1:].isspace() else ""
    is_number = SUPERSCRIPT_NUMBER.fullmatch(piece.text) is not None
    if 0 < rise < MAX_RISE_RATIO * size and is_small_beside(run, last_line, rise, is_number):
        piece.raised = is_number or BRACKETED.fullmatch(piece.text) is not None
        last_line.size = last_line.size if piece.raised else joint_size(last_line, run)
        piece.text = gap * (not is_number) + (piece.text.translate(SUPERSCRIPTS) if is_number else piece.text)
    elif 0 < -rise < MAX_RISE_RATIO * size and is_raised_label(last_line, run, -rise):
        label = last_line.pieces[0]
        label.raised = SUPERSCRIPT_NUMBER.fullmatch(label.text) is not None
        label.text = label.text.translate(SUPERSCRIPTS) if label.raised else label.text
        last_line.y, last_line.size = run.y, run.size
        piece.text = gap + piece.text
    elif abs(rise) <= SAME_LINE_RATIO * size:
        last_line.size = joint_size(last_line, run)
        piece.text = gap + piece.text
    else:
        lines.append(run)
        return
    if gap and piece.text.startswith(gap):
        piece.first_index -= 1
    if last_line.pieces[-1].text[-1:].isspace():
        stripped = piece.text.lstrip()
        piece.first_index += len(piece.text) - len(stripped)
        piece.text = stripped
    last_line.right = max(last_line.right, run.right)
    last_line.pieces.append(piece)


def is_small_beside(run: PdfLine, line: PdfLine, rise: float, is_number: bool) -> bool:
    """Whether a run is in smaller type than its line; a number clearly raised may be nearly as large (browsers)."""
    is_clear = is_number and rise > CLEAR_RISE_RATIO * line.size and run.size < line.size
    return run.size < SMALLER_RATIO * line.size or is_clear


def is_raised_label(line: PdfLine, run: PdfLine, rise: float) -> bool:
    """Whether all that a line holds is a raised number, or small type, before a run."""
    is_number = SUPERSCRIPT_NUMBER.fullmatch(line.text()) is not None
    return len(line.pieces) == 1 and is_small_beside(line, run, rise, is_number)


def joint_size(line: PdfLine, run: PdfLine) -> float:
    """The size of a line with another run: the larger, unless it is that of an initial."""
    larger, smaller = (line, run) if line.size >= run.size else (run, line)
    is_initial = larger.size > INITIAL_RATIO * smaller.size and len(larger.text()) < len(smaller.text())
    return smaller.size if is_initial else larger.size


def mark_paragraphs(lines: list[PdfLine]) -> None:
    """A line starts a paragraph if it stands further down than lines do here, or is of another size."""
    steps = [previous_line.y - line.y for previous_line, line in pairwise(lines)]
    usual_step = median([step for step in steps if step > 1] or [0.0])
    for (previous_line, line), step in zip(pairwise(lines), steps, strict=True):
        nearby_steps = [near_step for near_step in steps if 0.8 * line.size < near_step < 1.9 * line.size]
        leading = min(usual_step, median(nearby_steps)) if nearby_steps else usual_step
        changes_size = abs(line.size - previous_line.size) > 0.12 * previous_line.size
        is_close = 0 < step < CLOSE_LINES_RATIO * line.size and line.size > 1.2 * max(
            1.0, usual_step / CLOSE_LINES_RATIO
        )
        line.starts_paragraph = changes_size or (step > PARAGRAPH_GAP_RATIO * leading and not is_close)
    if lines:
        lines[0].starts_paragraph = True


def count_sizes(pages: list[list[PdfLine]]) -> Counter[float]:
    """How many characters there are of each type size."""
    sizes: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            sizes[round(line.size, 1)] += len(line.text())
    return sizes


def find_body_size(pages: list[list[PdfLine]]) -> float:
    """The size of the running text: the largest of those that many characters have, as notes may be the longer part."""
    sizes = count_sizes(pages)
    usual_count = max(sizes.values(), default=0)
    return max((size for size, count in sizes.items() if count >= BODY_SHARE * usual_count), default=0.0)


def raise_lone_numbers(pages: list[list[PdfLine]], size: float) -> None:
    """Raise each number in small type alone on its line, within a page; a column is none.

    It is the label of the note below it, or a marker for which there was no room on the line above (WeasyPrint).
    """
    for lines in pages:
        lone = [
            len(line.pieces) == 1 and line.size < SMALLER_RATIO * size and LONE_LABEL.fullmatch(line.text()) is not None
            for line in lines
        ]
        rights = find_column_rights(lines, size)
        begun_by_number = sum(line.pieces[0].raised and line.size > SMALLER_RATIO * size for line in lines)
        moved: set[int] = set()
        last_marker = 0
        for index in range(1, len(lines)):
            above, line = lines[index - 1 : index + 1]
            last_marker = max([last_marker, *(read_raised(piece) for piece in above.pieces[1:])])
            below = lines[index + 1] if index + 1 < len(lines) else None
            piece = line.pieces[0]
            if not lone[index]:
                is_marker = begun_by_number == 1 and is_begun_by_marker(line, above, size, last_marker)
                if is_marker and is_full(above, 0.5 * size, rights):
                    above.pieces.append(line.pieces.pop(0))
                continue
            if lone[index - 1] or (below and lone[index + 1]):
                continue
            if is_wrapped_marker(line, above, below) and is_full(above, line.right - line.left, rights):
                above.pieces.append(piece)
                moved.add(id(line))
            elif below is None:
                continue
            piece.text, piece.raised = piece.text.translate(SUPERSCRIPTS), True
        lines[:] = [line for line in lines if id(line) not in moved]


def find_column_rights(lines: list[PdfLine], size: float) -> dict[int, float]:
    """How far the lines of the text reach to the right, by their left edges in points."""
    rights: dict[int, float] = {}
    for line in lines:
        if SMALLER_RATIO * size < line.size < size / SMALLER_RATIO:
            left = round(line.left)
            rights[left] = max(rights.get(left, 0.0), line.right)
    return rights


def is_full(line: PdfLine, width: float, rights: dict[int, float]) -> bool:
    """Whether there was no room for something so wide at the end of a line."""
    return line.right + width > max(rights.get(round(line.left) + shift, 0.0) for shift in (-1, 0, 1)) > 0


def read_raised(piece: LinePiece) -> int:
    """The number that a piece is, if it is one and raised; else 0."""
    digits = piece.text.translate(PLAIN_DIGITS).strip()
    return int(digits) if piece.raised and MARKER_NUMBER.fullmatch(digits) else 0


def is_begun_by_marker(line: PdfLine, above: PdfLine, size: float, last_marker: int) -> bool:
    """Whether a line of the text begins with the marker of what stands on the line above it: it counts on, or words."""
    goes_on = PROSE_START.match(line.pieces[1].text) if len(line.pieces) > 1 and not line.starts_paragraph else None
    counts_on = 0 < last_marker == read_raised(line.pieces[0]) - 1
    is_text = line.size > SMALLER_RATIO * size and abs(line.left - above.left) < size
    return bool(goes_on and (counts_on or goes_on[0].strip().islower()) and line.pieces[0].raised and is_text)


def is_wrapped_marker(line: PdfLine, above: PdfLine, below: PdfLine | None) -> bool:
    """Whether a lone number goes on with the line of text above it, and is not the label of what stands below."""
    is_near = 0 < above.y - line.y < above.size and abs(line.left - above.left) < above.size
    is_own = below is None or below.size > line.size / SMALLER_RATIO or NUMBERED_LINE.match(below.text()) is not None
    return above.size > line.size / SMALLER_RATIO and is_near and is_own
