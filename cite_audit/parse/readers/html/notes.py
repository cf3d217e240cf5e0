"""Which links of a page are notes' markers, where the notes' bodies are, and which links only lead back.

Declared semantics come first (DPUB-ARIA 1.1 roles, epub:type, class names of footnote plugins), then direction: a
label that leads forward in the page is a marker; one that leads backward, or an arrow, belongs to a note.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import unquote

from cite_audit.parse.readers.html.tree import HtmlNode, HtmlText, HtmlTree, name_set

NOTE_LABEL = re.compile(
    r"[\[({]?\s*(?:fn|note|n\.)?\s*(\d{1,4}|(?=[ivxlcm])(?:c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3}))|[a-z]"
    r"|[¹²³⁰⁴-⁹]{1,4}|[*†‡§¶]{1,4})\s*[\])}]?[.:]?",
    re.IGNORECASE,
)
BACK_ARROWS = re.compile(
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
MARKER_CLASSES = name_set(
    "footnote-ref footnote-reference footnoteref see-footnote sdfootnoteanc sdendnoteanc js-footnote-citation"
    " footnote__citation footnote-anchor noteref endnote-ref endnote-reference"
)
BACK_CLASSES = name_set(
    "footnote-back footnote-backref footnote-backlink reversefootnote footnote-return easy-footnote-to-top backlink"
    " footnotes__item-backlink footnote-label footnote-number sdfootnotesym sdendnotesym mw-cite-backlink"
)
ROLE_ATTRIBUTE = re.compile(r"role|epub:type", re.IGNORECASE)
BODY_ROLES = name_set("doc-footnote doc-endnote footnote endnote rearnote")
NOTE_CONTAINER = re.compile(r"_?(?:sd)?(?:ftn|edn|fn|foot-?note|end-?note)[-_]?\w{0,40}", re.IGNORECASE)
CONTAINERS = name_set("li p div td tr dd aside section blockquote h1 h2 h3 h4 h5 h6 body #root")
HEADINGS = name_set("h1 h2 h3 h4 h5 h6")
MAX_ANCHOR_DISTANCE = 300  # characters of source between an empty anchor and the marker it stands for
MAX_CONTINUATIONS = 40  # paragraphs of one note after its first


@dataclass(slots=True)
class HtmlNoteBody:
    """A note's body: from `first`, or just after the text before it, to the end of `last`."""

    label: str
    family: str
    first_node: HtmlNode
    last_node: HtmlNode
    owns_first_node: bool  # `first` holds this note alone


@dataclass(slots=True)
class HtmlNotes:
    """What the structure of a page says about notes, by the `order` of its nodes."""

    markers: dict[int, tuple[str, str]] = field(default_factory=dict)  # link or sup -> label, family
    back_links: set[int] = field(default_factory=set)  # arrows: not written
    labels: set[int] = field(default_factory=set)  # printed labels of the notes themselves
    bodies: list[HtmlNoteBody] = field(default_factory=list)
    inline_bodies: set[int] = field(default_factory=set)  # bodies that stand in the running text


@dataclass(frozen=True, slots=True)
class _Anchor:
    node: HtmlNode
    fragment: str
    target: HtmlNode | None
    text: str
    role_words: frozenset[str]  # its roles and classes


def role_words(node: HtmlNode, source: str) -> frozenset[str]:
    """The role, epub:type and class words of an element, in lower case."""
    attributes = node.attributes(source)
    return frozenset(" ".join(attributes.get(key, "") for key in ("role", "epub:type", "class")).lower().split())


def find_html_notes(tree: HtmlTree) -> HtmlNotes:
    """The markers and notes of a page."""
    notes = HtmlNotes()
    targets: dict[int, tuple[str, str, HtmlNode]] = {}
    labelled_anchors: list[_Anchor] = []
    anchors = [(anchor, classify_anchor(anchor)) for anchor in find_local_anchors(tree)]
    marker_starts = sorted(anchor.node.start for anchor, kind in anchors if kind == "marker")
    for anchor, kind in anchors:
        if kind == "marker":
            label = parse_link_label(anchor.text) or anchor.text.strip("[]() ") or fragment_number(anchor)
            family = fragment_family(anchor)
            notes.markers[anchor.node.order] = (label, family)
            if anchor.target is not None:
                targets.setdefault(anchor.target.order, (label, family, anchor.target))
        elif kind == "back":
            if (parse_link_label(anchor.text) or fragment_number(anchor)) and leads_to_marker(anchor, marker_starts):
                notes.labels.add(anchor.node.order)
                labelled_anchors.append(anchor)
            elif BACK_ARROWS.fullmatch(anchor.text):
                notes.back_links.add(anchor.node.order)
    add_declared_notes(tree, targets)
    starts = {order: (label, family, node) for order, (label, family, node) in targets.items()}
    add_labelled_notes(labelled_anchors, starts)
    notes.bodies = locate_note_bodies(tree, starts)
    return notes


def find_local_anchors(tree: HtmlTree) -> list[_Anchor]:
    """The links that lead to a place in the page itself, or would if its anchors had not been lost."""
    source = tree.source
    nodes_by_id: dict[str, HtmlNode] = {}
    links: list[tuple[HtmlNode, str, str]] = []
    for node in tree.nodes[1:]:
        if node.inner - node.name_end <= 4:  # no room for an attribute
            continue
        attributes = node.attributes(source)
        for key in ("id", "name") if node.tag == "a" else ("id", "xml:id"):
            if attributes.get(key):
                nodes_by_id.setdefault(attributes[key], node)
        if node.tag == "a" and "#" in attributes.get("href", ""):
            page_address, _, fragment = attributes["href"].partition("#")
            links.append((node, unquote(page_address.strip()), unquote(fragment.strip()).rstrip(">")))
    anchors = []
    for node, page_address, fragment in links:
        target = nodes_by_id.get(fragment)
        has_note_fragment = NOTE_FRAGMENT.fullmatch(fragment) or BACK_FRAGMENT.fullmatch(fragment)
        is_same_page = (
            not page_address or page_address.endswith("<") or WORD_FRAGMENT.fullmatch(fragment)
        )  # of a saved page, or a mangled one
        if fragment and (target is not None or (has_note_fragment and is_same_page)):
            anchors.append(_Anchor(node, fragment, target, tree.plain_text(node, 40), link_role_words(node, source)))
    return anchors


def link_role_words(node: HtmlNode, source: str) -> frozenset[str]:
    """The words of a link and of the `sup` or `span` that holds only it."""
    holder = node.parent
    if holder is not None and holder.tag in ("sup", "span") and len(holder.children) == 1:
        return role_words(node, source) | role_words(holder, source)
    return role_words(node, source)


def leads_to_marker(anchor: _Anchor, marker_starts: list[int]) -> bool:
    """Whether a link back leads to a note's marker, and not to a heading or an index; `marked`: where markers start."""
    if (target := anchor.target) is None:
        return True
    index = bisect_left(marker_starts, target.start)
    return index < len(marker_starts) and marker_starts[index] <= target.end + MAX_ANCHOR_DISTANCE


def classify_anchor(anchor: _Anchor) -> str:
    """`marker`, `back` or nothing of the kind."""
    words, target = anchor.role_words, anchor.target
    if words & {"doc-noteref", "noteref"}:
        return "marker"
    if words & {"doc-backlink", "backlink"}:
        return "back"
    leads_forward = target is not None and target.order > anchor.node.order
    label = parse_link_label(anchor.text) or fragment_number(anchor)
    if words & BACK_CLASSES and not leads_forward:
        return "back"
    if words & MARKER_CLASSES and leads_forward:
        return "marker"
    if target is None:
        if not label:
            return "back" if BACK_FRAGMENT.fullmatch(anchor.fragment) and BACK_ARROWS.fullmatch(anchor.text) else ""
        return "back" if BACK_FRAGMENT.fullmatch(anchor.fragment) else "marker"
    if not leads_forward:
        return "back" if label or BACK_ARROWS.fullmatch(anchor.text) else ""
    raised = anchor.node.parent is not None and anchor.node.parent.tag == "sup"
    raised = raised or any(isinstance(child, HtmlNode) and child.tag == "sup" for child in anchor.node.children)
    leads_to_heading = target.tag in HEADINGS or any(node.tag in HEADINGS for node in target.ancestors())
    is_certain = raised or anchor.text.startswith(("[", "(")) or NOTE_FRAGMENT.fullmatch(anchor.fragment)
    return (
        "marker" if label and is_certain and (not leads_to_heading or NOTE_FRAGMENT.fullmatch(anchor.fragment)) else ""
    )


def fragment_number(anchor: _Anchor) -> str:
    """The number in the name of a note whose printed label was lost: `<a href="#_ftn3"> </a>`."""
    digits = WORD_FRAGMENT.fullmatch(anchor.fragment)
    return digits[1] if digits and not anchor.text.strip("\xa0 ") else ""


def parse_link_label(text: str) -> str:
    """The label that a text is, brackets removed; empty if it is more than a label."""
    match = NOTE_LABEL.fullmatch(text.strip("\xa0 "))
    return match[1] if match else ""


def fragment_family(anchor: _Anchor) -> str:
    """Which numbering a marker belongs to, where its fragment says so."""
    fragment = anchor.fragment.lower()
    if re.match(r"_?edn|.*endnote|rearnote", fragment):
        return "endnote"
    return "footnote" if re.match(r"_?ftn|fn|.*footnote", fragment) else ""


def add_declared_notes(tree: HtmlTree, targets: dict[int, tuple[str, str, HtmlNode]]) -> None:
    """Adds the elements that say they are notes, whether or not a marker leads there."""
    if not ROLE_ATTRIBUTE.search(tree.source):
        return
    enclosing = enclosing_orders(targets)
    counts: Counter[tuple[int, str]] = Counter()
    for node in tree.nodes[1:]:
        sibling_key = (node.parent.order if node.parent else 0, node.tag)
        counts[sibling_key] += 1
        if node.tag not in CONTAINERS or node.order in enclosing:
            continue
        attributes = node.attributes(tree.source)
        kinds = BODY_ROLES.intersection(
            f"{attributes.get('role', '')} {attributes.get('epub:type', '')}".lower().split()
        )
        if kinds:
            family = "footnote" if kinds <= {"doc-footnote", "footnote"} else "endnote"
            targets[node.order] = (str(counts[sibling_key]), family, node)


def enclosing_orders(targets: dict[int, tuple[str, str, HtmlNode]]) -> set[int]:
    """The orders of the targets and of all elements that hold one."""
    return {element.order for _, _, node in targets.values() for element in (node, *node.ancestors())}


def add_labelled_notes(labelled_anchors: list[_Anchor], starts: dict[int, tuple[str, str, HtmlNode]]) -> None:
    """Notes known by their printed label, which leads back to the text, and whose own anchor was lost."""
    enclosing = enclosing_orders(starts)
    for anchor in labelled_anchors:
        is_inside_note = any(node.order in starts for node in anchor.node.ancestors())
        if (
            anchor.node.order not in starts
            and not is_inside_note
            and enclosing_block(anchor.node).order not in enclosing
        ):
            starts[anchor.node.order] = (
                parse_link_label(anchor.text) or fragment_number(anchor),
                fragment_family(anchor),
                anchor.node,
            )


def enclosing_block(node: HtmlNode) -> HtmlNode:
    """The block that a note's anchor stands in."""
    return (
        node
        if node.tag in CONTAINERS
        else next((ancestor for ancestor in node.ancestors() if ancestor.tag in CONTAINERS), node)
    )


def locate_note_bodies(tree: HtmlTree, starts: dict[int, tuple[str, str, HtmlNode]]) -> list[HtmlNoteBody]:
    """Each note from its anchor, or from the block that is its own, to the last block before the next note."""
    holders: dict[int, int] = {}
    for _, _, node in starts.values():
        for holder in (node, *node.ancestors()):
            holders[holder.order] = holders.get(holder.order, 0) + 1
    note_bodies = []
    for order in sorted(starts):
        label, family, node = starts[order]
        block = enclosing_block(node)
        for holder in block.ancestors():
            if holders[holder.order] > 1 or not is_own_container(holder, tree):
                break
            block = holder
        is_alone = holders[block.order] == 1
        first_node = block if is_alone else node
        last_node = find_last_paragraph(block, tree, holders) if is_alone and block.tag == "p" else block
        note_bodies.append(HtmlNoteBody(label, family, first_node, last_node, is_alone))
    return note_bodies


def is_own_container(node: HtmlNode, tree: HtmlTree) -> bool:
    """Whether an element around a note's block is that note's alone: a list item, a row, Word's `<div id="ftn1">`."""
    if node.tag in ("li", "tr", "dd", "aside"):
        return True
    attributes = node.attributes(tree.source)
    return node.tag == "div" and bool(
        NOTE_CONTAINER.fullmatch(attributes.get("id", "")) or "footnote" in role_words(node, tree.source)
    )


def find_last_paragraph(block: HtmlNode, tree: HtmlTree, holders: dict[int, int]) -> HtmlNode:
    """The last paragraph of the note that starts with `block`: further ones count only if another note follows."""
    siblings = block.parent.children if block.parent else []
    last_paragraph = block
    for child in siblings[block.place + 1 : block.place + 2 * MAX_CONTINUATIONS]:
        if isinstance(child, HtmlText):
            continue
        if child.order in holders:
            return last_paragraph
        if child.tag not in ("p", "ul", "ol", "blockquote"):
            break
        last_paragraph = child
    return block
