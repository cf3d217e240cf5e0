"""Comments of a review in an ODT: annotations at a point of the body, behind a note or a link."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from cite_audit.errors import ReadError
from cite_audit.fix.docx_edits import replace_parts
from cite_audit.fix.docx_revisions import AUTHOR
from cite_audit.fix.edits import Edit, apply_edits
from cite_audit.fix.odt_edits import dublin_core
from cite_audit.fix.odt_text import CONTENT, OdtContent, OdtParagraph, read_odt_content
from cite_audit.fix.text_places import find_text_places
from cite_audit.fix.xml_tree import XmlElement
from cite_audit.model import Report
from cite_audit.parse.readers.odt.text import PARAGRAPH_ELEMENTS
from cite_audit.parse.readers.zip_package import ZipPackage
from cite_audit.review.comments import ReviewComment

__all__ = ["add_odt_comments"]


def add_odt_comments(data: bytes, report: Report, comments: Sequence[ReviewComment], moment: datetime) -> bytes:
    """The package with the comments in it, the text untouched. Raises ReadError, and ValueError for odd encodings."""
    if not comments:
        return data
    content = read_odt_content(ZipPackage(data, report.path))
    cited = {index: comment.citation for index, comment in enumerate(comments) if comment.citation}
    found = find_text_places(content.paragraphs, report, list(cited.values()))
    places = {index: found.get(number, ()) for number, index in enumerate(cited)}
    notes = _find_notes(content, report)
    body = {id(paragraph) for paragraph in content.body}
    edits: list[Edit] = []
    for index, comment in enumerate(comments):
        annotation = _annotation_xml(content, comment, moment)
        note = notes.get((comment.section, comment.note)) if comment.note is not None else None
        place = next((place for place in places.get(index, ()) if id(place.paragraph) in body), None)
        if note is not None:
            point = _end_in_paragraph(note)
            edits.append(Edit(point, point, annotation))
        elif place is not None:
            edits.append(_edit_behind(place.paragraph, place.span[1], annotation))
        else:
            edits.append(_edit_first(content, annotation, report.path))
    return replace_parts(data, {CONTENT: apply_edits(content.text, _join_edits(edits)).encode()})


def _annotation_xml(content: OdtContent, comment: ReviewComment, moment: datetime) -> str:
    office = content.root.prefix
    text = content.paragraphs[0].element.prefix if content.paragraphs else "text:"
    lines = "".join(f"<{text}p>{escape(line)}</{text}p>" for line in comment.lines)
    return f"<{office}annotation>{dublin_core(AUTHOR, moment)}{lines}</{office}annotation>"


def _find_notes(content: OdtContent, report: Report) -> dict[tuple[int, int | None], XmlElement]:
    """The note elements by the section and number that the report gives them."""
    if len(content.notes) == len(report.notes):
        return {(note.section, note.number): mark for note, mark in zip(report.notes, content.notes, strict=True)}
    return {}


def _end_in_paragraph(element: XmlElement) -> int:
    """The end of what holds an element, directly in the outermost paragraph."""
    outermost = next(
        (outer for outer in reversed(list(element.ancestors())) if outer.local in PARAGRAPH_ELEMENTS), element.parent
    )
    while element.parent is not None and element.parent is not outermost:
        element = element.parent
    return element.end


def _edit_behind(paragraph: OdtParagraph, stop: int, annotation: str) -> Edit:
    """Behind the element that the text ends in; within the text where that stands in the paragraph itself."""
    piece = next(piece for piece in paragraph.pieces if piece.offset < stop <= piece.stop)
    if piece.parent is not paragraph.element:
        element = piece.parent
        while element.parent is not None and element.parent is not paragraph.element:
            element = element.parent
        return Edit(element.end, element.end, annotation)
    if not piece.editable or stop == piece.stop:
        return Edit(piece.end, piece.end, annotation)
    before, after = piece.text[: stop - piece.offset], piece.text[stop - piece.offset :]
    return Edit(piece.start, piece.end, escape(before) + annotation + escape(after))


def _edit_first(content: OdtContent, annotation: str, path: str) -> Edit:
    """Behind the text of the first paragraph that has some. Raises ReadError where none has."""
    paragraph = next((paragraph for paragraph in content.body if paragraph.text.strip()), None)
    if paragraph is None:
        raise ReadError(path, "has no paragraph that a comment can be attached to")
    return _edit_behind(paragraph, paragraph.pieces[-1].stop, annotation)


def _join_edits(edits: Sequence[Edit]) -> list[Edit]:
    """Several annotations at one point in one edit, in their order."""
    joined: dict[tuple[int, int], str] = {}
    for edit in edits:
        joined[edit.start, edit.end] = joined.get((edit.start, edit.end), "") + edit.new
    return [Edit(*span, new) for span, new in joined.items()]
