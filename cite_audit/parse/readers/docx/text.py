"""The running text of one part of a DOCX, written to a builder while its XML is parsed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from cite_audit.parse.readers.base import Href, MarkerSpan
from cite_audit.parse.readers.document_builder import SUPERSCRIPT_NUMBER, SUPERSCRIPTS, DocumentBuilder
from cite_audit.parse.readers.docx.lists import DocxLists, parse_small_number
from cite_audit.parse.readers.docx.parts import NOTE_REFERENCES, SKIPPED_ELEMENTS, W_NAMESPACES
from cite_audit.parse.readers.link_targets import web_address
from cite_audit.parse.readers.zip_package import local_attributes, local_name

FIELD_WORD = re.compile(r'"([^"]*)"|(\S+)')
OFF_VALUES = frozenset(("0", "false", "off", "none"))
# Text that an element stands for.
CHARACTER_ELEMENTS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
NOTE_ELEMENTS = {"footnote": "footnote", "endnote": "endnote"}


@dataclass(slots=True)
class ComplexField:
    """A complex field: its instruction, and where its result starts once it has begun."""

    instruction: list[str] = field(default_factory=list)
    start: int | None = None


@dataclass(slots=True)
class OpenParagraph:
    """What a paragraph's properties say before its text comes."""

    style: str = ""
    number: str = ""
    level: int = 0
    start: int = 0


class DocxText:
    """Writes a part. `open_note_builder` gives the builder for a note by family and id; None leaves it out."""

    def __init__(
        self,
        builder: DocumentBuilder,
        lists: DocxLists,
        relations: dict[str, tuple[str, str]],
        labels: dict[tuple[str, str], str | None],
        open_note_builder: Callable[[str, str], DocumentBuilder | None] | None = None,
    ) -> None:
        self.builder, self.lists, self.relations, self.labels, self.open_note_builder = (
            builder,
            lists,
            relations,
            labels,
            open_note_builder,
        )
        self.is_writing = open_note_builder is None
        self.skipped_depth = 0
        self.fields: list[ComplexField] = []
        self.hyperlinks: list[tuple[int, str]] = []
        self.paragraphs: list[OpenParagraph] = []
        self.table_depth = 0
        self.text_element = ""  # `t` or `instrText` while within one
        self.in_run = self.raised = self.is_hidden = False
        self.custom_marker: tuple[int, str, str] | None = None
        self.styled_texts: dict[str, list[str]] = {}  # style name -> texts, for the front matter

    def start_element(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        if self.skipped_depth or name in SKIPPED_ELEMENTS:
            self.skipped_depth += 1
            return
        if not tag.startswith(W_NAMESPACES):
            return
        values = local_attributes(attributes)
        if name in CHARACTER_ELEMENTS and self.in_run:
            self.write_visible(CHARACTER_ELEMENTS[name] if values.get("type") not in ("page", "column") else "\n")
        elif name in ("t", "instrText"):
            self.text_element = name
        elif name in NOTE_REFERENCES:
            self.write_reference(NOTE_REFERENCES[name], values)
        elif name in NOTE_ELEMENTS and self.open_note_builder is not None and "id" in values:
            self.begin_note(name, values)
        elif (begin_element := self.STARTS.get(name)) is not None:
            begin_element(self, values)

    def end_element(self, tag: str) -> None:
        if self.skipped_depth:
            self.skipped_depth -= 1
            return
        if not tag.startswith(W_NAMESPACES):
            return
        name = local_name(tag)
        if name in ("t", "instrText"):
            self.text_element = ""
        elif name == "p":
            self.end_paragraph()
        elif name == "pPr" and self.paragraphs:
            self.begin_text(self.paragraphs[-1])
        elif name == "r":
            self.end_run()
        elif name in ("hyperlink", "fldSimple") and self.hyperlinks:
            start, target = self.hyperlinks.pop()
            self.add_hyperlink(start, target)
        elif name == "tbl":
            self.table_depth = max(0, self.table_depth - 1)
            self.builder.end_paragraph()
        elif name == "tr":
            self.builder.end_paragraph()

    def character_data(self, text: str) -> None:
        if self.skipped_depth or not self.text_element:
            return
        if self.text_element == "instrText":
            if self.fields and self.fields[-1].start is None and sum(map(len, self.fields[-1].instruction)) < 10_000:
                self.fields[-1].instruction.append(text)
            return
        raised = self.raised and not self.hyperlinks and SUPERSCRIPT_NUMBER.fullmatch(text) is not None
        self.write_visible(text.translate(SUPERSCRIPTS) if raised else text)

    def write_visible(self, text: str) -> None:
        """Write, unless this is a field's instruction, hidden, or of a note that is left out."""
        if self.is_writing and not self.is_hidden and all(field.start is not None for field in self.fields):
            self.builder.write(text)

    def begin_note(self, family: str, values: dict[str, str]) -> None:
        is_separator = values.get("type", "normal") != "normal"
        builder = self.open_note_builder(family, values["id"]) if self.open_note_builder and not is_separator else None
        self.is_writing = builder is not None
        self.builder = builder or DocumentBuilder()
        self.fields, self.hyperlinks, self.paragraphs = [], [], []

    def write_reference(self, family: str, values: dict[str, str]) -> None:
        label = self.labels.get((family, values.get("id", "")))
        start = self.builder.length
        if label is None:
            self.custom_marker = (start, family, values.get("id", ""))
            return
        self.write_visible(f"[{label}]")
        if self.builder.length > start:
            self.builder.markers.append(MarkerSpan(start, self.builder.length, label, family))

    def begin_run(self, values: dict[str, str]) -> None:
        self.in_run, self.raised, self.is_hidden = True, False, False

    def end_run(self) -> None:
        if self.custom_marker is not None:
            start, family, identity = self.custom_marker
            label = self.builder.text_since(start).strip()
            if label and len(label) <= 20:
                self.labels[family, identity] = label
                self.builder.markers.append(MarkerSpan(start, self.builder.length, label, family))
            self.custom_marker = None
        self.in_run = self.raised = self.is_hidden = False

    def set_vertical_align(self, values: dict[str, str]) -> None:
        self.raised = self.in_run and values.get("val") == "superscript"

    def set_hidden(self, values: dict[str, str]) -> None:
        self.is_hidden = self.in_run and values.get("val", "1") not in OFF_VALUES

    def begin_paragraph(self, values: dict[str, str]) -> None:
        self.builder.end_line()
        self.paragraphs.append(OpenParagraph(start=self.builder.length))

    def begin_text(self, paragraph: OpenParagraph) -> None:
        prefix = self.lists.next_prefix(paragraph.number, paragraph.level, paragraph.style)
        self.write_visible(prefix)
        paragraph.start += len(prefix)

    def end_paragraph(self) -> None:
        paragraph = self.paragraphs.pop() if self.paragraphs else OpenParagraph()
        name = self.lists.style_names.get(paragraph.style, paragraph.style.lower())
        if name in ("title", "author", "date") and self.is_writing and len(self.styled_texts.get(name, ())) < 20:
            self.styled_texts.setdefault(name, []).append(
                " ".join(self.builder.text_since(paragraph.start).split())[:500]
            )
        if self.table_depth:
            self.builder.end_line()
        else:
            self.builder.end_paragraph()

    def set_style(self, values: dict[str, str]) -> None:
        if self.paragraphs:
            self.paragraphs[-1].style = values.get("val", "")

    def set_list(self, values: dict[str, str]) -> None:
        if self.paragraphs:
            self.paragraphs[-1].number = values.get("val", "")

    def set_level(self, values: dict[str, str]) -> None:
        if self.paragraphs:
            self.paragraphs[-1].level = parse_small_number(values.get("val", "0"))

    def begin_hyperlink(self, values: dict[str, str]) -> None:
        kind, target = self.relations.get(values.get("id", ""), ("", ""))
        anchor = values.get("anchor", "")
        full_target = f"{target}#{anchor}" if target and anchor and "#" not in target else target
        self.hyperlinks.append((self.builder.length, full_target if kind == "hyperlink" else ""))

    def begin_simple_field(self, values: dict[str, str]) -> None:
        self.hyperlinks.append((self.builder.length, parse_hyperlink_field(values.get("instr", ""))))

    def apply_field_character(self, values: dict[str, str]) -> None:
        kind = values.get("fldCharType")
        if kind == "begin" and len(self.fields) < 100:
            self.fields.append(ComplexField())
        elif kind == "separate" and self.fields:
            self.fields[-1].start = self.builder.length
        elif kind == "end" and self.fields:
            closed_field = self.fields.pop()
            instruction = "".join(closed_field.instruction)
            if closed_field.start is None:
                return
            if instruction.split()[:1] == ["NOTEREF"]:
                label = self.builder.text_since(closed_field.start).strip()
                if label and len(label) <= 20:
                    self.builder.markers.append(
                        MarkerSpan(closed_field.start, self.builder.length, label.strip("[]() "))
                    )
            else:
                self.add_hyperlink(closed_field.start, parse_hyperlink_field(instruction))

    def begin_table(self, values: dict[str, str]) -> None:
        self.builder.end_paragraph()
        self.table_depth += 1

    def add_hyperlink(self, start: int, target: str) -> None:
        if self.is_writing and self.builder.length > start and (address := web_address(target)):
            self.builder.hrefs.append(Href(start, self.builder.length, address))

    STARTS: ClassVar[dict[str, Callable[[DocxText, dict[str, str]], None]]] = {
        "r": begin_run,
        "p": begin_paragraph,
        "pStyle": set_style,
        "numId": set_list,
        "ilvl": set_level,
        "vertAlign": set_vertical_align,
        "vanish": set_hidden,
        "hyperlink": begin_hyperlink,
        "fldSimple": begin_simple_field,
        "fldChar": apply_field_character,
        "tbl": begin_table,
    }


def parse_hyperlink_field(instruction: str) -> str:
    r"""Where a `HYPERLINK "address" \l "place" \o "tip"` field leads (ECMA-376-1 §17.16.5.25); else empty."""
    words = [match[1] if match[1] is not None else match[2] for match in FIELD_WORD.finditer(instruction[:10_000])]
    if not words or words[0].upper() != "HYPERLINK":
        return ""
    address = bookmark = ""
    switch = ""
    for word in words[1:]:
        if word.startswith("\\") and len(word) == 2:
            switch = word if word in ("\\l", "\\o", "\\t") else ""
        elif word.startswith("\\") and not word.startswith("\\\\"):
            switch = ""  # WPS and WeCom write switches of their own: `\l \tdsub`
        elif switch:
            bookmark = word if switch == "\\l" else bookmark
            switch = ""
        else:
            address = address or word
    return f"{address}#{bookmark}" if address and bookmark and "#" not in address else address
