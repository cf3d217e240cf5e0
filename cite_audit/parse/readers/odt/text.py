"""The running text of an ODT, written to a builder while its XML is parsed."""

from __future__ import annotations

from dataclasses import dataclass, field

from cite_audit.parse.readers.base import Href, MarkerSpan, NoteSpan
from cite_audit.parse.readers.document_builder import SUPERSCRIPT_NUMBER, SUPERSCRIPTS, DocumentBuilder
from cite_audit.parse.readers.docx.lists import parse_small_number
from cite_audit.parse.readers.html.tree import name_set
from cite_audit.parse.readers.link_targets import web_address
from cite_audit.parse.readers.list_numbers import format_label
from cite_audit.parse.readers.odt.styles import OdtStyles
from cite_audit.parse.readers.zip_package import local_attributes, local_name

SKIPPED_ELEMENTS = name_set(
    "tracked-changes annotation annotation-end sequence-decls variable-decls user-field-decls forms scripts"
    " font-face-decls automatic-styles table-of-content-source bibliography-source ruby-text dde-connection-decls"
)
PARAGRAPH_ELEMENTS = frozenset({"p", "h"})
MAX_SPACES = 200


@dataclass(slots=True)
class OpenElement:
    """An element that is open: what has to be done at its end."""

    name: str
    start: int = 0
    target: str = ""
    was_raised: bool = False


@dataclass(slots=True)
class OpenList:
    """A list that is open: its style, and the number of its last item."""

    style: str
    number: int | None = None


@dataclass(slots=True)
class OpenNote:
    """A note: its family, its label, and the builder of its body."""

    family: str
    label: str = ""
    builder: DocumentBuilder = field(default_factory=DocumentBuilder)


class OdtText:
    """Writes content.xml; notes stand in the running text there and come after it here."""

    def __init__(self, builder: DocumentBuilder, styles: OdtStyles) -> None:
        self.builder, self.styles = builder, styles
        self.body = builder
        self.open_elements: list[OpenElement] = []
        self.skipped_depth = 0
        self.paragraph_depth = 0
        self.raised = False
        self.link_depth = 0
        self.follows_space = True  # white space has been written, or a line starts
        self.open_lists: list[OpenList] = []
        self.open_note: OpenNote | None = None
        self.in_citation = False
        self.notes: list[OpenNote] = []
        self.body_paragraph_depth = 0
        self.styled_texts: dict[str, list[str]] = {}

    def start_element(self, tag: str, attributes: dict[str, str]) -> None:
        name = local_name(tag)
        if self.skipped_depth or name in SKIPPED_ELEMENTS:
            self.skipped_depth += 1
            return
        values = local_attributes(attributes)
        element = OpenElement(name, self.builder.length, was_raised=self.raised)
        self.open_elements.append(element)
        if name in PARAGRAPH_ELEMENTS:
            self.begin_paragraph(element, values)
        elif name == "span":
            self.raised = self.styles.raised.get(values.get("style-name", ""), self.raised)
        elif name == "a":
            element.target = values.get("href", "")
            self.link_depth += 1
        elif name in ("s", "tab", "line-break"):
            self.write_text(
                {"s": " " * min(MAX_SPACES, parse_small_number(values.get("c", "1")) or 1), "tab": "\t"}.get(name, "\n")
            )
        elif name == "note":
            self.begin_note(values)
        elif name == "note-citation" and self.open_note is not None:
            self.in_citation = True
        elif name == "note-body" and self.open_note is not None:
            self.begin_note_body()
        elif name == "list":
            outer_style = self.open_lists[-1].style if self.open_lists else ""
            self.open_lists.append(OpenList(values.get("style-name") or outer_style))
        elif name == "list-item" and self.open_lists:
            self.write_item_number(values)

    def end_element(self, tag: str) -> None:
        if self.skipped_depth:
            self.skipped_depth -= 1
            return
        element = self.open_elements.pop()
        if element.name in PARAGRAPH_ELEMENTS:
            self.end_paragraph(element)
        elif element.name == "a":
            self.link_depth -= 1
            if self.builder.length > element.start and (address := web_address(element.target)):
                self.builder.hrefs.append(Href(element.start, self.builder.length, address))
        elif element.name == "note-ref":
            label = self.builder.text_since(element.start).strip()
            if 0 < len(label) <= 20:
                self.builder.markers.append(MarkerSpan(element.start, self.builder.length, label.strip("[]() ")))
        elif element.name == "note-citation":
            self.in_citation = False
        elif element.name == "note-body" and self.open_note is not None:
            self.end_note_body()
        elif element.name == "list" and self.open_lists:
            self.open_lists.pop()
            self.builder.end_paragraph()
        self.raised = element.was_raised

    def character_data(self, text: str) -> None:
        if self.skipped_depth:
            return
        if self.in_citation and self.open_note is not None:
            self.open_note.label = (self.open_note.label + text)[:20]
            return
        if not self.paragraph_depth:
            return
        text = self.collapse_spaces(text)
        raised = self.raised and not self.link_depth and SUPERSCRIPT_NUMBER.fullmatch(text) is not None
        self.write_text(text.translate(SUPERSCRIPTS) if raised else text)

    def collapse_spaces(self, text: str) -> str:
        """Runs of white space are one space (ODF 1.3 part 3 §6.1.2)."""
        words = " ".join(text.replace("\n", " ").replace("\r", " ").replace("\t", " ").split(" "))
        while "  " in words:
            words = words.replace("  ", " ")
        return words.lstrip(" ") if self.follows_space else words

    def write_text(self, text: str) -> None:
        if text:
            self.builder.write(text)
            self.follows_space = text.endswith((" ", "\n", "\t"))

    def begin_paragraph(self, element: OpenElement, values: dict[str, str]) -> None:
        self.paragraph_depth += 1
        if self.builder.tail.endswith("\n") or not self.builder.length or self.paragraph_depth > 1:
            self.builder.end_line()
        element.start = self.builder.length
        element.target = self.styles.paragraph_role(values.get("style-name", ""))
        self.follows_space = True

    def end_paragraph(self, element: OpenElement) -> None:
        self.paragraph_depth -= 1
        role = element.target
        if role in ("title", "author", "date") and self.open_note is None and len(self.styled_texts.get(role, ())) < 20:
            self.styled_texts.setdefault(role, []).append(
                " ".join(self.builder.text_since(element.start).split())[:500]
            )
        if any(open_element.name in ("table-cell", "text-box") for open_element in self.open_elements[-6:]):
            self.builder.end_line()
        else:
            self.builder.end_paragraph()

    def write_item_number(self, values: dict[str, str]) -> None:
        """Print the number of a list item, as on the page."""
        numbers = self.styles.list_levels.get(self.open_lists[-1].style, {}).get(len(self.open_lists))
        if numbers is None:
            return
        explicit_number = parse_small_number(values["start-value"]) if "start-value" in values else None
        last_number = self.open_lists[-1].number
        count = (
            explicit_number
            if explicit_number is not None
            else numbers.start
            if last_number is None
            else last_number + 1
        )
        self.open_lists[-1].number = count
        if numbers.sample:
            self.builder.end_line()
            self.builder.write(f"{numbers.prefix}{format_label(count, numbers.sample)}{numbers.suffix or '.'} ")

    def begin_note(self, values: dict[str, str]) -> None:
        if self.open_note is None:
            self.open_note = OpenNote(values.get("note-class", "footnote"))

    def begin_note_body(self) -> None:
        """The marker is written; what follows goes to the note."""
        assert self.open_note is not None
        note = self.open_note
        note.label = note.label.strip() or "*"
        start = self.body.length
        self.body.write(f"[{note.label}]")
        self.body.markers.append(MarkerSpan(start, self.body.length, note.label, note.family))
        self.builder, self.body_paragraph_depth, self.paragraph_depth = note.builder, self.paragraph_depth, 0

    def end_note_body(self) -> None:
        assert self.open_note is not None
        self.notes.append(self.open_note)
        self.builder, self.paragraph_depth, self.open_note = self.body, self.body_paragraph_depth, None
        self.follows_space = False

    def append_notes(self) -> DocumentBuilder:
        """The body with its notes behind it, footnotes first."""
        for note in sorted(self.notes, key=lambda open_note: open_note.family != "footnote"):
            self.body.end_paragraph()
            self.body.write(f"[{note.label}] ")
            text = note.builder.full_text()
            start = self.body.length + len(text) - len(text.lstrip())
            end = max(start, self.body.length + len(text.rstrip()))
            self.body.append_builder(note.builder)
            self.body.notes.append(NoteSpan(start, end, note.label, note.family))
        return self.body
