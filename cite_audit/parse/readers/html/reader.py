"""HTML: saved pages, exports of word processors, mail. XHTML comes through here too, from EPUB."""

from __future__ import annotations

import re
from bisect import bisect_left

from cite_audit.parse.readers.base import Document, Href, MarkerSpan, NoteSpan
from cite_audit.parse.readers.document_builder import SUPERSCRIPT_NUMBER, SUPERSCRIPTS, DocumentBuilder
from cite_audit.parse.readers.encoding import decode_markup
from cite_audit.parse.readers.html.main_content import MainContent, is_masthead_link, resolve_link_target
from cite_audit.parse.readers.html.metadata import read_page_metadata
from cite_audit.parse.readers.html.note_bodies import HtmlNoteBody
from cite_audit.parse.readers.html.notes import HEADINGS, HtmlNotes, find_html_notes
from cite_audit.parse.readers.html.partial_notes import add_unlinked_notes
from cite_audit.parse.readers.html.plugin_notes import add_plugin_notes
from cite_audit.parse.readers.html.tree import (
    BLOCK_TAGS,
    CHARACTER_REFERENCE,
    HtmlNode,
    HtmlText,
    HtmlTree,
    decode_references,
    name_set,
    parse_html,
)

LABEL_LEAD = re.compile(r"\s*[\[(]?")
LABEL_REST = re.compile(r"[\])]?[.:]?\s+|[\])][.:]?|")
WHITE_SPACE = " \t\r\n\f"
SPACE_RUN = re.compile(r"[ \t\r\n\f]{2,}")
PARAGRAPH_TAGS = name_set("p h1 h2 h3 h4 h5 h6 blockquote pre ul ol dl table figure section article hr center")


def read_html(data: bytes, path: str) -> Document:
    """A page without its boilerplate. Offsets are of the decoded source. Never raises."""
    source, encoding = decode_markup(data)
    builder, page = write_html_page(source, xml=source.lstrip("\ufeff \t\r\n").startswith("<?xml"))
    metadata = read_page_metadata(page.tree, page.base_url)
    page.tree.release_nodes()
    return builder.build_document("html", metadata, source, encoding)


def write_html_page(source: str, xml: bool) -> tuple[DocumentBuilder, MainContent]:
    """The text of a page, mapped to its source, and the page."""
    tree = parse_html(source, xml)
    notes = find_html_notes(tree)
    add_plugin_notes(tree, notes)
    page = MainContent(tree, notes)
    builder = DocumentBuilder()
    HtmlWriter(builder, page, notes).write()
    add_unlinked_notes(builder)
    return builder, page


class HtmlWriter:
    """Writes the elements of a page to a builder, in order; bodies of notes within the running text come last."""

    def __init__(self, builder: DocumentBuilder, page: MainContent, notes: HtmlNotes) -> None:
        self.builder, self.page, self.notes = builder, page, notes
        self.tree: HtmlTree = page.tree
        self.bodies_by_first_node: dict[int, list[HtmlNoteBody]] = {}
        self.bodies_by_last_node: dict[int, list[HtmlNoteBody]] = {}
        for body in notes.bodies:
            self.bodies_by_first_node.setdefault(body.first_node.order, []).append(body)
            self.bodies_by_last_node.setdefault(body.last_node.order, []).append(body)
        self.open_bodies: list[tuple[HtmlNoteBody, int]] = []  # bodies begun, each with its start
        self.closed_bodies: list[tuple[HtmlNoteBody, int, int]] = []
        self.label_ends: list[int] = []
        self.deferred_notes: list[HtmlNode] = []
        self.pre_depth = 0
        self.sup_depth = 0  # how many `<sup>` are open
        self.has_pending_space = False  # white space is pending until a word follows
        self.list_numbers: dict[int, int] = {}
        self.list_number_end = -1  # the offset just after a list item's number, which its first paragraph stands beside

    def write(self) -> None:
        """Write the page's report, then the notes that stood within its text."""
        self.write_subtree(self.page.root)
        while self.deferred_notes:
            self.builder.end_paragraph()
            self.write_subtree(self.deferred_notes.pop(0), defer_notes=False)
        self.close_notes()

    def write_subtree(self, root: HtmlNode, defer_notes: bool = True) -> None:
        stack: list[HtmlNode | HtmlText | tuple[HtmlNode, int]] = [root]  # an element that is begun, with its start
        while stack:
            item = stack.pop()
            if isinstance(item, HtmlText):
                self.write_text(item)
                continue
            if isinstance(item, tuple):
                self.leave_element(*item)
                continue
            if self.page.is_skipped(item) or item.order in self.notes.back_links:
                continue
            if defer_notes and item.order in self.notes.inline_bodies:
                self.deferred_notes.append(item)
                self.write_counted_marker(item)
                continue
            stack.append((item, self.enter_element(item)))
            stack.extend(reversed(item.children))

    def write_counted_marker(self, node: HtmlNode) -> None:
        """The number that a style sheet or a script shows in the place of a side note."""
        if label := self.notes.counted_bodies.get(node.order):
            start = self.builder.length
            self.builder.write(f"[{label}]", node.start)
            self.builder.markers.append(MarkerSpan(start, self.builder.length, label, "footnote"))
            self.has_pending_space = False

    def enter_element(self, node: HtmlNode) -> int:
        """Begin an element; gives the offset where its own text starts."""
        builder = self.builder
        if node.tag in BLOCK_TAGS and builder.length == self.list_number_end:
            pass
        elif node.tag in ("td", "th") and builder.length and not builder.tail.endswith("\n"):
            builder.write("\t")
        elif node.tag in PARAGRAPH_TAGS:
            builder.end_paragraph()
        elif node.tag in BLOCK_TAGS or node.tag == "br":
            builder.end_line() if node.tag != "br" else builder.write("\n", node.start)
        self.has_pending_space = self.has_pending_space and node.tag not in BLOCK_TAGS and node.tag != "br"
        self.pre_depth += node.tag == "pre"
        self.sup_depth += node.tag == "sup"
        if node.tag == "li":
            self.write_list_number(node)
        if node.tag in HEADINGS:
            builder.headings.append((builder.length, int(node.tag[1])))
        if node.tag in ("a", "sup", "span"):
            self.flush_space(node.start)
        for body in self.bodies_by_first_node.get(node.order, ()):
            self.open_bodies.append((body, builder.length))
        return builder.length

    def leave_element(self, node: HtmlNode, start: int) -> None:
        builder = self.builder
        self.pre_depth -= node.tag == "pre"
        self.sup_depth -= node.tag == "sup"
        if node.order in self.notes.markers:
            label, family = self.notes.markers[node.order]
            if builder.length == start:  # the page shows nothing where the number was lost
                builder.write(f"[{label}]", node.start)
                self.has_pending_space = False
            builder.markers.append(
                MarkerSpan(start, builder.length, label, family, self.notes.targets.get(node.order, 0))
            )
        elif node.order in self.notes.labels:
            self.label_ends.append(builder.length)
        elif node.tag == "a" and (target := resolve_link_target(node, self.page)) and builder.length > start:
            builder.hrefs.append(Href(start, builder.length, target))
            if is_masthead_link(node, self.tree.source):  # listed, and no source
                builder.boilerplate.append((start, builder.length))
        for body in self.bodies_by_last_node.get(node.order, ()):
            self.closed_bodies.extend(
                (open_body, body_start, builder.length)
                for open_body, body_start in self.open_bodies
                if open_body is body
            )
            self.open_bodies = [
                (open_body, body_start) for open_body, body_start in self.open_bodies if open_body is not body
            ]
        if node.tag in PARAGRAPH_TAGS:
            builder.end_paragraph()
        elif node.tag in BLOCK_TAGS and node.tag not in ("td", "th"):
            builder.end_line()
        if node.tag in BLOCK_TAGS:
            self.has_pending_space = False

    def write_list_number(self, node: HtmlNode) -> None:
        """An ordered list's items show their numbers, as on the screen."""
        ordered_list = node.parent
        if ordered_list is None or ordered_list.tag != "ol":
            return
        attributes = ordered_list.attributes(self.tree.source)
        start = attributes.get("start", "").strip()
        value = node.attributes(self.tree.source).get("value", "").strip()
        number = (
            self.list_numbers.get(ordered_list.order, int(start) - 1 if start.isdecimal() and len(start) < 6 else 0) + 1
        )
        number = int(value) if value.isdecimal() and len(value) < 6 else number
        self.list_numbers[ordered_list.order] = number
        self.builder.write(f"{number}. ", node.start)
        self.list_number_end = self.builder.length

    def write_text(self, item: HtmlText) -> None:
        """A run of text, white space collapsed as on the screen, every piece tied to its place in the source."""
        source, offset = self.tree.source, item.start
        raised = self.sup_depth > 0 and self.is_superscript_number(item)
        while offset < item.end:
            reference = None if item.literal else CHARACTER_REFERENCE.search(source, offset, item.end)
            plain_end = reference.start() if reference else item.end
            self.write_run(source[offset:plain_end], offset, raised)
            if reference:
                self.write_run(decode_references(reference[0]), reference.start(), raised)
            offset = reference.end() if reference else item.end

    def write_run(self, text: str, source_offset: int, raised: bool) -> None:
        if self.pre_depth:
            self.builder.write(text, source_offset)
            return
        words = text.strip(WHITE_SPACE)
        if not words:
            self.has_pending_space = self.has_pending_space or bool(text)
            return
        end = text.index(words[0])
        words_end = end + len(words)
        self.has_pending_space = self.has_pending_space or end > 0
        for gap in SPACE_RUN.finditer(text, end, words_end):
            self.write_word(text[end : gap.start()], source_offset + end, raised)
            self.has_pending_space = True
            end = gap.end()
        self.write_word(text[end:words_end], source_offset + end, raised)
        self.has_pending_space = words_end < len(text)

    def write_word(self, text: str, source_offset: int, raised: bool) -> None:
        if text:
            for blank in "\n\t\r\f":  # alone between two words, so that it only looks otherwise
                text = text.replace(blank, " ")
            self.flush_space(source_offset)
            self.builder.write(text.translate(SUPERSCRIPTS) if raised else text, source_offset)

    def flush_space(self, source_offset: int) -> None:
        """Write the pending space, unless a line starts here."""
        if self.has_pending_space and self.builder.length and not self.builder.tail.endswith(("\n", "\t", " ")):
            self.builder.write(" ", max(0, source_offset - 1))
        self.has_pending_space = False

    def is_superscript_number(self, item: HtmlText) -> bool:
        """Whether this is a number in a `<sup>`, written so that it does not run into the word before it."""
        link = next((ancestor for ancestor in (item.parent, *item.parent.ancestors()) if ancestor.tag == "a"), None)
        leads_out = link is not None and link.order not in self.notes.markers and resolve_link_target(link, self.page)
        return not leads_out and SUPERSCRIPT_NUMBER.fullmatch(self.tree.source, item.start, item.end) is not None

    def close_notes(self) -> None:
        """The spans of the notes, each up to the next, without its label."""
        text = self.builder.full_text()
        self.closed_bodies.extend((body, start, len(text)) for body, start in self.open_bodies)
        note_spans = sorted(self.closed_bodies, key=lambda span: (span[1], span[2]))
        labels = sorted(self.label_ends)
        for index, (body, start, end) in enumerate(note_spans):
            if index + 1 < len(note_spans):
                end = min(end, note_spans[index + 1][1])
            label_index = bisect_left(labels, start)
            if label_index < len(labels) and labels[label_index] <= min(end, start + 24):
                start = labels[label_index]
            start = find_note_body_start(text, body.label, start, end)
            if not body.owns_first_node and (paragraph_end := text.find("\n\n", start, end)) >= 0:
                end = paragraph_end
            while end > start and text[end - 1].isspace():
                end -= 1
            self.builder.notes.append(NoteSpan(start, end, body.label, body.family, body.target))


def find_note_body_start(text: str, label: str, start: int, end: int) -> int:
    """Where a note's body starts behind its printed label, or behind what is left of one."""
    lead = LABEL_LEAD.match(text, start, end)
    offset = lead.end() if lead else start
    if (
        label
        and text.startswith(label, offset, end)
        and not text[offset + len(label) : offset + len(label) + 1].isalnum()
    ):
        offset += len(label)
    elif text[offset - 1 : offset] in ("[", "("):
        offset -= 1
    label_tail = LABEL_REST.match(text, offset, end)
    return label_tail.end() if label_tail else offset
