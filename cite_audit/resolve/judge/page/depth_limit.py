"""The depth limit: pages are read as far as a browser would nest their elements.

The parser's time grows with the square of the depth: half a megabyte of `<div>` takes it ten seconds. Browsers end
nesting at 512 elements; what lies deeper is cut off before parsing.
"""

from __future__ import annotations

import re

MAX_DEPTH = 512  # elements; the limit of Blink and WebKit
_SLICE_LENGTH = 8_192  # characters
# Elements that only their own end tag closes; `li`, `p` or `td` may be left open a thousand times without nesting.
_NESTING_TAG = re.compile(
    r"<(/?)(?:div|ul|ol|dl|section|article|aside|main|center|blockquote|fieldset|details|header|footer|nav|figure|dir"
    r"|menu|address|hgroup|search|pre|listing|dialog|summary|svg|math|object|template|noscript)\b",
    re.I,
)


def limit_depth(source: str) -> str:
    """The source up to where its elements are nested too deep; all of it for every ordinary page."""
    return source[: _find_cut(source)] if _may_be_deep(source) else source


def _may_be_deep(source: str) -> bool:
    """Whether that many tags are open anywhere, void elements included: fast, and rarely true."""
    still_open = 0
    for start in range(0, len(source), _SLICE_LENGTH):
        end = start + _SLICE_LENGTH
        still_open += source.count("<", start, end) - 2 * source.count("</", start, end)
        if still_open > MAX_DEPTH:
            return True
    return False


def _find_cut(source: str) -> int:
    depth = 0
    for tag in _NESTING_TAG.finditer(source):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > MAX_DEPTH:
            return tag.start()
    return len(source)
