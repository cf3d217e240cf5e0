"""Edits of a DOCX: the text runs of a paragraph and the targets of its hyperlinks, nothing else.

The package's other parts, the order of its entries and every byte of the changed parts outside the edited runs stay.
Where changes are tracked, or are asked to be, what was there stays as a tracked deletion.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from cite_audit.fix.docx_change import ParagraphChange, build_text_xml
from cite_audit.fix.docx_revisions import RevisionMarks, write_tracked_paragraph
from cite_audit.fix.docx_targets import edit_targets, relations_name
from cite_audit.fix.docx_text import DocxPart, is_word, read_docx_parts
from cite_audit.fix.edit_plan import PlannedEdit
from cite_audit.fix.edits import Edit, apply_edits
from cite_audit.fix.pieces import new_piece_texts
from cite_audit.fix.text_places import TextPlace, find_text_places
from cite_audit.fix.xml_tree import parse_xml_tree
from cite_audit.model import Report
from cite_audit.parse.links.refang import refang
from cite_audit.parse.readers.docx.parts import find_related_part
from cite_audit.parse.readers.docx.reader import find_document_part
from cite_audit.parse.readers.docx.text import OFF_VALUES
from cite_audit.parse.readers.zip_package import ZipPackage
from cite_audit.urls import canonical_key

__all__ = ["is_docx_tracked", "memento_text", "replace_parts", "rewrite_docx"]

_IDENTITY = re.compile(r':id="(\d{1,9})"')


def rewrite_docx(
    data: bytes, report: Report, plan: Sequence[PlannedEdit], tracked: datetime | None = None
) -> tuple[bytes, dict[int, bool]]:
    """The package with the edits made; for each edit whose link was found, whether it changed something.

    `tracked`: the moment of the tracked changes; None makes none. Raises ReadError, and ValueError for parts that are
    not in UTF-8.
    """
    package = ZipPackage(data, report.path)
    parts, _ = read_docx_parts(package)
    shown = [paragraph for part in parts for paragraph in part.paragraphs]
    places = find_text_places(shown, report, [planned.citation for planned in plan])
    changes: dict[int, ParagraphChange] = {}
    placed: dict[int, bool] = {}
    for index, found in places.items():
        placed[index] = False
        for place in found:
            change = changes.setdefault(id(place.paragraph), ParagraphChange(place.paragraph.part, place.paragraph))
            placed[index] |= _plan_change(change, place, plan[index])
    new_parts: dict[str, bytes] = {}
    marks = RevisionMarks(tracked, _largest_id(parts)) if tracked else None
    for part in parts:
        own = [change for change in changes.values() if change.part is part]
        new_parts |= _write_part(package, part, own, marks)
    return replace_parts(data, new_parts), placed


def is_docx_tracked(data: bytes, path: str) -> bool:
    """Whether the document is set to record changes (`trackRevisions`, ECMA-376-1 §17.15.1.90)."""
    package = ZipPackage(data, path)
    settings = find_related_part(package, find_document_part(package), "settings")
    text = package.read_part(settings).decode("utf-8-sig", "replace") if settings else ""
    return bool(text) and any(
        is_word(element, "trackRevisions") and element.attribute("val") not in OFF_VALUES
        for element in parse_xml_tree(text).children
    )


def replace_parts(data: bytes, new_parts: Mapping[str, bytes]) -> bytes:
    """The package with these parts in place of its own; those that it lacked come last."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w") as rewritten:
        names = set()
        for entry in package.infolist():
            names.add(entry.filename)
            content = new_parts.get(entry.filename, None)
            rewritten.writestr(entry, package.read(entry) if content is None else content, entry.compress_type)
        for name, content in new_parts.items():
            if name not in names:
                rewritten.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _largest_id(parts: Sequence[DocxPart]) -> int:
    return max((int(number) for part in parts for number in _IDENTITY.findall(part.text)), default=0)


def _plan_change(change: ParagraphChange, place: TextPlace, planned: PlannedEdit) -> bool:
    """Adds what one planned edit asks for at one place; whether that changes anything."""
    changed = False
    if planned.replaces_spelling and place.printed:
        change.edits.append(Edit(*place.printed, planned.spelling))
        changed = True
    if planned.replaces_spelling:
        for link in place.hyperlinks:
            if canonical_key(planned.url) != canonical_key(refang(link.target)):
                change.targets[id(link)] = link, planned.url
                changed = True
    if planned.memento:
        change.add_after(place.span[1], memento_text(planned))
        changed = True
    return changed


def memento_text(planned: PlannedEdit) -> str:
    """An archived copy as it is put behind a link."""
    return (
        f" (archived {planned.captured:%Y-%m-%d}: {planned.memento})" if planned.captured else f" ({planned.memento})"
    )


def _write_part(
    package: ZipPackage, part: DocxPart, changes: Sequence[ParagraphChange], marks: RevisionMarks | None
) -> dict[str, bytes]:
    """The part and its relationships, as far as they change."""
    if not changes:
        return {}
    if marks is not None:
        edits = [edit for change in changes for edit in write_tracked_paragraph(change, marks)]
        return {part.name: apply_edits(part.text, edits).encode()}
    relations_part = relations_name(part.name)
    relations = package.read_part(relations_part).decode("utf-8-sig")
    edits, new_relations = edit_targets(part, changes, relations)
    edits += [edit for change in changes for edit in _edit_texts(change)]
    new_parts = {part.name: apply_edits(part.text, edits).encode()}
    return new_parts | ({relations_part: new_relations.encode()} if new_relations != relations else {})


def _edit_texts(change: ParagraphChange) -> Iterator[Edit]:
    text, prefix = change.part.text, change.paragraph.element.prefix
    new_texts = new_piece_texts(change.paragraph.pieces, change.edits)
    for piece in change.paragraph.pieces:
        element = piece.element
        if id(piece) in new_texts and piece.editable:
            attributes = text[element.start + len(element.tag) + 1 : element.open_end - 1].rstrip("/")
            yield Edit(element.start, element.end, build_text_xml(prefix, new_texts[id(piece)], attributes))
        elif id(piece) in new_texts:
            yield Edit(element.start, element.end, "")
    for position, added in change.additions:
        yield Edit(position, position, f"<{prefix}r>{build_text_xml(prefix, added)}</{prefix}r>")
