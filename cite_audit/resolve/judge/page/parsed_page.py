"""The body of one answer, decoded and parsed: where its facts are looked for."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cite_audit.foreign_html import limit_work, parse_source
from cite_audit.model import Probe
from cite_audit.resolve.judge.page.charset import decode_page
from cite_audit.resolve.judge.page.content_type import find_unknown_coding, is_html_body, is_text_body, sniff_type
from cite_audit.resolve.judge.page.page_end import find_end_source
from cite_audit.resolve.judge.page.page_start import (
    ENOUGH_WORDS,
    Opening,
    find_mark,
    find_opening,
    find_opening_end,
    lengthen_opening,
)
from cite_audit.resolve.judge.page.prefilter import find_pieces
from cite_audit.resolve.judge.page.shared_facts import MAX_SHARED, facts_of_text, shared_property
from cite_audit.resolve.judge.page.visible_text import mark_block_borders

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_MAX_SOURCE, _SOURCE_TAIL = 40_000, 10_000  # characters of a source in which marks are looked for; of these at its end
_SPARSE_TAGS, _TAG_LENGTH = 1500, 16  # characters of a source that are searched as quickly as one element of a tree


class ParsedPage:
    """The text of an answer as it came (`decoded`) and as a tree; a long page's opening is parsed before all of it."""

    def __init__(self, probe: Probe) -> None:
        self.url = probe.final_url or probe.url
        self.refresh_header = probe.header("refresh")
        self.declared_type = probe.header("content-type").lower()
        self.content_type = sniff_type(self.declared_type, probe.body)
        self.body = probe.body
        self.unknown_coding = find_unknown_coding(probe.header("content-encoding"), probe.body)
        self.is_html = is_html_body(self.content_type, probe.body)
        self.is_textual = self.is_html or is_text_body(self.content_type, probe.body)
        self.decoded, self.encoding = decode_page(probe.body, self.content_type) if self.is_textual else ("", "")
        self.shared_facts = facts_of_text(self.decoded, self.is_html)

    @cached_property
    def hostname(self) -> str:
        return urlsplit(self.url).hostname or ""

    @shared_property
    def source(self) -> str:
        """The text as it is parsed: up to the limits of a parser, with a line break at each border of a block."""
        return mark_block_borders(limit_work(self.decoded)) if self.is_html else self.decoded

    @shared_property
    def opening(self) -> Opening | None:
        """The beginning of a long page; None where all of it is parsed at once."""
        length, end = find_opening(self.decoded) if self.is_html else (0, 0)
        opening = self._make_opening(end) if end else None
        if opening and not opening.has_words(ENOUGH_WORDS):
            length = lengthen_opening(length, opening.word_count)
            end = find_opening_end(self.decoded, length)
            longer_opening = self._make_opening(end) if end > opening.end else None
            return None if "source" in self.shared_facts else longer_opening or opening
        return opening

    def _make_opening(self, end: int) -> Opening | None:
        """The opening up to `end`; of a page that is cut within it, the source is kept as it is parsed."""
        limited_source = limit_work(self.decoded[:end])
        if len(limited_source) < end:  # so is all of it
            self.shared_facts["source"] = mark_block_borders(limited_source)
            return None
        return Opening(mark_block_borders(limited_source), self.decoded, end)

    @shared_property
    def end_source(self) -> str:
        """The end of a long page's source, in which its last words stand; all of it where that is not plain."""
        return find_end_source(self.decoded, self.opening.end) if self.opening else self.decoded

    def parse_part(self, source: str) -> LexborHTMLParser:
        """The tree of a part of the page that begins outside tags and scripts."""
        return parse_source(mark_block_borders(limit_work(source)))

    @shared_property
    def lower_source(self) -> str:
        """Both ends of the source in lower case: a bot wall is short, apart from scripts in its middle."""
        source = self.decoded
        if len(source) > _MAX_SOURCE:
            source = source[: _MAX_SOURCE - _SOURCE_TAIL] + source[-_SOURCE_TAIL:]
        return source.lower()

    @shared_property
    def source_pieces(self) -> frozenset[str]:
        return find_pieces(self.lower_source)

    @shared_property
    def tree(self) -> LexborHTMLParser:
        return parse_source(self.source if self.is_html else "")

    def release_tree(self) -> None:
        """Free the tree, which takes a megabyte even for a short page, and of a long page what was made for it.

        Whatever is needed again is made anew.
        """
        is_long = len(self.decoded) > MAX_SHARED
        for name in ("tree", "opening", "source") if is_long else ("tree",):
            self.shared_facts.pop(name, None)
            self.__dict__.pop(name, None)

    def _find_best_part(self) -> Opening | None:
        """The opening, unless all of the page was parsed and has few elements."""
        return None if "tree" in self.shared_facts and self._is_sparse else self.opening

    @shared_property
    def _is_sparse(self) -> bool:
        """Whether a page has so few tags that a search of the tree is quicker than one of the source."""
        return self.source.count("<") < min(_SPARSE_TAGS, len(self.source) // _TAG_LENGTH)

    def find_nodes(self, selector: str, count: int, tag: str) -> list[LexborNode]:
        """The first nodes, so many at most, of a selector whose nodes are elements of one name."""
        if (part := self._find_best_part()) and (nodes := part.find_nodes(selector, count, tag)) is not None:
            return nodes
        return self.tree.css(selector)[:count]

    def find_tag(self, name: str, attributes: str, mark: str) -> LexborNode | None:
        """The first element without content of a name, with one of several attributes; a mark is part of each."""
        selector = ", ".join(name + attribute for attribute in attributes.split(", "))
        if part := self._find_best_part():
            with suppress(LookupError):
                return part.find_tag(name, selector, mark)
        return self.tree.css_first(selector) if self.may_hold(mark) else None

    def may_hold(self, mark: str) -> bool:
        """Whether a search of the tree for elements in whose tags a mark stands may find one."""
        return self._is_sparse or find_mark(self.source, mark) >= 0
