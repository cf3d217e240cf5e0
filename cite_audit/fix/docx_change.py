"""What is to change in one paragraph of a DOCX."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from cite_audit.fix.docx_text import DocxHyperlink, DocxParagraph, DocxPart
from cite_audit.fix.edits import Edit

__all__ = ["ParagraphChange", "build_text_xml", "change_instruction"]

_ADDRESS = re.compile(r'(HYPERLINK\s+)(?:"[^"]*"|[^\s"\\]\S*)', re.I)
_BOOKMARK = re.compile(r'(?<!\s)\s*+\\l\s+(?:"[^"]*"|\S+)')


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
        """Add a text behind `position` of the paragraph's text: in its run, or after the run or link ending there."""
        link_end = max(
            (link.elements[-1].end for link in self.paragraph.hyperlinks if link.end == position), default=None
        )
        last = next(piece for piece in self.paragraph.pieces if piece.offset < position <= piece.stop)
        if link_end is not None or position == last.stop:
            self.additions.append((link_end or last.run.end, text))
        else:
            self.edits.append(Edit(position, position, text))


def build_text_xml(prefix: str, text: str, attributes: str = "") -> str:
    """A `t` element."""
    if text != text.strip() and "xml:space" not in attributes:
        attributes += ' xml:space="preserve"'
    return f"<{prefix}t{attributes}>{escape(text)}</{prefix}t>"


def change_instruction(instruction: str, url: str) -> str:
    """A HYPERLINK instruction that leads to `url`; its other switches stay (ECMA-376-1 §17.16.5.25)."""
    safe_url = url.replace("\\", "%5C").replace('"', "%22")
    return _BOOKMARK.sub("", _ADDRESS.sub(lambda match: f'{match[1]}"{safe_url}"', instruction, count=1))
