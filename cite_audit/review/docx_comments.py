"""Comments of a review in a DOCX, each at a point of the body: a range would be ignored in a note, or repeat one.

Word takes no comment inside footnotes and endnotes (MS-OI29500 2.1.315), so one about a note stands behind its marker.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from cite_audit.errors import ReadError
from cite_audit.fix.docx_edits import replace_parts
from cite_audit.fix.docx_revisions import AUTHOR
from cite_audit.fix.docx_targets import add_relationship, insert_child, relations_name
from cite_audit.fix.docx_text import DocxParagraph, DocxPart, is_word, read_docx_parts
from cite_audit.fix.edits import Edit, apply_edits
from cite_audit.fix.text_places import find_text_places
from cite_audit.fix.xml_tree import XmlElement, parse_xml_tree
from cite_audit.model import Report
from cite_audit.parse.readers.docx.parts import find_related_part
from cite_audit.parse.readers.zip_package import ZipPackage
from cite_audit.review.comments import ReviewComment

__all__ = ["add_docx_comments"]

_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/"
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
INITIALS = "ca"


def add_docx_comments(data: bytes, report: Report, comments: Sequence[ReviewComment], moment: datetime) -> bytes:
    """The package with the comments in it, the text untouched. Raises ReadError, and ValueError for odd encodings."""
    if not comments:
        return data
    package = ZipPackage(data, report.path)
    parts, labels = read_docx_parts(package)
    document = parts[0]
    name, text, new_parts = _open_comments(package, document)
    root = parse_xml_tree(text)
    taken = [int(c.attribute("id")) for c in root.children if c.attribute("id").isdecimal()]
    number = max(taken, default=-1) + 1
    prefix = document.root.prefix
    anchors = _find_anchors(parts, labels, report, comments)
    references: dict[int, str] = {}
    written = ""
    for comment, position in zip(comments, anchors, strict=True):
        written += _comment_xml(root.prefix, number, comment, moment)
        mark = f'<{prefix}r><{prefix}commentReference {prefix}id="{number}"/></{prefix}r>'
        references[position] = references.get(position, "") + mark
        number += 1
    new_parts[name] = insert_child(text, root, written).encode()
    edits = [Edit(position, position, marks) for position, marks in references.items()]
    new_parts[document.name] = apply_edits(document.text, edits).encode()
    return replace_parts(data, new_parts)


def _open_comments(package: ZipPackage, document: DocxPart) -> tuple[str, str, dict[str, bytes]]:
    """The name and the text of the comments' part, and what a new one needs beside it."""
    if name := find_related_part(package, document.name, "comments"):
        return name, package.read_part(name).decode("utf-8-sig"), {}
    folder = document.name.rpartition("/")[0]
    names = (f"{folder}/comments{number or ''}.xml".lstrip("/") for number in range(len(package.entries) + 1))
    name = next(name for name in names if name not in package)
    space = _STRICT + "officeDocument/relationships" if document.root.space.startswith(_STRICT) else _TYPES
    relations_part = relations_name(document.name)
    relations = package.read_part(relations_part).decode("utf-8-sig") or (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
    )
    relations, _ = add_relationship(relations, "comments", name.rpartition("/")[2], space=space)
    types = package.read_part("[Content_Types].xml").decode("utf-8-sig")
    types_root = parse_xml_tree(types)
    override = f'<{types_root.prefix}Override PartName="/{name}" ContentType="{_CONTENT_TYPE}"/>'
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    text = f"{declaration}<w:comments xmlns:w={quoteattr(document.root.space)}></w:comments>"
    return (
        name,
        text,
        {
            relations_part: relations.encode(),
            "[Content_Types].xml": insert_child(types, types_root, override).encode(),
        },
    )


def _comment_xml(prefix: str, number: int, comment: ReviewComment, moment: datetime) -> str:
    paragraphs = "".join(
        f'<{prefix}p><{prefix}r><{prefix}t xml:space="preserve">{escape(line)}</{prefix}t></{prefix}r></{prefix}p>'
        for line in comment.lines
    )
    when = f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return (
        f'<{prefix}comment {prefix}id="{number}" {prefix}author="{AUTHOR}" {prefix}date="{when}"'
        f' {prefix}initials="{INITIALS}">{paragraphs}</{prefix}comment>'
    )


def _find_anchors(
    parts: Sequence[DocxPart],
    labels: Mapping[tuple[str, str], str | None],
    report: Report,
    comments: Sequence[ReviewComment],
) -> list[int]:
    """For each comment the position in the document's text behind which it stands."""
    document = parts[0]
    markers = _find_markers(document, labels, report)
    cited = {index: comment.citation for index, comment in enumerate(comments) if comment.citation}
    shown = [paragraph for part in parts for paragraph in part.paragraphs]
    found = find_text_places(shown, report, list(cited.values()))
    places = dict(zip(cited, (found.get(number, ()) for number in range(len(cited))), strict=True))
    anchors = []
    for index, comment in enumerate(comments):
        marker = markers.get((comment.section, comment.note)) if comment.note is not None else None
        place = next((place for place in places.get(index, ()) if place.paragraph.part is document), None)
        if marker is not None:
            anchors.append(_end_in_paragraph(marker))
        elif place is not None:
            anchors.append(_end_of_span(place.paragraph, place.span[1]))
        else:
            anchors.append(_first_point(document, report.path))
    return anchors


def _find_markers(
    document: DocxPart, labels: Mapping[tuple[str, str], str | None], report: Report
) -> dict[tuple[int, int | None], XmlElement]:
    """The first reference of each note, by the section and number that the report gives the note."""
    references: dict[tuple[str, str], XmlElement] = {}
    for paragraph in document.paragraphs:
        for reference in paragraph.references:
            family = reference.local.removesuffix("Reference")
            references.setdefault((family, reference.attribute("id")), reference)
    ordered = [
        references[name]
        for family in ("footnote", "endnote")
        for name in labels
        if name[0] == family and name in references
    ]
    if len(ordered) == len(report.notes):
        return {(note.section, note.number): mark for note, mark in zip(report.notes, ordered, strict=True)}
    numbered = {
        int(label): references[name]
        for name, label in labels.items()
        if label and label.isdecimal() and name in references
    }
    return {(note.section, note.number): numbered[note.number] for note in report.notes if note.number in numbered}


def _end_in_paragraph(element: XmlElement) -> int:
    """The end of what holds an element, directly in the outermost paragraph: text boxes take no comments."""
    outermost = next(
        (outer for outer in reversed(list(element.ancestors())) if is_word(outer, "p")), element.parent or element
    )
    while element.parent is not None and element.parent is not outermost:
        element = element.parent
    return element.end


def _end_of_span(paragraph: DocxParagraph, stop: int) -> int:
    """Behind the run, or the link, that the text ends in."""
    piece = next(piece for piece in paragraph.pieces if piece.offset < stop <= piece.stop)
    links = [link.elements[-1] for link in paragraph.hyperlinks if link.start < stop <= link.end]
    return _end_in_paragraph(max([piece.run, *links], key=lambda element: element.end))


def _first_point(document: DocxPart, path: str) -> int:
    """Behind the text of the first paragraph that has some, else in the first. Raises ReadError where none is."""
    paragraphs = [paragraph for paragraph in document.paragraphs if paragraph.text.strip()] or document.paragraphs
    if not paragraphs:
        raise ReadError(path, "has no paragraph that a comment can be attached to")
    first = paragraphs[0]
    return _end_in_paragraph(first.pieces[-1].run) if first.pieces else first.element.open_end
