"""Writes LaTeX to a document: what TeX would print, its notes behind the text that they belong to."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping

from cite_audit.frozen_record import frozen_record
from cite_audit.parse.readers.base import Href, MarkerSpan, NoteSpan
from cite_audit.parse.readers.document_builder import DocumentBuilder
from cite_audit.parse.readers.latex.macros import AUTHOR_END, CITES, DEFINITIONS, HEADINGS, MASTHEAD, NOTES, SILENT
from cite_audit.parse.readers.latex.note_macros import find_note_macros
from cite_audit.parse.readers.latex.symbols import ACCENTS, SIGNS, print_accent, print_text, unescape_address
from cite_audit.parse.readers.latex.tokens import LatexSource, LatexToken, TokenKind
from cite_audit.parse.readers.link_list import ListEntry, write_entry

RESTARTING_CLASSES = re.compile(
    r"\\documentclass\s*(?:\[[^\]]{0,500}\])?\s*\{(?:book|report|memoir|scrbook|scrreprt)\}"
)
OPTION = re.compile(r"\s*\[((?:[^\[\]{}]|\{[^{}]{0,500}\}){0,500}+)\]")
Span = tuple[int, int]  # indices of tokens


@frozen_record
class PendingNote:
    """A note whose body is yet to be written: tokens, or the entry of a cited work."""

    label: str
    family: str
    target: int
    offset: int
    body: tuple[Span, ...] | ListEntry


class LatexWriter:
    """Walks over the tokens once; bodies of notes are walked when the text is written."""

    def __init__(
        self, latex: LatexSource, works: Mapping[str, ListEntry] | None = None, *, cites_are_notes: bool = False
    ) -> None:
        self.latex, self.tokens = latex, latex.tokens
        self.builder = DocumentBuilder()
        self.works = works or {}  # key → entry of the `.bib` file
        self.cites_are_notes = cites_are_notes
        self.numbers: dict[str, int] = {}  # key of a cited work → its number, in the order of the bibliography
        self.cited: dict[str, int] = {}  # key → offset in the source where it is first cited
        self.begun_work: tuple[str, int] | None = None  # label of the \\bibitem that is being written, and its start
        self.counts = {"footnote": 0, "endnote": 0}
        self.pending: deque[PendingNote] = deque()
        self.targets = 0
        self.marked: dict[str, int] = {}  # label of a \footnotemark → identity of its note
        self.masthead: dict[str, list[Span]] = {}
        self.note_macros = find_note_macros(latex.source)
        self.restarts_by_chapter = RESTARTING_CLASSES.search(latex.source[:20_000]) is not None

    def write(self, start: int, end: int) -> None:
        """Write these tokens, then the notes that stand in them."""
        self.write_span((start, end))
        self.end_work()
        self.write_works()
        self.pending = deque(sorted(self.pending, key=lambda note: note.target or self.targets + 1))
        while self.pending:
            note = self.pending.popleft()
            self.builder.end_paragraph()
            self.builder.write(f"{note.label}. ", note.offset)
            body_start = self.builder.length
            if isinstance(note.body, ListEntry):
                write_entry(self.builder, note.body, note.offset)
            else:
                for span in note.body:
                    self.builder.write(" " if span is not note.body[0] else "", note.offset)
                    self.write_span(span)
            self.builder.notes.append(NoteSpan(body_start, self.builder.length, note.label, note.family, note.target))

    def write_span(self, span: Span) -> None:
        index, end = span
        closings: dict[int, Callable[[], None]] = {}
        while index < min(end, len(self.tokens)):
            token = self.tokens[index]
            index += 1
            if token.kind is TokenKind.TEXT:
                self.builder.write(print_text(token.text).replace("\n", " "), token.start)
            elif token.kind is TokenKind.PARAGRAPH:
                self.builder.end_paragraph()
            elif token.kind is TokenKind.CLOSE and index - 1 in closings:
                closings.pop(index - 1)()
            elif token.kind is TokenKind.ADDRESS:
                index = self.write_address(token, index, closings)
            elif token.kind is TokenKind.MACRO:
                index = self.write_macro(token, index, closings)

    def write_address(self, token: LatexToken, index: int, closings: dict[int, Callable[[], None]]) -> int:
        """`\\url{…}` as printed; the words of `\\href{…}{…}` with what they lead to."""
        address = unescape_address(token.target)
        start = self.builder.length
        if token.text != "href":
            self.builder.write(address, token.start + self.latex.source[token.start : token.end].find(token.target))
            if not any(sign in address for sign in "[](){}"):
                self.builder.hrefs.append(Href(start, self.builder.length, address))
            return index
        if (words := self.find_group(index)) is not None:
            closings[words[1]] = lambda: self.builder.hrefs.append(Href(start, self.builder.length, address))
            return words[0]
        return index

    def write_macro(self, token: LatexToken, index: int, closings: dict[int, Callable[[], None]]) -> int:
        """Write or skip a macro; where to go on."""
        name = token.text.rstrip("*") or token.text
        if name in ACCENTS:
            return self.write_accent(name, token, index)
        if name in SIGNS:
            self.builder.write(SIGNS[name], token.start)
            return index
        if name in NOTES or name in ("footnotetext", "footnotemark"):
            return self.write_note(name, token, index)
        if name in self.note_macros:
            return self.write_own_note(name, token, index)
        if name in HEADINGS:
            return self.begin_heading(name, index, closings)
        if CITES.match(name):
            return self.write_citation(name, token, index)
        if name in MASTHEAD and (group := self.find_group(self.skip_option(index))) is not None:
            self.masthead.setdefault(name, []).append(group)
            return group[1] + 1
        return self.skip_silent(name, token, index)

    def write_accent(self, accent: str, token: LatexToken, index: int) -> int:
        following = self.tokens[index] if index < len(self.tokens) else token
        if following.kind is TokenKind.OPEN and (closer := self.latex.closers.get(index)) is not None:
            letters = "".join(SIGNS.get(one.text, one.text) for one in self.tokens[index + 1 : min(closer, index + 4)])
            self.builder.write(print_accent(accent, letters), token.start)
            return closer + 1
        if following.kind is TokenKind.MACRO and following.text in ("i", "j"):
            self.builder.write(print_accent(accent, SIGNS[following.text]), token.start)
            return index + 1
        if following.kind is TokenKind.TEXT and following.text.strip():
            self.builder.write(print_accent(accent, print_text(following.text.lstrip())), token.start)
            return index + 1
        return index

    def write_note(self, name: str, token: LatexToken, index: int) -> int:
        """The marker of a note; its body is written later."""
        option, index = self.read_option(index)
        family = NOTES.get(name, "footnote")
        if name != "footnotetext" and not option:
            self.counts[family] += 1
        label = option or str(self.counts[family] or 1)
        if name != "footnotetext":
            self.targets += 1
            self.marked[label] = self.targets
            self.write_marker(label, family, self.targets, token.start)
        group = self.find_group(index) if name != "footnotemark" else None
        if group is None:
            return index
        self.pending.append(PendingNote(label, family, self.marked.get(label, 0), token.start, (group,)))
        return group[1] + 1

    def write_own_note(self, name: str, token: LatexToken, index: int) -> int:
        """A note made by a macro of the report's own: its arguments, in their order."""
        count, family = self.note_macros[name]
        groups: list[Span] = []
        while len(groups) < count and (group := self.find_group(index)) is not None:
            groups.append(group)
            index = group[1] + 1
        self.counts[family] += 1
        self.targets += 1
        label = str(self.counts[family])
        self.write_marker(label, family, self.targets, token.start)
        self.pending.append(PendingNote(label, family, self.targets, token.start, tuple(groups)))
        return index

    def write_marker(self, label: str, family: str, target: int, offset: int) -> None:
        start = self.builder.length
        self.builder.write(f"[{label}]", offset)
        self.builder.markers.append(MarkerSpan(start, self.builder.length, label, family, target))

    def begin_heading(self, name: str, index: int, closings: dict[int, Callable[[], None]]) -> int:
        if name == "chapter" and self.restarts_by_chapter:
            self.counts["footnote"] = 0
        index = self.skip_option(index)
        if (group := self.find_group(index)) is None:
            return index
        self.builder.end_paragraph()
        self.builder.headings.append((self.builder.length, HEADINGS[name]))
        closings[group[1]] = self.builder.end_paragraph
        return group[0]

    def write_citation(self, name: str, token: LatexToken, index: int) -> int:
        """The numbers of the works that a `\\cite` names, as markers of the notes that they are."""
        index = self.skip_option(self.skip_option(index))
        group = self.find_group(index)
        if group is None:
            return index
        keys = self.latex.source[self.tokens[group[0] - 1].end : self.tokens[group[1]].start].split(",")
        for key in (key.strip() for key in keys):
            self.cited.setdefault(key, token.start)
            if name.startswith("foot") and key in self.works:
                self.counts["footnote"] += 1
                self.targets += 1
                label = str(self.counts["footnote"])
                self.write_marker(label, "footnote", self.targets, token.start)
                self.pending.append(PendingNote(label, "footnote", self.targets, token.start, self.works[key]))
            elif self.cites_are_notes and not name.startswith("no"):
                number = self.numbers.setdefault(key, len(self.numbers) + 1)
                self.write_marker(str(number), "work", -number, token.start)
        return group[1] + 1

    def begin_work(self, token: LatexToken, index: int) -> None:
        """A `\\bibitem` begins: the note of its number, where works are the notes."""
        self.end_work()
        group = self.find_group(self.skip_option(index))
        if group is not None and self.cites_are_notes:
            key = self.latex.source[self.tokens[group[0] - 1].end : self.tokens[group[1]].start].strip()
            number = self.numbers.setdefault(key, len(self.numbers) + 1)
            self.builder.write(f"{number}. ", token.start)
            self.begun_work = str(number), self.builder.length

    def end_work(self) -> None:
        if self.begun_work:
            label, start = self.begun_work
            self.builder.notes.append(NoteSpan(start, self.builder.length, label, "work", -int(label)))
        self.begun_work = None
        self.builder.end_paragraph()

    def write_works(self) -> None:
        """The cited entries of the `.bib` file: notes, or paragraphs behind the text."""
        for key, offset in list(self.cited.items()):
            if key in self.works:
                self.begun_work = None
                self.builder.end_paragraph()
                if self.cites_are_notes and key in self.numbers:
                    self.builder.write(f"{self.numbers[key]}. ", offset)
                    self.begun_work = str(self.numbers[key]), self.builder.length
                write_entry(self.builder, self.works[key], offset)
                self.end_work()

    def skip_silent(self, name: str, token: LatexToken, index: int) -> int:
        """Skip what prints nothing; a `\\bibitem` or an `\\item` begins a line."""
        if name in DEFINITIONS:
            return self.skip_definition(index)
        if name == "bibitem":
            self.begin_work(token, index)
        if name in ("item", "par", "newpage", "clearpage", "and", "maketitle"):
            self.builder.end_paragraph()
            self.builder.write(AUTHOR_END if name == "and" else "", token.start)
        for _ in range(SILENT.get(name, 0)):
            index = self.skip_option(index)
            if (group := self.find_group(index)) is None:
                break
            index = group[1] + 1
        if name in ("begin", "end"):
            environment = self.latex.source[token.end : token.end + 20].lstrip()
            if environment.startswith("{thebibliography"):
                self.end_work()
            self.builder.end_line()
            if name == "begin" and environment.startswith(("{tabular", "{array", "{thebibliography", "{multicols")):
                group = self.find_group(self.skip_option(index))
                index = group[1] + 1 if group else index
        return index

    def skip_definition(self, index: int) -> int:
        """`\\newcommand{\\name}[2]{…}`, `\\newcommand\\name{…}`, `\\def\\name#1{…}`: nothing of it is printed."""
        name = self.find_group(index)
        index = name[1] + 1 if name else index + 1
        while index < len(self.tokens) and self.tokens[index].kind is TokenKind.TEXT:
            index += 1
        body = self.find_group(index)
        return body[1] + 1 if body else index

    def find_group(self, index: int) -> Span | None:
        """The tokens within the braces that open at `index`, blanks before them left out."""
        while (
            index < len(self.tokens)
            and self.tokens[index].kind is TokenKind.TEXT
            and not self.tokens[index].text.strip()
        ):
            index += 1
        closer = self.latex.closers.get(index)
        return (index + 1, closer) if closer is not None else None

    def read_option(self, index: int) -> tuple[str, int]:
        """The argument in brackets that stands at `index`, and where to go on."""
        if index >= len(self.tokens) or self.tokens[index].kind is not TokenKind.TEXT:
            return "", index
        match = OPTION.match(self.latex.source, self.tokens[index].start)
        if match is None:
            return "", index
        while index < len(self.tokens) and self.tokens[index].end <= match.end():
            index += 1
        if index < len(self.tokens) and self.tokens[index].start < match.end():
            rest = self.tokens[index]
            self.tokens[index] = LatexToken(
                TokenKind.TEXT, self.latex.source[match.end() : rest.end], match.end(), rest.end
            )
        return match[1].strip(), index

    def skip_option(self, index: int) -> int:
        return self.read_option(index)[1]
