"""Finds the notes of a document: declared ones as declared, others by the labels at the starts of lines."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import KW_ONLY, dataclass, field
from itertools import pairwise

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse import boilerplate
from cite_audit.parse.links.found_link import PRINTED_FRAMES, FoundLink
from cite_audit.parse.notes import labels, note_content
from cite_audit.parse.notes.continuation import find_continued_labels
from cite_audit.parse.notes.headings import find_note_headings, is_note_heading
from cite_audit.parse.notes.labels import Label, LabelStyle
from cite_audit.parse.notes.lists import LINK_START, add_inline_labels, choose_note_labels
from cite_audit.parse.readers.base import Document

_BLANK = compile_lazily(r"\n[ \t\u00a0\r\f]*(?=\n)")
_SECTION_HEADING = compile_lazily(r"[ \t]*#{1,6}[ \t]+\S|[ \t]*[^\n.;:]{1,60}\n[=-]{3,}[ \t]*$")


@dataclass(slots=True)
class NoteBody:
    """A note's place in the text: its segments (page breaks and boilerplate left out), label and number."""

    number: int
    label: str
    start: int
    _: KW_ONLY
    segments: list[tuple[int, int]] = field(default_factory=list)
    section: int = 0

    def text(self, source: str) -> str:
        return "\n".join([source[a:b] for a, b in self.segments]).strip()


@dataclass(slots=True)
class NoteParts:
    """All notes of a document, the style of their labels, and the spans of boilerplate after them."""

    bodies: list[NoteBody] = field(default_factory=list)
    style: LabelStyle | None = None
    boilerplate: list[tuple[int, int]] = field(default_factory=list)
    continued: list[tuple[LabelStyle, Label]] = field(default_factory=list)  # behind them, in another style

    @property
    def spans(self) -> list[tuple[int, int]]:
        """The stretches that are notes, labels included, in order."""
        return [(body.start, body.segments[-1][1]) for body in self.bodies if body.segments]


def find_notes(document: Document, links: list[FoundLink]) -> NoteParts:
    """The notes of a document; `links` show which paragraph breaks lie inside a link."""
    if document.notes:
        return _read_declared_notes(document)
    chosen = choose_note_labels(document, links)
    if chosen is None:
        return NoteParts()
    style, note_labels = chosen
    note_labels = add_inline_labels(document.text, style, note_labels)
    continued = find_continued_labels(document.text, style, note_labels[-1]) if not style.named else []
    parts = _NoteSplitter(document.text, links, style, [*note_labels, *(label for _, label in continued)]).split_notes()
    parts.continued = continued
    return parts


def _read_declared_notes(document: Document) -> NoteParts:
    parts = NoteParts()
    numbers_by_label: dict[str, int] = {}
    for order, span in enumerate(document.notes, 1):
        number = labels.parse_label_number(span.label.strip("[]^().")) or numbers_by_label.setdefault(span.label, order)
        body = NoteBody(number, span.label, span.start, segments=[(span.start, span.end)])
        parts.bodies.append(body)
    _number_sections(parts.bodies)
    return parts


_NUMBERED = compile_lazily(r"\s*[*_>]{0,3}[ \t]?(?:\[[^\]\n]{1,12}\]:?(?!\()|\d{1,3}[.)]\s|[¹²³⁰-⁹†‡§]+[ \t]?\S)")
_WORDED = compile_lazily(r"\s*[*_>]{0,3}[^\W\d_][^\n:]{0,40}:[*_]{0,2}[ \t]")  # “Further reading: ”
_DEFINITION = compile_lazily(
    r"\n {0,3}\[(?!\^)[^\]\n]{1,200}\]:[ \t]+\S"
)  # the target of a reference link, which is no note
_DEEP_PATH = compile_lazily(r"://[^/?#]+/(?:[^/?#]+/[^/?#]|[^?#]*[?]|[^/?#]+\.\w{2,5}\b)")  # no profile, no front page
_MAX_WORDS_PER_LINK = 4  # of a link at the foot of a page: “Next: June 3”


class _NoteSplitter:
    """Cuts the text into note bodies at the chosen labels."""

    def __init__(self, text: str, links: list[FoundLink], style: LabelStyle, note_labels: list[Label]) -> None:
        self.text, self.style, self.note_labels = text, style, note_labels
        self.links = links
        self.starts = [link.outer for link in links]

    def split_notes(self) -> NoteParts:
        parts = NoteParts(style=self.style)
        names = _number_named_notes(self.text, self.style, self.note_labels)
        for index, label in enumerate(self.note_labels):
            is_last = index + 1 == len(self.note_labels)
            stop = len(self.text) if is_last else self.note_labels[index + 1].start
            restarts = not is_last and self.note_labels[index + 1].number == 1 and label.number > 1
            body = NoteBody(names.get(label.printed, label.number), label.printed, label.start)
            boilerplate_start = self._fill_segments(body, label.end, stop, closing=is_last or restarts)
            parts.bodies.append(body)
            if boilerplate_start is not None:
                parts.boilerplate.append((boilerplate_start, stop))
            elif is_last and not self.style.named:  # the text may continue after the definitions
                parts.boilerplate += self._find_link_lists(body.segments[-1][1])
        _number_sections(parts.bodies)
        return parts

    def _find_link_lists(self, start: int) -> list[tuple[int, int]]:
        """Paragraphs after the last note that hold little but links, up to a heading for sources: a page foot."""
        stop = next((heading.start for heading in find_note_headings(self.text, start=start)), len(self.text))
        bounds = [start, *(match.start() for match in _BLANK.finditer(self.text, start, stop)), stop]
        feet = []
        for start_of_paragraph, following in pairwise(bounds):
            paragraph_links = self.links[
                bisect_left(self.starts, start_of_paragraph) : bisect_left(self.starts, following)
            ]
            prose = (
                note_content.mask_links(self.text, start_of_paragraph, following, paragraph_links)
                if paragraph_links
                else ""
            )
            if self._is_cited(start_of_paragraph, paragraph_links):
                continue
            if paragraph_links and len(re.findall(r"\w{2,}", prose)) <= _MAX_WORDS_PER_LINK * len(paragraph_links):
                feet.append((start_of_paragraph, following))
        return feet

    def _is_cited(self, start: int, links: list[FoundLink]) -> bool:
        """Whether a paragraph after the notes cites: a label, or a printed address behind a word or of one page.

        The links of a page show words; what it prints are its profiles and its front page.
        """
        printed = [link for link in links if link.frame in PRINTED_FRAMES]
        return bool(_NUMBERED.match(self.text, start)) or (
            bool(printed)
            and (_WORDED.match(self.text, start) is not None or any(_DEEP_PATH.search(link.url) for link in printed))
        )

    def _fill_segments(self, body: NoteBody, start: int, stop: int, *, closing: bool) -> int | None:
        """Fills the note's segments; returns where boilerplate begins, if it does before `stop`."""
        text = self.text
        if not closing and text.find("\n", start, stop - 1) < 0:  # as most
            body.segments.append((start, stop))
            return None
        if self.style.named and (definition := _DEFINITION.search(text, start, stop)):
            stop = definition.start()
        bounds = [start, *(match.start() for match in _BLANK.finditer(text, start, stop)), stop]
        body.segments.append((start, bounds[1]))
        if closing and (boilerplate_start := self._find_boilerplate_line(start, bounds[1])):
            body.segments[-1] = (start, boilerplate_start)
            return boilerplate_start
        for cut, following in pairwise(bounds[1:]):
            paragraph = text[cut:following]
            if not paragraph.strip() or boilerplate.is_page_break(paragraph.strip()):
                continue
            if not self._is_inside_link(cut, following):
                if boilerplate.is_boilerplate_start(paragraph.lstrip("\n\r")):
                    return cut if closing else None
                if not self._continues_note(body, paragraph, closing=closing):
                    return None
            body.segments.append((cut, following))
        return None

    def _find_boilerplate_line(self, start: int, stop: int) -> int:
        """Where a line of boilerplate follows without a blank line; 0 where none does."""
        line_end = self.text.find("\n", start, stop)
        while line_end >= 0:
            if boilerplate.BOILERPLATE_START.match(self.text, line_end + 1):
                return line_end
            line_end = self.text.find("\n", line_end + 1, stop)
        return 0

    def _is_inside_link(self, cut: int, following: int) -> bool:
        position = bisect_right(self.starts, cut) - 1
        return position >= 0 and self.links[position].outer_end > cut and self.links[position].outer_end <= following

    def _continues_note(self, body: NoteBody, paragraph: str, *, closing: bool) -> bool:
        """Whether a paragraph after a blank line still belongs to the note."""
        start, end = body.segments[-1]
        so_far = self.text[start:end].strip()
        stripped = paragraph.strip()
        if _SECTION_HEADING.match(stripped) or is_note_heading(stripped):
            return False
        if not so_far.strip(" \t\u00a0;:.") or so_far.endswith((";", ",")):
            return True
        if LINK_START.match(stripped) or re.match(r"\n*(?: {2,}|\t)", paragraph.lstrip("\r")):
            return True
        if (
            next(labels.match_markers(stripped, self.style if self.style.marker else labels.BARE_DIGITS), None)
            is not None
        ):
            return False
        return stripped[0].islower() or not closing


def _number_named_notes(text: str, style: LabelStyle, note_labels: list[Label]) -> dict[str, int]:
    """Numbers of named Markdown footnotes: by first mention, as renderers count; as printed when all are numbers."""
    if not style.named:
        return {}
    names = [label.printed for label in note_labels]
    if all(name.isdecimal() and len(name) <= 4 for name in names):
        return {name: int(name) for name in names}
    order = dict.fromkeys([*(match[1] for match in labels.match_markers(text, style)), *names])
    return {name: number for number, name in enumerate(order, 1)}


def _number_sections(bodies: list[NoteBody]) -> None:
    """Counts restarts: a number that was there already, when it is 1 or far below the last one."""
    section, section_numbers, previous_number = 0, set[int](), 0
    for body in bodies:
        if body.number in section_numbers and (body.number == 1 or body.number + 3 < previous_number):
            section, section_numbers = section + 1, set()
        section_numbers.add(body.number)
        previous_number = body.number
        body.section = section
