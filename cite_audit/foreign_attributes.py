"""Attributes of HTML that others wrote: no element has more of them than a parser can take.

A parser compares each attribute with the earlier ones of its element: 60,000 take twelve seconds. Where a tag begins
only a parser knows, since what looks like one may stand in a script or a comment; so every place that may begin one
counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cite_audit.lazy_pattern import compile_lazily

MAX_ATTRIBUTES = 1_000  # of one element: 4 ms of the parser's
_FREE_LENGTH = 2 * MAX_ATTRIBUTES  # characters of a tag that has no more: each attribute takes two
# Characters of longer tags that are read: some dozen milliseconds, and a multiple of the source.
_MAX_READ, _MAX_TIMES_READ = 8_000_000, 4
_START_TAG = compile_lazily(r"<[a-zA-Z]")
_NAME = compile_lazily(r"[^\s/>]*+")
_VALUE_WITH_TAG_END = compile_lazily(r"""=\s*+(?:"[^">]*+>|'[^'>]*+>)""")
# HTML §13.2.5.32; a value without its closing quotation mark takes all that follows
ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>"'][^\s>]*+)?+)?+"""
_OPENING_TAG = rf"<[a-zA-Z][^\s/>]*+(?:{ATTRIBUTE}){{0,{MAX_ATTRIBUTES}}}+"
_CLOSED_TAG = compile_lazily(rf"{_OPENING_TAG}[\s/]*+>")
_TAG_OF_FEW_ATTRIBUTES = compile_lazily(rf"{_OPENING_TAG}[\s/]*+(?:>|\Z)")
_TAGS_OF_FEW_ATTRIBUTES = compile_lazily(rf"(?:[^<]++|<(?![a-zA-Z])|{_OPENING_TAG}[\s/]*+(?:>|\Z))*+")
_KEPT_OF_TAG = compile_lazily(_OPENING_TAG)
_REST_OF_TAG = compile_lazily(rf"(?:{ATTRIBUTE})*+[\s/]*+>?")
_RAW_TEXT_END = compile_lazily(r"</(?:script|style)", re.I)
_MERGED_TAG = compile_lazily(r"<(?:html|body)(?=[\s/])", re.I)  # the first of a page takes the attributes of the others
_ONE_ATTRIBUTE = compile_lazily(ATTRIBUTE)


def limit_attributes(source: str) -> str:
    """The source with MAX_ATTRIBUTES of each element; where that is not plain, the source up to there."""
    if _find_overlong_tag(source) < 0:
        return source
    source = _drop_attributes(source)
    tag = _find_overlong_tag(source)
    return source if tag < 0 else source[:tag]


def limit_merged_attributes(source: str) -> str:
    """The source up to where the attributes of all `html` and `body`, which their first ones get, are too many."""
    count = 0
    for merged in _MERGED_TAG.finditer(source):
        tag_end = _end_of(_KEPT_OF_TAG, source, merged.start())
        count += sum(1 for _ in _ONE_ATTRIBUTE.finditer(source, merged.end(), tag_end))
        if count > MAX_ATTRIBUTES:
            return source[: merged.start()]
    return source


def _find_overlong_tag(source: str) -> int:
    """Where the first tag begins that may have more than MAX_ATTRIBUTES; -1 for every ordinary page."""
    left_to_read = _MAX_READ + _MAX_TIMES_READ * len(source)
    name_end = 0
    for start, end in sorted({*_find_long_gaps(source), *_find_values_with_tag_end(source)}):
        for tag in _START_TAG.finditer(source, start, end):
            if tag.start() < name_end:  # what follows is read already
                continue
            name_end = _end_of(_NAME, source, tag.end())
            if _CLOSED_TAG.match(source, tag.start(), tag.start() + _FREE_LENGTH):
                continue
            whole_tag = _TAG_OF_FEW_ATTRIBUTES.match(source, tag.start())
            left_to_read -= len(whole_tag[0]) if whole_tag else 0
            if not whole_tag or left_to_read < 0:
                return tag.start()
    return -1


def _find_long_gaps(source: str) -> Iterator[tuple[int, int]]:
    """The parts without a `>`, up to the next one, that are so long that a tag in them may have too many attributes."""
    start = 0
    while start < len(source):
        end = start + MAX_ATTRIBUTES  # a gap twice as long leaves one of these pieces without a `>`
        if source.find(">", start, end) < 0:
            end = source.find(">", end) + 1 or len(source)
            yield source.rfind(">", 0, start) + 1, end
        start = end


def _find_values_with_tag_end(source: str) -> Iterator[tuple[int, int]]:
    """The parts without a `>`, up to the next one, that may stand in the quotation marks of a value.

    A tag goes on behind a `>` nowhere else, and begins before the first such one.
    """
    start = 0
    for value in _VALUE_WITH_TAG_END.finditer(source):
        start = source.rfind(">", start, value.start()) + 1 or start
        yield start, value.end()
        start = value.end()


def _drop_attributes(source: str) -> str:
    """The source without the attributes of an element that are more than MAX_ATTRIBUTES.

    What only looks like a tag in a script loses as much, but never the script's end.
    """
    kept, start = [], 0
    while (tag := _end_of(_TAGS_OF_FEW_ATTRIBUTES, source, start)) < len(source):
        kept_end = _end_of(_KEPT_OF_TAG, source, tag)
        tag_end = _end_of(_REST_OF_TAG, source, kept_end)
        raw_text_end = _RAW_TEXT_END.search(source, kept_end, tag_end)
        kept += [source[start:kept_end], f">{raw_text_end[0]}>" if raw_text_end else ">"]
        start = tag_end
    return "".join([*kept, source[start:]]) if kept else source


def _end_of(pattern: re.Pattern[str], source: str, start: int) -> int:
    match = pattern.match(source, start)
    return match.end() if match else start
