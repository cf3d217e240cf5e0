"""Changes of a DOCX as tracked changes: what goes stays as `w:del`, what comes stands as `w:ins` (ECMA-376-1 §17.13.5).

A hyperlink whose target changes is deleted whole and inserted again as a field, since a target has no history of its
own: rejected, nothing of the new one is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from cite_audit.fix.docx_change import ParagraphChange, build_text_xml
from cite_audit.fix.docx_text import DocxHyperlink, TextPiece, is_word
from cite_audit.fix.edits import Edit, apply_edits, disjoint_edits
from cite_audit.fix.pieces import find_home, is_split_by, new_piece_texts
from cite_audit.fix.xml_tree import XmlElement
from cite_audit.parse.readers.docx.parts import SKIPPED_ELEMENTS

__all__ = ["AUTHOR", "RevisionMarks", "write_tracked_paragraph"]

AUTHOR = "cite-audit"
_INSERTIONS = ("ins", "moveTo")


@dataclass(slots=True)
class RevisionMarks:
    """Whose the changes are, of when, and the number of the next."""

    moment: datetime
    next_id: int
    author: str = AUTHOR

    def wrap(self, kind: str, prefix: str, content: str) -> str:
        """`content` within an `ins` or `del` of its own."""
        return f"<{prefix}{kind}{self.attributes(prefix)}>{content}</{prefix}{kind}>"

    def attributes(self, prefix: str) -> str:
        """The id, author and date of one more mark."""
        self.next_id += 1
        moment = self.moment.astimezone(UTC)
        author = f"{prefix}author={quoteattr(self.author)}"
        return f' {prefix}id="{self.next_id}" {author} {prefix}date="{moment:%Y-%m-%dT%H:%M:%SZ}"'


def write_tracked_paragraph(change: ParagraphChange, marks: RevisionMarks) -> list[Edit]:
    """The edits of the part that make a change and keep what was there."""
    return list(_TrackedParagraph(change, marks).write())


class _TrackedParagraph:
    def __init__(self, change: ParagraphChange, marks: RevisionMarks) -> None:
        self.change, self.marks = change, marks
        self.text, self.prefix = change.part.text, change.paragraph.element.prefix
        self.pieces = change.paragraph.pieces
        self.edits = disjoint_edits(change.edits)
        self.new_texts = new_piece_texts(self.pieces, self.edits)
        self.replaced_runs = {
            id(run) for link, _ in change.targets.values() for run in _runs_of(link) if run is not None
        }

    def write(self) -> Iterator[Edit]:
        for link, url in self.change.targets.values():
            yield from self._replace_link(link, url)
        for run in dict.fromkeys(piece.run for piece in self.pieces if id(piece) in self.new_texts):
            if id(run) not in self.replaced_runs:
                yield Edit(run.start, run.end, self._split_run(run))
        for position, text in self.change.additions:
            content = self._run_xml("", build_text_xml(self.prefix, text))
            outer = [e for e in self.change.paragraph.element.walk() if e.start < position < e.end]
            yield Edit(position, position, self._insert(content, outer[-1]))

    def _insert(self, content: str, parent: XmlElement | None) -> str:
        """An insertion of ours; one that somebody else tracks is closed before it and opened again behind it."""
        inserted = self.marks.wrap("ins", self.prefix, content)
        if parent is None or not is_word(parent, *_INSERTIONS):
            return inserted
        return f"</{parent.tag}>{inserted}{self.text[parent.start : parent.open_end]}"

    def _properties(self, run: XmlElement) -> str:
        """The run's formatting without the history of that."""
        for child in run.children:
            if is_word(child, "rPr"):
                history = [
                    Edit(c.start - child.start, c.end - child.start, "")
                    for c in child.children
                    if is_word(c, "rPrChange", "ins", "del")
                ]
                return apply_edits(self.text[child.start : child.end], history)
        return ""

    def _run_xml(self, properties: str, content: str) -> str:
        return f"<{self.prefix}r>{properties}{content}</{self.prefix}r>"

    def _split_run(self, run: XmlElement) -> str:
        """The run in pieces: what stays, what is deleted, and the new text behind that."""
        own = {id(piece.element): piece for piece in self.pieces if piece.run is run}
        segments: list[tuple[str, str]] = []
        for child in run.children:
            if is_word(child, "rPr"):
                continue
            piece = own.get(id(child))
            if piece is None:
                segments.append(("keep", self.text[child.start : child.end]))
            else:
                segments += self._split_piece(piece)
        tag = self.text[run.start : run.open_end]
        original = next((self.text[c.start : c.end] for c in run.children if is_word(c, "rPr")), "")
        out = []
        for kind, content in segments:
            if kind == "keep":
                out.append(f"{tag}{original}{content}</{run.tag}>")
            elif kind == "del":
                out.append(self.marks.wrap("del", self.prefix, self._run_xml(original, content)))
            else:
                out.append(self._insert(content, run.parent))
        return "".join(out)

    def _split_piece(self, piece: TextPiece) -> Iterator[tuple[str, str]]:
        position = 0
        for edit in self.edits:
            if not is_split_by(piece, edit):
                continue
            start, stop = max(edit.start - piece.offset, 0), min(edit.end, piece.stop) - piece.offset
            yield from self._keep(piece, position, start)
            if stop > start:
                yield "del", self._deleted_text(piece, start, stop)
            position = stop
            touched = [other for other in self.pieces if is_split_by(other, edit)]
            replaced = [other for other in touched if id(other.run) in self.replaced_runs]
            if edit.new and piece is find_home(touched, replaced):
                first = next((other for other in touched if other.editable), touched[0])
                yield "ins", self._run_xml(self._properties(first.run), build_text_xml(self.prefix, edit.new))
        yield from self._keep(piece, position, len(piece.text))

    def _keep(self, piece: TextPiece, start: int, stop: int) -> Iterator[tuple[str, str]]:
        if not piece.editable and stop > start:
            yield "keep", self.text[piece.element.start : piece.element.end]
        elif stop > start:
            yield "keep", build_text_xml(self.prefix, piece.text[start:stop])

    def _deleted_text(self, piece: TextPiece, start: int, stop: int) -> str:
        if not piece.editable:
            return self.text[piece.element.start : piece.element.end]
        return f'<{self.prefix}delText xml:space="preserve">{escape(piece.text[start:stop])}</{self.prefix}delText>'

    def _replace_link(self, link: DocxHyperlink, url: str) -> Iterator[Edit]:
        for run in _runs_of(link):
            yield Edit(run.start, run.end, self.marks.wrap("del", self.prefix, self._delete_run(run)))
        shown = "".join(self._new_run(run, link) for run in _runs_of(link))
        if not shown:
            return
        address = url.replace("\\", "%5C").replace('"', "%22")
        mark = f'<{self.prefix}fldChar {self.prefix}fldCharType="{{}}"/>'
        instruction = f' HYPERLINK "{escape(address)}" '
        content = "".join(
            [
                self._run_xml("", mark.format("begin")),
                self._run_xml(
                    "", f'<{self.prefix}instrText xml:space="preserve">{instruction}</{self.prefix}instrText>'
                ),
                self._run_xml("", mark.format("separate")),
                shown,
                self._run_xml("", mark.format("end")),
            ]
        )
        last = link.elements[-1]
        yield Edit(last.end, last.end, self._insert(content, last.parent))

    def _delete_run(self, run: XmlElement) -> str:
        """The run with its texts as deleted ones."""
        edits = []
        for child in run.children:
            if is_word(child, "t", "instrText") and child.end > child.open_end:
                name = "delText" if child.local == "t" else "delInstrText"
                content = self.text[child.open_end : child.close_start]
                deleted = f'<{child.prefix}{name} xml:space="preserve">{content}</{child.prefix}{name}>'
                edits.append(Edit(child.start - run.start, child.end - run.start, deleted))
        return apply_edits(self.text[run.start : run.end], edits)

    def _new_run(self, run: XmlElement, link: DocxHyperlink) -> str:
        content = ""
        for piece in self.pieces:
            if piece.run is run and link.start <= piece.offset < link.end:
                new_text = self.new_texts.get(id(piece), piece.text)
                if piece.editable:
                    content += build_text_xml(self.prefix, new_text) if new_text else ""
                elif new_text:
                    content += self.text[piece.element.start : piece.element.end]
        return self._run_xml(self._properties(run), content) if content else ""


def _runs_of(link: DocxHyperlink) -> Iterator[XmlElement]:
    """The runs of a link that are not deleted already."""
    waiting = list(reversed(link.elements))
    while waiting:
        element = waiting.pop()
        if is_word(element, "r"):
            yield element
        elif element.local not in SKIPPED_ELEMENTS:
            waiting += reversed(element.children)
