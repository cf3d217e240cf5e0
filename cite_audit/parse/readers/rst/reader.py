"""reStructuredText by docutils: its tree is walked once, each text searched for in the source behind the one before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cite_audit.errors import ReadError
from cite_audit.installation import format_install_command
from cite_audit.parse.masthead_words import split_names
from cite_audit.parse.readers.base import Document, Href, MarkerSpan, Metadata, NoteSpan
from cite_audit.parse.readers.document_builder import DocumentBuilder
from cite_audit.parse.readers.line_index import line_starts
from cite_audit.parse.readers.link_targets import web_address
from cite_audit.parse.readers.text import decode_text

if TYPE_CHECKING:
    from docutils import nodes

FORMAT_NAME = "rst"
# docutils' time grows with the square of the inline markup of a block
MAX_SIGNS = 3000
INLINE_SIGN = re.compile(r"[`|]|_(?=\s)")
BLANK_LINE = re.compile(r"\n[ \t]*\r?\n")
ITEM_START = re.compile(r"(?:\r?\n)*([ \t]*(?:[-*+•]|#\.|\.\.)[ \t])")  # each item, each explicit mark-up is a block
GRID_TABLE = re.compile(r"(?:\r?\n)*[ \t]*\+[-=+]{2,}")  # each cell is a block; its bars are no mark-up
MAX_BYTES = 5_000_000  # docutils takes 10 µs and 1 kB of memory for each byte
# No file is read, nothing is passed through or run, no configuration of the folder counts, no remark reaches stderr.
SETTINGS: dict[str, object] = {
    "_disable_config": True,
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "halt_level": 6,
    "report_level": 5,
    "warning_stream": "",
    "traceback": True,  # errors are raised, not printed
    "line_length_limit": MAX_BYTES,
    "syntax_highlight": "none",
    "doctitle_xform": True,
}
SKIPPED = frozenset(
    [
        "comment",
        "substitution_definition",
        "target",
        "system_message",
        "raw",
        "image",
        "pending",
        "docinfo",
        "label",
        "meta",
    ]
)
PARAGRAPHS = frozenset(
    [
        "paragraph",
        "title",
        "subtitle",
        "footnote",
        "citation",
        "list_item",
        "entry",
        "term",
        "definition",
        "attribution",
        "line",
    ]
)
SEARCHED_LENGTH = 20_000  # characters behind the last text in which the next is looked for


def read_rst(data: bytes, path: str) -> Document:
    """The document. Raises ReadError."""
    if len(data) > MAX_BYTES:
        raise ReadError(path, f"refused: reStructuredText of more than {MAX_BYTES:,} bytes")
    source, encoding = decode_text(data, path)
    if any(count_signs(block) > MAX_SIGNS for block in BLANK_LINE.split(source)):
        raise ReadError(path, f"refused: a block with more than {MAX_SIGNS:,} signs of inline markup")
    tree = parse_rst(source.replace("\r\n", "\n").replace("\r", "\n"), path)
    writer = RstWriter(source)
    writer.write(tree)
    return writer.builder.build_document(FORMAT_NAME, read_masthead(tree), source, encoding)


def count_signs(block: str) -> int:
    """The most signs of inline markup that docutils meets in one run of a block: a paragraph, an item of a list."""
    item = ITEM_START.match(block)
    if item is None:
        return len(INLINE_SIGN.findall(block.replace("|", "") if GRID_TABLE.match(block) else block))
    return max(len(INLINE_SIGN.findall(part)) for part in block.split(f"\n{item[1]}"))


def parse_rst(source: str, path: str) -> nodes.document:
    """The tree, its references resolved. Raises ReadError."""
    try:
        from docutils.core import publish_doctree
    except ImportError:
        raise ReadError(path, f"reading reStructuredText needs docutils: {format_install_command('formats')}") from None
    try:
        tree: nodes.document = publish_doctree(source, settings_overrides=SETTINGS)
    except RecursionError:
        raise ReadError(path, "its blocks are nested too deeply") from None
    except (Exception, SystemExit) as error:
        raise ReadError(path, f"docutils cannot read this: {type(error).__name__}") from error
    return tree


def read_masthead(tree: nodes.document) -> Metadata:
    """The title of the document and its bibliographic fields."""
    authors: list[str] = []
    dates: list[str] = []
    for field in (node for docinfo in tree.children if docinfo.tagname == "docinfo" for node in docinfo.children):
        if field.tagname in ("author", "authors"):
            names = [node.astext() for node in field.children] if field.tagname == "authors" else [field.astext()]
            authors += [name for printed in names for name in split_names(printed)]
        elif field.tagname == "date":
            dates.append(field.astext())
    return Metadata(" ".join(str(tree.get("title", "")).split()), tuple(authors), next(iter(dates), ""))


class RstWriter:
    """Writes the nodes of a tree, in order."""

    def __init__(self, source: str) -> None:
        self.source, self.starts = source, line_starts(source)
        self.builder = DocumentBuilder()
        self.position = 0  # in the source, behind the last text that was found
        self.targets: dict[str, int] = {}  # id of a footnote → its identity

    def write(self, tree: nodes.document) -> None:
        """Write the tree without recursion."""
        stack: list[tuple[nodes.Node, int]] = [(tree, -1)]  # a node, and where its text began once it is entered
        while stack:
            node, start = stack.pop()
            if start >= 0:
                self.leave(node, start)
            elif node.tagname == "#text":
                self.write_text(node.astext())
            elif node.tagname in ("footnote_reference", "citation_reference"):
                self.write_marker(node)
            elif node.tagname not in SKIPPED:
                self.enter(node)
                stack.append((node, self.builder.length))
                stack.extend((child, -1) for child in reversed(node.children))

    def enter(self, node: nodes.Node) -> None:
        if node.tagname == "paragraph" and node.line and node.line <= len(self.starts):
            self.position = self.starts[node.line - 1]
        if node.tagname in PARAGRAPHS:
            self.builder.end_paragraph()
        if node.tagname == "title" and node.parent is not None:
            self.builder.headings.append((self.builder.length, 2 if node.parent.tagname == "section" else 1))
        if node.tagname in ("footnote", "citation"):
            self.builder.write(f"{note_label(node)}. ", self.position)

    def leave(self, node: nodes.Node, start: int) -> None:
        if node.tagname == "reference" and (address := web_address(node.get("refuri", ""))):
            if node.astext() == address:  # printed as it stands: found as in any text, also where markup cut it short
                return
            self.builder.hrefs.append(Href(start, self.builder.length, address))
        elif node.tagname in ("footnote", "citation"):
            target = self.find_target(next(iter(node["ids"]), ""))
            self.builder.notes.append(NoteSpan(start, self.builder.length, note_label(node), node.tagname, target))
        elif node.tagname in ("literal_block", "doctest_block"):
            self.builder.boilerplate.append((start, self.builder.length))
        if node.tagname in PARAGRAPHS or node.tagname.endswith("_block"):
            self.builder.end_paragraph()

    def write_marker(self, node: nodes.Node) -> None:
        label = node.astext()
        start = self.builder.length
        self.find_place(label)
        self.builder.write(f"[{label}]", self.position)
        target = self.find_target(node.get("refid", ""))
        family = node.tagname.removesuffix("_reference")
        self.builder.markers.append(MarkerSpan(start, self.builder.length, label, family, target))

    def find_target(self, identity: str) -> int:
        return self.targets.setdefault(identity, len(self.targets) + 1) if identity else 0

    def write_text(self, text: str) -> None:
        """A text, each of its lines mapped to where it stands in the source."""
        for index, line in enumerate(text.split("\n")):
            if index:
                self.builder.write("\n")
            words = line.strip()
            self.find_place(words)
            self.builder.write(line, self.position)
            self.position += len(words)

    def find_place(self, words: str) -> None:
        found = self.source.find(words, self.position, self.position + SEARCHED_LENGTH) if words else -1
        self.position = found if found >= 0 else self.position


def note_label(node: nodes.Node) -> str:
    """The label of a footnote or a citation, as it is printed."""
    return str(next((child.astext() for child in node.children if child.tagname == "label"), ""))
