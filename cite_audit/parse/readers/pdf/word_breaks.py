"""Where a word goes on from one line of a PDF to the next for certain: at an added hyphen, within a link's scheme."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import chain

from cite_audit.parse.readers.pdf.lines import PdfLine

HYPHEN = "\u2010"  # what WeasyPrint, Chromium and Prince add where they hyphenate; in addresses stands `-`
INNER_HYPHEN = re.compile(rf"{HYPHEN}(?=\S)")
SCHEME = re.compile(r"h(?:tt|xx)ps?://[^\s/]", re.IGNORECASE)
CUT_SCHEME = re.compile(r"(?:^|[\s(<\[“„«\"])(h[txps]{0,4}:?/?)$", re.IGNORECASE)
MAX_SCHEME_LENGTH = 9
OPEN_ADDRESS = re.compile(r"(?:h..ps?:/|www\.|\[?\.\]?\w+/)\S*[\w/=&?%#~+-]$|^\S{5,}[\w/=&?%#~+-]$", re.IGNORECASE)
MAX_ADDRESS_LENGTH = 300
MAX_COLUMN_LINES = 200
LETTER_WIDTH = 0.6  # of the size: of a usual letter


def adds_hyphens(lines: Iterable[PdfLine]) -> bool:
    """Whether U+2010 stands at ends of lines alone: all other hyphens of the document are plain ones."""
    texts = [line.text() for line in lines]
    return any(text.endswith(HYPHEN) for text in texts) and not any(INNER_HYPHEN.search(text) for text in texts)


def join_cut_word(line: PdfLine, next_line: PdfLine | None, *, has_added_hyphens: bool) -> bool:
    """Whether the last word of a line goes on in the next one; an added hyphen is taken off."""
    if next_line is None:
        return False
    last_piece = line.pieces[-1]
    text, following = last_piece.text.rstrip(), next_line.text()
    if has_added_hyphens and text.endswith(HYPHEN) and text[-2:-1].isalnum() and following[:1].isalnum():
        last_piece.text = text[:-1]
        return True
    match = CUT_SCHEME.search(text[-MAX_SCHEME_LENGTH:])
    return match is not None and SCHEME.match(match[1] + following[:MAX_SCHEME_LENGTH]) is not None


class LineEdges:
    """How far the lines of each page reach to the right, by their type size."""

    def __init__(self, pages: list[list[PdfLine]]) -> None:
        self.lines: dict[tuple[int, int], list[PdfLine]] = defaultdict(list)
        for line in chain.from_iterable(pages):
            self.lines[line.page, round(line.size)].append(line)

    def is_full(self, line: PdfLine) -> bool:
        """Whether a line that ends within an address has no room for another letter: one of its column is no longer."""
        if not OPEN_ADDRESS.search(line.text()[-MAX_ADDRESS_LENGTH:]):
            return False
        column = self.lines[line.page, round(line.size)][:MAX_COLUMN_LINES]
        right = max((other.right for other in column if line.left < other.right and other.left < line.right), default=0)
        return right - line.right < LETTER_WIDTH * line.size and len(column) > 1
