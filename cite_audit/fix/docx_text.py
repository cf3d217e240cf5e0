"""The visible text of the paragraphs of a DOCX, each piece with the element that it stands in, and their hyperlinks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field

from cite_audit.fix.xml_tree import XmlElement, parse_xml_tree
from cite_audit.parse.readers.docx.parts import (
    SKIPPED_ELEMENTS,
    W_NAMESPACES,
    assign_note_labels,
    find_related_part,
    read_relationships,
)
from cite_audit.parse.readers.docx.reader import find_document_part
from cite_audit.parse.readers.docx.text import CHARACTER_ELEMENTS, OFF_VALUES, parse_hyperlink_field
from cite_audit.parse.readers.zip_package import ZipPackage

__all__ = ["DocxHyperlink", "DocxParagraph", "DocxPart", "TextPiece", "is_word", "read_docx_parts"]

_W_SPACES = frozenset(space.strip() for space in W_NAMESPACES)
_NOTES = {"footnote": "footnotes", "endnote": "endnotes"}


@dataclass(frozen=True, slots=True, eq=False)
class TextPiece:
    """A text or a break of a run: what it shows, and where that starts in the paragraph's text."""

    element: XmlElement
    run: XmlElement
    text: str
    offset: int
    _: KW_ONLY
    editable: bool

    @property
    def stop(self) -> int:
        return self.offset + len(self.text)


@dataclass(slots=True, eq=False)
class DocxHyperlink:
    """A link by element (`hyperlink`, `fldSimple`) or by field code: its elements, target and span in the text."""

    elements: list[XmlElement]  # one element; or the runs of a complex field from its begin to its end
    target: str
    start: int
    end: int = 0
    instructions: list[XmlElement] = field(default_factory=list)  # of a complex field

    @property
    def is_field(self) -> bool:
        """Whether its instruction stands in runs of its own."""
        return bool(self.instructions)


@dataclass(slots=True, eq=False)
class DocxParagraph:
    """One paragraph, without those inside it (text boxes)."""

    part: DocxPart
    element: XmlElement
    pieces: list[TextPiece] = field(default_factory=list)
    hyperlinks: list[DocxHyperlink] = field(default_factory=list)
    references: list[XmlElement] = field(default_factory=list)  # of notes
    text: str = ""


@dataclass(slots=True, eq=False)
class DocxPart:
    """One part: its text, its relationships, and its paragraphs in the order in which they are read."""

    name: str
    text: str
    root: XmlElement
    relations: Mapping[str, tuple[str, str]]
    paragraphs: list[DocxParagraph] = field(default_factory=list)


def is_word(element: XmlElement, *names: str) -> bool:
    """Whether an element is one of WordprocessingML with one of these names."""
    return element.local in names and element.space in _W_SPACES


def read_docx_parts(package: ZipPackage) -> tuple[list[DocxPart], dict[tuple[str, str], str | None]]:
    """The parts with the report's text, document first, and the labels of its notes by family and id.

    Raises ReadError, and ValueError for a part that is not in UTF-8.
    """
    document = find_document_part(package)
    labels = assign_note_labels(package, document, find_related_part(package, document, "settings"))
    parts = [_read_part(package, document)]
    parts[0].paragraphs = list(_read_paragraphs(parts[0], parts[0].root))
    for family, kind in _NOTES.items():
        if name := find_related_part(package, document, kind):
            part = _read_part(package, name)
            bodies = {note.attribute("id"): note for note in part.root.children if is_word(note, family)}
            for label_family, identity in labels:
                if label_family == family and identity in bodies:
                    part.paragraphs += _read_paragraphs(part, bodies[identity])
            parts.append(part)
    return parts, labels


def _read_part(package: ZipPackage, name: str) -> DocxPart:
    text = package.read_part(name).decode("utf-8-sig")
    return DocxPart(name, text, parse_xml_tree(text), read_relationships(package, name))


def _read_paragraphs(part: DocxPart, root: XmlElement) -> Iterator[DocxParagraph]:
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.local in SKIPPED_ELEMENTS:
            continue
        if is_word(element, "p"):
            yield _DocxParagraphReader(part, element).read()
        waiting += reversed(element.children)


class _DocxParagraphReader:
    def __init__(self, part: DocxPart, element: XmlElement) -> None:
        self.part = part
        self.paragraph = DocxParagraph(part, element)
        self.length = 0
        self.fields: list[tuple[DocxHyperlink, bool]] = []  # with whether the result has begun

    def read(self) -> DocxParagraph:
        for child in self.paragraph.element.children:
            self._read_element(child)
        self.paragraph.text = "".join(piece.text for piece in self.paragraph.pieces)
        self.paragraph.hyperlinks.sort(key=lambda link: link.start)
        return self.paragraph

    def _read_element(self, element: XmlElement) -> None:
        if element.local in SKIPPED_ELEMENTS or is_word(element, "p"):
            return
        if is_word(element, "r"):
            self._read_run(element)
            return
        start = self.length
        for child in element.children:
            self._read_element(child)
        if is_word(element, "hyperlink", "fldSimple") and self.length > start and (target := self._target(element)):
            self.paragraph.hyperlinks.append(DocxHyperlink([element], target, start, self.length))

    def _target(self, element: XmlElement) -> str:
        if element.local == "fldSimple":
            return parse_hyperlink_field(element.attribute("instr"))
        kind, target = self.part.relations.get(element.attribute("id"), ("", ""))
        anchor = element.attribute("anchor")
        full_target = f"{target}#{anchor}" if target and anchor and "#" not in target else target
        return full_target if kind == "hyperlink" else ""

    def _read_run(self, run: XmlElement) -> None:
        for link, _ in self.fields:
            link.elements.append(run)
        is_hidden = any(
            is_word(mark, "vanish") and mark.attribute("val") not in OFF_VALUES
            for properties in run.children
            if is_word(properties, "rPr")
            for mark in properties.children
        )
        for child in run.children:
            if is_word(child, "fldChar"):
                self._read_field_mark(child, run)
            elif is_word(child, "instrText") and self.fields:
                self.fields[-1][0].instructions.append(child)
            elif is_word(child, "footnoteReference", "endnoteReference"):
                self.paragraph.references.append(child)
            elif is_word(child, "t", *CHARACTER_ELEMENTS) and not is_hidden and all(shown for _, shown in self.fields):
                self._add_piece(child, run)

    def _add_piece(self, element: XmlElement, run: XmlElement) -> None:
        from html import unescape

        is_text = element.local == "t"
        text = CHARACTER_ELEMENTS.get(element.local, "")
        if is_text:
            text = unescape(self.part.text[element.open_end : element.close_start])
        self.paragraph.pieces.append(TextPiece(element, run, text, self.length, editable=is_text))
        self.length += len(text)

    def _read_field_mark(self, mark: XmlElement, run: XmlElement) -> None:
        kind = mark.attribute("fldCharType")
        if kind == "begin":
            self.fields.append((DocxHyperlink([run], "", self.length), False))
        elif kind == "separate" and self.fields:
            link, _ = self.fields.pop()
            link.start = self.length
            self.fields.append((link, True))
        elif kind == "end" and self.fields:
            link, _ = self.fields.pop()
            instruction = "".join(self.part.text[i.open_end : i.close_start] for i in link.instructions)
            link.target, link.end = (
                parse_hyperlink_field(instruction.replace("&quot;", '"').replace("&amp;", "&")),
                self.length,
            )
            if link.target and link.end > link.start:
                self.paragraph.hyperlinks.append(link)
