"""Which links of a page are notes' markers, where the notes' bodies are, and which links only lead back.

Declared semantics come first (DPUB-ARIA 1.1 roles, epub:type, class names of footnote plugins), then direction: a
label that leads forward in the page is a marker; one that leads backward, or an arrow, belongs to a note.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote

from cite_audit.frozen_record import frozen_record
from cite_audit.parse.readers.html.note_bodies import (
    CONTAINERS,
    HtmlNoteBody,
    add_sibling_notes,
    enclosing_block,
    locate_note_bodies,
    role_words,
)
from cite_audit.parse.readers.html.tree import HtmlNode, HtmlTree, name_set

NOTE_LABEL = re.compile(
    r"[\[({]?\s*(?:fn|note|n\.)?\s*(\d{1,4}|(?=[ivxlcm])(?:c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3}))|[a-z]"
    r"|[¹²³⁰⁴-⁹]{1,4}|[*†‡§¶]{1,4})(?::\d{1,3})?\s*[\])}]?[.:]?",  # markdown-it writes [1:1] for the second marker
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
# Entries of reference lists: PubMed Central, Springer, JATS in general.
REFERENCE_FRAGMENT = re.compile(
    r"(?:[\w.:-]{0,60}[-_.:])?(?:ref|reference|bib|bibr|bibitem|bb|cit|cite|B|R|CR|ref-CR)[-_.]?\d{1,5}(?:[-_.:][\w.:-]{0,60})?",
    re.IGNORECASE,
)
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
PERMALINK_SIGNS = frozenset("¶#§🔗⚓")  # Sphinx, MkDocs, Hugo, Docusaurus
HEADINGS = name_set("h1 h2 h3 h4 h5 h6")
EPUB_CHAPTER = re.compile(r"\.\d+$")  # the chapter's number, behind each fragment of an EPUB
MAX_ANCHOR_DISTANCE = 300  # characters of source between an empty anchor and the marker it stands for


@dataclass(slots=True)
class HtmlNotes:
    """What the structure of a page says about notes, by the `order` of its nodes."""

    markers: dict[int, tuple[str, str]] = field(default_factory=dict)  # link or sup -> label, family
    back_links: set[int] = field(default_factory=set)  # arrows: not written
    labels: set[int] = field(default_factory=set)  # printed labels of the notes themselves
    bodies: list[HtmlNoteBody] = field(default_factory=list)
    inline_bodies: set[int] = field(default_factory=set)  # bodies that stand in the running text
    counted_bodies: dict[int, str] = field(default_factory=dict)  # inline body -> the number shown in its place
    targets: dict[int, int] = field(default_factory=dict)  # marker -> the element that it leads to


class AnchorKind(StrEnum):
    """What a link within a page is for."""

    MARKER = "marker"  # it leads to a note
    BACK = "back"  # it leads from a note back to its marker
    OTHER = ""


@frozen_record(kw_only=True)
class _Anchor:
    node: HtmlNode
    fragment: str
    target: HtmlNode | None
    text: str
    role_words: frozenset[str]  # its roles and classes


def find_html_notes(tree: HtmlTree) -> HtmlNotes:
    """The markers and notes of a page."""
    notes = HtmlNotes()
    targets: dict[int, tuple[str, str, HtmlNode]] = {}
    labelled_anchors: list[_Anchor] = []
    anchors = []
    for anchor in find_local_anchors(tree):
        if is_permalink(anchor):
            notes.back_links.add(anchor.node.order)
        else:
            anchors.append((anchor, classify_anchor(anchor)))
    marker_starts = sorted(anchor.node.start for anchor, kind in anchors if kind == AnchorKind.MARKER)
    for anchor, kind in anchors:
        if kind == AnchorKind.MARKER:
            label = parse_link_label(anchor.text) or anchor.text.strip("[]() ") or fragment_number(anchor)
            family = fragment_family(anchor)
            notes.markers[anchor.node.order] = (label, family)
            if anchor.target is not None:
                notes.targets[anchor.node.order] = anchor.target.order
                targets.setdefault(anchor.target.order, (label, family, anchor.target))
        elif kind == AnchorKind.BACK:
            if (parse_link_label(anchor.text) or fragment_number(anchor)) and leads_to_marker(anchor, marker_starts):
                notes.labels.add(anchor.node.order)
                labelled_anchors.append(anchor)
            elif BACK_ARROWS.fullmatch(anchor.text):
                notes.back_links.add(anchor.node.order)
    add_sibling_notes(tree, targets, REFERENCE_FRAGMENT)
    add_declared_notes(tree, targets)
    starts = {order: (label, family, node) for order, (label, family, node) in targets.items()}
    add_labelled_notes(labelled_anchors, starts)
    notes.bodies = locate_note_bodies(tree, starts)
    return notes


def is_permalink(anchor: _Anchor) -> bool:
    """Whether a link is the sign behind a heading that leads to the heading itself, or to its section."""
    target = anchor.target
    leads_to_itself = target is not None and target.start <= anchor.node.start < target.end
    return anchor.text.strip() in PERMALINK_SIGNS and (leads_to_itself or "headerlink" in anchor.role_words)


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
            anchors.append(
                _Anchor(
                    node=node,
                    fragment=fragment,
                    target=target,
                    text=tree.plain_text(node, 40),
                    role_words=link_role_words(node, source),
                )
            )
    return anchors


def link_role_words(node: HtmlNode, source: str) -> frozenset[str]:
    """The words of a link and of the `sup` or `span` that holds only it."""
    holder = node.parent
    if holder is not None and holder.tag in ("sup", "span") and len(holder.children) == 1:
        return role_words(node, source) | role_words(holder, source)
    return role_words(node, source)


def leads_to_marker(anchor: _Anchor, marker_starts: list[int]) -> bool:
    """Whether a link back leads to a note's marker, and not to a heading or an index."""
    target = anchor.target
    if target is None:
        return True
    index = bisect_left(marker_starts, target.start)
    return index < len(marker_starts) and marker_starts[index] <= target.end + MAX_ANCHOR_DISTANCE


def classify_anchor(anchor: _Anchor) -> AnchorKind:
    """What a link is for, by what it declares of itself, else by its direction, label and fragment."""
    words, target = anchor.role_words, anchor.target
    leads_forward = target is not None and target.order > anchor.node.order
    label = parse_link_label(anchor.text) or fragment_number(anchor)
    if words & {"doc-noteref", "noteref"}:  # AsciiDoctor gives both directions the class of a marker
        leads_back = not leads_forward and BACK_FRAGMENT.fullmatch(EPUB_CHAPTER.sub("", anchor.fragment))
        return AnchorKind.BACK if leads_back else AnchorKind.MARKER
    if words & {"doc-backlink", "backlink"} and not (label and leads_forward):  # Org gives both that of a back-link
        return AnchorKind.BACK
    if words & BACK_CLASSES and not leads_forward:
        return AnchorKind.BACK
    if words & MARKER_CLASSES and leads_forward:
        return AnchorKind.MARKER
    if target is None:
        if not label:
            return (
                AnchorKind.BACK
                if BACK_FRAGMENT.fullmatch(anchor.fragment) and BACK_ARROWS.fullmatch(anchor.text)
                else AnchorKind.OTHER
            )
        return AnchorKind.BACK if BACK_FRAGMENT.fullmatch(anchor.fragment) else AnchorKind.MARKER
    if not leads_forward:
        return AnchorKind.BACK if label or BACK_ARROWS.fullmatch(anchor.text) else AnchorKind.OTHER
    raised = anchor.node.parent is not None and anchor.node.parent.tag == "sup"
    raised = raised or any(isinstance(child, HtmlNode) and child.tag == "sup" for child in anchor.node.children)
    leads_to_heading = target.tag in HEADINGS or any(node.tag in HEADINGS for node in target.ancestors())
    is_certain = bool(raised or anchor.text.startswith(("[", "(")) or NOTE_FRAGMENT.fullmatch(anchor.fragment))
    is_certain = is_certain or (label.isdecimal() and is_reference_link(anchor))
    return (
        AnchorKind.MARKER
        if label and is_certain and (not leads_to_heading or NOTE_FRAGMENT.fullmatch(anchor.fragment))
        else AnchorKind.OTHER
    )


def is_reference_link(anchor: _Anchor) -> bool:
    """Whether a link leads to an entry of a list of references, as journals mark it."""
    return bool(anchor.role_words & {"doc-biblioref", "bibr"} or REFERENCE_FRAGMENT.fullmatch(anchor.fragment))


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
    blocks = {enclosing_block(node).order for _, _, node in targets.values() if node.tag == "a"}
    counts: Counter[tuple[int, str]] = Counter()
    for node in tree.nodes[1:]:
        sibling_key = (node.parent.order if node.parent else 0, node.tag)
        counts[sibling_key] += 1
        if node.tag not in CONTAINERS or node.order in enclosing:
            continue
        if node.parent is not None and node.parent.order in blocks:  # Org: the text beside the linked number
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
