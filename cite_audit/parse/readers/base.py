"""What a reader returns: one linear text, and spans over it.

A reader turns the bytes of one format into a `Document`. Text formats keep the decoded input as `text`, so that
offsets are the file's own; other formats write their own linear text and record in `offset_map` where it came from.
Everything a format declares by its structure (link targets, note bodies, markers) is a span over `text`;
what it does not declare is found later by `scan` and `notes`, the same way for every format.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import field
from enum import StrEnum
from typing import Protocol

from cite_audit.frozen_record import frozen_record
from cite_audit.model import CitedWork, Comment, LinkTable


@frozen_record
class Href:
    """A declared target: `text[start:end]` is shown, `target` is where it leads."""

    start: int
    end: int
    target: str


@frozen_record
class MarkerSpan:
    """A note's marker in running text, known from the format's structure; `label` as declared (`3`, `iv`, `note`)."""

    start: int
    end: int
    label: str
    family: str = ""  # footnote, endnote: numbered apart in DOCX
    target: int = 0  # identity of the note that it leads to, where the format says so


@frozen_record
class NoteSpan:
    """A note's body, known from the format's structure, without its label and its back-link."""

    start: int
    end: int
    label: str
    family: str = ""  # footnote, endnote: numbered apart in DOCX
    target: int = 0  # identity of the note, which its markers name


@frozen_record
class Metadata:
    """The metadata that the format declares; empty where it declares none."""

    title: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""  # as declared, any form
    publisher: str = ""
    language: str = ""
    is_of_file: bool = False  # authors, and perhaps the title, are properties that templates and programs fill


@frozen_record
class Document:
    """A report as one text. Spans are sorted by `start` and do not overlap within a kind.

    `pages`: (offset, page number) where each page starts. `offset_map`: offsets in the text and, beside each, the one
    in the input, piecewise linear, for formats whose text is not the input; None means they are the same.
    `boilerplate`: spans that belong to the page, not to the report (running heads, navigation). `input_lines`: offsets
    of line starts in the input. `comments`: those addressed to this program.
    `full_lines`: ends of lines that the width of a PDF's page ended, within what may be an address.
    `headings`: (offset, level) of those that the format declares; Markdown's are found in the text.
    `works`: what the format declares of the cited works, by the number of the note. `table`: that of a table of links.
    """

    text: str
    format: str
    hrefs: tuple[Href, ...] = ()
    markers: tuple[MarkerSpan, ...] = ()
    notes: tuple[NoteSpan, ...] = ()
    pages: tuple[tuple[int, int], ...] = ()
    boilerplate: tuple[tuple[int, int], ...] = ()
    offset_map: tuple[Sequence[int], Sequence[int]] | None = None
    input_lines: Sequence[int] = field(default=(0,), repr=False)
    metadata: Metadata = Metadata()
    encoding: str = "utf-8"
    comments: tuple[Comment, ...] = ()
    headings: tuple[tuple[int, int], ...] = ()
    full_lines: frozenset[int] = frozenset()
    works: Mapping[int, CitedWork] = field(default_factory=dict, repr=False)
    table: LinkTable | None = field(default=None, repr=False)

    def input_offset(self, offset: int) -> int:
        """The character offset in the input of `text[offset]`."""
        if self.offset_map is None:
            return offset
        text_offsets, input_offsets = self.offset_map
        index = bisect_right(text_offsets, offset) - 1
        return input_offsets[index] + (offset - text_offsets[index]) if index >= 0 else 0

    def line_column(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column in the input of `text[offset]`."""
        return self.input_position(offset)[:2]

    def input_position(self, offset: int) -> tuple[int, int, int]:
        """The 1-based line and column and the character offset in the input of `text[offset]`."""
        if self.offset_map is not None:
            offset = self.input_offset(offset)
        line = bisect_right(self.input_lines, offset)
        return line, offset - self.input_lines[line - 1] + 1, offset

    def page_number(self, offset: int) -> int | None:
        """The page `text[offset]` stands on, where the format has pages."""
        if not self.pages:
            return None
        index = bisect_right(self.pages, (offset, 1 << 62)) - 1
        return self.pages[index][1] if index >= 0 else None


class Editor(StrEnum):
    """How `fix` edits a format: each value has its code in `cite_audit.fix`."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    DOCX = "docx"
    ODT = "odt"


@frozen_record(kw_only=True)
class FormatFacts:
    """What a format is, for the rooms that treat formats differently.

    `name`: as in the JSON. `suffixes`: in lower case, with the dot. `is_textual`: any bytes may be of this format, so
    the suffix alone can choose it. `has_comments`: its source may hold `<!-- cite-audit: … -->`. `has_lines`: a line
    number leads a reader to the place. `editor`: how `fix` edits it; None: not at all. `is_link_list`: entries alone,
    without running text: no markers, no masthead. `is_named_only`: read when it is named, not when it stands in a
    folder of reports. `has_line_breaks`: a line break in its text is one that a reader sees.
    """

    name: str
    suffixes: tuple[str, ...]
    is_textual: bool = False
    has_comments: bool = False
    has_lines: bool = False
    editor: Editor | None = None
    is_link_list: bool = False
    is_named_only: bool = False
    has_line_breaks: bool = False


class Reader(Protocol):
    """A module of `parse.readers`: one format. Importing it is cheap; `read` imports what takes time to load."""

    FORMAT: FormatFacts

    def matches(self, head: bytes) -> bool:
        """Whether the first 4 kB of a file are of this format, by content alone."""
        ...

    def read(self, data: bytes, path: str) -> Document:
        """The whole file as a document. Raises ReadError, and nothing else, within bounded time and memory."""
        ...
