"""Notes of WordPress plugins that lead nowhere: their scripts do it, and class names alone tell what is what."""

from __future__ import annotations

import re
from itertools import islice

from cite_audit.parse.readers.html_notes import Body, Notes, label_of, words_of
from cite_audit.parse.readers.html_tree import Node, Tree

INLINE_NOTE = "modern-footnotes-footnote__note"
TABLE_MARKER = "footnote_plugin_tooltip_text"
TABLE_NOTE = "footnote_plugin_text"
TABLE_HIDDEN = "footnote_tooltip"  # the note once more, shown while the mouse is over its marker
MOST_CELLS = 20  # of a row, with the white space between them, and as many elements of a cell
TABLE_PLACE = re.compile(r"footnote_plugin_reference_(?:\d+_){0,3}(\d{1,4})")


def add_plugins(tree: Tree, notes: Notes) -> None:
    """Adds the notes of the plugins Modern Footnotes and footnotes."""
    add_inline(tree, notes)
    if TABLE_NOTE in tree.source:
        add_table(tree, notes)


def add_inline(tree: Tree, notes: Notes) -> None:
    """The Modern Footnotes plugin writes a note's body right behind its marker, hidden until it is clicked."""
    source = tree.source
    for node in tree.nodes[1:]:
        if node.tag == "sup" and "data-mfn" in node.attributes(source):
            notes.markers[node.order] = (label_of(tree.plain(node)) or node.attributes(source)["data-mfn"], "footnote")
        elif node.tag == "span" and INLINE_NOTE in words_of(node, source):
            notes.bodies.append(Body(node.attributes(source).get("data-mfn", ""), "footnote", node, node, True))
            notes.inline.add(node.order)


def add_table(tree: Tree, notes: Notes) -> None:
    """The plugin “footnotes” lists its notes in a table: a number in one cell of a row, the note in another."""
    known = {body.first.order for body in notes.bodies}
    for node in tree.nodes[1:]:
        if node.tag not in ("sup", "span", "td"):
            continue
        words = words_of(node, tree.source)
        if TABLE_HIDDEN in words:
            notes.back.add(node.order)
        elif TABLE_MARKER in words and not any(holder.order in notes.markers for holder in node.ancestors()):
            if label := label_of(tree.plain(node, 40)):
                notes.markers[node.order] = (label, "footnote")
        elif TABLE_NOTE in words and node.parent is not None and not known & {node.order, node.parent.order}:
            known.add(node.parent.order)  # a row has one note
            label, cells = _row(node.parent, node, tree)
            if label:
                notes.back.update(cells)
                notes.bodies.append(Body(label, "footnote", node, node, True))


def _row(row: Node, note: Node, tree: Tree) -> tuple[str, list[int]]:
    """The label that a row gives its note, and the row's other cells."""
    label, cells = "", []
    for cell in row.children[:MOST_CELLS]:
        if isinstance(cell, Node) and cell is not note:
            cells.append(cell.order)
            for node in (cell, *islice(cell.elements(), MOST_CELLS)):
                place = TABLE_PLACE.fullmatch(node.attributes(tree.source).get("id", ""))
                label = label or (place[1] if place else "")
    return label, cells
