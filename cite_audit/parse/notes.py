"""Finds the notes of a document: declared ones as declared, others by the labels at the starts of lines."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import pairwise

from cite_audit.parse import furniture, labels, slots
from cite_audit.parse.found import Found
from cite_audit.parse.labels import Label, LabelStyle
from cite_audit.parse.listing import LINK_START, choose, on_one_line
from cite_audit.parse.readers.base import Document

_BLANK = re.compile(r"\n[ \t\u00a0\r\f]*(?=\n)")
_HEAD = re.compile(r"[ \t]*#{1,6}[ \t]+\S|[ \t]*[^\n.;:]{1,60}\n[=-]{3,}[ \t]*$")


@dataclass(slots=True)
class NoteBody:
    """A note's place in the text: its segments (page breaks and furniture left out), label and number."""

    number: int
    label: str
    start: int
    segments: list[tuple[int, int]] = field(default_factory=list)
    section: int = 0

    def text(self, source: str) -> str:
        return "\n".join(source[a:b] for a, b in self.segments).strip()


@dataclass(slots=True)
class NoteParts:
    """All notes of a document, the style of their labels, and where the site's own furniture begins after them."""

    bodies: list[NoteBody] = field(default_factory=list)
    style: LabelStyle | None = None
    site: list[tuple[int, int]] = field(default_factory=list)

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The stretches that are notes, labels included, in order."""
        return [(body.start, body.segments[-1][1]) for body in self.bodies if body.segments]


def find_notes(document: Document, found: list[Found]) -> NoteParts:
    """The notes of a document; `found` tells which paragraph breaks lie inside a link."""
    if document.notes:
        return _declared(document)
    chosen = choose(document, found)
    if chosen is None:
        return NoteParts()
    style, kept = chosen
    return _Splitter(document.text, found, style, on_one_line(document.text, style, kept)).run()


def _declared(document: Document) -> NoteParts:
    parts = NoteParts()
    seen: dict[str, int] = {}
    for order, span in enumerate(document.notes, 1):
        number = labels.number_of(span.label.strip("[]^().")) or seen.setdefault(span.label, order)
        body = NoteBody(number, span.label, span.start, [(span.start, span.end)])
        parts.bodies.append(body)
    _number_sections(parts.bodies)
    return parts


_FEW_WORDS = 4  # a link of a page's feet says: “Next: June 3”


class _Splitter:
    """Cuts the text into note bodies at the chosen labels."""

    def __init__(self, text: str, found: list[Found], style: LabelStyle, kept: list[Label]) -> None:
        self.text, self.style, self.kept = text, style, kept
        self.links = found
        self.starts = [one.outer for one in found]

    def run(self) -> NoteParts:
        parts = NoteParts(style=self.style)
        names = _named_numbers(self.text, self.style, self.kept)
        for index, label in enumerate(self.kept):
            last = index + 1 == len(self.kept)
            stop = len(self.text) if last else self.kept[index + 1].start
            restarts = not last and self.kept[index + 1].number == 1 and label.number > 1
            body = NoteBody(names.get(label.printed, label.number), label.printed, label.start)
            ended = self._segments(body, label.end, stop, closing=last or restarts)
            parts.bodies.append(body)
            if ended is not None:
                parts.site.append((ended, stop))
            elif last and self.style.name != "footnote":  # those may be defined before the text goes on
                parts.site += self._link_lists(body.segments[-1][1])
        _number_sections(parts.bodies)
        return parts

    def _link_lists(self, start: int) -> list[tuple[int, int]]:
        """Paragraphs after the last note that hold little but links, up to a heading for sources: a page's feet."""
        heading = labels.HEADING.search(self.text, start)
        stop = heading.start() if heading else len(self.text)
        bounds = [start, *(match.start() for match in _BLANK.finditer(self.text, start, stop)), stop]
        feet = []
        for cut, following in pairwise(bounds):
            held = self.links[bisect_left(self.starts, cut) : bisect_left(self.starts, following)]
            said = slots.residue(self.text, cut, following, held) if held else ""
            if held and len(re.findall(r"\w{2,}", said)) <= _FEW_WORDS * len(held):
                feet.append((cut, following))
        return feet

    def _segments(self, body: NoteBody, start: int, stop: int, *, closing: bool) -> int | None:
        """Fills the note's segments; gives where the site's furniture begins, if it does before `stop`."""
        text = self.text
        bounds = [start, *(match.start() for match in _BLANK.finditer(text, start, stop)), stop]
        body.segments.append((start, bounds[1]))
        if closing and (site := self._site_line(start, bounds[1])):
            body.segments[-1] = (start, site)
            return site
        for cut, following in pairwise(bounds[1:]):
            paragraph = text[cut:following]
            if not paragraph.strip() or furniture.is_page_break(paragraph.strip()):
                continue
            if not self._inside_link(cut, following):
                if furniture.is_site(paragraph.lstrip("\n\r")):
                    return cut if closing else None
                if not self._continues(body, paragraph, closing=closing):
                    return None
            body.segments.append((cut, following))
        return None

    def _site_line(self, start: int, stop: int) -> int:
        """Where a line of the site's furniture follows without a blank line; 0 where none does."""
        at = self.text.find("\n", start, stop)
        while at >= 0:
            if furniture.SITE.match(self.text, at + 1):
                return at
            at = self.text.find("\n", at + 1, stop)
        return 0

    def _inside_link(self, cut: int, following: int) -> bool:
        position = bisect_right(self.starts, cut) - 1
        return position >= 0 and self.links[position].outer_end > cut and self.links[position].outer_end <= following

    def _continues(self, body: NoteBody, paragraph: str, *, closing: bool) -> bool:
        """Whether a paragraph after a blank line still belongs to the note."""
        start, end = body.segments[-1]
        so_far = self.text[start:end].strip()
        stripped = paragraph.strip()
        if _HEAD.match(stripped) or labels.HEADING.match(stripped):
            return False
        if not so_far.strip(" \t\u00a0;:.") or so_far.endswith((";", ",")):
            return True
        if LINK_START.match(stripped) or re.match(r"\n*(?: {2,}|\t)", paragraph.lstrip("\r")):
            return True
        if next(labels.markers(stripped, self.style if self.style.marker else labels.BARE), None) is not None:
            return False
        return stripped[0].islower() or not closing


def _named_numbers(text: str, style: LabelStyle, kept: list[Label]) -> dict[str, int]:
    """Numbers of named Markdown footnotes: by first mention, as renderers count; as printed when all are numbers."""
    if style.name != "footnote":
        return {}
    names = [label.printed for label in kept]
    if all(name.isdecimal() and len(name) <= 4 for name in names):
        return {name: int(name) for name in names}
    order = dict.fromkeys([*(match[1] for match in labels.markers(text, style)), *names])
    return {name: number for number, name in enumerate(order, 1)}


def _number_sections(bodies: list[NoteBody]) -> None:
    """Counts restarts: a number that was there already, when it is 1 or far below the last one."""
    section, seen, last = 0, set[int](), 0
    for body in bodies:
        if body.number in seen and (body.number == 1 or body.number + 3 < last):
            section, seen = section + 1, set()
        seen.add(body.number)
        last = body.number
        body.section = section
