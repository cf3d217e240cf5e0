"""Notes that no link leads to: plugins of WordPress, side notes (Tufte CSS, Distill). Class names tell what is what."""

from __future__ import annotations

import re
from itertools import islice

from cite_audit.parse.readers.html.note_bodies import HtmlNoteBody, role_words
from cite_audit.parse.readers.html.notes import NOTE_FRAGMENT, HtmlNotes, parse_link_label
from cite_audit.parse.readers.html.tree import HtmlNode, HtmlTree

INLINE_NOTE = "modern-footnotes-footnote__note"
LIST_CLASSES = frozenset({"footnotes", "footnotes-list", "footnote-list", "endnotes", "doc-endnotes"})
SIDE_NOTE_CLASSES = frozenset({"sidenote", "side-note", "d-footnote"})
LATEXML_CONTENT, LATEXML_MARK, LATEXML_TAG = "ltx_note_content", "ltx_note_mark", "ltx_tag_note"  # arXiv's pages
TABLE_MARKER = "footnote_plugin_tooltip_text"
TABLE_NOTE = "footnote_plugin_text"
TABLE_TOOLTIP = "footnote_tooltip"  # the note once more, shown while the mouse is over its marker
MAX_CELLS = 20  # of a row, with the white space between them, and as many elements of a cell
TABLE_REFERENCE = re.compile(r"footnote_plugin_reference_(?:\d+_){0,3}(\d{1,4})")


def add_plugin_notes(tree: HtmlTree, notes: HtmlNotes) -> None:
    """Adds the notes of the plugins Modern Footnotes and footnotes, of LaTeXML, and side notes."""
    add_inline_notes(tree, notes)
    if LATEXML_CONTENT in tree.source:
        add_latexml_notes(tree, notes)
    if not notes.markers:
        add_side_notes(tree, notes)
    if TABLE_NOTE in tree.source:
        add_table_notes(tree, notes)
    if not notes.bodies and not notes.markers:
        add_listed_notes(tree, notes)


def add_inline_notes(tree: HtmlTree, notes: HtmlNotes) -> None:
    """The Modern Footnotes plugin writes a note's body right behind its marker, hidden until it is clicked."""
    source = tree.source
    for node in tree.nodes[1:]:
        if node.tag == "sup" and "data-mfn" in node.attributes(source):
            notes.markers[node.order] = (
                parse_link_label(tree.plain_text(node)) or node.attributes(source)["data-mfn"],
                "footnote",
            )
        elif node.tag == "span" and INLINE_NOTE in role_words(node, source):
            notes.bodies.append(
                HtmlNoteBody(
                    node.attributes(source).get("data-mfn", ""),
                    "footnote",
                    first_node=node,
                    last_node=node,
                    owns_first_node=True,
                )
            )
            notes.inline_bodies.add(node.order)


def add_listed_notes(tree: HtmlTree, notes: HtmlNotes) -> None:
    """The items of a list of footnotes to which no link leads any more: a script (Bigfoot) made buttons of them."""
    for node in tree.nodes[1:]:
        if (
            node.tag != "li"
            or node.parent is None
            or not NOTE_FRAGMENT.fullmatch(node.attributes(tree.source).get("id", ""))
        ):
            continue
        holders = (node.parent, *islice(node.ancestors(), 1, 3))
        if any(not LIST_CLASSES.isdisjoint(role_words(holder, tree.source)) for holder in holders):
            label = str(len(notes.bodies) + 1)
            notes.bodies.append(HtmlNoteBody(label, "footnote", first_node=node, last_node=node, owns_first_node=True))


def add_latexml_notes(tree: HtmlTree, notes: HtmlNotes) -> None:
    """LaTeXML writes a note behind its mark, and the mark once more at the note's start."""
    label = ""
    content: HtmlNode | None = None
    for node in tree.nodes[1:]:
        words = role_words(node, tree.source) if node.tag in ("sup", "span") else frozenset[str]()
        is_inside = content is not None and content in node.ancestors()
        if is_inside and not words.isdisjoint((LATEXML_MARK, LATEXML_TAG)):
            notes.back_links.add(node.order)
        elif LATEXML_MARK in words and (label := parse_link_label(tree.plain_text(node, 40))):
            notes.markers[node.order] = (label, "footnote")
        elif LATEXML_CONTENT in words and label:
            content = node
            notes.bodies.append(HtmlNoteBody(label, "footnote", first_node=node, last_node=node, owns_first_node=True))
            notes.inline_bodies.add(node.order)
            label = ""


def add_side_notes(tree: HtmlTree, notes: HtmlNotes) -> None:
    """Side notes stand in the running text where a number is shown; style sheet or script count them."""
    number = 0
    for node in tree.nodes[1:]:
        is_side_note = node.tag == "d-footnote"
        if not is_side_note and node.tag in ("span", "small", "aside"):
            is_side_note = not SIDE_NOTE_CLASSES.isdisjoint(role_words(node, tree.source))
        if is_side_note and not any(holder.order in notes.inline_bodies for holder in node.ancestors()):
            number += 1
            body = HtmlNoteBody(str(number), "footnote", first_node=node, last_node=node, owns_first_node=True)
            notes.bodies.append(body)
            notes.inline_bodies.add(node.order)
            notes.counted_bodies[node.order] = str(number)


def add_table_notes(tree: HtmlTree, notes: HtmlNotes) -> None:
    """The plugin “footnotes” lists its notes in a table: a number in one cell of a row, the note in another."""
    body_orders = {body.first_node.order for body in notes.bodies}
    for node in tree.nodes[1:]:
        if node.tag not in ("sup", "span", "td"):
            continue
        words = role_words(node, tree.source)
        if TABLE_TOOLTIP in words:
            notes.back_links.add(node.order)
        elif TABLE_MARKER in words and not any(holder.order in notes.markers for holder in node.ancestors()):
            if label := parse_link_label(tree.plain_text(node, 40)):
                notes.markers[node.order] = (label, "footnote")
        elif TABLE_NOTE in words and node.parent is not None and not body_orders & {node.order, node.parent.order}:
            body_orders.add(node.parent.order)  # a row has one note
            label, cells = _read_note_row(node.parent, node, tree)
            if label:
                notes.back_links.update(cells)
                notes.bodies.append(
                    HtmlNoteBody(label, "footnote", first_node=node, last_node=node, owns_first_node=True)
                )


def _read_note_row(row: HtmlNode, note: HtmlNode, tree: HtmlTree) -> tuple[str, list[int]]:
    """The label that a row gives its note, and the row's other cells."""
    label, cells = "", []
    for cell in row.children[:MAX_CELLS]:
        if isinstance(cell, HtmlNode) and cell is not note:
            cells.append(cell.order)
            for node in (cell, *islice(cell.iter_elements(), MAX_CELLS)):
                id_match = TABLE_REFERENCE.fullmatch(node.attributes(tree.source).get("id", ""))
                label = label or (id_match[1] if id_match else "")
    return label, cells
