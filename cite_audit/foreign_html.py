"""HTML that others wrote, read as far as a parser can without work that grows with the square of its length.

Browsers end nesting at 512 elements. Beyond that a parser walks through all that is open for each tag: half a megabyte
of `<div>` takes it ten seconds. Formatting elements that are left open (`<font>`) are opened anew in every later block
(HTML §13.2.4.3): 80 kB of them take a gigabyte. What lies behind the limits is cut off before parsing.
"""

from __future__ import annotations

from collections import Counter
from itertools import accumulate
from typing import TYPE_CHECKING

from cite_audit.foreign_attributes import limit_attributes, limit_merged_attributes
from cite_audit.hidden_tags import mask_hidden_tags, match_any_case
from cite_audit.lazy_pattern import compile_lazily

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

MAX_DEPTH = 512  # elements; the limit of Blink and WebKit
MAX_STEPS = 20_000_000  # elements that are open, summed over all tags: 0.1 s of the parser's
MAX_REOPENED = 500_000  # formatting elements that are open, summed over all tags: 200 MB of the parser's


def _read_names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FREE_LENGTH = 4_096  # characters that cannot hold so much
_BEGINNING = 16_384  # characters in which a page that is nothing but nested shows it
_MAX_ALIKE = 3  # formatting elements with the same attributes that are opened anew
_TAG = compile_lazily(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*+)([^<>]*+)")
# Elements that only their own end tag closes, as pages nest them. `li`, `p` or `td` may be left open a thousand times.
_BLOCKS = _read_names(
    "div ul ol dl section article aside main center blockquote fieldset details header footer nav figure dir menu"
    " address hgroup search pre listing dialog summary svg math object template noscript"
)


_BLOCK_TAG = compile_lazily(rf"<(/?)(?:{match_any_case(_BLOCKS)})(?![a-zA-Z0-9:-])")
_FORMATTING = _read_names("a b big code em font i nobr s small strike strong tt u")
_UNCOUNTED = _read_names(  # void, or closed by what follows
    "area base br col embed hr img input link meta param source track wbr p li dt dd td th tr tbody thead tfoot"
    " caption option colgroup rp rt rb rtc html head body script style title textarea"
)
_COMMON_UNCOUNTED = r"(?:t(?:[dhr]|body)|li|p|br|img|option|d[dt])[\s>]"  # of which a page has the most
# A start tag; or, without a group, an element that holds nothing but text, whose end tag is one if its start tag is.
_PLAIN_ATTRIBUTE = r"""\s++[^\s/><="']++(?:=(?:"[^"<>]*+"|'[^'<>]*+'|[^\s><"'=]++))?+"""
_LEAF_NAMES = ("a", "b", "code", "div", "em", "i", "span", "strong")  # the most common ones
_LEAF = "|".join(rf"{name}(?:{_PLAIN_ATTRIBUTE})*+>[^<]*+</{name}>" for name in _LEAF_NAMES)
_OPEN_START_TAG = compile_lazily(rf"<(?:{_LEAF}|(?!{_COMMON_UNCOUNTED})([a-zA-Z][a-zA-Z0-9:-]*+))")
# A tag, or an element that holds nothing but text and has the first group.
_LEAF_OR_TAG = compile_lazily(
    rf"<(?!/?{_COMMON_UNCOUNTED})"
    r"(?:([a-zA-Z][a-zA-Z0-9:-]*+)[^<>]*+>[^<]*+</\1>|(/?)([a-zA-Z][a-zA-Z0-9:-]*+))"
)
# A tag of a formatting element, or in capital letters one of any element whose name may be one's.
_FORMATTING_TAG = compile_lazily(
    rf"<(/?)((?:{'|'.join(sorted(_FORMATTING))})(?![a-zA-Z0-9:-])|[{''.join(sorted(_FORMATTING)).upper()}][a-zA-Z]*+)"
)
_PIECE, _BLOCK_LENGTH = 4_096, 16  # characters; of the beginning of a block's tag at most
_SVG_TOO = frozenset({"title", "style", "script"})  # the other names of HTML end SVG and MathML
_PHRASES = _read_names("h1 h2 h3 h4 h5 h6 span ruby sub sup table var")


def parse_foreign_html(body: bytes) -> LexborHTMLParser:
    """The tree of a page in UTF-8 or ASCII, up to the limits."""
    return parse_source(limit_work(body.decode("latin-1")).encode("latin-1"))


def parse_source(source: str | bytes) -> LexborHTMLParser:
    """The tree of a source that is within the limits."""
    from selectolax.lexbor import LexborHTMLParser

    return LexborHTMLParser(source)


def limit_work(source: str) -> str:
    """The source up to where a parser's work would be too much; all of it for every ordinary page."""
    if len(source) <= _FREE_LENGTH:
        return source
    source = limit_attributes(source)
    if source.count("<") > MAX_DEPTH and _begins_open(source):
        limit = _find_depth_limit(source)  # before all tags are counted
        beginning = source[: limit + _BLOCK_LENGTH]
        masked = mask_hidden_tags(beginning)
        if masked == beginning or _find_depth_limit(masked) == limit:
            source = source[:limit]
    started = Counter(filter(None, _OPEN_START_TAG.findall(source)))
    if any(_count_started(started, frozenset([name])) > 1 for name in ("html", "body")):
        source = limit_merged_attributes(source)
    return source if _is_light(started, source.count("<")) else source[: _find_limit(mask_hidden_tags(source))]


def _find_limit(source: str) -> int:
    """Where a parser's work would be too much; the end of every ordinary source."""
    tag_count = source.count("<")
    started = Counter(filter(None, _OPEN_START_TAG.findall(source)))
    if _may_be_heavy(source, started, tag_count):
        return _OpenElements().find_cut(source)
    is_deep = _count_started(started, _BLOCKS) > MAX_DEPTH and _may_be_deep(source)
    return _find_depth_limit(source) if is_deep else len(source)


def _begins_open(source: str) -> bool:
    """Whether the beginning of a source leaves so many elements open that some may be too deep."""
    return source.count("<", 0, _BEGINNING) - 2 * source.count("</", 0, _BEGINNING) > MAX_DEPTH


def _count_started(started: Counter[str], names: frozenset[str]) -> int:
    return sum(count for written_name, count in started.items() if written_name.lower() in names)


def _sum_if_left_open(count: int, tag_count: int) -> int:
    """How many of so many elements are open, summed over all tags: the second one is open at one tag less."""
    return count * (tag_count - count // 2)


def _is_light(started: Counter[str], tag_count: int) -> bool:
    """Whether a parser's work would not be too much if no end tag were one."""
    return (
        _sum_if_left_open(started.total(), tag_count) <= MAX_STEPS
        and _sum_if_left_open(_count_started(started, _FORMATTING), tag_count) <= MAX_REOPENED
        and _count_started(started, _BLOCKS) <= MAX_DEPTH
    )


def _may_be_heavy(source: str, started: Counter[str], tag_count: int) -> bool:
    """Whether so much may be open somewhere that a parser's work would be too much."""
    formatting_count = _count_started(started, _FORMATTING)
    return (_sum_if_left_open(started.total(), tag_count) > MAX_STEPS and _may_hold_much_open(source)) or (
        _sum_if_left_open(formatting_count, tag_count) > MAX_REOPENED
        and _count_open_formatting(source) >= MAX_REOPENED // tag_count
    )


def _may_be_deep(source: str) -> bool:
    """Whether blocks may be nested too deep: a bound that is quickly found, where end tags of nothing are rare."""
    depths = [0, *accumulate(map({"": 1, "/": -1}.__getitem__, _BLOCK_TAG.findall(source)))]
    return max(depths) - min(depths) > MAX_DEPTH


def _find_depth_limit(source: str) -> int:
    """Where blocks are nested too deep; the end of a source that is all right."""
    depth = 0
    for tag in _BLOCK_TAG.finditer(source):
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > MAX_DEPTH:
            return tag.start()
    return len(source)


def _may_hold_much_open(source: str) -> bool:
    """Whether so many elements are open anywhere; ten times as fast as the search for the place, and rarely true.

    Elements that hold nothing but text are open one at a time, so that they are left out.
    """
    still_open: dict[str, int] = {}
    count = start = 0
    while start >= 0:  # by the piece: the first one may be enough
        end = source.find("<", start + _PIECE)
        for leaf, slash, written_name in _LEAF_OR_TAG.findall(source, start, end if end >= 0 else len(source)):
            name = written_name.lower()
            if leaf or name in _UNCOUNTED or (slash and not still_open.get(name)):
                continue
            difference = -1 if slash else 1
            still_open[name] = still_open.get(name, 0) + difference
            count += difference
            if count >= MAX_DEPTH:
                return True
        start = end
    return False


def _count_open_formatting(source: str) -> int:
    """How many formatting elements are open where most are; end tags of nothing close nothing."""
    still_open = dict.fromkeys(_FORMATTING, 0)
    count = most = 0
    for slash, written_name in _FORMATTING_TAG.findall(source):
        name = written_name.lower()
        if not slash and name in still_open:
            still_open[name] += 1
            count += 1
            most = max(most, count)
        elif still_open.get(name):
            still_open[name] -= 1
            count -= 1
    return most


class _OpenElements:
    """What is open while a source is read tag by tag: an estimate, never less than what a parser has open."""

    def __init__(self) -> None:
        self.depth = 0  # of blocks
        self.open: dict[str, int] = {}  # how many of each name, but for formatting elements
        self.formatting: dict[str, list[str]] = {}  # their attributes, by name
        self.alike: dict[tuple[str, str], int] = {}
        self.count = 0  # of all that are open
        self.reopened = 0  # formatting elements that a new block would open
        self.is_foreign = False  # in SVG or MathML, where `/>` closes

    def find_cut(self, source: str) -> int:
        steps = reopened = 0
        for tag in _TAG.finditer(source):
            name = tag[2].lower()
            if name in _FORMATTING:
                self._count_formatting(name, tag[3], is_end=bool(tag[1]))
            elif name in _UNCOUNTED:
                self.is_foreign = self.is_foreign and name in _SVG_TOO
            else:
                self._count_element(name, is_end=bool(tag[1]), is_closed=self.is_foreign and tag[3].endswith("/"))
            steps += self.count
            reopened += self.reopened
            if self.depth > MAX_DEPTH or steps > MAX_STEPS or reopened > MAX_REOPENED:
                return tag.start()
        return len(source)

    def _count_element(self, name: str, *, is_end: bool, is_closed: bool) -> None:
        if name in _BLOCKS:
            self.depth = max(0, self.depth - 1) if is_end else self.depth + 1
        if name in _BLOCKS or name in _PHRASES:
            self.is_foreign = not is_end and name in ("svg", "math")
        still_open = self.open.get(name, 0)
        if is_end and still_open:
            self.open[name] = still_open - 1
            self.count -= 1
        elif not is_end and not is_closed:
            self.open[name] = still_open + 1
            self.count += 1

    def _count_formatting(self, name: str, attributes: str, *, is_end: bool) -> None:
        self.is_foreign = False
        still_open = self.formatting.setdefault(name, [])
        if not is_end:
            still_open.append(attributes)
            self.count += 1
        elif still_open:
            attributes = still_open.pop()
            self.count -= 1
        else:
            return
        alike = self.alike.get((name, attributes), 0) + (-1 if is_end else 1)
        self.alike[name, attributes] = alike
        if alike < _MAX_ALIKE or (alike == _MAX_ALIKE and not is_end):
            self.reopened += -1 if is_end else 1
