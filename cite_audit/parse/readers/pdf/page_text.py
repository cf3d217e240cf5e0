"""The text of one PDF page as runs of one type size: sizes from the text matrix, raised figures, drawn hyphens.

Runs in the child process: nothing of the package but its neighbours in this folder is imported.
"""

from __future__ import annotations

import ctypes
import math
import re
from typing import Any

HYPHEN_CODES = (2, 0xFFFE)  # what PDFium gives for a hyphen at a line's end: for one character, for many
SOFT_HYPHEN = 0xAD
RIGHT_TO_LEFT_LETTER = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
OPENING_BRACKETS = "[("
FRACTION_BARS = (0x2044, 0x2215)
SIZE_TOLERANCE = 0.02  # sizes nearer than this are one: producers round the matrix of each word apart
FIGURE_HEIGHT = 0.7  # of the size: lining figures; superior ones are about half as high
SUPERIOR_RISE, SUPERIOR_HEIGHT = 0.18, 0.58  # of the size: from where up, and up to what height a figure is superior
RAISED_NUMBER = re.compile(r"\s*\[?\d[\d\s,;–-]{0,12}\]?\s*")
MAX_LOOK_BACK = 400  # runs: a line is sought among so many before a number drawn late
MAX_NUMBER_LENGTH = 6
APART_RATIO = 2.0  # of the size: numbers further apart than this are not of one place
SMALLER_RATIO = 0.87  # of the size of the line: a raised number
MAX_RISE_RATIO = 0.75  # of the size of the line
CLEAR_RISE_RATIO = 0.25  # of the size of the line: a number raised so much need not be in much smaller type
MIN_GAP_SHARE = 0.7  # of the number's width: the room that the line leaves for it
HEAD_GAP_RATIO, MAX_HEAD_CHARACTERS = 1.2, 1500  # of the size: between the authors in one line below a title
GAP_TOLERANCE = 0.12  # of the size of the line: how far a number may reach over its neighbours

Run = list[Any]  # first character's index, text, type size, left, right, baseline


class PageText:
    """The measures of a page's characters, in points from the page's lower left corner."""

    is_in_drawn_order = True  # whether what is read later is drawn further to the right
    is_mirrored = False  # whether the right edge of the page is given as the left one

    def __init__(self, text_page: Any, count: int) -> None:
        import pypdfium2.raw as raw

        self.raw, self.text_page, self.count = raw, text_page, count
        self._codes: list[int] | None = None
        self._matrix = raw.FS_MATRIX()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._edges = tuple(ctypes.c_double() for _ in range(4))

    def character_codes(self, count: int) -> list[int]:
        """The characters' codes: all at once, where that gives one for each, else one by one."""
        if self._codes is None:
            buffer = (ctypes.c_ushort * (count + 2))()
            if self.raw.FPDFText_GetText(self.text_page, 0, count, buffer) == count + 1:
                self._codes = list(buffer[:count])
            else:
                self._codes = [self.raw.FPDFText_GetUnicode(self.text_page, index) for index in range(count)]
        return self._codes

    def has_right_to_left(self) -> bool:
        """Whether there are letters of a script that runs from right to left."""
        return RIGHT_TO_LEFT_LETTER.search("".join(map(chr, self.character_codes(self.count)))) is not None

    def type_size(self, index: int) -> float:
        """The size as drawn: that of `Tf` times the height of the text matrix (ISO 32000-1, 9.4.4)."""
        size = float(self.raw.FPDFText_GetFontSize(self.text_page, index))
        if self.raw.FPDFText_GetMatrix(self.text_page, index, self._matrix):
            size *= math.hypot(self._matrix.c, self._matrix.d) or 1.0
        return size

    def origin(self, index: int) -> tuple[float, float]:
        """Where a character stands: left and baseline."""
        self.raw.FPDFText_GetCharOrigin(self.text_page, index, self._x, self._y)
        return self._x.value, self._y.value

    def box(self, index: int) -> tuple[float, float, float, float]:
        """Left, right, bottom, top of what is drawn; of no extent where nothing is."""
        self.raw.FPDFText_GetCharBox(self.text_page, index, *self._edges)
        left, right, bottom, top = (float(edge.value) for edge in self._edges)
        return left, right, bottom, top

    def mirror_left(self, left: float, width: float) -> float:
        """The left edge of what is so wide, as this page gives it."""
        return left

    def drawn_centre(self, index: int) -> float:
        """The middle of a character's width; where it stands, if its font gives no box."""
        left, right, _, _ = self.box(index)
        return (left + right) / 2 if right > left else self.origin(index)[0]

    def superior_measure(self, index: int, size: float) -> tuple[float, float] | None:
        """The size and baseline that a figure drawn raised by the font itself (OpenType `sups`) seems to have."""
        _, _, bottom, top = self.box(index)
        height = top - bottom
        if not 0 < height < SUPERIOR_HEIGHT * size or bottom - self.origin(index)[1] < SUPERIOR_RISE * size:
            return None
        return height / FIGURE_HEIGHT, bottom


class _RunCollector:
    """Cuts the characters of a page into runs of one size."""

    def __init__(self, page_text: PageText) -> None:
        self.page_text = page_text
        self.runs: list[Run] = []
        self.pieces: list[str] = []
        self.start, self.size = 0, 0.0
        self.superior_baseline: float | None = None

    def end_run(self) -> None:
        words = "".join(self.pieces)
        self.pieces.clear()
        if not words:
            return
        first_index = self.start + len(words) - len(words.lstrip())
        last_index = max(first_index, self.start + len(words.rstrip()) - 1)
        left, baseline = self.page_text.origin(first_index)
        if self.superior_baseline is not None:
            baseline = self.superior_baseline
        right = self.page_text.box(last_index)[1]
        self.runs.append([self.start, words, round(self.size, 2), round(left, 1), round(right, 1), round(baseline, 1)])

    def end_line(self, index: int) -> None:
        self.end_run()
        self.runs.append([index, "\n", 0, 0, 0, 0])

    def measure(self, index: int, *, is_figure: bool) -> None:
        """Take the size of a character; begin a run where it is another one."""
        size, superior_baseline = self.page_text.type_size(index), None
        if is_figure and self.is_apart(index, size):
            self.end_line(index)
        if is_figure and (measure := self.page_text.superior_measure(index, size)):
            size, superior_baseline = measure
            if self.pieces and self.superior_baseline is not None:  # figures of one number differ in height
                size, superior_baseline = self.size, self.superior_baseline
        is_same = abs(size - self.size) <= max(0.05, SIZE_TOLERANCE * size)
        if not is_same or (superior_baseline is None) != (self.superior_baseline is None):
            if not all(piece.isspace() for piece in self.pieces):
                self.end_run()
            self.size = size
        self.superior_baseline = superior_baseline

    def is_apart(self, index: int, size: float) -> bool:
        """Whether the run is a number that stands far from a character: raised numbers may be drawn in a row."""
        text = "".join(self.pieces)
        if not 0 < len(text) <= MAX_NUMBER_LENGTH or not text[-1].isspace() or not RAISED_NUMBER.fullmatch(text):
            return False
        last_right = self.page_text.box(self.start + len(text.rstrip()) - 1)[1]
        return self.page_text.origin(index)[0] - last_right > APART_RATIO * size

    def add(self, index: int, character: str) -> None:
        if not self.pieces:
            self.start = index
        self.pieces.append(character)


def extract_runs(page_text: PageText, count: int) -> list[Run]:
    """The runs of a page in the order of the content, a line's end as a run of its own ("\\n")."""
    collector = _RunCollector(page_text)
    codes = page_text.character_codes(count)
    needs_size = True  # asked where a word starts, and at figures and brackets, which may be raised
    for index, code in enumerate(codes):
        if code in (10, 13):
            collector.end_line(index)
            needs_size = True
            continue
        character = decode_character(code)
        if code == SOFT_HYPHEN and is_drawn(page_text, index):
            character = "-"
        if character.isspace():
            needs_size = True
        elif needs_size or character.isdecimal() or character in OPENING_BRACKETS:
            next_code = codes[index + 1] if index + 1 < count else 0
            collector.measure(index, is_figure=character.isdecimal() and next_code not in FRACTION_BARS)
            needs_size = character.isdecimal() or character in OPENING_BRACKETS
        collector.add(index, character)
        if code in HYPHEN_CODES:
            collector.end_line(index + 1)
            needs_size = True
    collector.end_run()
    return place_late_numbers(page_text, collector.runs)


def find_wide_gaps(page_text: PageText) -> list[int]:
    """The first characters, near the top of a page, before which a line is left empty for more than a space."""
    codes = page_text.character_codes(page_text.count)[:MAX_HEAD_CHARACTERS]
    gaps = []
    for index, code in enumerate(codes):
        if index < 2 or code <= 32 or codes[index - 1] not in (32, 160):
            continue
        last = next((place for place in range(index - 1, -1, -1) if codes[place] not in (32, 160)), 0)
        size = page_text.type_size(index)
        (left, y), last_y = page_text.origin(index), page_text.origin(last)[1]
        if abs(y - last_y) < 1 and left - page_text.box(last)[1] > HEAD_GAP_RATIO * size:
            gaps.append(index)
    return gaps


def decode_character(code: int) -> str:
    """The character of a code that PDFium gives; a tab and its like are a space."""
    if code in HYPHEN_CODES:
        return "-"
    if 9 <= code <= 13:
        return " "
    return chr(code) if 31 < code < 0xD800 or 0xE000 <= code < 0x110000 else "\ufffd"


def is_drawn(page_text: PageText, index: int) -> bool:
    """Whether a character leaves ink: a soft hyphen that does is a hyphen, whatever its code."""
    left, right, bottom, top = page_text.box(index)
    return right > left and top > bottom


def place_late_numbers(page_text: PageText, runs: list[Run]) -> list[Run]:
    """The runs with each raised number that was drawn after its line (Google Docs) where it stands on that line."""
    placed: list[Run] = []
    for position, run in enumerate(runs):
        if not RAISED_NUMBER.fullmatch(run[1]) or _follows_on(run, runs[max(0, position - 3) : position]):
            placed.append(run)
            continue
        host_position = _find_host(run, placed)
        with_number = [] if host_position is None else _insert_number(page_text, placed[host_position], run)
        if host_position is None or not with_number:
            placed.append(run)
        else:
            placed[host_position : host_position + 1] = with_number
    return placed


def _follows_on(run: Run, previous_runs: list[Run]) -> bool:
    """Whether a run begins where the one before it ends, or is the first of its own line."""
    previous = next((other for other in reversed(previous_runs) if other[1].strip()), None)
    if previous is None:
        return True
    _, _, size, _, right, baseline = previous
    return bool(abs(run[3] - right) < size and abs(run[5] - baseline) < MAX_RISE_RATIO * size)


def _find_host(run: Run, placed: list[Run]) -> int | None:
    """The run in whose line a raised number stands: larger, lower, and reaching to where it is."""
    _, _, size, left, _, baseline = run
    best: tuple[float, int] | None = None
    for position in range(len(placed) - 1, max(-1, len(placed) - 1 - MAX_LOOK_BACK), -1):
        _, text, host_size, host_left, host_right, host_baseline = placed[position]
        rise = baseline - host_baseline
        is_beside = host_left < left <= host_right + 0.5 * host_size
        is_raised = 0 < rise < MAX_RISE_RATIO * host_size
        is_small = size < SMALLER_RATIO * host_size or (size < host_size and rise > CLEAR_RISE_RATIO * host_size)
        if text.strip() and is_beside and is_raised and is_small:
            best = min(best or (rise, position), (rise, position))
    return best[1] if best else None


def _insert_number(page_text: PageText, host: Run, number: Run) -> list[Run]:
    """A run cut in two where a number stands, with the number between; nothing where no gap was left for it."""
    start, text, size, left, right, baseline = host
    low, high = 0, len(text)
    while low < high:  # the first character that stands right of the number's left edge
        middle = (low + high) // 2
        if page_text.origin(start + middle)[0] < number[3] - 0.05 * size:
            low = middle + 1
        else:
            high = middle
    while low < len(text) and text[low].isspace():
        low += 1
    before, after = text[:low], text[low:]
    before_right = page_text.box(start + len(before.rstrip()) - 1)[1]
    after_left = page_text.origin(start + low)[0] if after else number[4]
    if (
        not before.strip()
        or before_right > number[3] + GAP_TOLERANCE * size
        or after_left < number[4] - GAP_TOLERANCE * size
        or after_left - before_right < MIN_GAP_SHARE * (number[4] - number[3])
    ):
        return []
    cut_runs = [[start, before.rstrip(), size, left, round(number[3], 1), baseline], number]
    if after:
        cut_runs.append([start + low, after, size, round(after_left, 1), right, baseline])
    return cut_runs
