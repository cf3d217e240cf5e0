"""HTML: saved pages, exports of word processors, mail. XHTML comes through here too, from EPUB."""

from __future__ import annotations

import re
from bisect import bisect_left

from cite_audit.parse.readers.base import Document, Href, Mark, NoteSpan
from cite_audit.parse.readers.draft import RAISED, SUPERSCRIPTS, Draft
from cite_audit.parse.readers.encoding import decode
from cite_audit.parse.readers.html_gaps import fill_gaps
from cite_audit.parse.readers.html_masthead import masthead_of
from cite_audit.parse.readers.html_notes import Body, Notes, pair
from cite_audit.parse.readers.html_page import Page, target_of
from cite_audit.parse.readers.html_plugins import add_plugins
from cite_audit.parse.readers.html_tree import BLOCK, CHARACTER_REFERENCE, Node, Text, Tree, decoded, names, parse

NAME = "html"
SUFFIXES: tuple[str, ...] = (".html", ".htm", ".xhtml", ".xht")

OPENING = re.compile(
    rb"(?:\s|\xef\xbb\xbf|<\?xml[^>]{0,300}\?>|<!--.{0,2000}?-->)*<(?:!doctype\s+html|html[\s>]|head[\s>]|body[\s>])",
    re.IGNORECASE | re.DOTALL,
)
LABEL_LEAD = re.compile(r"\s*[\[(]?")
LABEL_REST = re.compile(r"[\])]?[.:]?\s+|[\])][.:]?|")
SPACE = " \t\r\n\f"
GAPS = re.compile(r"[ \t\r\n\f]{2,}")
PARAGRAPHS = names("p h1 h2 h3 h4 h5 h6 blockquote pre ul ol dl table figure section article hr center")


def matches(head: bytes) -> bool:
    """Whether a document starts here, by its doctype or its first element; comments may come before."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[2:].replace(b"\x00", b"")
    return OPENING.match(head) is not None


def read(data: bytes, path: str) -> Document:
    """A page without its furniture. Offsets are of the decoded source. Never raises."""
    source, encoding = decode(data)
    draft, page = write_page(source, xml=source.lstrip("\ufeff \t\r\n").startswith("<?xml"))
    masthead = masthead_of(page.tree, page.base)
    page.tree.fell()
    return draft.finish(NAME, masthead, source, encoding)


def write_page(source: str, xml: bool) -> tuple[Draft, Page]:
    """The draft of a page, tied to its source, and the page."""
    tree = parse(source, xml)
    notes = pair(tree)
    add_plugins(tree, notes)
    page = Page(tree, notes)
    draft = Draft()
    Writer(draft, page, notes).write()
    fill_gaps(draft)
    return draft, page


class Writer:
    """Writes the elements of a page to a draft, in order; bodies of notes within the running text come last."""

    def __init__(self, draft: Draft, page: Page, notes: Notes) -> None:
        self.draft, self.page, self.notes = draft, page, notes
        self.tree: Tree = page.tree
        self.begins: dict[int, list[Body]] = {}
        self.ends: dict[int, list[Body]] = {}
        for body in notes.bodies:
            self.begins.setdefault(body.first.order, []).append(body)
            self.ends.setdefault(body.last.order, []).append(body)
        self.opened: list[tuple[Body, int]] = []  # bodies begun, each with its start
        self.closed: list[tuple[Body, int, int]] = []
        self.label_ends: list[int] = []
        self.deferred: list[Node] = []
        self.verbatim = 0
        self.sups = 0  # how many `<sup>` are open
        self.space = False  # white space waits for a word
        self.numbers: dict[int, int] = {}
        self.numbered = -1  # the offset just after a list item's number, which its first paragraph stands beside

    def write(self) -> None:
        """Write the page's report, then the notes that stood within its text."""
        self.walk(self.page.root)
        while self.deferred:
            self.draft.block()
            self.walk(self.deferred.pop(0), deferring=False)
        self.close_notes()

    def walk(self, root: Node, deferring: bool = True) -> None:
        stack: list[Node | Text | tuple[Node, int]] = [root]  # an element that is begun, with its start
        while stack:
            item = stack.pop()
            if isinstance(item, Text):
                self.characters(item)
                continue
            if isinstance(item, tuple):
                self.leave(*item)
                continue
            if self.page.skipped(item) or item.order in self.notes.back:
                continue
            if deferring and item.order in self.notes.inline:
                self.deferred.append(item)
                continue
            stack.append((item, self.enter(item)))
            stack.extend(reversed(item.children))

    def enter(self, node: Node) -> int:
        """Begin an element; gives the offset where its own text starts."""
        draft = self.draft
        if node.tag in BLOCK and draft.length == self.numbered:
            pass
        elif node.tag in ("td", "th") and draft.length and not draft.tail.endswith("\n"):
            draft.write("\t")
        elif node.tag in PARAGRAPHS:
            draft.block()
        elif node.tag in BLOCK or node.tag == "br":
            draft.newline() if node.tag != "br" else draft.write("\n", node.start)
        self.space = self.space and node.tag not in BLOCK and node.tag != "br"
        self.verbatim += node.tag == "pre"
        self.sups += node.tag == "sup"
        if node.tag == "li":
            self.number(node)
        if node.tag in ("a", "sup", "span"):
            self.flush_space(node.start)
        for body in self.begins.get(node.order, ()):
            self.opened.append((body, draft.length))
        return draft.length

    def leave(self, node: Node, start: int) -> None:
        draft = self.draft
        self.verbatim -= node.tag == "pre"
        self.sups -= node.tag == "sup"
        if node.order in self.notes.markers:
            label, family = self.notes.markers[node.order]
            if draft.length == start:  # the page shows nothing where the number was lost
                draft.write(f"[{label}]", node.start)
                self.space = False
            draft.marks.append(Mark(start, draft.length, label, family))
        elif node.order in self.notes.labels:
            self.label_ends.append(draft.length)
        elif node.tag == "a" and (target := target_of(node, self.page)) and draft.length > start:
            draft.hrefs.append(Href(start, draft.length, target))
        for body in self.ends.get(node.order, ()):
            self.closed.extend((b, begun, draft.length) for b, begun in self.opened if b is body)
            self.opened = [(b, begun) for b, begun in self.opened if b is not body]
        if node.tag in PARAGRAPHS:
            draft.block()
        elif node.tag in BLOCK and node.tag not in ("td", "th"):
            draft.newline()
        if node.tag in BLOCK:
            self.space = False

    def number(self, node: Node) -> None:
        """An ordered list's items show their numbers, as on the screen."""
        holder = node.parent
        if holder is None or holder.tag != "ol":
            return
        attributes = holder.attributes(self.tree.source)
        start = attributes.get("start", "").strip()
        value = node.attributes(self.tree.source).get("value", "").strip()
        number = self.numbers.get(holder.order, int(start) - 1 if start.isdecimal() and len(start) < 6 else 0) + 1
        number = int(value) if value.isdecimal() and len(value) < 6 else number
        self.numbers[holder.order] = number
        self.draft.write(f"{number}. ", node.start)
        self.numbered = self.draft.length

    def characters(self, item: Text) -> None:
        """A run of text, white space collapsed as on the screen, every piece tied to its place in the source."""
        source, at = self.tree.source, item.start
        raised = self.sups > 0 and self.is_raised(item)
        while at < item.end:
            reference = None if item.literal else CHARACTER_REFERENCE.search(source, at, item.end)
            plain_end = reference.start() if reference else item.end
            self.run(source[at:plain_end], at, raised)
            if reference:
                self.run(decoded(reference[0]), reference.start(), raised)
            at = reference.end() if reference else item.end

    def run(self, text: str, at: int, raised: bool) -> None:
        if self.verbatim:
            self.draft.write(text, at)
            return
        words = text.strip(SPACE)
        if not words:
            self.space = self.space or bool(text)
            return
        end = text.index(words[0])
        last = end + len(words)
        self.space = self.space or end > 0
        for gap in GAPS.finditer(text, end, last):
            self.word(text[end : gap.start()], at + end, raised)
            self.space = True
            end = gap.end()
        self.word(text[end:last], at + end, raised)
        self.space = last < len(text)

    def word(self, text: str, at: int, raised: bool) -> None:
        if text:
            for blank in "\n\t\r\f":  # alone between two words, so that it only looks otherwise
                text = text.replace(blank, " ")
            self.flush_space(at)
            self.draft.write(text.translate(SUPERSCRIPTS) if raised else text, at)

    def flush_space(self, at: int) -> None:
        """Write the space that waits, unless a line starts here."""
        if self.space and self.draft.length and not self.draft.tail.endswith(("\n", "\t", " ")):
            self.draft.write(" ", max(0, at - 1))
        self.space = False

    def is_raised(self, item: Text) -> bool:
        """Whether this is a number in a `<sup>`, written so that it does not run into the word before it."""
        linked = next((a for a in (item.parent, *item.parent.ancestors()) if a.tag == "a"), None)
        elsewhere = linked is not None and linked.order not in self.notes.markers and target_of(linked, self.page)
        return not elsewhere and RAISED.fullmatch(self.tree.source, item.start, item.end) is not None

    def close_notes(self) -> None:
        """The spans of the notes, each up to the next, without its label."""
        text = self.draft.text()
        self.closed.extend((body, start, len(text)) for body, start in self.opened)
        found = sorted(self.closed, key=lambda one: (one[1], one[2]))
        labels = sorted(self.label_ends)
        for i, (body, start, end) in enumerate(found):
            if i + 1 < len(found):
                end = min(end, found[i + 1][1])
            at = bisect_left(labels, start)
            if at < len(labels) and labels[at] <= min(end, start + 24):
                start = labels[at]
            start = after_label(text, body.label, start, end)
            if not body.whole and (blank := text.find("\n\n", start, end)) >= 0:
                end = blank
            while end > start and text[end - 1].isspace():
                end -= 1
            self.draft.notes.append(NoteSpan(start, end, body.label, body.family))


def after_label(text: str, label: str, start: int, end: int) -> int:
    """Where a note's body starts behind its printed label, or behind what is left of one."""
    lead = LABEL_LEAD.match(text, start, end)
    at = lead.end() if lead else start
    if label and text.startswith(label, at, end) and not text[at + len(label) : at + len(label) + 1].isalnum():
        at += len(label)
    elif text[at - 1 : at] in ("[", "("):
        at -= 1
    rest = LABEL_REST.match(text, at, end)
    return rest.end() if rest else at
