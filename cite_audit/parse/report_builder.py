"""Builds a report: a document's links, notes, markers and front matter become the nouns of the model."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date

from cite_audit.model import Citation, CitedWork, Link, LinkRole, Location, Note, Report
from cite_audit.parse.access_date import find_access_date
from cite_audit.parse.citation_context import CitationContext
from cite_audit.parse.cited_work import NO_WORK, read_cited_work
from cite_audit.parse.dates import find_date
from cite_audit.parse.front_matter import settle_masthead
from cite_audit.parse.indicators import mark_indicators
from cite_audit.parse.links.found_link import FoundLink, LinkFrame
from cite_audit.parse.links.hyperlinks import reconcile_links
from cite_audit.parse.links.identifiers import add_identifiers
from cite_audit.parse.links.rejoin import rejoin_links
from cite_audit.parse.links.scan import LinkScanner
from cite_audit.parse.links.space_breaks import mend_full_lines
from cite_audit.parse.links.suspects import add_suspects
from cite_audit.parse.notes import note_content
from cite_audit.parse.notes.discovery import NoteBody, find_notes
from cite_audit.parse.notes.markers import find_markers, find_unpaired
from cite_audit.parse.publisher import find_publisher
from cite_audit.parse.readers import find_format
from cite_audit.parse.readers.base import Document
from cite_audit.parse.readers.text import FORMAT as PLAIN_TEXT
from cite_audit.parse.readers.text import is_address_list
from cite_audit.parse.sentences import cut_document

# as names of the module for the loop over all links: Python 3.11 takes 0.3 µs to look a member up in its class
_SOURCE, _FURNITURE, _INDICATOR = LinkRole.SOURCE, LinkRole.FURNITURE, LinkRole.INDICATOR


def build_report(document: Document, path: str, *, published: date | None = None, publisher: str = "") -> Report:
    """The report that a document holds. What the caller says of date and publisher wins over what is printed."""
    return _ReportBuilder(document, path).build(published, publisher)


class _ReportBuilder:
    def __init__(self, document: Document, path: str) -> None:
        self.document, self.path = document, path
        self.text = document.text
        self.has_lines = find_format(document.format).has_lines and not path.startswith(("http://", "https://"))
        self.is_plain_list = document.format == PLAIN_TEXT.name and is_address_list(self.text)
        scanner = LinkScanner(self.text, generous=self.is_plain_list)
        self.links = reconcile_links(document, rejoin_links(self.text, scanner.scan_text()))
        self.links = add_identifiers(self.text, self.links)
        if document.full_lines:
            mend_full_lines(self.text, self.links, document.full_lines)
        self.set_aside = scanner.uncited
        self.starts = array("Q", [link.outer for link in self.links])
        self.parts = find_notes(document, self.links)

    def build(self, published: date | None, publisher: str) -> Report:
        add_suspects([link for link in self.links if link.whole])
        is_link_list = find_format(self.document.format).is_link_list
        sentences = cut_document(self.document)
        markers = () if is_link_list else find_markers(self.document, self.parts, self.path, sentences)
        self.context = CitationContext(self.document, markers, sentences, has_lines=self.has_lines)
        notes, citations = self._build_notes()
        missing, orphans = find_unpaired(self.parts, markers)
        head = self._find_head()
        title, authors, front_matter = settle_masthead(self.document.metadata, "" if is_link_list else head)
        publisher = publisher or self.document.metadata.publisher or find_publisher("" if is_link_list else self.text)
        mark_indicators(self.text, self.links, self.parts.spans, self.document.headings)
        uncited = [self._build_uncited(link) for link in self.set_aside]
        for citation in self._take_inline_citations():
            (citations if citation.role is _SOURCE else uncited).append(citation)
        for listed in (citations, uncited):
            listed.sort(key=lambda citation: citation.location.offset)
        declared = self.document.metadata
        return Report(
            self.path,
            title=title,
            authors=authors,
            published=published or find_date(declared.published) or front_matter.published,
            publisher=publisher,
            notes=tuple(notes),
            markers=markers,
            citations=tuple(citations),
            uncited=tuple(uncited),
            missing_notes=missing,
            orphan_notes=orphans,
            format=self.document.format,
            language=declared.language,
            comments=self.document.comments,
            has_lines=self.has_lines,
            table=self.document.table,
        )

    def _find_head(self) -> str:
        """The text from its masthead to its first note, unless it begins with one."""
        first = len(self.text) - len(self.text.lstrip())
        start = next((end for start, end in self.document.boilerplate if start == 0), 0)
        return self.text[start : min((start for start, _ in self.parts.spans if start > first), default=None)]

    def _links_inside(self, start: int, end: int) -> list[FoundLink]:
        return self.links[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def _location_at(self, offset: int, note: int | None, link_text: str = "") -> Location:
        line, column, position = self.document.input_position(offset)
        page = self.document.page_number(offset) if self.document.pages else None
        paragraph = None if self.has_lines or note is not None else self.context.paragraph_number(offset)
        return Location(self.path, line, column, page, note, position, paragraph, link_text)  # by position: quicker

    def _cite(
        self,
        found_link: FoundLink,
        link: Link,
        note: int | None,
        sentence: str,
        *,
        section: int = 0,
        work: CitedWork = NO_WORK,
        role: LinkRole = _SOURCE,
    ) -> Citation:
        """The citation of a link at its place."""
        location = self._location_at(found_link.start, note, self.context.shown_text(found_link))
        return Citation(link, note, location, section, role, work, sentence)

    def _build_notes(self) -> tuple[list[Note], list[Citation]]:
        residues = [self._separate_links(body) for body in self.parts.bodies]
        ending = sum(1 for residue, links in residues if links and residue.rstrip().endswith(";"))
        ends_with_semicolon = ending > 4 and ending * 2 > sum(1 for _, links in residues if links)
        notes: list[Note] = []
        citations: list[Citation] = []
        earlier: dict[int, str] = {}
        for body, (residue, links) in zip(self.parts.bodies, residues, strict=True):
            note, cited = self._build_note(body, residue, links, ends_with_semicolon, earlier)
            notes.append(note)
            citations += cited
            earlier[body.number] = note.text
        return notes, citations

    def _separate_links(self, body: NoteBody) -> tuple[str, list[FoundLink]]:
        """What a note says besides its links, and its links."""
        inside: list[FoundLink] = []
        residues = []
        for start, end in body.segments:
            segment_links = self._links_inside(start, end)
            for link in segment_links:
                link.locator, link.locator_end = note_content.read_locator(self.text, link.outer_end)
            residues.append(note_content.mask_links(self.text, start, end, segment_links))
            inside += segment_links
        residue = "\n".join(residues)
        own_links = [link for link in inside if link.is_explicit]
        if len(own_links) < len(inside) and len(residue.replace("\x00", "").strip(" ;.,\n\t\u00a0")) <= 3:
            own_links = inside  # no prose, in which the name of a host cites nothing
        return residue, own_links

    def _build_note(
        self, body: NoteBody, residue: str, links: list[FoundLink], ends_with_semicolon: bool, earlier: dict[int, str]
    ) -> tuple[Note, list[Citation]]:
        whole = [found_link for found_link in links if found_link.whole]
        text = body.text(self.text)
        finished = [found_link.to_link() for found_link in whole]
        lost = note_content.count_lost_slots(residue, ends_with_semicolon=ends_with_semicolon) + len(links) - len(whole)
        note = Note(
            body.number,
            note_content.classify_note(residue, len(whole), len(links) - len(whole)),
            text,
            links=tuple(finished),
            lost_slots=lost,
            locations=(self._location_at(body.start, body.number),),
            label=body.label,
            section=body.section,
            refers_to=note_content.find_referred_note(residue, body.number, earlier),
            accessed=find_access_date(residue),
        )
        sentence = self.context.note_sentence(body.section, body.number)
        cited = [
            self._cite(
                found_link, link, body.number, sentence, section=body.section, work=self._read_work(body, found_link)
            )
            for link, found_link in zip(finished, whole, strict=True)
        ]
        return note, cited

    def _read_work(self, body: NoteBody, link: FoundLink) -> CitedWork:
        """What the format declares of a cited work, else what the note prints before its address."""
        if self.document.works:
            return self.document.works.get(body.number, NO_WORK)
        index = bisect_left(self.starts, link.outer)
        start = max(
            body.segments[0][0] if body.segments else body.start, self.links[index - 1].outer_end if index else 0
        )
        return read_cited_work(self.text[start : link.outer])

    def _build_uncited(self, link: FoundLink) -> Citation:
        role = LinkRole.FURNITURE if link.frame == LinkFrame.PICTURE else LinkRole.DUPLICATE
        return Citation(link.to_link(), None, self._location_at(link.start, None), role=role)

    def _take_inline_citations(self) -> Iterator[Citation]:
        """The citations of links in running text; those in the boilerplate of the page are its furniture.

        Each found link is dropped as it is yielded: together they are half of the memory of a link-dense report.
        """
        notes = _Spans([segment for body in self.parts.bodies for segment in body.segments])
        furniture = _Spans([*self.parts.boilerplate, *self.document.boilerplate])
        self.links.reverse()
        while self.links:
            link = self.links.pop()
            is_link = link.whole and (link.has_scheme or link.has_path or link.is_defanged or self.is_plain_list)
            if is_link and not notes.hold(link.outer):
                role = _FURNITURE if furniture.hold(link.outer) else _SOURCE
                role = _INDICATOR if link.is_indicator else role
                sentence = "" if role == _INDICATOR else self.context.body_sentence(link)  # it backs no statement
                yield self._cite(link, link.to_link(), None, sentence, role=role)


class _Spans:
    """Spans of a text; those that overlap count as one: a comment within a note does not end it."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._joined = _merge_spans(spans)
        self._starts = [start for start, _ in self._joined]

    def hold(self, place: int) -> bool:
        """Whether a place is in one of the spans."""
        index = bisect_right(self._starts, place) - 1
        return index >= 0 and place < self._joined[index][1]


def _merge_spans(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that overlap as one: a comment within a note does not end it."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


__all__ = ["build_report"]
