"""HTML and XHTML as a tree whose every node knows where it stands in the source.

A small tree builder of our own: the C parsers at hand give no positions, and take 91 s for a megabyte of nested `<div>`
(docs/decisions/0201). It is lenient, linear in the input, never fails, and follows the parts of the HTML standard that
decide where text belongs: void elements, raw text, implied end tags.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from itertools import islice
from operator import attrgetter


def name_set(words: str) -> frozenset[str]:
    """The words of a list written as one text, the way the HTML standard lists elements."""
    return frozenset(words.split())


VOID_TAGS = name_set("area base br col embed hr img input link meta param source track wbr")
RAW_TEXT_TAGS = name_set("script style textarea title xmp iframe noembed noframes")
BLOCK_TAGS = name_set(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre search"
    " section summary table tbody tfoot thead tr ul"
)
# An opening tag of the first kind ends an open element of the second, unless one of the third stands between.
IMPLIED_ENDS: tuple[tuple[frozenset[str], frozenset[str], frozenset[str]], ...] = (
    (BLOCK_TAGS - {"body", "html"}, frozenset({"p"}), name_set("table td th button object caption")),
    (frozenset({"li"}), frozenset({"li"}), name_set("ul ol menu table")),
    (frozenset({"dt", "dd"}), frozenset({"dt", "dd"}), frozenset({"dl", "table"})),
    (name_set("td th tr tbody tfoot thead"), frozenset({"td", "th"}), frozenset({"table"})),
    (name_set("tr tbody tfoot thead"), frozenset({"tr"}), frozenset({"table"})),
    (frozenset({"option", "optgroup"}), frozenset({"option"}), frozenset({"select"})),
    (frozenset({"a"}), frozenset({"a"}), name_set("table td th") | (BLOCK_TAGS - {"p"})),
)
IMPLIED_ENDS_BY_TAG = {
    tag: tuple((ended, walls) for openers, ended, walls in IMPLIED_ENDS if tag in openers)
    for tag in frozenset().union(*(openers for openers, _, _ in IMPLIED_ENDS))
}
# What opening or closing this tag can never close through.
SCOPE_TAGS = frozenset({"table", "td", "th"})

TAG_NAME = re.compile(r"<(/?)([A-Za-z][^\s/>]*)")
TAG_REST = re.compile(r"""(?:[^>="']++|=\s*+"[^"]*"|=\s*+'[^']*'|[="'])*+>""")
PLAIN_REST = re.compile(r"[^>]*>")
ATTRIBUTE = re.compile(r"""([^\s"'<>/=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?""")
CHARACTER_REFERENCE = re.compile(
    r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});|&(?:nbsp|amp)(?![\w=])"
)
MAX_DEPTH = 256  # elements inside one another; what is deeper stands beside, not inside (browsers stop at 512)
MAX_CACHED_TAG = 120  # characters of attributes, which are hardly ever printed twice
MAX_ATTRIBUTES = 1000  # of one tag
MAX_UNCLOSED_QUOTES = 20  # tags with a quotation mark left open, after which quotation marks no longer count


class HtmlText:
    """A run of source text between two tags."""

    __slots__ = ("end", "literal", "parent", "start")

    def __init__(self, start: int, end: int, parent: HtmlNode, literal: bool) -> None:
        self.start, self.end, self.parent, self.literal = start, end, parent, literal


class HtmlNode:
    """An element: `start` is where its opening tag starts, `inner` where that ends, `end` where the element ends."""

    __slots__ = ("_attributes", "children", "end", "inner", "name_end", "order", "parent", "place", "start", "tag")

    def __init__(self, tag: str, start: int, name_end: int, inner: int, parent: HtmlNode | None, order: int) -> None:
        self.tag, self.start, self.name_end, self.inner, self.end = tag, start, name_end, inner, inner
        self.parent, self.order = parent, order
        self.place = len(parent.children) if parent is not None else 0  # among the parent's children
        self.children: list[HtmlNode | HtmlText] = []
        self._attributes: dict[str, str] | None = None

    def attributes(self, source: str) -> dict[str, str]:
        """The attributes, names in lower case; the first of a name counts."""
        if self._attributes is None:
            tag_source = source[self.name_end : max(self.name_end, self.inner - 1)]
            self._attributes = (
                _parse_attributes_cached(tag_source)
                if len(tag_source) < MAX_CACHED_TAG
                else _parse_attributes(tag_source)
            )
        return self._attributes

    def ancestors(self) -> Iterator[HtmlNode]:
        """The elements around this one, the nearest first."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def iter_elements(self) -> Iterator[HtmlNode]:
        """This element and all within it, in the order of the source."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(child for child in reversed(node.children) if isinstance(child, HtmlNode))


START_KEY = attrgetter("start")


def _parse_attributes(tag_source: str) -> dict[str, str]:
    attributes: dict[str, str] = {}
    for match in islice(ATTRIBUTE.finditer(tag_source), MAX_ATTRIBUTES):
        value = next((part for part in match.group(2, 3, 4) if part is not None), "")
        attributes.setdefault(match[1].lower(), decode_references(value))
    return attributes


_parse_attributes_cached = lru_cache(maxsize=1024)(_parse_attributes)  # most tags of a page are like many others


class HtmlTree:
    """The parsed source."""

    def __init__(self, source: str, root: HtmlNode, nodes: list[HtmlNode], texts: list[HtmlText]) -> None:
        self.source, self.root, self.nodes, self.texts = source, root, nodes, texts

    def release_nodes(self) -> None:
        """Free the nodes at once: their reference cycles would wait for the garbage collector."""
        for node in self.nodes:
            node.children.clear()
        self.nodes.clear()
        self.texts.clear()

    def plain_text(self, node: HtmlNode, limit: int = 200) -> str:
        """The words of an element, white space collapsed; stops soon after `limit` characters."""
        words: list[str] = []
        length = 0
        text_index = bisect_left(self.texts, node.start, key=START_KEY)
        while text_index < len(self.texts) and self.texts[text_index].start < node.end and length < limit:
            text = self.texts[text_index]
            words.append(decode_references(self.source[text.start : min(text.end, text.start + 4 * limit)]))
            length += len(words[-1])
            text_index += 1
        return " ".join("".join(words).split())


def decode_references(text: str) -> str:
    """The text with its character references resolved; a bare `&copy=` of a query is none."""
    return CHARACTER_REFERENCE.sub(lambda match: unescape(match[0]), text) if "&" in text else text


class _TreeBuilder:
    def __init__(self, source: str, xml: bool) -> None:
        self.source, self.xml = source, xml
        self.root = HtmlNode("#root", 0, 0, 0, None, 0)
        self.nodes = [self.root]
        self.texts: list[HtmlText] = []
        self.open_nodes = [self.root]
        self.open_counts: dict[str, int] = {}
        self.unclosed_quotes = 0
        self.offset = 0

    def build_tree(self) -> HtmlTree:
        source = self.source
        while True:
            tag_start = source.find("<", self.offset)
            if tag_start < 0:
                self.add_text(self.offset, len(source))
                break
            next_character = source[tag_start + 1 : tag_start + 2]
            if not (next_character.isascii() and (next_character.isalpha() or next_character in ("/", "!", "?"))):
                end = tag_start + 1
                while not self.open_counts.get("sup") and source.startswith("<<", end):  # a run of them is one text
                    end += 1
                self.add_text(self.offset, end)
                self.offset = end
                continue
            self.add_text(self.offset, tag_start)
            self.offset = tag_start
            if next_character in ("!", "?"):
                self.skip_declaration()
            else:
                self.read_tag()
        for node in self.open_nodes:
            node.end = len(source)
        return HtmlTree(source, self.root, self.nodes, self.texts)

    def add_text(self, start: int, end: int, literal: bool = False) -> None:
        if end > start:
            self.texts.append(HtmlText(start, end, self.open_nodes[-1], literal))
            self.open_nodes[-1].children.append(self.texts[-1])

    def skip_declaration(self) -> None:
        """Comments, doctypes, conditional comments and CDATA sections."""
        for opening, closing in (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<", ">")):
            if self.source.startswith(opening, self.offset):
                inner = self.offset + len(opening)
                end = self.source.find(closing, inner)
                end = len(self.source) if end < 0 else end
                if opening == "<![CDATA[" and self.xml:
                    self.add_text(inner, end, literal=True)
                self.offset = min(len(self.source), end + len(closing))
                return

    def read_tag(self) -> None:
        match = TAG_NAME.match(self.source, self.offset)
        if match is None:  # "</" before something that is no name: a bogus comment
            self.skip_declaration()
            return
        start, self.offset = self.offset, self.find_tag_end(match.end())
        tag = match[2].lower()
        if match[1]:
            self.close_element(tag, start)
            return
        self.open_element(tag, start, match.end())
        if self.open_nodes[-1] is self.nodes[-1] and (
            tag in VOID_TAGS or (self.xml and self.source.endswith("/>", start, self.offset))
        ):
            self.pop_element(self.offset)
        elif tag in RAW_TEXT_TAGS:
            self.read_raw_text(tag)

    def find_tag_end(self, name_end: int) -> int:
        """Where a tag ends whose name ends at `at`."""
        if self.source.startswith(">", name_end):
            return name_end + 1
        tag_rest = TAG_REST.match(self.source, name_end) if self.unclosed_quotes < MAX_UNCLOSED_QUOTES else None
        if tag_rest is None:
            self.unclosed_quotes += 1
            tag_rest = PLAIN_REST.match(self.source, name_end) if self.source.find(">", name_end) >= 0 else None
        return tag_rest.end() if tag_rest else len(self.source)

    def open_element(self, tag: str, start: int, name_end: int) -> None:
        if not self.xml:
            self.close_implied(tag, start)
        node = HtmlNode(tag, start, name_end, self.offset, self.open_nodes[-1], len(self.nodes))
        self.open_nodes[-1].children.append(node)
        self.nodes.append(node)
        if len(self.open_nodes) >= MAX_DEPTH and tag not in RAW_TEXT_TAGS and tag not in VOID_TAGS:
            return
        self.open_nodes.append(node)
        self.open_counts[tag] = self.open_counts.get(tag, 0) + 1

    def close_implied(self, tag: str, start: int) -> None:
        for ended_tags, walls in IMPLIED_ENDS_BY_TAG.get(tag, ()):
            if all(not self.open_counts.get(name) for name in ended_tags):
                continue
            for depth in range(len(self.open_nodes) - 1, 0, -1):
                if self.open_nodes[depth].tag in ended_tags:
                    self.pop_until(depth, start)
                    break
                if self.open_nodes[depth].tag in walls:
                    break

    def close_element(self, tag: str, start: int) -> None:
        if not self.open_counts.get(tag):
            return
        for depth in range(len(self.open_nodes) - 1, 0, -1):
            if self.open_nodes[depth].tag == tag:
                self.pop_until(depth + 1, start)
                self.pop_element(self.offset)
                return
            if (
                self.open_nodes[depth].tag in SCOPE_TAGS
                and tag not in SCOPE_TAGS
                and tag not in ("tr", "tbody", "thead", "tfoot")
            ):
                return

    def pop_until(self, depth: int, end: int) -> None:
        while len(self.open_nodes) > depth:
            self.pop_element(end)

    def pop_element(self, end: int) -> None:
        node = self.open_nodes.pop()
        node.end = end
        self.open_counts[node.tag] -= 1

    def read_raw_text(self, tag: str) -> None:
        match = re.compile(rf"</{re.escape(tag)}(?=[\s/>])", re.IGNORECASE).search(self.source, self.offset)
        end = match.start() if match else len(self.source)
        self.add_text(self.offset, end)
        self.offset = end


def parse_html(source: str, xml: bool = False) -> HtmlTree:
    """The tree of `source`. `xml`: empty-element tags count, as in XHTML, and nothing is implied."""
    return _TreeBuilder(source, xml).build_tree()
