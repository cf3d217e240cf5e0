"""The beginning of a long page, parsed alone: what it settles needs no look at the rest.

To parse a page and to collect its text is most of the work of judging it. An article shows within its first screens
that it is one: no rule asks a page of two thousand words how many it has.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from cite_audit.foreign_html import parse_source
from cite_audit.resolve.judge.page.frame import FRAME_SELECTOR, find_frame
from cite_audit.resolve.judge.page.markup import count_pieces, find_script_end
from cite_audit.resolve.judge.page.text import count_cjk_words, count_words
from cite_audit.resolve.judge.page.visible_text import HIDING_MARKS, extract_rough_text

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

# Characters without scripts, from the heading on; of plain text that is more than any rule asks for. A fifth of a
# longer page, since to parse all of it then would cost more.
_LENGTH, _MAX_LENGTH, _LENGTH_SHARE = 18_000, 30_000, 5
_MAX_LENGTHS = 3  # times that length, where it has few words
ENOUGH_WORDS = 480  # words; few rules ask for more
_SAMPLE = 3_000  # characters, by whose pieces those of an opening are estimated first
_MORE_WORDS, _HOPED_PIECES = 1.25, 630  # of real pages, of whose pieces four in five are words, 600 are enough
_MAX_SHARE = 0.6  # of a page; to parse more than this first and all of it then would cost more than it saves
_ANCHORS = ("<body", "<h1")


def find_opening(source: str) -> tuple[int, int]:
    """How many characters of a page, from its heading on, are parsed first, and where they end.

    The end is 0 where all of the page is parsed at once: it is not much longer, or seems to have too few words.
    """
    length = min(_MAX_LENGTH, max(_LENGTH, len(source) // _LENGTH_SHARE))
    end = find_opening_end(source, length)
    if count_pieces(source[max(0, end - _SAMPLE) : end]) * length >= ENOUGH_WORDS * _SAMPLE:
        return length, end
    start = piece_count = 0
    while end:
        piece_count += count_pieces(source[start:end])
        if piece_count >= ENOUGH_WORDS:
            return length, end
        if piece_count * len(source) * _MAX_SHARE < ENOUGH_WORDS * end:
            break  # so much has none
        start, length = end, lengthen_opening(length, piece_count, _HOPED_PIECES)
        end = find_opening_end(source, length)
    return length, 0


def lengthen_opening(length: int, count: int, enough: float = _MORE_WORDS * ENOUGH_WORDS) -> int:
    """How many characters may have enough words where so many have a few."""
    return int(length * min(_MAX_LENGTHS, enough / max(count, 1)))


def find_opening_end(source: str, length: int) -> int:
    """Where the opening of a page ends, behind which a tag begins; 0 for a page that is not much longer."""
    latest = int(len(source) * _MAX_SHARE) - length  # place for a heading
    if latest < 0:
        return 0
    heading = max(find_mark(source, mark, latest) for mark in _ANCHORS)
    end = _skip_scripts(source, heading, length) if heading >= 0 else 0
    return max(0, source.rfind("<", heading, end)) if end <= len(source) * _MAX_SHARE else 0


def _skip_scripts(source: str, start: int, length: int) -> int:
    """Where an opening ends that has so many characters outside scripts; behind the source where it has less."""
    end = start + length
    while (script := source.find("<script", start, end)) >= 0:
        start = find_script_end(source, script)
        end += start - script
    return end


def find_mark(source: str, mark: str, end: int | None = None) -> int:
    """Where a part of a tag begins first, in small or else in capital letters; -1 where it is missing before `end`.

    Ten times as fast as a search of the tree.
    """
    position = source.find(mark, 0, end)
    return position if position >= 0 else source.find(mark.upper(), 0, end)


class Opening:
    """The first part of a page; its elements are those of the page, as far as it reaches.

    `source` is what is parsed, as `WebPage.source` is; `end`: where the other part of the page begins.
    """

    def __init__(self, source: str, page_source: str, end: int) -> None:
        self.source, self.end = source, end
        self._page_source = page_source
        self._marks: dict[str, bool] = {}

    @cached_property
    def _rest(self) -> bytes:
        # bytes: Python lowers and searches ASCII a tenth as fast in a text that has other letters
        return self._page_source[self.end :].encode("utf-8", "surrogatepass").lower()

    @cached_property
    def tree(self) -> LexborHTMLParser:
        return parse_source(self.source)

    @cached_property
    def _text(self) -> str:
        return extract_rough_text(self.tree, may_hide=any(mark in self.source for mark in HIDING_MARKS))

    @cached_property
    def _spaced_count(self) -> int:
        return len(self._text.split())

    @cached_property
    def word_count(self) -> int:
        """How many words can be read in the opening, or a few less."""
        return self._spaced_count + count_cjk_words(self._text)

    def has_words(self, count: int) -> bool:
        """Whether so many words can be read in the opening alone; False where that is not plain."""
        return self._spaced_count >= count or self.word_count >= count

    def has_main_words(self, count: int) -> bool:
        """Whether so many of them are outside the frame of the site; False where that is not plain."""
        main_count, inner_frames = self.word_count, set[int]()
        for node in find_frame(self.tree):
            if node.mem_id not in inner_frames:
                inner_frames.update(inner.mem_id for inner in node.css(FRAME_SELECTOR))
                main_count -= count_words(node.text()) + 1  # what is around it may be one word without it
        return main_count >= count

    @cached_property
    def links(self) -> list[LexborNode]:
        """Its links, in order."""
        return self.tree.css("a[href]")

    def find_tag(self, name: str, selector: str, mark: str) -> LexborNode | None:
        """The first element without content of a name and a selector; a mark is part of its tag.

        Raises LookupError where it may stand in the rest.
        """
        node = self.tree.css_first(selector) if find_mark(self.source, mark) >= 0 else None
        if node is None and self.rest_mentions(f"<{name}") and self.rest_mentions(mark):
            raise LookupError(name)
        return node

    def rest_mentions(self, mark: str) -> bool:
        """Whether a part of a tag, or other words in small letters, stands behind the opening."""
        if mark not in self._marks:
            forms = {form.encode().lower() for form in (mark, mark.upper(), mark.capitalize())}
            # its first byte is found thirty times as fast, and often missing
            self._marks[mark] = any(form[:1] in self._rest and form in self._rest for form in forms)
        return self._marks[mark]

    def find_nodes(self, selector: str, count: int, tag: str) -> list[LexborNode] | None:
        """The first nodes, so many at most, of a selector for elements of one name; None where the rest may have some.

        An element whose end is not in the opening may have more of its text behind it.
        """
        if count == 1:
            nodes = [node for node in [self.tree.css_first(selector)] if node]
        else:
            nodes = self.tree.tags(tag) if selector == tag else self.tree.css(selector)
        if len(nodes) <= count and not _has_ended(nodes, tag) and self._is_left_open(tag):
            return None
        return nodes[:count] if len(nodes) >= count or not self.rest_mentions(f"<{tag}") else None

    def _is_left_open(self, tag: str) -> bool:
        """Whether the last element of a name has no end tag in the opening."""
        start = max(self.source.rfind(f"<{tag}"), self.source.rfind(f"<{tag.upper()}"))
        return start >= 0 and self.source.find(f"</{tag}", start) < 0 > self.source.find(f"</{tag.upper()}", start)


def _has_ended(nodes: list[LexborNode], tag: str) -> bool:
    """Whether something follows the last element of a name, so that no text of it is missing."""
    return bool(nodes) and nodes[-1].tag == tag and nodes[-1].next is not None
