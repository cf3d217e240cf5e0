"""Puts a report together: a document's links, notes, markers and masthead become the model's nouns."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from cite_audit.model import Citation, Location, Note, Report
from cite_audit.parse import slots
from cite_audit.parse.declared import reconcile
from cite_audit.parse.found import Found
from cite_audit.parse.heal import heal
from cite_audit.parse.markers import find_markers, unpaired
from cite_audit.parse.masthead import date_in, names_in, read_head
from cite_audit.parse.notes import NoteBody, find_notes
from cite_audit.parse.publisher import publisher_named
from cite_audit.parse.readers.base import Document
from cite_audit.parse.scan import scan
from cite_audit.parse.suspects import suspect


def report_of(document: Document, path: str, *, published: date | None = None, publisher: str = "") -> Report:
    """The report that a document holds. What the caller says of date and publisher wins over what is printed."""
    assembly = _Assembly(document, path)
    del document  # the assembly lets go of the text before the inline links are told
    return assembly.report(published, publisher)


class _Assembly:
    def __init__(self, document: Document, path: str) -> None:
        self.document, self.path = document, path
        self.text = document.text
        self.links = reconcile(document, heal(self.text, scan(self.text)))
        self.starts = array("Q", [one.outer for one in self.links])
        self.parts = find_notes(document, self.links)

    def report(self, published: date | None, publisher: str) -> Report:
        suspect([one for one in self.links if one.whole])
        notes, citations = self._notes()
        markers = find_markers(self.document, self.parts, self.path)
        missing, orphans = unpaired(self.parts, markers)
        head = read_head(self.text[next((end for start, end in self.document.furniture if start == 0), 0) :])
        publisher = publisher or self.document.masthead.publisher or publisher_named(self.text)
        self.document, self.text = replace(self.document, text=""), ""  # has been read; the places are still needed
        citations += self._inline()
        citations.sort(key=lambda citation: citation.location.offset)
        declared = self.document.masthead
        return Report(
            self.path,
            declared.title or head.title,
            tuple(declared.authors) or tuple(head.authors),
            published or date_in(declared.published) or head.published,
            publisher,
            tuple(notes),
            markers,
            tuple(citations),
            missing,
            orphans,
            self.document.format,
            declared.language,
            self.document.comments,
        )

    def _within(self, start: int, end: int) -> list[Found]:
        return self.links[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def _place(self, offset: int, note: int | None) -> Location:
        line, column, at = self.document.place(offset)
        return Location(self.path, line, column, self.document.page(offset), note, at)

    def _notes(self) -> tuple[list[Note], list[Citation]]:
        rests = [self._rest(body) for body in self.parts.bodies]
        ending = sum(1 for rest, links in rests if links and rest.rstrip().endswith(";"))
        habit = ending > 4 and ending * 2 > sum(1 for _, links in rests if links)
        notes: list[Note] = []
        citations: list[Citation] = []
        earlier: dict[int, str] = {}
        for body, (rest, links) in zip(self.parts.bodies, rests, strict=True):
            note, cited = self._note(body, rest, links, habit, earlier)
            notes.append(note)
            citations += cited
            earlier[body.number] = note.text
        return notes, citations

    def _rest(self, body: NoteBody) -> tuple[str, list[Found]]:
        """What a note says besides its links, and its links."""
        inside: list[Found] = []
        rest = []
        for start, end in body.segments:
            held = self._within(start, end)
            for one in held:
                one.locator, one.locator_end = slots.locator_after(self.text, one.outer_end)
            rest.append(slots.residue(self.text, start, end, held))
            inside += held
        said = "\n".join(rest)
        prose = len(said.replace("\x00", "").strip(" ;.,\n\t\u00a0")) > 3
        kept = [one for one in inside if one.has_scheme or one.has_path or one.style != "plain" or not prose]
        return said, kept

    def _note(
        self, body: NoteBody, rest: str, links: list[Found], habit: bool, earlier: dict[int, str]
    ) -> tuple[Note, list[Citation]]:
        whole = [one for one in links if one.whole]
        text = body.text(self.text)
        finished = [one.link() for one in whole]
        lost = slots.lost_slots(rest, habit=habit) + len(links) - len(whole)
        note = Note(
            body.number,
            slots.kind_of(rest, len(whole), len(links) - len(whole)),
            text,
            tuple(finished),
            lost,
            (self._place(body.start, body.number),),
            body.label,
            body.section,
            slots.refers_to(rest, body.number, earlier),
        )
        cited = [
            Citation(link, body.number, self._place(one.start, body.number), body.section)
            for link, one in zip(finished, whole, strict=True)
        ]
        return note, cited

    def _inline(self) -> Iterator[Citation]:
        """Links in running text; those in the site's furniture are nobody's citation.

        Each is forgotten as it is told: together they are half of what a link-dense report costs in memory.
        """
        notes = (segment for body in self.parts.bodies for segment in body.segments)
        closed = _together([*notes, *self.parts.site, *self.document.furniture])
        starts = [start for start, _ in closed]
        self.links.reverse()
        while self.links:
            one = self.links.pop()
            at = bisect_right(starts, one.outer) - 1
            if (
                one.whole
                and not (at >= 0 and one.outer < closed[at][1])
                and (one.has_scheme or one.has_path or one.style != "plain")
            ):
                yield Citation(one.link(), None, self._place(one.start, None))


def _together(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that overlap as one: a comment within a note does not end it."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


__all__ = ["names_in", "report_of"]
