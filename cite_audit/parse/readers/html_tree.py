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


def names(listed: str) -> frozenset[str]:
    """The words of a list written as one text, the way the HTML standard lists elements."""
    return frozenset(listed.split())


VOID = names("area base br col embed hr img input link meta param source track wbr")
RAW = names("script style textarea title xmp iframe noembed noframes")
BLOCK = names(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre search"
    " section summary table tbody tfoot thead tr ul"
)
# An opening tag of the first kind ends an open element of the second, unless one of the third stands between.
IMPLIED_ENDS: tuple[tuple[frozenset[str], frozenset[str], frozenset[str]], ...] = (
    (BLOCK - {"body", "html"}, frozenset({"p"}), names("table td th button object caption")),
    (frozenset({"li"}), frozenset({"li"}), names("ul ol menu table")),
    (frozenset({"dt", "dd"}), frozenset({"dt", "dd"}), frozenset({"dl", "table"})),
    (names("td th tr tbody tfoot thead"), frozenset({"td", "th"}), frozenset({"table"})),
    (names("tr tbody tfoot thead"), frozenset({"tr"}), frozenset({"table"})),
    (frozenset({"option", "optgroup"}), frozenset({"option"}), frozenset({"select"})),
    (frozenset({"a"}), frozenset({"a"}), names("table td th") | (BLOCK - {"p"})),
)
ENDED_BY = {
    tag: tuple((ended, walls) for openers, ended, walls in IMPLIED_ENDS if tag in openers)
    for tag in frozenset().union(*(openers for openers, _, _ in IMPLIED_ENDS))
}
# What opening or closing this tag can never close through.
WALLS = frozenset({"table", "td", "th"})

TAG_NAME = re.compile(r"<(/?)([A-Za-z][^\s/>]*)")
TAG_REST = re.compile(r"""(?:[^>="']++|=\s*+"[^"]*"|=\s*+'[^']*'|[="'])*+>""")
PLAIN_REST = re.compile(r"[^>]*>")
ATTRIBUTE = re.compile(r"""([^\s"'<>/=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+)))?""")
CHARACTER_REFERENCE = re.compile(
    r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});|&(?:nbsp|amp)(?![\w=])"
)
DEEPEST = 256  # elements inside one another; what is deeper stands beside, not inside (browsers stop at 512)
LONG_TAG = 120  # characters of attributes, which are hardly ever printed twice
MOST_ATTRIBUTES = 1000  # of one tag
MOST_UNCLOSED = 20  # tags with a quotation mark left open, after which quotation marks no longer count


class Text:
    """A run of source text between two tags."""

    __slots__ = ("end", "literal", "parent", "start")

    def __init__(self, start: int, end: int, parent: Node, literal: bool) -> None:
        self.start, self.end, self.parent, self.literal = start, end, parent, literal


class Node:
    """An element: `start` is where its opening tag starts, `inner` where that ends, `end` where the element ends."""

    __slots__ = ("_attributes", "children", "end", "inner", "name_end", "order", "parent", "place", "start", "tag")

    def __init__(self, tag: str, start: int, name_end: int, inner: int, parent: Node | None, order: int) -> None:
        self.tag, self.start, self.name_end, self.inner, self.end = tag, start, name_end, inner, inner
        self.parent, self.order = parent, order
        self.place = len(parent.children) if parent is not None else 0  # among the parent's children
        self.children: list[Node | Text] = []
        self._attributes: dict[str, str] | None = None

    def attributes(self, source: str) -> dict[str, str]:
        """The attributes, names in lower case; the first of a name counts."""
        if self._attributes is None:
            printed = source[self.name_end : max(self.name_end, self.inner - 1)]
            self._attributes = _alike(printed) if len(printed) < LONG_TAG else _attributes(printed)
        return self._attributes

    def ancestors(self) -> Iterator[Node]:
        """The elements around this one, the nearest first."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def elements(self) -> Iterator[Node]:
        """This element and all within it, in the order of the source."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(child for child in reversed(node.children) if isinstance(child, Node))


START = attrgetter("start")


def _attributes(printed: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in islice(ATTRIBUTE.finditer(printed), MOST_ATTRIBUTES):
        value = next((part for part in match.group(2, 3, 4) if part is not None), "")
        found.setdefault(match[1].lower(), decoded(value))
    return found


_alike = lru_cache(maxsize=1024)(_attributes)  # most tags of a page are like many others


class Tree:
    """The parsed source."""

    def __init__(self, source: str, root: Node, nodes: list[Node], texts: list[Text]) -> None:
        self.source, self.root, self.nodes, self.texts = source, root, nodes, texts

    def fell(self) -> None:
        """Let go of the nodes at once: parents and children hold each other, and would wait for the collector."""
        for node in self.nodes:
            node.children.clear()
        self.nodes.clear()
        self.texts.clear()

    def plain(self, node: Node, limit: int = 200) -> str:
        """The words of an element, white space collapsed; stops soon after `limit` characters."""
        words: list[str] = []
        length = 0
        at = bisect_left(self.texts, node.start, key=START)
        while at < len(self.texts) and self.texts[at].start < node.end and length < limit:
            text = self.texts[at]
            words.append(decoded(self.source[text.start : min(text.end, text.start + 4 * limit)]))
            length += len(words[-1])
            at += 1
        return " ".join("".join(words).split())


def decoded(text: str) -> str:
    """The text with its character references resolved; a bare `&copy=` of a query is none."""
    return CHARACTER_REFERENCE.sub(lambda match: unescape(match[0]), text) if "&" in text else text


class _Builder:
    def __init__(self, source: str, xml: bool) -> None:
        self.source, self.xml = source, xml
        self.root = Node("#root", 0, 0, 0, None, 0)
        self.nodes = [self.root]
        self.texts: list[Text] = []
        self.open = [self.root]
        self.counts: dict[str, int] = {}
        self.unclosed = 0
        self.at = 0

    def build(self) -> Tree:
        source = self.source
        while True:
            sign = source.find("<", self.at)
            if sign < 0:
                self.text(self.at, len(source))
                break
            following = source[sign + 1 : sign + 2]
            if not (following.isascii() and (following.isalpha() or following in ("/", "!", "?"))):
                end = sign + 1
                while not self.counts.get("sup") and source.startswith("<<", end):  # a run of them is one text
                    end += 1
                self.text(self.at, end)
                self.at = end
                continue
            self.text(self.at, sign)
            self.at = sign
            if following in ("!", "?"):
                self.skip_declaration()
            else:
                self.take_tag()
        for node in self.open:
            node.end = len(source)
        return Tree(source, self.root, self.nodes, self.texts)

    def text(self, start: int, end: int, literal: bool = False) -> None:
        if end > start:
            self.texts.append(Text(start, end, self.open[-1], literal))
            self.open[-1].children.append(self.texts[-1])

    def skip_declaration(self) -> None:
        """Comments, doctypes, conditional comments and CDATA sections."""
        for opening, closing in (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<", ">")):
            if self.source.startswith(opening, self.at):
                inner = self.at + len(opening)
                end = self.source.find(closing, inner)
                end = len(self.source) if end < 0 else end
                if opening == "<![CDATA[" and self.xml:
                    self.text(inner, end, literal=True)
                self.at = min(len(self.source), end + len(closing))
                return

    def take_tag(self) -> None:
        match = TAG_NAME.match(self.source, self.at)
        if match is None:  # "</" before something that is no name: a bogus comment
            self.skip_declaration()
            return
        start, self.at = self.at, self.end_of_tag(match.end())
        tag = match[2].lower()
        if match[1]:
            self.close(tag, start)
            return
        self.start(tag, start, match.end())
        if self.open[-1] is self.nodes[-1] and (
            tag in VOID or (self.xml and self.source.endswith("/>", start, self.at))
        ):
            self.pop(self.at)
        elif tag in RAW:
            self.take_raw(tag)

    def end_of_tag(self, at: int) -> int:
        """Where a tag ends whose name ends at `at`."""
        if self.source.startswith(">", at):
            return at + 1
        rest = TAG_REST.match(self.source, at) if self.unclosed < MOST_UNCLOSED else None
        if rest is None:
            self.unclosed += 1
            rest = PLAIN_REST.match(self.source, at) if self.source.find(">", at) >= 0 else None
        return rest.end() if rest else len(self.source)

    def start(self, tag: str, start: int, name_end: int) -> None:
        if not self.xml:
            self.end_implied(tag, start)
        node = Node(tag, start, name_end, self.at, self.open[-1], len(self.nodes))
        self.open[-1].children.append(node)
        self.nodes.append(node)
        if len(self.open) >= DEEPEST and tag not in RAW and tag not in VOID:
            return
        self.open.append(node)
        self.counts[tag] = self.counts.get(tag, 0) + 1

    def end_implied(self, tag: str, start: int) -> None:
        for ended, walls in ENDED_BY.get(tag, ()):
            if all(not self.counts.get(name) for name in ended):
                continue
            for i in range(len(self.open) - 1, 0, -1):
                if self.open[i].tag in ended:
                    self.pop_to(i, start)
                    break
                if self.open[i].tag in walls:
                    break

    def close(self, tag: str, start: int) -> None:
        if not self.counts.get(tag):
            return
        for i in range(len(self.open) - 1, 0, -1):
            if self.open[i].tag == tag:
                self.pop_to(i + 1, start)
                self.pop(self.at)
                return
            if self.open[i].tag in WALLS and tag not in WALLS and tag not in ("tr", "tbody", "thead", "tfoot"):
                return

    def pop_to(self, depth: int, end: int) -> None:
        while len(self.open) > depth:
            self.pop(end)

    def pop(self, end: int) -> None:
        node = self.open.pop()
        node.end = end
        self.counts[node.tag] -= 1

    def take_raw(self, tag: str) -> None:
        match = re.compile(rf"</{re.escape(tag)}(?=[\s/>])", re.IGNORECASE).search(self.source, self.at)
        end = match.start() if match else len(self.source)
        self.text(self.at, end)
        self.at = end


def parse(source: str, xml: bool = False) -> Tree:
    """The tree of `source`. `xml`: empty-element tags count, as in XHTML, and nothing is implied."""
    return _Builder(source, xml).build()
