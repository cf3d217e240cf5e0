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
from cite_audit.parse.readers.base import Document, Href, Mark, Masthead, NoteSpan
from cite_audit.parse.readers.draft import Draft
from cite_audit.parse.readers.html_notes import ARROWS, LABEL
from cite_audit.parse.readers.pdf_feet import PLAIN, Foot, Marker, feet_of
from cite_audit.parse.readers.pdf_lines import Line, body_size, lines_of, raise_lone_numbers, without_furniture
from cite_audit.parse.readers.targets import address_in

NAME = "pdf"
SUFFIXES: tuple[str, ...] = (".pdf",)
CHILD = Path(__file__).with_name("pdf_child.py")
DEADLINE = 45.0  # seconds; the child itself may use 30 s of processor time
GENERIC_TITLES = ("microsoft word", "untitled", "powerpoint", "document1", "file://", "about:blank", "http")
HEADING = 1.2  # times the size of the text
RAISED_OR_BRACKETED = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹[(*†‡§")
SENTENCE_END = (".", "!", "?", ":", "”", '"', "»", "…")


def matches(head: bytes) -> bool:
    """Whether a PDF header stands in the first kilobyte, as readers of PDF allow."""
    return b"%PDF-" in head[:1024]


def read(data: bytes, path: str) -> Document:
    """The text of a PDF in reading order, page numbers kept; footnotes after the text. Raises ReadError."""
    taken = take_apart(data, path)
    pages: list[dict[str, Any]] = taken["pages"]
    if pages and sum(page["characters"] for page in pages) < 3 * len(pages):
        raise ReadError(path, "there is no text in this PDF, only pictures of it; run a text recognition (OCR) first")
    lines = without_furniture([lines_of(page, number) for number, page in enumerate(pages)])
    size = body_size(lines)
    raise_lone_numbers(lines, size)
    rules = [[(left, width, y) for left, width, y in page["rules"]] for page in pages]
    feet = feet_of(lines, rules, size)
    writer = _Writer(pages, size, feet.markers)
    writer.bodies(feet.bodies)
    writer.feet(feet.notes)
    writer.links()
    return writer.draft.finish(NAME, masthead_of(taken.get("metadata", {}), lines))


def take_apart(data: bytes, path: str, deadline: float = DEADLINE) -> dict[str, Any]:
    """The runs and links of a PDF, from the child process. Raises ReadError if it gives none in time."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(entry for entry in sys.path if entry)}
    try:
        # -P: the child's own directory holds modules named as some of the standard library are.
        done = subprocess.run(  # noqa: S603 - our own interpreter, our own file
            [sys.executable, "-P", str(CHILD)], input=data, capture_output=True, timeout=deadline, env=environment
        )
    except subprocess.TimeoutExpired:
        raise ReadError(path, f"refused: the PDF was not read within {deadline:.0f} s") from None
    except OSError as error:
        raise ReadError(path, f"no process could be started to read the PDF: {error}") from error
    if done.returncode != 0:
        raise ReadError(path, "refused: reading the PDF took more than 1 GB or 30 s, or it is badly damaged")
    try:
        taken = json.loads(done.stdout)
    except ValueError:
        raise ReadError(path, "the PDF is damaged: nothing readable came out of it") from None
    if "problem" in taken:
        raise ReadError(path, taken["problem"])
    found: dict[str, Any] = taken
    return found


class _Writer:
    """Writes lines to a draft and remembers where the characters of each page went."""

    def __init__(self, pages: list[dict[str, Any]], size: float, markers: dict[int, list[Marker]]) -> None:
        self.pages, self.size, self.markers = pages, size, markers
        self.draft = Draft()
        self.arrows = [self.back_arrows(page) for page in pages]
        self.labels: set[int] = set()  # where the notes' own labels start
        self.places: dict[int, list[tuple[int, int, int]]] = {}  # page -> first character, last, offset

    def back_arrows(self, page: dict[str, Any]) -> set[int]:
        """The characters of links that lead back from a note to its marker."""
        shown = {first + i: c for first, text, *_ in page["runs"] if text != "\n" for i, c in enumerate(text)}
        found: set[int] = set()
        for first, last, uri, target, _ in page["links"]:
            span = range(first, min(last, first + 3) + 1)
            if (
                not uri
                and target >= 0
                and last - first < 4
                and ARROWS.fullmatch("".join(shown.get(i, "") for i in span))
            ):
                found.update(span)
        return found

    def bodies(self, pages: list[list[Line]]) -> None:
        for number, lines in enumerate(pages):
            if lines:
                self.turn(number, lines[0])
            for place, line in enumerate(lines):
                if line.paragraph and place:
                    self.draft.block()
                following = lines[place + 1] if place + 1 < len(lines) else None
                self.line(line)
                if following is None or following.paragraph or not line.size > HEADING * self.size:
                    self.draft.newline()
                else:  # a heading is one line, however it was broken
                    self.draft.write(" ")

    def turn(self, number: int, first: Line) -> None:
        """Begin a page: a new paragraph, unless the sentence or the address goes on."""
        words = self.draft.since(max(0, self.draft.length - 12)).rstrip("⁰¹²³⁴⁵⁶⁷⁸⁹ⁱᵛˣˡ \n")
        if not words or words.endswith(SENTENCE_END) or first.text()[:1].isupper() or first.pieces[0].raised:
            self.draft.block()
        self.draft.pages.append((self.draft.length, number + 1))

    def line(self, line: Line) -> None:
        """Write the words of one line."""
        arrows = self.arrows[line.page]
        last = len(line.pieces) - 1
        for place, piece in enumerate(line.pieces):
            text = piece.text.rstrip() if place == last else piece.text
            first = piece.first
            if self.draft.tail.endswith("\n") or not self.draft.length:
                first += len(text) - len(text.lstrip())
                text = text.lstrip()
            if arrows:
                text = "".join(c for i, c in enumerate(text, first) if i not in arrows)
            for marker in self.markers.get(id(piece), ()):
                start = self.draft.length + max(0, marker.start - (first - piece.first))
                end = min(self.draft.length + len(text), start + marker.end - marker.start)
                self.draft.marks.append(Mark(start, end, str(marker.label), "footnote"))
            if text:
                self.places.setdefault(line.page, []).append((first, first + len(text) - 1, self.draft.length))
            self.draft.write(text)

    def feet(self, feet: list[Foot]) -> None:
        """Write the footnotes after the text, each of them declared."""
        page = -1
        for foot in feet:
            self.draft.block()
            begin = self.draft.length
            self.labels.add(begin)
            for line in foot.lines:
                if line.page != page:
                    page = line.page
                    self.draft.pages.append((self.draft.length, page + 1))
                self.line(line)
                self.draft.newline()
            text = self.draft.since(begin)
            start = min(foot.label_length, len(text))
            start += len(text[start:]) - len(text[start:].lstrip())
            end = max(start, len(text.rstrip()))
            self.draft.notes.append(NoteSpan(begin + start, begin + end, str(foot.label), "footnote"))

    def links(self) -> None:
        """Declare the links that lead out of the file, and the markers among those that lead down in it."""
        for number, page in enumerate(self.pages):
            hrefs: list[Href] = []
            for first, last, uri, target, height in sorted(page["links"], key=lambda link: (link[0], link[1])):
                span = self.span(number, first, last)
                if span is None:
                    continue
                if uri and (address := address_in(uri)):
                    hrefs.append(Href(span[0], self.to_word_end(span[1]), address))
                elif target >= 0 and self.leads_down(number, first, target, height):
                    self.mark(*span)
            self.draft.hrefs.extend(self.joined(hrefs))

    def span(self, number: int, first: int, last: int) -> tuple[int, int] | None:
        """Where the characters `first` to `last` of a page stand in the text."""
        places = self.places.get(number, [])
        found = [
            (offset + max(0, first - begin), offset + min(last, end) - begin + 1)
            for begin, end, offset in places
            if begin <= last and end >= first
        ]
        return (min(found)[0], max(end for _, end in found)) if found else None

    def to_word_end(self, end: int) -> int:
        """The end of a link's words: its box often ends within the last letter."""
        following = self.draft.since(end)[:3]
        rest = len(following) - len(
            following.lstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/_=")
        )
        return end + rest if rest <= 2 and (rest == len(following) or following[rest].isspace()) else end

    def leads_down(self, number: int, first: int, target: int, height: float) -> bool:
        runs = self.pages[number]["runs"]
        at = bisect_right(runs, first, key=lambda run: run[0]) - 1
        own = runs[at][5] if at >= 0 else 0
        return target > number or (target == number and 0 < height < own)

    def mark(self, start: int, end: int) -> None:
        printed = self.draft.text()[start:end]
        match = LABEL.fullmatch(printed.strip())
        told = printed.strip()[:1] in RAISED_OR_BRACKETED  # a bare number that leads on is a table of contents
        if match and told and start not in self.labels:
            self.draft.marks.append(Mark(start, end, match[1].translate(PLAIN)))

    def joined(self, hrefs: list[Href]) -> list[Href]:
        """One href for a link that goes on over a line's end; PDF has one annotation for each line."""
        out: list[Href] = []
        for href in hrefs:
            before = out[-1] if out else None
            if before and before.target == href.target and 0 <= href.start - before.end <= 3:
                between = self.draft.text()[before.end : href.start]
                if not between.strip():
                    out[-1] = Href(before.start, href.end, href.target)
                    continue
            out.append(href)
        return out


def masthead_of(metadata: dict[str, str], pages: list[list[Line]]) -> Masthead:
    """From the file's properties; the title else from the largest lines of the first page.

    The dates in the properties are of the file, not of the report: they are not taken.
    """
    title = " ".join(str(metadata.get("Title", "")).split())[:500]
    if title.lower().startswith(GENERIC_TITLES) or re.fullmatch(r"\S+\.\w{2,5}", title):
        title = ""
    authors = re.split(r"\s*;\s*", " ".join(str(metadata.get("Author", "")).split())[:500])
    return Masthead(title=title or largest_lines(pages), authors=tuple(name for name in authors if name))


def largest_lines(pages: list[list[Line]]) -> str:
    """The lines of the largest type on the first page, if it is larger than the text's."""
    first = pages[0] if pages else []
    sizes = Counter(round(line.size, 1) for line in first)
    largest = max(sizes, default=0.0)
    if largest <= 1.15 * body_size(pages) or sizes[largest] > 4:
        return ""
    return " ".join(line.text() for line in first if round(line.size, 1) == largest)[:500]
