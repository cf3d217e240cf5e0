"""What is to change in one paragraph of a DOCX, and the texts that its pieces have afterwards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from cite_audit.fix.docx_text import DocxHyperlink, DocxParagraph, DocxPart, TextPiece
from cite_audit.fix.edits import Edit, apply_edits, disjoint_edits

__all__ = ["ParagraphChange", "build_text_xml", "change_instruction", "is_split_by", "new_piece_texts"]

_ADDRESS = re.compile(r'(HYPERLINK\s+)(?:"[^"]*"|[^\s"\\]\S*)', re.I)
_BOOKMARK = re.compile(r'\s*\\l\s+(?:"[^"]*"|\S+)')


@dataclass(slots=True, eq=False)
class ParagraphChange:
    """`edits` of the paragraph's text; `targets`: new addresses of its hyperlinks, by their identity.

    `additions` are texts to stand behind a hyperlink or a run: its end in the part, and the text.
    """

    part: DocxPart
    paragraph: DocxParagraph
    edits: list[Edit] = field(default_factory=list)
    targets: dict[int, tuple[DocxHyperlink, str]] = field(default_factory=dict)
    additions: list[tuple[int, str]] = field(default_factory=list)

    def add_after(self, position: int, text: str) -> None:
        """Add a text behind `position` of the paragraph's text: in its run, or after the run or the link ending there."""
        link_end = max(
            (link.elements[-1].end for link in self.paragraph.hyperlinks if link.end == position), default=None
        )
        last = next(piece for piece in self.paragraph.pieces if piece.offset < position <= piece.stop)
        if link_end is not None or position == last.stop:
            self.additions.append((link_end or last.run.end, text))
        else:
            self.edits.append(Edit(position, position, text))


def new_piece_texts(pieces: Sequence[TextPiece], edits: Sequence[Edit]) -> dict[int, str]:
    """The new text of each piece that changes, by its identity.

    A new spelling goes into the first piece it touches, the others lose their part of the old.
    """
    texts: dict[int, str] = {}
    placed: set[Edit] = set()
    own = disjoint_edits(edits)
    for piece in pieces:
        inside = []
        for edit in own:
            if is_split_by(piece, edit):
                new = edit.new if piece.editable and edit not in placed else ""
                placed |= {edit} if new else set()
                inside.append(Edit(max(edit.start - piece.offset, 0), min(edit.end, piece.stop) - piece.offset, new))
        if inside and piece.editable:
            texts[id(piece)] = apply_edits(piece.text, inside)
        elif any(edit.end > edit.start for edit in inside):
            texts[id(piece)] = ""
    return texts


def is_split_by(piece: TextPiece, edit: Edit) -> bool:
    """Whether an edit changes a piece; an insertion belongs to the piece that goes on behind it."""
    if edit.start == edit.end:
        return piece.offset < edit.start < piece.stop
    return edit.start < piece.stop and edit.end > piece.offset


def build_text_xml(prefix: str, text: str, attributes: str = "") -> str:
    """A `t` element."""
    if text != text.strip() and "xml:space" not in attributes:
        attributes += ' xml:space="preserve"'
    return f"<{prefix}t{attributes}>{escape(text)}</{prefix}t>"


def change_instruction(instruction: str, url: str) -> str:
    """A HYPERLINK instruction that leads to `url`; its other switches stay (ECMA-376-1 §17.16.5.25)."""
    safe_url = url.replace("\\", "%5C").replace('"', "%22")
    return _BOOKMARK.sub("", _ADDRESS.sub(lambda match: f'{match[1]}"{safe_url}"', instruction, count=1))
