"""Which links of a page are notes' markers, where the notes' bodies are, and which links only lead back.

Declared semantics come first (DPUB-ARIA 1.1 roles, epub:type, the class names of footnote plugins). Otherwise direction
tells: a link with a label for its text that leads forward in the page is a marker, one that leads backward is a label
or an arrow of the note itself.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import unquote

from cite_audit.parse.readers.html_tree import Node, Text, Tree, names

LABEL = re.compile(
    r"[\[({]?\s*(?:fn|note|n\.)?\s*(\d{1,4}|(?=[ivxlcm])(?:c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3}))|[a-z]"
    r"|[¹²³⁰⁴-⁹]{1,4}|[*†‡§¶]{1,4})\s*[\])}]?[.:]?",
    re.IGNORECASE,
)
ARROWS = re.compile(
    r"[\s\u2190-\u21ff\u2934\u2935\u2b00-\u2bff\ufe0e\ufe0f^]*|[\u2190-\u21ff][\ufe0e\ufe0f]?\s*[\d¹²³⁰⁴-⁹]{1,3}"
    r"|(?:jump|go|return|back)(?: back)?(?: (?:up|to (?:text|content|article|note|reference|top|post)))?[\s\W]*",
    re.IGNORECASE,
)
# Fragments that only notes carry: Word, LibreOffice, Google Docs, pandoc, Drupal, WordPress, MediaWiki.
NOTE_FRAGMENT = re.compile(
    r"_?(?:edn|ftn|ftnt|fn|fnt|sd(?:foot|end)note|(?:easy-)?(?:foot|end)note|cite_?note|rearnote|note)s?[-_:.]?(?!.*ref)\w?[\w.:-]*",
    re.IGNORECASE,
)
BACK_FRAGMENT = re.compile(r"_?(?:edn|ftn|ftnt_?|fn|fnt|(?:foot|end)note|cite_?|note)[-_:]?ref[\w.:-]*", re.IGNORECASE)
WORD_FRAGMENT = re.compile(r"_(?:ftn|edn)(?:ref)?(\d{1,4})")
MARKER_CLASSES = names(
    "footnote-ref footnote-reference footnoteref see-footnote sdfootnoteanc sdendnoteanc js-footnote-citation"
    " footnote__citation footnote-anchor noteref endnote-ref endnote-reference"
)
BACK_CLASSES = names(
    "footnote-back footnote-backref footnote-backlink reversefootnote footnote-return easy-footnote-to-top backlink"
    " footnotes__item-backlink footnote-label footnote-number sdfootnotesym sdendnotesym mw-cite-backlink"
)
ROLE = re.compile(r"role|epub:type", re.IGNORECASE)
BODY_ROLES = names("doc-footnote doc-endnote footnote endnote rearnote")
NOTE_CONTAINER = re.compile(r"_?(?:sd)?(?:ftn|edn|fn|foot-?note|end-?note)[-_]?\w{0,40}", re.IGNORECASE)
CONTAINERS = names("li p div td tr dd aside section blockquote h1 h2 h3 h4 h5 h6 body #root")
HEADINGS = names("h1 h2 h3 h4 h5 h6")
NEAR = 300  # characters of source between an empty anchor and the marker it stands for
MOST_CONTINUATIONS = 40  # paragraphs of one note after its first


@dataclass(slots=True)
class Body:
    """A note's body: from `first`, or just after the text before it, to the end of `last`."""

    label: str
    family: str
    first: Node
    last: Node
    whole: bool  # `first` holds this note alone


@dataclass(slots=True)
class Notes:
    """What the structure of a page says about notes, by the `order` of its nodes."""

    markers: dict[int, tuple[str, str]] = field(default_factory=dict)  # link or sup -> label, family
    back: set[int] = field(default_factory=set)  # arrows: not written
    labels: set[int] = field(default_factory=set)  # printed labels of the notes themselves
    bodies: list[Body] = field(default_factory=list)
    inline: set[int] = field(default_factory=set)  # bodies that stand in the running text


@dataclass(frozen=True, slots=True)
class _Anchor:
    node: Node
    fragment: str
    target: Node | None
    text: str
    words: frozenset[str]  # its roles and classes


def words_of(node: Node, source: str) -> frozenset[str]:
    """The role, epub:type and class words of an element, in lower case."""
    attributes = node.attributes(source)
    return frozenset(" ".join(attributes.get(key, "") for key in ("role", "epub:type", "class")).lower().split())


def pair(tree: Tree) -> Notes:
    """The markers and notes of a page."""
    notes = Notes()
    targets: dict[int, tuple[str, str, Node]] = {}
    labelled: list[_Anchor] = []
    anchors = [(anchor, kind_of(anchor)) for anchor in local_anchors(tree)]
    marked = sorted(anchor.node.start for anchor, kind in anchors if kind == "marker")
    for anchor, kind in anchors:
        if kind == "marker":
            label = label_of(anchor.text) or anchor.text.strip("[]() ") or number_in(anchor)
            family = family_of(anchor)
            notes.markers[anchor.node.order] = (label, family)
            if anchor.target is not None:
                targets.setdefault(anchor.target.order, (label, family, anchor.target))
        elif kind == "back":
            if (label_of(anchor.text) or number_in(anchor)) and leads_to_marker(anchor, marked):
                notes.labels.add(anchor.node.order)
                labelled.append(anchor)
            elif ARROWS.fullmatch(anchor.text):
                notes.back.add(anchor.node.order)
    declare_bodies(tree, targets)
    starts = {order: (label, family, node) for order, (label, family, node) in targets.items()}
    add_labelled(labelled, starts)
    notes.bodies = bodies(tree, starts)
    return notes


def local_anchors(tree: Tree) -> list[_Anchor]:
    """The links that lead to a place in the page itself, or would if its anchors had not been lost."""
    source = tree.source
    places: dict[str, Node] = {}
    links: list[tuple[Node, str, str]] = []
    for node in tree.nodes[1:]:
        if node.inner - node.name_end <= 4:  # no room for an attribute
            continue
        attributes = node.attributes(source)
        for key in ("id", "name") if node.tag == "a" else ("id", "xml:id"):
            if attributes.get(key):
                places.setdefault(attributes[key], node)
        if node.tag == "a" and "#" in attributes.get("href", ""):
            page, _, fragment = attributes["href"].partition("#")
            links.append((node, unquote(page.strip()), unquote(fragment.strip()).rstrip(">")))
    found = []
    for node, page, fragment in links:
        target = places.get(fragment)
        alike = NOTE_FRAGMENT.fullmatch(fragment) or BACK_FRAGMENT.fullmatch(fragment)
        here = not page or page.endswith("<") or WORD_FRAGMENT.fullmatch(fragment)  # of a saved page, or a mangled one
        if fragment and (target is not None or (alike and here)):
            found.append(_Anchor(node, fragment, target, tree.plain(node, 40), roles(node, source)))
    return found


def roles(node: Node, source: str) -> frozenset[str]:
    """The words of a link and of the `sup` or `span` that holds only it."""
    holder = node.parent
    if holder is not None and holder.tag in ("sup", "span") and len(holder.children) == 1:
        return words_of(node, source) | words_of(holder, source)
    return words_of(node, source)


def leads_to_marker(anchor: _Anchor, marked: list[int]) -> bool:
    """Whether a link back leads to a note's marker, and not to a heading or an index; `marked`: where markers start."""
    target = anchor.target
    if target is None:
        return True
    at = bisect_left(marked, target.start)
    return at < len(marked) and marked[at] <= target.end + NEAR


def kind_of(anchor: _Anchor) -> str:
    """`marker`, `back` or nothing of the kind."""
    words, target = anchor.words, anchor.target
    if words & {"doc-noteref", "noteref"}:
        return "marker"
    if words & {"doc-backlink", "backlink"}:
        return "back"
    forward = target is not None and target.order > anchor.node.order
    label = label_of(anchor.text) or number_in(anchor)
    if words & BACK_CLASSES and not forward:
        return "back"
    if words & MARKER_CLASSES and forward:
        return "marker"
    if target is None:
        if not label:
            return "back" if BACK_FRAGMENT.fullmatch(anchor.fragment) and ARROWS.fullmatch(anchor.text) else ""
        return "back" if BACK_FRAGMENT.fullmatch(anchor.fragment) else "marker"
    if not forward:
        return "back" if label or ARROWS.fullmatch(anchor.text) else ""
    raised = anchor.node.parent is not None and anchor.node.parent.tag == "sup"
    raised = raised or any(isinstance(child, Node) and child.tag == "sup" for child in anchor.node.children)
    heading = target.tag in HEADINGS or any(node.tag in HEADINGS for node in target.ancestors())
    sure = raised or anchor.text.startswith(("[", "(")) or NOTE_FRAGMENT.fullmatch(anchor.fragment)
    return "marker" if label and sure and (not heading or NOTE_FRAGMENT.fullmatch(anchor.fragment)) else ""


def number_in(anchor: _Anchor) -> str:
    """The number in the name of a note whose printed label was lost: `<a href="#_ftn3"> </a>`."""
    digits = WORD_FRAGMENT.fullmatch(anchor.fragment)
    return digits[1] if digits and not anchor.text.strip("\xa0 ") else ""


def label_of(text: str) -> str:
    """The label that a text is, brackets removed; empty if it is more than a label."""
    match = LABEL.fullmatch(text.strip("\xa0 "))
    return match[1] if match else ""


def family_of(anchor: _Anchor) -> str:
    """Which numbering a marker belongs to, where its fragment says so."""
    fragment = anchor.fragment.lower()
    if re.match(r"_?edn|.*endnote|rearnote", fragment):
        return "endnote"
    return "footnote" if re.match(r"_?ftn|fn|.*footnote", fragment) else ""


def declare_bodies(tree: Tree, targets: dict[int, tuple[str, str, Node]]) -> None:
    """Adds the elements that say they are notes, whether or not a marker leads there."""
    if not ROLE.search(tree.source):
        return
    held = around(targets)
    counts: Counter[tuple[int, str]] = Counter()
    for node in tree.nodes[1:]:
        place = (node.parent.order if node.parent else 0, node.tag)
        counts[place] += 1
        if node.tag not in CONTAINERS or node.order in held:
            continue
        attributes = node.attributes(tree.source)
        kinds = BODY_ROLES.intersection(
            f"{attributes.get('role', '')} {attributes.get('epub:type', '')}".lower().split()
        )
        if kinds:
            family = "footnote" if kinds <= {"doc-footnote", "footnote"} else "endnote"
            targets[node.order] = (str(counts[place]), family, node)


def around(targets: dict[int, tuple[str, str, Node]]) -> set[int]:
    """The orders of the targets and of all elements that hold one."""
    return {held.order for _, _, node in targets.values() for held in (node, *node.ancestors())}


def add_labelled(labelled: list[_Anchor], starts: dict[int, tuple[str, str, Node]]) -> None:
    """Notes known by their printed label, which leads back to the text, and whose own anchor was lost."""
    held = around(starts)
    for anchor in labelled:
        inside = any(node.order in starts for node in anchor.node.ancestors())
        if anchor.node.order not in starts and not inside and container(anchor.node).order not in held:
            starts[anchor.node.order] = (label_of(anchor.text) or number_in(anchor), family_of(anchor), anchor.node)


def container(node: Node) -> Node:
    """The block that a note's anchor stands in."""
    return node if node.tag in CONTAINERS else next((a for a in node.ancestors() if a.tag in CONTAINERS), node)


def bodies(tree: Tree, starts: dict[int, tuple[str, str, Node]]) -> list[Body]:
    """Each note from its anchor, or from the block that is its own, to the last block before the next note."""
    holders: dict[int, int] = {}
    for _, _, node in starts.values():
        for holder in (node, *node.ancestors()):
            holders[holder.order] = holders.get(holder.order, 0) + 1
    found = []
    for order in sorted(starts):
        label, family, node = starts[order]
        block = container(node)
        for holder in block.ancestors():
            if holders[holder.order] > 1 or not own_container(holder, tree):
                break
            block = holder
        alone = holders[block.order] == 1
        first = block if alone else node
        last = continuation(block, tree, holders) if alone and block.tag == "p" else block
        found.append(Body(label, family, first, last, alone))
    return found


def own_container(node: Node, tree: Tree) -> bool:
    """Whether an element around a note's block is that note's alone: a list item, a row, Word's `<div id="ftn1">`."""
    if node.tag in ("li", "tr", "dd", "aside"):
        return True
    attributes = node.attributes(tree.source)
    return node.tag == "div" and bool(
        NOTE_CONTAINER.fullmatch(attributes.get("id", "")) or "footnote" in words_of(node, tree.source)
    )


def continuation(block: Node, tree: Tree, holders: dict[int, int]) -> Node:
    """The last paragraph of the note that starts with `block`: further ones count only if another note follows."""
    siblings = block.parent.children if block.parent else []
    last = block
    for child in siblings[block.place + 1 : block.place + 2 * MOST_CONTINUATIONS]:
        if isinstance(child, Text):
            continue
        if child.order in holders:
            return last
        if child.tag not in ("p", "ul", "ol", "blockquote"):
            break
        last = child
    return block
