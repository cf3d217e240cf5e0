"""Builds a document from left to right, for readers whose text is not the input itself."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable
from typing import TypeVar

from cite_audit.parse.readers.base import Document, Href, MarkerSpan, Metadata, NoteSpan
from cite_audit.parse.readers.line_index import NEWLINE, line_starts

SUPERSCRIPTS = str.maketrans("0123456789ivxl٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "⁰¹²³⁴⁵⁶⁷⁸⁹ⁱᵛˣˡ⁰¹²³⁴⁵⁶⁷⁸⁹⁰¹²³⁴⁵⁶⁷⁸⁹")
# superscripts that are numbers: notes' markers, mostly; Word counts endnotes i, ii, iii
SUPERSCRIPT_NUMBER = re.compile(r"[\s\d,;–-]+|\s*(?:[ivx]|[ivxl]{2,8})\s*")
# Characters of XML and HTML that no report prints (C0, C1, noncharacters); a terminal would interpret some.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")

Span = TypeVar("Span", Href, MarkerSpan, NoteSpan)


class DocumentBuilder:
    """The text so far and the spans over it. Offsets are in characters of the text so far."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.length = 0
        self.tail = ""  # the last two characters written
        self.offset_map = array("Q"), array("Q")  # offsets in the text, and in the input
        self.hrefs: list[Href] = []
        self.markers: list[MarkerSpan] = []
        self.notes: list[NoteSpan] = []
        self.pages: list[tuple[int, int]] = []
        self.boilerplate: list[tuple[int, int]] = []
        self.headings: list[tuple[int, int]] = []  # offset and level
        self._shift: int | None = None  # input offset minus text offset since the last entry of the map

    def write(self, text: str, input_offset: int | None = None) -> None:
        """Add `text`, which stands at character `input_offset` of the input where that is known."""
        if not text:
            return
        if "\r" in text:
            text = text.replace("\r", " ")
        if UNPRINTABLE.search(text):
            text = UNPRINTABLE.sub("\ufffd", text)
        if input_offset is not None and input_offset - self.length != self._shift:
            self._shift = input_offset - self.length
            self.offset_map[0].append(self.length)
            self.offset_map[1].append(input_offset)
        self.pieces.append(text)
        self.length += len(text)
        self.tail = (self.tail + text)[-2:]

    def end_line(self) -> None:
        """End the line, unless nothing stands on it."""
        if self.length and not self.tail.endswith("\n"):
            self.write("\n")

    def end_paragraph(self) -> None:
        """End the paragraph: what follows stands after a blank line."""
        self.end_line()
        if self.length and self.tail != "\n\n":
            self.write("\n")

    def full_text(self) -> str:
        """All that was written."""
        if len(self.pieces) > 1:
            self.pieces = ["".join(self.pieces)]
        return self.pieces[0] if self.pieces else ""

    def text_since(self, start: int) -> str:
        """What was written from offset `start` on."""
        tail_pieces: list[str] = []
        piece_start = self.length
        for piece in reversed(self.pieces):
            if piece_start <= start:
                break
            piece_start -= len(piece)
            tail_pieces.append(piece)
        return "".join(reversed(tail_pieces))[max(0, start - piece_start) :]

    def append_builder(self, appended: DocumentBuilder) -> None:
        """Append the text, hrefs and markers of another builder."""
        shift = self.length
        self.hrefs.extend(Href(href.start + shift, href.end + shift, href.target) for href in appended.hrefs)
        self.markers.extend(
            MarkerSpan(marker.start + shift, marker.end + shift, marker.label, marker.family)
            for marker in appended.markers
        )
        self.write(appended.full_text())

    def build_document(
        self, format_name: str, metadata: Metadata, source: str | None = None, encoding: str = "utf-8"
    ) -> Document:
        """The document. Without a `source` its lines are those of the text itself."""
        text = self.full_text()
        return Document(
            text=text,
            format=format_name,
            hrefs=drop_overlaps(sorted(self.hrefs, key=lambda h: (h.start, -h.end))),
            markers=drop_overlaps(sorted(self.markers, key=lambda m: (m.start, -m.end))),
            notes=drop_overlaps(sorted(self.notes, key=lambda n: (n.start, -n.end)), keep_empty=True),
            pages=tuple(self.pages),
            boilerplate=tuple(sorted(self.boilerplate)),
            offset_map=None if source is None else self.offset_map,
            input_lines=line_starts(text if source is None else source, NEWLINE),
            metadata=metadata,
            encoding=encoding,
            headings=tuple(self.headings),
        )


def drop_overlaps(spans: Iterable[Span], keep_empty: bool = False) -> tuple[Span, ...]:
    """The spans that do not overlap the one before, and, unless `keep_empty`, are not empty."""
    separate_spans: list[Span] = []
    end = 0
    for span in spans:
        if span.start >= end and (span.end > span.start or keep_empty):
            separate_spans.append(span)
            end = span.end
    return tuple(separate_spans)
