"""A document being written: every reader whose text is not the input itself adds to one of these, left to right."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from typing import TypeVar

from cite_audit.parse.readers.base import Document, Href, Mark, Masthead, NoteSpan
from cite_audit.parse.readers.lines import NEWLINE, line_starts

SUPERSCRIPTS = str.maketrans("0123456789ivxl", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁱᵛˣˡ")
# superscripts that are numbers: notes' markers, mostly; Word counts endnotes i, ii, iii
RAISED = re.compile(r"[\s\d,;–-]+|\s*(?:[ivx]|[ivxl]{2,8})\s*")
# What XML and HTML call characters but no report prints: they would only spoil a terminal (C0, C1, noncharacters).
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")

Span = TypeVar("Span", Href, Mark, NoteSpan)


class Draft:
    """The text so far and the marks beside it. Offsets are in characters of the text so far."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.tail = ""  # the last two characters written
        self.anchors = array("Q"), array("Q")  # offsets in the text, and in the input
        self.hrefs: list[Href] = []
        self.marks: list[Mark] = []
        self.notes: list[NoteSpan] = []
        self.pages: list[tuple[int, int]] = []
        self.furniture: list[tuple[int, int]] = []
        self._shift: int | None = None  # input offset minus text offset, where the last anchor left it

    def write(self, text: str, at: int | None = None) -> None:
        """Add `text`, which stands at character `at` of the input where that is known."""
        if not text:
            return
        if "\r" in text:
            text = text.replace("\r", " ")
        if UNPRINTABLE.search(text):
            text = UNPRINTABLE.sub("\ufffd", text)
        if at is not None and at - self.length != self._shift:
            self._shift = at - self.length
            self.anchors[0].append(self.length)
            self.anchors[1].append(at)
        self.pieces.append(text)
        self.length += len(text)
        self.tail = (self.tail + text)[-2:]

    def newline(self) -> None:
        """End the line, unless nothing stands on it."""
        if self.length and not self.tail.endswith("\n"):
            self.write("\n")

    def block(self) -> None:
        """End the paragraph: what follows stands after a blank line."""
        self.newline()
        if self.length and self.tail != "\n\n":
            self.write("\n")

    def text(self) -> str:
        """All that was written."""
        if len(self.pieces) > 1:
            self.pieces = ["".join(self.pieces)]
        return self.pieces[0] if self.pieces else ""

    def since(self, start: int) -> str:
        """What was written from offset `start` on."""
        taken: list[str] = []
        at = self.length
        for piece in reversed(self.pieces):
            if at <= start:
                break
            at -= len(piece)
            taken.append(piece)
        return "".join(reversed(taken))[max(0, start - at) :]

    def absorb(self, other: Draft) -> None:
        """Add another draft, with its hrefs and marks, at the end."""
        by = self.length
        self.hrefs.extend(Href(href.start + by, href.end + by, href.target) for href in other.hrefs)
        self.marks.extend(Mark(mark.start + by, mark.end + by, mark.label, mark.family) for mark in other.marks)
        self.write(other.text())

    def finish(self, format: str, masthead: Masthead, source: str | None = None, encoding: str = "utf-8") -> Document:
        """The document. Without a `source` its lines are those of the text itself."""
        text = self.text()
        return Document(
            text=text,
            format=format,
            hrefs=apart(sorted(self.hrefs, key=lambda h: (h.start, -h.end))),
            marks=apart(sorted(self.marks, key=lambda m: (m.start, -m.end))),
            notes=apart(sorted(self.notes, key=lambda n: (n.start, -n.end)), empty=True),
            pages=tuple(self.pages),
            furniture=tuple(sorted(self.furniture)),
            anchors=None if source is None else self.anchors,
            input_lines=line_starts(text if source is None else source, NEWLINE),
            masthead=masthead,
            encoding=encoding,
        )


def apart(spans: Iterable[Span], empty: bool = False) -> tuple[Span, ...]:
    """The spans that do not overlap the one before, and, unless `empty`, show something."""
    kept: list[Span] = []
    end = 0
    for span in spans:
        if span.start >= end and (span.end > span.start or empty):
            kept.append(span)
            end = span.end
    return tuple(kept)
