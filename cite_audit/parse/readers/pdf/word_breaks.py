"""Where a word goes on from one line of a PDF to the next for certain: at an added hyphen, within a link's scheme."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cite_audit.parse.readers.pdf.lines import PdfLine

HYPHEN = "\u2010"  # what WeasyPrint, Chromium and Prince add where they hyphenate; in addresses stands `-`
INNER_HYPHEN = re.compile(rf"{HYPHEN}(?=\S)")
SCHEME = re.compile(r"h(?:tt|xx)ps?://[^\s/]", re.IGNORECASE)
CUT_SCHEME = re.compile(r"(?:^|[\s(<\[“„«\"])(h[txps]{0,4}:?/?)$", re.IGNORECASE)
MAX_SCHEME_LENGTH = 9


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
