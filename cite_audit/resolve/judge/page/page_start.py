"""The beginning of a long page, parsed alone: what it settles needs no look at the rest.

To parse a page and to collect its text is most of the work of judging it. An article shows within its first screens
that it is one: no rule asks a page of two thousand words how many it has.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode

from cite_audit.resolve.judge.page.markup import iter_scripts
from cite_audit.resolve.judge.page.text import count_cjk_words
from cite_audit.resolve.judge.page.visible_text import HIDING_MARKS, extract_visible_text

# Characters without scripts, from the heading on; of plain text that is more than any rule asks for. A fifth of a
# longer page, since to parse all of it then would cost more.
_LENGTH, _MAX_LENGTH, _LENGTH_SHARE = 18_000, 30_000, 5
_LONGER = 3  # times that length, where it has few words
ENOUGH_WORDS = 480  # words; few rules ask for more
_MAX_SHARE = 0.6  # of a page; to parse more than this first and all of it then would cost more than it saves
_ANCHORS = ("<body", "<h1")


def find_opening_ends(source: str) -> Iterator[int]:
    """The length of the opening of a page, behind which a tag begins, and of the longer one where that has few words.

    None for a page that is not much longer.
    """
    length = min(_MAX_LENGTH, max(_LENGTH, len(source) // _LENGTH_SHARE))
    yield from filter(None, (_find_opening_end(source, times * length) for times in (1, _LONGER)))


def _find_opening_end(source: str, length: int) -> int:
    latest = int(len(source) * _MAX_SHARE) - length  # place for a heading
    if latest < 0:
        return 0
    heading = max(find_mark(source, mark, latest) for mark in _ANCHORS)
    end = _skip_scripts(source, heading, length) if heading >= 0 else 0
    return max(0, source.rfind("<", heading, end)) if end <= len(source) * _MAX_SHARE else 0


def _skip_scripts(source: str, start: int, length: int) -> int:
    """Where an opening ends that has so many characters outside scripts; behind the source where it has less."""
    end = start + length
    for script, script_end in iter_scripts(source, start):
        if script >= end:
            break
        end += script_end - script
    return end


def find_end_start(source: str, length: int) -> int:
    """Where about so many characters before its end a part of a page begins: at a tag, outside scripts."""
    start = max(0, source.find("<", len(source) - length))
    script_end = source.find("</script", start)
    is_in_script = script_end >= 0 and not 0 <= source.find("<script", start) < script_end
    return script_end if is_in_script else start


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
        return LexborHTMLParser(self.source)

    @cached_property
    def _words(self) -> list[str]:
        may_hide = any(mark in self.source for mark in HIDING_MARKS)
        return extract_visible_text(self.tree, may_hide=may_hide).split()

    @cached_property
    def _word_count(self) -> int:
        return len(self._words) + count_cjk_words(" ".join(self._words))

    def has_words(self, count: int) -> bool:
        """Whether so many words can be read in the opening alone."""
        return len(self._words) >= count or self._word_count >= count

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

    def is_mentioned(self, words: str) -> bool:
        """Whether words in small letters stand anywhere in the page."""
        return words in self._lower_source or self.rest_mentions(words)

    @cached_property
    def _lower_source(self) -> str:
        return self.source.lower()

    def find_nodes(self, selector: str, count: int, tag: str) -> list[LexborNode] | None:
        """The first nodes, so many at most, of a selector for elements of one name; None where the rest may have some.

        An element whose end is not in the opening may have more of its text behind it.
        """
        is_single = selector == tag and self.source.count(f"<{tag}") + self.source.count(f"<{tag.upper()}") <= 1
        if count == 1 or is_single:
            nodes = [node for node in [self.tree.css_first(selector)] if node]
        else:
            nodes = self.tree.css(selector)
        if len(nodes) <= count and self._is_left_open(tag):
            return None
        return nodes[:count] if len(nodes) >= count or not self.rest_mentions(f"<{tag}") else None

    def _is_left_open(self, tag: str) -> bool:
        """Whether the last element of a name has no end tag in the opening."""
        start = max(self.source.rfind(f"<{tag}"), self.source.rfind(f"<{tag.upper()}"))
        return start >= 0 and self.source.find(f"</{tag}", start) < 0 > self.source.find(f"</{tag.upper()}", start)
