"""The running text of an ODT, written to a draft as its XML streams by."""

from __future__ import annotations

from dataclasses import dataclass, field

from cite_audit.parse.readers.base import Href, Mark, NoteSpan
from cite_audit.parse.readers.docx_lists import small
from cite_audit.parse.readers.draft import RAISED, SUPERSCRIPTS, Draft
from cite_audit.parse.readers.html_tree import names
from cite_audit.parse.readers.numbering import label
from cite_audit.parse.readers.odt_styles import Styles
from cite_audit.parse.readers.package import local, locals_of
from cite_audit.parse.readers.targets import address_in

LEFT_OUT = names(
    "tracked-changes annotation annotation-end sequence-decls variable-decls user-field-decls forms scripts"
    " font-face-decls automatic-styles table-of-content-source bibliography-source ruby-text dde-connection-decls"
)
TEXTUAL = frozenset({"p", "h"})
MOST_SPACES = 200


@dataclass(slots=True)
class Around:
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
    """A note: its family, its label, and the draft that its body goes to."""

    family: str
    label: str = ""
    draft: Draft = field(default_factory=Draft)


class OdtText:
    """Writes content.xml; notes stand in the running text there and come after it here."""

    def __init__(self, draft: Draft, styles: Styles) -> None:
        self.draft, self.styles = draft, styles
        self.body = draft
        self.around: list[Around] = []
        self.left_out = 0
        self.paragraphs = 0
        self.raised = False
        self.linked = 0
        self.space = True  # white space has been written, or a line starts
        self.lists: list[OpenList] = []
        self.note: OpenNote | None = None
        self.citing = False
        self.notes: list[OpenNote] = []
        self.kept_paragraphs = 0
        self.styled: dict[str, list[str]] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = local(tag)
        if self.left_out or name in LEFT_OUT:
            self.left_out += 1
            return
        values = locals_of(attributes)
        opened = Around(name, self.draft.length, was_raised=self.raised)
        self.around.append(opened)
        if name in TEXTUAL:
            self.begin_paragraph(opened, values)
        elif name == "span":
            self.raised = self.styles.raised.get(values.get("style-name", ""), self.raised)
        elif name == "a":
            opened.target = values.get("href", "")
            self.linked += 1
        elif name in ("s", "tab", "line-break"):
            self.write({"s": " " * min(MOST_SPACES, small(values.get("c", "1")) or 1), "tab": "\t"}.get(name, "\n"))
        elif name == "note":
            self.begin_note(values)
        elif name == "note-citation" and self.note is not None:
            self.citing = True
        elif name == "note-body" and self.note is not None:
            self.begin_note_body()
        elif name == "list":
            before = self.lists[-1].style if self.lists else ""
            self.lists.append(OpenList(values.get("style-name") or before))
        elif name == "list-item" and self.lists:
            self.count_item(values)

    def end(self, tag: str) -> None:
        if self.left_out:
            self.left_out -= 1
            return
        ended = self.around.pop()
        if ended.name in TEXTUAL:
            self.end_paragraph(ended)
        elif ended.name == "a":
            self.linked -= 1
            if self.draft.length > ended.start and (address := address_in(ended.target)):
                self.draft.hrefs.append(Href(ended.start, self.draft.length, address))
        elif ended.name == "note-ref":
            printed = self.draft.since(ended.start).strip()
            if 0 < len(printed) <= 20:
                self.draft.marks.append(Mark(ended.start, self.draft.length, printed.strip("[]() ")))
        elif ended.name == "note-citation":
            self.citing = False
        elif ended.name == "note-body" and self.note is not None:
            self.end_note_body()
        elif ended.name == "list" and self.lists:
            self.lists.pop()
            self.draft.block()
        self.raised = ended.was_raised

    def characters(self, text: str) -> None:
        if self.left_out:
            return
        if self.citing and self.note is not None:
            self.note.label = (self.note.label + text)[:20]
            return
        if not self.paragraphs:
            return
        text = self.collapsed(text)
        raised = self.raised and not self.linked and RAISED.fullmatch(text) is not None
        self.write(text.translate(SUPERSCRIPTS) if raised else text)

    def collapsed(self, text: str) -> str:
        """Runs of white space are one space (ODF 1.3 part 3 §6.1.2)."""
        words = " ".join(text.replace("\n", " ").replace("\r", " ").replace("\t", " ").split(" "))
        while "  " in words:
            words = words.replace("  ", " ")
        return words.lstrip(" ") if self.space else words

    def write(self, text: str) -> None:
        if text:
            self.draft.write(text)
            self.space = text.endswith((" ", "\n", "\t"))

    def begin_paragraph(self, opened: Around, values: dict[str, str]) -> None:
        self.paragraphs += 1
        if self.draft.tail.endswith("\n") or not self.draft.length or self.paragraphs > 1:
            self.draft.newline()
        opened.start = self.draft.length
        opened.target = self.styles.role(values.get("style-name", ""))
        self.space = True

    def end_paragraph(self, ended: Around) -> None:
        self.paragraphs -= 1
        role = ended.target
        if role in ("title", "author", "date") and self.note is None and len(self.styled.get(role, ())) < 20:
            self.styled.setdefault(role, []).append(" ".join(self.draft.since(ended.start).split())[:500])
        if any(around.name in ("table-cell", "text-box") for around in self.around[-6:]):
            self.draft.newline()
        else:
            self.draft.block()

    def count_item(self, values: dict[str, str]) -> None:
        """Print the number of a list item, as on the page."""
        numbers = self.styles.lists.get(self.lists[-1].style, {}).get(len(self.lists))
        if numbers is None:
            return
        own = small(values["start-value"]) if "start-value" in values else None
        last = self.lists[-1].number
        count = own if own is not None else numbers.start if last is None else last + 1
        self.lists[-1].number = count
        if numbers.sample:
            self.draft.newline()
            self.draft.write(f"{numbers.prefix}{label(count, numbers.sample)}{numbers.suffix or '.'} ")

    def begin_note(self, values: dict[str, str]) -> None:
        if self.note is None:
            self.note = OpenNote(values.get("note-class", "footnote"))

    def begin_note_body(self) -> None:
        """The marker is written; what follows goes to the note."""
        assert self.note is not None
        note = self.note
        note.label = note.label.strip() or "*"
        start = self.body.length
        self.body.write(f"[{note.label}]")
        self.body.marks.append(Mark(start, self.body.length, note.label, note.family))
        self.draft, self.kept_paragraphs, self.paragraphs = note.draft, self.paragraphs, 0

    def end_note_body(self) -> None:
        assert self.note is not None
        self.notes.append(self.note)
        self.draft, self.paragraphs, self.note = self.body, self.kept_paragraphs, None
        self.space = False

    def finish(self) -> Draft:
        """The body with its notes behind it, footnotes first."""
        for note in sorted(self.notes, key=lambda one: one.family != "footnote"):
            self.body.block()
            self.body.write(f"[{note.label}] ")
            text = note.draft.text()
            start = self.body.length + len(text) - len(text.lstrip())
            end = max(start, self.body.length + len(text.rstrip()))
            self.body.absorb(note.draft)
            self.body.notes.append(NoteSpan(start, end, note.label, note.family))
        return self.body
