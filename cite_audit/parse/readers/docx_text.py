"""The running text of one part of a DOCX, written to a draft as its XML streams by."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from cite_audit.parse.readers.base import Href, Mark
from cite_audit.parse.readers.docx_lists import Lists, small
from cite_audit.parse.readers.docx_parts import LEFT_OUT, REFERENCES, W
from cite_audit.parse.readers.draft import RAISED, SUPERSCRIPTS, Draft
from cite_audit.parse.readers.package import local, locals_of
from cite_audit.parse.readers.targets import address_in

FIELD_WORD = re.compile(r'"([^"]*)"|(\S+)')
OFF = frozenset(("0", "false", "off", "none"))
# Text that an element stands for.
STANDS_FOR = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
NOTES = {"footnote": "footnote", "endnote": "endnote"}


@dataclass(slots=True)
class Field:
    """A complex field: its instruction, and where its result starts once it has begun."""

    instruction: list[str] = field(default_factory=list)
    start: int | None = None


@dataclass(slots=True)
class Paragraph:
    """What a paragraph's properties say before its text comes."""

    style: str = ""
    number: str = ""
    level: int = 0
    start: int = 0


class DocxText:
    """Writes a part. `on_note` gives the draft that a note of this family and id goes to, or None to leave it out."""

    def __init__(
        self,
        draft: Draft,
        lists: Lists,
        links: dict[str, tuple[str, str]],
        labels: dict[tuple[str, str], str | None],
        on_note: Callable[[str, str], Draft | None] | None = None,
    ) -> None:
        self.draft, self.lists, self.links, self.labels, self.on_note = draft, lists, links, labels, on_note
        self.writing = on_note is None
        self.left_out = 0
        self.fields: list[Field] = []
        self.hyperlinks: list[tuple[int, str]] = []
        self.paragraphs: list[Paragraph] = []
        self.tables = 0
        self.takes = ""  # `t` or `instrText` while within one
        self.in_run = self.raised = self.hidden = False
        self.custom: tuple[int, str, str] | None = None
        self.styled: dict[str, list[str]] = {}  # style name -> texts, for the masthead

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if self.left_out or name in LEFT_OUT:
            self.left_out += 1
            return
        if not tag.startswith(W):
            return
        values = locals_of(attributes)
        if name in STANDS_FOR and self.in_run:
            self.write(STANDS_FOR[name] if values.get("type") not in ("page", "column") else "\n")
        elif name in ("t", "instrText"):
            self.takes = name
        elif name in REFERENCES:
            self.refer(REFERENCES[name], values)
        elif name in NOTES and self.on_note is not None and "id" in values:
            self.begin_note(name, values)
        elif (handle := self.STARTS.get(name)) is not None:
            handle(self, values)

    def end(self, tag: str) -> None:
        if self.left_out:
            self.left_out -= 1
            return
        if not tag.startswith(W):
            return
        name = local(tag)
        if name in ("t", "instrText"):
            self.takes = ""
        elif name == "p":
            self.end_paragraph()
        elif name == "pPr" and self.paragraphs:
            self.begin_text(self.paragraphs[-1])
        elif name == "r":
            self.end_run()
        elif name in ("hyperlink", "fldSimple") and self.hyperlinks:
            start, target = self.hyperlinks.pop()
            self.link(start, target)
        elif name == "tbl":
            self.tables = max(0, self.tables - 1)
            self.draft.block()
        elif name == "tr":
            self.draft.block()

    def characters(self, text: str) -> None:
        if self.left_out or not self.takes:
            return
        if self.takes == "instrText":
            if self.fields and self.fields[-1].start is None and sum(map(len, self.fields[-1].instruction)) < 10_000:
                self.fields[-1].instruction.append(text)
            return
        raised = self.raised and not self.hyperlinks and RAISED.fullmatch(text) is not None
        self.write(text.translate(SUPERSCRIPTS) if raised else text)

    def write(self, text: str) -> None:
        """Write, unless this is a field's instruction, hidden, or of a note that is left out."""
        if self.writing and not self.hidden and all(field.start is not None for field in self.fields):
            self.draft.write(text)

    def begin_note(self, family: str, values: dict[str, str]) -> None:
        separator = values.get("type", "normal") != "normal"
        draft = self.on_note(family, values["id"]) if self.on_note and not separator else None
        self.writing = draft is not None
        self.draft = draft or Draft()
        self.fields, self.hyperlinks, self.paragraphs = [], [], []

    def refer(self, family: str, values: dict[str, str]) -> None:
        label = self.labels.get((family, values.get("id", "")))
        start = self.draft.length
        if label is None:
            self.custom = (start, family, values.get("id", ""))
            return
        self.write(f"[{label}]")
        if self.draft.length > start:
            self.draft.marks.append(Mark(start, self.draft.length, label, family))

    def begin_run(self, values: dict[str, str]) -> None:
        self.in_run, self.raised, self.hidden = True, False, False

    def end_run(self) -> None:
        if self.custom is not None:
            start, family, identity = self.custom
            printed = self.draft.since(start).strip()
            if printed and len(printed) <= 20:
                self.labels[family, identity] = printed
                self.draft.marks.append(Mark(start, self.draft.length, printed, family))
            self.custom = None
        self.in_run = self.raised = self.hidden = False

    def align(self, values: dict[str, str]) -> None:
        self.raised = self.in_run and values.get("val") == "superscript"

    def vanish(self, values: dict[str, str]) -> None:
        self.hidden = self.in_run and values.get("val", "1") not in OFF

    def begin_paragraph(self, values: dict[str, str]) -> None:
        self.draft.newline()
        self.paragraphs.append(Paragraph(start=self.draft.length))

    def begin_text(self, paragraph: Paragraph) -> None:
        prefix = self.lists.prefix(paragraph.number, paragraph.level, paragraph.style)
        self.write(prefix)
        paragraph.start += len(prefix)

    def end_paragraph(self) -> None:
        paragraph = self.paragraphs.pop() if self.paragraphs else Paragraph()
        name = self.lists.names.get(paragraph.style, paragraph.style.lower())
        if name in ("title", "author", "date") and self.writing and len(self.styled.get(name, ())) < 20:
            self.styled.setdefault(name, []).append(" ".join(self.draft.since(paragraph.start).split())[:500])
        if self.tables:
            self.draft.newline()
        else:
            self.draft.block()

    def set_style(self, values: dict[str, str]) -> None:
        if self.paragraphs:
            self.paragraphs[-1].style = values.get("val", "")

    def set_list(self, values: dict[str, str]) -> None:
        if self.paragraphs:
            self.paragraphs[-1].number = values.get("val", "")

    def set_level(self, values: dict[str, str]) -> None:
        if self.paragraphs:
            self.paragraphs[-1].level = small(values.get("val", "0"))

    def begin_hyperlink(self, values: dict[str, str]) -> None:
        kind, target = self.links.get(values.get("id", ""), ("", ""))
        anchor = values.get("anchor", "")
        whole = f"{target}#{anchor}" if target and anchor and "#" not in target else target
        self.hyperlinks.append((self.draft.length, whole if kind == "hyperlink" else ""))

    def begin_simple_field(self, values: dict[str, str]) -> None:
        self.hyperlinks.append((self.draft.length, target_of_field(values.get("instr", ""))))

    def field_character(self, values: dict[str, str]) -> None:
        kind = values.get("fldCharType")
        if kind == "begin" and len(self.fields) < 100:
            self.fields.append(Field())
        elif kind == "separate" and self.fields:
            self.fields[-1].start = self.draft.length
        elif kind == "end" and self.fields:
            ended = self.fields.pop()
            instruction = "".join(ended.instruction)
            if ended.start is None:
                return
            if instruction.split()[:1] == ["NOTEREF"]:
                printed = self.draft.since(ended.start).strip()
                if printed and len(printed) <= 20:
                    self.draft.marks.append(Mark(ended.start, self.draft.length, printed.strip("[]() ")))
            else:
                self.link(ended.start, target_of_field(instruction))

    def begin_table(self, values: dict[str, str]) -> None:
        self.draft.block()
        self.tables += 1

    def link(self, start: int, target: str) -> None:
        if self.writing and self.draft.length > start and (address := address_in(target)):
            self.draft.hrefs.append(Href(start, self.draft.length, address))

    STARTS: ClassVar[dict[str, Callable[[DocxText, dict[str, str]], None]]] = {
        "r": begin_run,
        "p": begin_paragraph,
        "pStyle": set_style,
        "numId": set_list,
        "ilvl": set_level,
        "vertAlign": align,
        "vanish": vanish,
        "hyperlink": begin_hyperlink,
        "fldSimple": begin_simple_field,
        "fldChar": field_character,
        "tbl": begin_table,
    }


def target_of_field(instruction: str) -> str:
    r"""Where a `HYPERLINK "address" \l "place" \o "tip"` field leads (ECMA-376-1 §17.16.5.25); else empty."""
    words = [match[1] if match[1] is not None else match[2] for match in FIELD_WORD.finditer(instruction[:10_000])]
    if not words or words[0].upper() != "HYPERLINK":
        return ""
    address = place = ""
    switch = ""
    for word in words[1:]:
        if word.startswith("\\") and len(word) == 2:
            switch = word if word in ("\\l", "\\o", "\\t") else ""
        elif switch:
            place = word if switch == "\\l" else place
            switch = ""
        else:
            address = address or word
    return f"{address}#{place}" if address and place and "#" not in address else address
