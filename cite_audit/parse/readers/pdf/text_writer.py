"""Writes the lines of a PDF as one text, and ties its links and notes to it."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from cite_audit.parse.readers.base import Href, MarkerSpan, NoteSpan
from cite_audit.parse.readers.document_builder import DocumentBuilder
from cite_audit.parse.readers.html.notes import BACK_ARROWS, NOTE_LABEL
from cite_audit.parse.readers.link_targets import web_address
from cite_audit.parse.readers.pdf.footnotes import PdfFootnote
from cite_audit.parse.readers.pdf.lines import PLAIN_DIGITS, PdfLine
from cite_audit.parse.readers.pdf.link_words import (
    cover_address,
    is_cut_short,
    is_misplaced,
    is_note_anchor,
    skip_label,
    trim_address,
)
from cite_audit.parse.readers.pdf.markers import PdfMarker
from cite_audit.parse.readers.pdf.word_breaks import LineEdges, join_cut_word

HEADING_RATIO = 1.2  # times the size of the text
RAISED = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")
SENTENCE_ENDS = (".", "!", "?", ":", "”", '"', "»", "…")


class TextWriter:
    """Writes lines to a draft and remembers where the characters of each page went."""

    def __init__(
        self,
        pages: list[dict[str, Any]],
        size: float,
        markers: dict[int, list[PdfMarker]],
        *,
        edges: LineEdges,
        has_added_hyphens: bool = False,
    ) -> None:
        self.pages, self.text_size, self.markers = pages, size, markers
        self.has_added_hyphens = has_added_hyphens
        self.builder = DocumentBuilder()
        self.arrow_indexes = [self.find_back_arrows(page) for page in pages]
        self.labels: list[int] = []  # where the notes' own labels start
        self.label_starts: set[int] = set()
        self.note_starts: list[int] = []  # where their words start
        self.note_labels: set[str] = set()
        self.edges = edges
        self.full_lines: set[int] = set()  # where lines end for which the page was too narrow, within an address
        self.written_runs: dict[int, list[tuple[int, int, int]]] = {}  # page -> first character, last, offset

    def find_back_arrows(self, page: dict[str, Any]) -> set[int]:
        """The characters of links that lead back from a note to its marker."""
        characters = {
            first_index + index: character
            for first_index, text, *_ in page["runs"]
            if text != "\n"
            for index, character in enumerate(text)
        }
        arrow_indexes: set[int] = set()
        for first_index, last_index, uri, target, _ in page["links"]:
            span = range(first_index, min(last_index, first_index + 3) + 1)
            if (
                not uri
                and target >= 0
                and last_index - first_index < 4
                and BACK_ARROWS.fullmatch("".join(characters.get(index, "") for index in span))
            ):
                arrow_indexes.update(span)
        return arrow_indexes

    def write_bodies(self, pages: list[list[PdfLine]]) -> None:
        for number, lines in enumerate(pages):
            if lines:
                self.begin_page(number, lines[0])
            for index, line in enumerate(lines):
                if line.starts_paragraph and index:
                    self.builder.end_paragraph()
                next_line = lines[index + 1] if index + 1 < len(lines) else None
                goes_on = join_cut_word(line, next_line, has_added_hyphens=self.has_added_hyphens)
                self.write_line(line)
                if goes_on:
                    continue
                if next_line is None or next_line.starts_paragraph or not line.size > HEADING_RATIO * self.text_size:
                    self.builder.end_line()
                else:  # a heading is one line, however it was broken
                    self.builder.write(" ")

    def begin_page(self, number: int, first_line: PdfLine) -> None:
        """Begin a page: a new paragraph, unless the sentence or the address goes on."""
        words = self.builder.text_since(max(0, self.builder.length - 12)).rstrip("⁰¹²³⁴⁵⁶⁷⁸⁹ⁱᵛˣˡ \n")
        if not words or words.endswith(SENTENCE_ENDS) or first_line.text()[:1].isupper() or first_line.pieces[0].raised:
            self.builder.end_paragraph()
        self.builder.pages.append((self.builder.length, number + 1))

    def write_line(self, line: PdfLine) -> None:
        """Write the words of one line."""
        arrow_indexes = self.arrow_indexes[line.page]
        last_index = len(line.pieces) - 1
        for index, piece in enumerate(line.pieces):
            text = piece.text.rstrip() if index == last_index else piece.text
            first_index = piece.first_index
            if self.builder.tail.endswith("\n") or not self.builder.length:
                first_index += len(text) - len(text.lstrip())
                text = text.lstrip()
            if arrow_indexes:
                text = "".join(c for i, c in enumerate(text, first_index) if i not in arrow_indexes)
            for marker in self.markers.get(id(piece), ()):
                start = self.builder.length + max(0, marker.start - (first_index - piece.first_index))
                end = min(self.builder.length + len(text), start + marker.end - marker.start)
                self.builder.markers.append(MarkerSpan(start, end, str(marker.label), "footnote"))
            if text:
                self.written_runs.setdefault(line.page, []).append(
                    (first_index, first_index + len(text) - 1, self.builder.length)
                )
            self.builder.write(text)
        if self.edges.is_full(line):
            self.full_lines.add(self.builder.length)

    def write_footnotes(self, footnotes: list[PdfFootnote]) -> None:
        """Write the footnotes after the text, each of them declared."""
        page = -1
        for footnote in footnotes:
            self.builder.end_paragraph()
            note_start = self.builder.length
            self.labels.append(note_start)
            for line, next_line in zip(footnote.lines, [*footnote.lines[1:], None], strict=True):
                if line.page != page:
                    page = line.page
                    self.builder.pages.append((self.builder.length, page + 1))
                goes_on = join_cut_word(line, next_line, has_added_hyphens=self.has_added_hyphens)
                self.write_line(line)
                if not goes_on:
                    self.builder.end_line()
            text = self.builder.text_since(note_start)
            start = min(footnote.label_length, len(text))
            start += len(text[start:]) - len(text[start:].lstrip())
            end = max(start, len(text.rstrip()))
            self.note_starts.append(note_start + start)
            self.note_labels.add(str(footnote.label))
            self.builder.notes.append(NoteSpan(note_start + start, note_start + end, str(footnote.label), "footnote"))
        self.label_starts = set(self.labels)

    def add_links(self) -> None:
        """Declare the links that lead out of the file, and the markers among those that lead down in it."""
        cut_targets: set[str] = set()  # of the page before
        for number, page in enumerate(self.pages):
            hrefs: list[Href] = []
            for first_index, last_index, uri, target, height in sorted(
                page["links"], key=lambda link: (link[0], link[1])
            ):
                span = self.find_text_span(number, first_index, last_index)
                if span is None:
                    continue
                if uri and (address := web_address(uri)):
                    hrefs.extend(self.build_href(*span, address, is_mirrored=page.get("is_mirrored", False)))
                elif target >= 0 and self.leads_down(number, first_index, target, height):
                    self.add_marker(*span)
            # XeTeX draws the box of a note's last line where that would stand on the next page without the note's foot
            hrefs = [href for href in hrefs if href.target not in cut_targets or self.squash(href) in href.target]
            hrefs = self.join_hrefs(hrefs)
            cut_targets = self.find_cut_targets(hrefs)
            self.builder.hrefs.extend(hrefs)
        self.builder.hrefs[:] = self.join_hrefs(sorted(self.builder.hrefs, key=lambda href: href.start))

    def build_href(self, start: int, end: int, address: str, *, is_mirrored: bool) -> list[Href]:
        """The link over its words, note labels left out; none for a marker's link to its own page, or a cut one."""
        text = self.builder.full_text()
        address = trim_address(address)
        if is_note_anchor(text[start:end], address):
            self.add_marker(start, end)
            return []
        start = max(skip_label(text, start, end), self.find_note_start(start, end))
        start, end = cover_address(text, start, end, address)
        if is_cut_short(text, start, address) or (is_mirrored and is_misplaced(text, start, end, address)):
            return []
        return [Href(start, end, address)]

    def find_cut_targets(self, hrefs: list[Href]) -> set[str]:
        """The targets of links that cover only the beginning of their printed address."""
        words = {href.target: self.squash(href) for href in hrefs if href.end - href.start <= 2 * len(href.target)}
        return {target for target, shown in words.items() if shown != target and target.startswith(shown)}

    def squash(self, href: Href) -> str:
        """A link's words without white space."""
        return "".join(self.builder.full_text()[href.start : href.end].split())

    def find_note_start(self, start: int, end: int) -> int:
        """Where the words of a note begin, if they do within a link: its box reached over the label."""
        position = bisect_right(self.note_starts, start)
        if position < len(self.note_starts) and self.note_starts[position] < end and start >= self.labels[position]:
            return self.note_starts[position]
        return start

    def find_text_span(self, number: int, first_index: int, last_index: int) -> tuple[int, int] | None:
        """Where the characters `first` to `last` of a page stand in the text."""
        runs = self.written_runs.get(number, [])
        spans = [
            (offset + max(0, first_index - run_start), offset + min(last_index, run_end) - run_start + 1)
            for run_start, run_end, offset in runs
            if run_start <= last_index and run_end >= first_index
        ]
        return (min(spans)[0], max(run_end for _, run_end in spans)) if spans else None

    def leads_down(self, number: int, first_index: int, target: int, height: float) -> bool:
        runs = self.pages[number]["runs"]
        run_index = bisect_right(runs, first_index, key=lambda run: run[0]) - 1
        link_height = runs[run_index][5] if run_index >= 0 else 0
        return target > number or (target == number and 0 < height < link_height)

    def add_marker(self, start: int, end: int) -> None:
        """Declare a raised number that links to a footnote; other markers are found by what is printed."""
        label_text = self.builder.full_text()[start:end].strip(" .,;:")
        match = NOTE_LABEL.fullmatch(label_text)
        if not match or label_text[:1] not in RAISED or start in self.label_starts:
            return
        label = match[1].translate(PLAIN_DIGITS)
        if label in self.note_labels:
            start = self.builder.full_text().index(label_text, start)
            self.builder.markers.append(MarkerSpan(start, start + len(label_text), label, "footnote"))

    def join_hrefs(self, hrefs: list[Href]) -> list[Href]:
        """One href for a link that goes on over the end of a line or page; PDF has one annotation for each line."""
        joined_hrefs: list[Href] = []
        for href in hrefs:
            previous = joined_hrefs[-1] if joined_hrefs else None
            if previous and previous.target == href.target and 0 <= href.start - previous.end <= 3:
                gap_text = self.builder.full_text()[previous.end : href.start]
                if not gap_text.strip():
                    joined_hrefs[-1] = Href(previous.start, href.end, href.target)
                    continue
            joined_hrefs.append(href)
        return joined_hrefs
