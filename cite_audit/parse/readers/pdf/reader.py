"""PDF, taken apart by a process of its own (`pdf_child`) and put together here: lines, notes at the foot, links."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from bisect import bisect_right
from collections import Counter
from pathlib import Path
from typing import Any

from cite_audit.errors import ReadError
from cite_audit.parse.readers.base import Document, Href, MarkerSpan, Metadata, NoteSpan
from cite_audit.parse.readers.document_builder import DocumentBuilder
from cite_audit.parse.readers.html.notes import BACK_ARROWS, NOTE_LABEL
from cite_audit.parse.readers.link_targets import web_address
from cite_audit.parse.readers.pdf import FORMAT
from cite_audit.parse.readers.pdf.footnotes import PLAIN_DIGITS, PdfFootnote, PdfMarker, find_footnotes
from cite_audit.parse.readers.pdf.lines import (
    PdfLine,
    assemble_lines,
    find_body_size,
    raise_lone_numbers,
    remove_boilerplate,
)

CHILD_SCRIPT = Path(__file__).with_name("child_process.py")
CHILD_DEADLINE = 45.0  # seconds; the child itself may use 30 s of processor time
GENERIC_TITLES = ("microsoft word", "untitled", "powerpoint", "document1", "file://", "about:blank", "http")
HEADING_RATIO = 1.2  # times the size of the text
RAISED_OR_BRACKETED = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹[(*†‡§")
SENTENCE_ENDS = (".", "!", "?", ":", "”", '"', "»", "…")


def read_pdf(data: bytes, path: str) -> Document:
    """The text of a PDF in reading order, page numbers kept; footnotes after the text. Raises ReadError."""
    extraction = extract_in_child(data, path)
    pages: list[dict[str, Any]] = extraction["pages"]
    if pages and sum(page["characters"] for page in pages) < 3 * len(pages):
        raise ReadError(path, "there is no text in this PDF, only pictures of it; run a text recognition (OCR) first")
    lines = remove_boilerplate([assemble_lines(page, number) for number, page in enumerate(pages)])
    size = find_body_size(lines)
    raise_lone_numbers(lines, size)
    rules = [[(left, width, y) for left, width, y in page["rules"]] for page in pages]
    layout = find_footnotes(lines, rules, size)
    writer = _PdfWriter(pages, size, layout.markers)
    writer.write_bodies(layout.bodies)
    writer.write_footnotes(layout.footnotes)
    writer.add_links()
    return writer.builder.build_document(FORMAT.name, read_pdf_metadata(extraction.get("metadata", {}), lines))


def extract_in_child(data: bytes, path: str, deadline: float = CHILD_DEADLINE) -> dict[str, Any]:
    """The runs and links of a PDF, from the child process. Raises ReadError if it gives none in time."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
    try:
        # -P: the child's own directory holds modules named as some of the standard library are.
        process = subprocess.run(  # noqa: S603 - our own interpreter, our own file
            [sys.executable, "-P", str(CHILD_SCRIPT)],
            input=data,
            capture_output=True,
            timeout=deadline,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        raise ReadError(path, f"refused: the PDF was not read within {deadline:.0f} s") from None
    except OSError as error:
        raise ReadError(path, f"no process could be started to read the PDF: {error}") from error
    if process.returncode != 0:
        raise ReadError(path, "refused: reading the PDF took more than 1 GB or 30 s, or it is badly damaged")
    try:
        output = json.loads(process.stdout)
    except ValueError:
        raise ReadError(path, "the PDF is damaged: nothing readable came out of it") from None
    if "problem" in output:
        raise ReadError(path, output["problem"])
    extraction: dict[str, Any] = output
    return extraction


class _PdfWriter:
    """Writes lines to a draft and remembers where the characters of each page went."""

    def __init__(self, pages: list[dict[str, Any]], size: float, markers: dict[int, list[PdfMarker]]) -> None:
        self.pages, self.text_size, self.markers = pages, size, markers
        self.builder = DocumentBuilder()
        self.arrow_indexes = [self.find_back_arrows(page) for page in pages]
        self.label_starts: set[int] = set()  # where the notes' own labels start
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
                self.write_line(line)
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

    def write_footnotes(self, footnotes: list[PdfFootnote]) -> None:
        """Write the footnotes after the text, each of them declared."""
        page = -1
        for footnote in footnotes:
            self.builder.end_paragraph()
            note_start = self.builder.length
            self.label_starts.add(note_start)
            for line in footnote.lines:
                if line.page != page:
                    page = line.page
                    self.builder.pages.append((self.builder.length, page + 1))
                self.write_line(line)
                self.builder.end_line()
            text = self.builder.text_since(note_start)
            start = min(footnote.label_length, len(text))
            start += len(text[start:]) - len(text[start:].lstrip())
            end = max(start, len(text.rstrip()))
            self.builder.notes.append(NoteSpan(note_start + start, note_start + end, str(footnote.label), "footnote"))

    def add_links(self) -> None:
        """Declare the links that lead out of the file, and the markers among those that lead down in it."""
        for number, page in enumerate(self.pages):
            hrefs: list[Href] = []
            for first_index, last_index, uri, target, height in sorted(
                page["links"], key=lambda link: (link[0], link[1])
            ):
                span = self.find_text_span(number, first_index, last_index)
                if span is None:
                    continue
                if uri and (address := web_address(uri)):
                    hrefs.append(Href(span[0], self.extend_to_word_end(span[1]), address))
                elif target >= 0 and self.leads_down(number, first_index, target, height):
                    self.add_marker(*span)
            self.builder.hrefs.extend(self.join_hrefs(hrefs))

    def find_text_span(self, number: int, first_index: int, last_index: int) -> tuple[int, int] | None:
        """Where the characters `first` to `last` of a page stand in the text."""
        runs = self.written_runs.get(number, [])
        spans = [
            (offset + max(0, first_index - run_start), offset + min(last_index, run_end) - run_start + 1)
            for run_start, run_end, offset in runs
            if run_start <= last_index and run_end >= first_index
        ]
        return (min(spans)[0], max(run_end for _, run_end in spans)) if spans else None

    def extend_to_word_end(self, end: int) -> int:
        """The end of a link's words: its box often ends within the last letter."""
        text_after = self.builder.text_since(end)[:3]
        remainder = len(text_after) - len(
            text_after.lstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/_=")
        )
        return (
            end + remainder
            if remainder <= 2 and (remainder == len(text_after) or text_after[remainder].isspace())
            else end
        )

    def leads_down(self, number: int, first_index: int, target: int, height: float) -> bool:
        runs = self.pages[number]["runs"]
        run_index = bisect_right(runs, first_index, key=lambda run: run[0]) - 1
        link_height = runs[run_index][5] if run_index >= 0 else 0
        return target > number or (target == number and 0 < height < link_height)

    def add_marker(self, start: int, end: int) -> None:
        label_text = self.builder.full_text()[start:end]
        match = NOTE_LABEL.fullmatch(label_text.strip())
        is_set_off = label_text.strip()[:1] in RAISED_OR_BRACKETED  # a bare number that leads on is a table of contents
        if match and is_set_off and start not in self.label_starts:
            self.builder.markers.append(MarkerSpan(start, end, match[1].translate(PLAIN_DIGITS)))

    def join_hrefs(self, hrefs: list[Href]) -> list[Href]:
        """One href for a link that goes on over a line's end; PDF has one annotation for each line."""
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


def read_pdf_metadata(metadata: dict[str, str], pages: list[list[PdfLine]]) -> Metadata:
    """From the file's properties; the title else from the largest lines of the first page.

    The dates in the properties are of the file, not of the report: they are not taken.
    """
    title = " ".join(str(metadata.get("Title", "")).split())[:500]
    if title.lower().startswith(GENERIC_TITLES) or re.fullmatch(r"\S+\.\w{2,5}", title):
        title = ""
    authors = re.split(r"\s*;\s*", " ".join(str(metadata.get("Author", "")).split())[:500])
    return Metadata(title=title or find_largest_text(pages), authors=tuple(name for name in authors if name))


def find_largest_text(pages: list[list[PdfLine]]) -> str:
    """The lines of the largest type on the first page, if it is larger than the text's."""
    first_page = pages[0] if pages else []
    sizes = Counter(round(line.size, 1) for line in first_page)
    largest_size = max(sizes, default=0.0)
    if largest_size <= 1.15 * find_body_size(pages) or sizes[largest_size] > 4:
        return ""
    return " ".join(line.text() for line in first_page if round(line.size, 1) == largest_size)[:500]
