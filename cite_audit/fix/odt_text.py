"""The visible text of the paragraphs of an ODT, each piece with its place in content.xml, and their hyperlinks."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from html import unescape

from cite_audit.fix.xml_tree import XmlElement, parse_xml_tree
from cite_audit.parse.readers.docx.lists import parse_small_number
from cite_audit.parse.readers.odt.text import MAX_SPACES, PARAGRAPH_ELEMENTS, SKIPPED_ELEMENTS
from cite_audit.parse.readers.zip_package import ZipPackage

__all__ = ["CONTENT", "OdtContent", "OdtHyperlink", "OdtParagraph", "OdtPiece", "read_odt_content"]

CONTENT = "content.xml"
_CHARACTERS = {"tab": "\t", "line-break": "\n"}


@dataclass(frozen=True, slots=True, eq=False)
class OdtPiece:
    """A text between two tags, or an element that stands for one; `parent` is the element it stands in."""

    start: int
    end: int
    parent: XmlElement
    text: str
    offset: int
    _: KW_ONLY
    editable: bool

    @property
    def stop(self) -> int:
        return self.offset + len(self.text)


@dataclass(slots=True, eq=False)
class OdtHyperlink:
    """A `text:a` and the span of the paragraph's text that it shows."""

    element: XmlElement
    target: str
    start: int
    end: int


@dataclass(slots=True, eq=False)
class OdtParagraph:
    """One paragraph, without those inside it (notes, text boxes)."""

    element: XmlElement
    pieces: list[OdtPiece] = field(default_factory=list)
    hyperlinks: list[OdtHyperlink] = field(default_factory=list)
    text: str = ""


@dataclass(slots=True, eq=False)
class OdtContent:
    """content.xml: its text, its paragraphs in the order in which they are read, and its notes in the same order."""

    text: str
    root: XmlElement
    body: list[OdtParagraph] = field(default_factory=list)
    noted: list[OdtParagraph] = field(default_factory=list)
    notes: list[XmlElement] = field(default_factory=list)

    @property
    def paragraphs(self) -> list[OdtParagraph]:
        """Those of the body, then those of the notes."""
        return [*self.body, *self.noted]


def read_odt_content(package: ZipPackage) -> OdtContent:
    """The text of a package. Raises ReadError, and ValueError for content that is not in UTF-8."""
    text = package.read_part(CONTENT).decode("utf-8-sig")
    content = OdtContent(text, parse_xml_tree(text))
    _collect(content, content.root, content.body)
    content.notes.sort(key=lambda note: note.attribute("note-class") == "endnote")
    for note in content.notes:
        for child in note.children:
            if child.local == "note-body":
                _collect(content, child, content.noted)
    return content


def _collect(content: OdtContent, root: XmlElement, paragraphs: list[OdtParagraph]) -> None:
    waiting = list(reversed(root.children))
    while waiting:
        element = waiting.pop()
        if element.local in SKIPPED_ELEMENTS:
            continue
        if element.local == "note":
            if paragraphs is content.body:
                content.notes.append(element)
            continue
        if element.local in PARAGRAPH_ELEMENTS:
            paragraphs.append(_OdtParagraphReader(content.text, element).read())
        waiting += reversed(element.children)


class _OdtParagraphReader:
    def __init__(self, text: str, element: XmlElement) -> None:
        self.text, self.paragraph, self.length = text, OdtParagraph(element), 0

    def read(self) -> OdtParagraph:
        self._read_inside(self.paragraph.element)
        self.paragraph.text = "".join(piece.text for piece in self.paragraph.pieces)
        return self.paragraph

    def _read_inside(self, element: XmlElement) -> None:
        position = element.open_end
        for child in element.children:
            self._add_text(element, position, child.start)
            self._read_child(child)
            position = child.end
        self._add_text(element, position, element.close_start)

    def _read_child(self, child: XmlElement) -> None:
        if child.local in SKIPPED_ELEMENTS or child.local in PARAGRAPH_ELEMENTS or child.local == "note":
            return
        if child.local in _CHARACTERS or child.local == "s":
            spaces = " " * min(MAX_SPACES, parse_small_number(child.attribute("c") or "1") or 1)
            self._add(child, child.start, child.end, _CHARACTERS.get(child.local, spaces), editable=False)
            return
        start = self.length
        self._read_inside(child)
        if child.local == "a" and self.length > start:
            self.paragraph.hyperlinks.append(OdtHyperlink(child, child.attribute("href"), start, self.length))

    def _add_text(self, parent: XmlElement, start: int, end: int) -> None:
        raw = self.text[start:end]
        if raw and "<" not in raw:  # a comment of XML is no text
            self._add(parent, start, end, unescape(raw), editable=True)

    def _add(self, parent: XmlElement, start: int, end: int, text: str, *, editable: bool) -> None:
        parent = parent if editable or parent.parent is None else parent.parent
        self.paragraph.pieces.append(OdtPiece(start, end, parent, text, self.length, editable=editable))
        self.length += len(text)
