"""Edits of an ODT: the text of its paragraphs and the targets of its hyperlinks, nothing else.

As tracked changes (ODF 1.3 part 3 §5.5) what goes is kept in `text:tracked-changes`, what comes stands between two
marks; a hyperlink whose target changes goes and comes whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from cite_audit.fix.docx_edits import memento_text, replace_parts
from cite_audit.fix.docx_revisions import AUTHOR
from cite_audit.fix.edit_plan import PlannedEdit
from cite_audit.fix.edits import Edit, apply_edits, disjoint_edits
from cite_audit.fix.odt_text import CONTENT, OdtHyperlink, OdtParagraph, OdtPiece, read_odt_content
from cite_audit.fix.pieces import find_home, is_split_by, new_piece_texts
from cite_audit.fix.text_places import TextPlace, find_text_places
from cite_audit.fix.xml_tree import XmlElement
from cite_audit.model import Report
from cite_audit.parse.links.refang import refang
from cite_audit.parse.readers.zip_package import ZipPackage
from cite_audit.urls import canonical_key

__all__ = ["dublin_core", "is_odt_tracked", "rewrite_odt"]

_HREF = re.compile(r"""((?<![\w.-])[\w.-]+:href)\s*=\s*(?:"[^"]*"|'[^']*')""")
_DC = "http://purl.org/dc/elements/1.1/"


@dataclass(slots=True, eq=False)
class _OdtChange:
    paragraph: OdtParagraph
    edits: list[Edit] = field(default_factory=list)
    targets: dict[int, tuple[OdtHyperlink, str]] = field(default_factory=dict)


def rewrite_odt(
    data: bytes, report: Report, plan: Sequence[PlannedEdit], tracked: datetime | None = None
) -> tuple[bytes, dict[int, bool]]:
    """The package with the edits made, as `rewrite_docx` makes those of a DOCX. Raises ReadError and ValueError."""
    content = read_odt_content(ZipPackage(data, report.path))
    places = find_text_places(content.paragraphs, report, [planned.citation for planned in plan])
    changes: dict[int, _OdtChange] = {}
    placed: dict[int, bool] = {}
    for index, found in places.items():
        placed[index] = False
        for place in found:
            change = changes.setdefault(id(place.paragraph), _OdtChange(place.paragraph))
            placed[index] |= _plan_change(change, place, plan[index])
    if tracked is not None:
        writer = _TrackedContent(content.text, content.root, tracked)
        edits = [edit for change in changes.values() for edit in writer.write(change)]
        edits += writer.write_regions()
    else:
        edits = [edit for change in changes.values() for edit in _edit_plainly(content.text, change)]
    return replace_parts(data, {CONTENT: apply_edits(content.text, edits).encode()}), placed


def is_odt_tracked(data: bytes, path: str) -> bool:
    """Whether the document is set to record changes (`text:track-changes`, true where it is not given)."""
    content = read_odt_content(ZipPackage(data, path))
    return any(
        element.local == "tracked-changes" and element.attribute("track-changes") != "false"
        for element in content.root.walk()
    )


def dublin_core(author: str, moment: datetime) -> str:
    """The author and the date of a change or a comment."""
    when = f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return f'<dc:creator xmlns:dc="{_DC}">{escape(author)}</dc:creator><dc:date xmlns:dc="{_DC}">{when}</dc:date>'


def _plan_change(change: _OdtChange, place: TextPlace, planned: PlannedEdit) -> bool:
    before = len(change.edits), len(change.targets)
    if planned.replaces_spelling and place.printed:
        change.edits.append(Edit(*place.printed, planned.spelling))
    if planned.replaces_spelling:
        for link in place.hyperlinks:
            if canonical_key(planned.url) != canonical_key(refang(link.target)):
                change.targets[id(link)] = link, planned.url
    if planned.memento:
        change.edits.append(Edit(place.span[1], place.span[1], memento_text(planned)))
    return before != (len(change.edits), len(change.targets))


def _edit_plainly(text: str, change: _OdtChange) -> Iterator[Edit]:
    pieces = change.paragraph.pieces
    insertions = [edit for edit in change.edits if edit.start == edit.end]
    new_texts = new_piece_texts(pieces, change.edits)
    for piece in pieces:
        if id(piece) in new_texts:
            yield Edit(piece.start, piece.end, escape(new_texts[id(piece)]))
    for edit in insertions:
        if not any(is_split_by(piece, edit) for piece in pieces):
            point = _point_behind(change.paragraph, edit.start)
            yield Edit(point, point, escape(edit.new))
    for link, url in change.targets.values():
        yield Edit(link.element.start, link.element.open_end, _with_target(text, link.element, url))


def _with_target(text: str, element: XmlElement, url: str) -> str:
    target = quoteattr(url, {'"': "&quot;"})
    return _HREF.sub(lambda match: f"{match[1]}={target}", text[element.start : element.open_end], count=1)


def _point_behind(paragraph: OdtParagraph, offset: int) -> int:
    """The place in the part behind a piece that ends at an offset, and behind the link that ends there."""
    piece = next(piece for piece in paragraph.pieces if piece.offset < offset <= piece.stop)
    ends = [link.element.end for link in paragraph.hyperlinks if link.end == offset]
    return max([piece.end, *ends])


class _TrackedContent:
    """Writes changes with their marks and collects the regions that describe them."""

    def __init__(self, text: str, root: XmlElement, moment: datetime) -> None:
        self.text, self.moment = text, moment
        elements = list(root.walk())
        self.body = next(
            element for element in elements if element.local == "text" and element.space.endswith(":office:1.0")
        )
        self.table = next((element for element in elements if element.local == "tracked-changes"), None)
        paragraph = next((element for element in elements if element.local in ("p", "h")), None)
        self.prefix = paragraph.prefix if paragraph is not None else "text:"
        self.office = self.body.prefix
        self.regions: list[str] = []
        self.number = len(re.findall(r"citeaudit\d+", text))

    def write(self, change: _OdtChange) -> Iterator[Edit]:
        """The edits of the part for one paragraph."""
        pieces, edits = change.paragraph.pieces, disjoint_edits(change.edits)
        new_texts = new_piece_texts(pieces, edits)
        replaced = [link for link, _ in change.targets.values()]
        for link, url in change.targets.values():
            yield self._replace_link(change.paragraph, link, url, new_texts)
        outside = [p for p in pieces if not any(link.start <= p.offset < link.end for link in replaced)]
        for piece in outside:
            if id(piece) in new_texts:
                yield Edit(piece.start, piece.end, self._split_piece(change.paragraph, piece, edits, pieces, replaced))
        for edit in edits:
            if edit.start == edit.end and not any(is_split_by(piece, edit) for piece in pieces):
                point = _point_behind(change.paragraph, edit.start)
                yield Edit(point, point, self._insertion(escape(edit.new)))

    def write_regions(self) -> Iterator[Edit]:
        """The table of changes, begun where there is none; recording is not switched on by it."""
        regions = "".join(self.regions)
        if not regions:
            return
        if self.table is not None and self.table.end != self.table.open_end:
            yield Edit(self.table.close_start, self.table.close_start, regions)
            return
        name = f"{self.prefix}tracked-changes"
        if self.table is not None:
            tag = self.text[self.table.start : self.table.open_end].removesuffix("/>")
            yield Edit(self.table.start, self.table.end, f"{tag}>{regions}</{name}>")
            return
        forms = [child.end for child in self.body.children if child.local == "forms"]
        point = max([self.body.open_end, *forms])
        yield Edit(point, point, f'<{name} {self.prefix}track-changes="false">{regions}</{name}>')

    def _describe(self, kind: str, content: str = "") -> str:
        """Records one region; its id."""
        self.number += 1
        name = f"citeaudit{self.number}"
        p, o = self.prefix, self.office
        change = f"<{o}change-info>{dublin_core(AUTHOR, self.moment)}</{o}change-info>"
        region = f"<{p}{kind}>{change}{content}</{p}{kind}>"
        self.regions.append(f'<{p}changed-region xml:id="{name}" {p}id="{name}">{region}</{p}changed-region>')
        return name

    def _insertion(self, content: str) -> str:
        name, p = self._describe("insertion"), self.prefix
        return f'<{p}change-start {p}change-id="{name}"/>{content}<{p}change-end {p}change-id="{name}"/>'

    def _deletion(self, paragraph: OdtParagraph, content: str) -> str:
        tag = self.text[paragraph.element.start : paragraph.element.open_end]
        style = re.search(r"""\s[\w.-]+:style-name\s*=\s*(?:"[^"]*"|'[^']*')""", tag)
        p = self.prefix
        name = self._describe("deletion", f"<{p}p{style[0] if style else ''}>{content}</{p}p>")
        return f'<{p}change {p}change-id="{name}"/>'

    def _replace_link(self, paragraph: OdtParagraph, link: OdtHyperlink, url: str, new_texts: dict[int, str]) -> Edit:
        element = link.element
        inside = [
            Edit(piece.start - element.open_end, piece.end - element.open_end, escape(new_texts[id(piece)]))
            for piece in paragraph.pieces
            if link.start <= piece.offset < link.end and id(piece) in new_texts
        ]
        shown = apply_edits(self.text[element.open_end : element.close_start], inside)
        deleted = self._deletion(paragraph, self.text[element.start : element.end])
        is_empty = not re.sub(r"<[^>]*>", "", shown)
        new = "" if is_empty else self._insertion(f"{_with_target(self.text, element, url)}{shown}</{element.tag}>")
        return Edit(element.start, element.end, deleted + new)

    def _split_piece(
        self,
        paragraph: OdtParagraph,
        piece: OdtPiece,
        edits: Sequence[Edit],
        pieces: Sequence[OdtPiece],
        replaced: Sequence[OdtHyperlink],
    ) -> str:
        """A piece with its deletions, and each new text behind the last of them."""
        out, position = [], 0
        for edit in edits:
            if not is_split_by(piece, edit):
                continue
            start, stop = max(edit.start - piece.offset, 0), min(edit.end, piece.stop) - piece.offset
            out.append(escape(piece.text[position:start]))
            if stop > start:
                old = escape(piece.text[start:stop]) if piece.editable else self.text[piece.start : piece.end]
                out.append(self._deletion(paragraph, self._wrapped(paragraph, piece, old)))
            touched = [other for other in pieces if is_split_by(other, edit)]
            inside = [p for p in touched if any(link.start <= p.offset < link.end for link in replaced)]
            if edit.new and piece is find_home(touched, inside):
                out.append(self._insertion(escape(edit.new)))
            position = stop
        out.append(escape(piece.text[position:]))
        return "".join(out)

    def _wrapped(self, paragraph: OdtParagraph, piece: OdtPiece, content: str) -> str:
        """A deleted text within the spans and links that it stood in."""
        element: XmlElement | None = piece.parent
        while element is not None and element is not paragraph.element:
            content = f"{self.text[element.start : element.open_end]}{content}</{element.tag}>"
            element = element.parent
        return content
