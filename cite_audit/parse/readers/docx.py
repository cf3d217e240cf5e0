"""DOCX: text with real footnotes and endnotes, numbered apart; comments and tracked deletions are not the report."""

from __future__ import annotations

from cite_audit.errors import ReadError
from cite_audit.parse.readers.base import Document, Masthead, NoteSpan
from cite_audit.parse.readers.docx_lists import lists_of
from cite_audit.parse.readers.docx_parts import note_labels, related, relationships
from cite_audit.parse.readers.docx_text import DocxText
from cite_audit.parse.readers.draft import Draft
from cite_audit.parse.readers.package import Package, local

NAME = "docx"
SUFFIXES: tuple[str, ...] = (".docx", ".docm", ".dotx", ".dotm")
OTHER_PACKAGES = {"xl/workbook.xml": "a spreadsheet", "ppt/presentation.xml": "a presentation"}
# Titles that templates and programs leave behind.
GENERIC_TITLES = ("microsoft word", "untitled", "word document", "document1", "normal.dot", "powerpoint")


def matches(head: bytes) -> bool:
    """Whether this is a zip package; which one, only its directory can tell."""
    return head.startswith(b"PK\x03\x04")


def read(data: bytes, path: str) -> Document:
    """The body, then the footnotes, then the endnotes. Raises ReadError."""
    package = Package(data, path)
    part = document_part(package)
    labels = note_labels(package, part, related(package, part, "settings"))
    draft = Draft()
    lists = lists_of(package, related(package, part, "numbering"), related(package, part, "styles"))
    body = DocxText(draft, lists, relationships(package, part), labels)
    package.parse(part, body.start, body.end, body.characters)
    drafts: dict[tuple[str, str], Draft] = {}
    for kind in ("footnotes", "endnotes"):
        if notes := related(package, part, kind):

            def draft_of(family: str, identity: str) -> Draft | None:
                return drafts.setdefault((family, identity), Draft()) if (family, identity) in labels else None

            reader = DocxText(Draft(), lists, relationships(package, notes), labels, draft_of)
            package.parse(notes, reader.start, reader.end, reader.characters)
    append_notes(draft, labels, drafts)
    return draft.finish(NAME, masthead_of(package, body))


def document_part(package: Package) -> str:
    """The main part. Raises ReadError for packages of other programs."""
    part = related(package, "", "officeDocument")
    for name, what in OTHER_PACKAGES.items():
        if part == name or (not part and name in package):
            raise ReadError(package.path, f"this is {what}, not a text document")
    part = part or "word/document.xml"
    if part not in package:
        raise ReadError(package.path, "this is a zip archive, but no DOCX: it has no document part")
    return part


def append_notes(draft: Draft, labels: dict[tuple[str, str], str | None], drafts: dict[tuple[str, str], Draft]) -> None:
    """Write the notes after the body, each behind its label, footnotes first."""
    for family in ("footnote", "endnote"):
        for (kind, identity), label in labels.items():
            if kind != family or (kind, identity) not in drafts:
                continue
            printed = label or "*"
            draft.block()
            draft.write(f"[{printed}] ")
            note = drafts[kind, identity]
            start = draft.length
            text = note.text()
            lead = len(text) - len(text.lstrip())
            draft.absorb(note)
            draft.notes.append(NoteSpan(start + lead, max(start + lead, start + len(text.rstrip())), printed, family))


def masthead_of(package: Package, body: DocxText) -> Masthead:
    """From the paragraphs styled as title, author and date, then from the file's properties.

    The dates in the properties are of the file (often of its template), not of the report: they are not taken.
    """
    core = properties(package, related(package, "", "core-properties"))
    extended = properties(package, related(package, "", "extended-properties"))
    title = core.get("title", "")
    if title.lower().startswith(GENERIC_TITLES):
        title = ""
    authors = body.styled.get("author") or core.get("creator", "").split(";")
    return Masthead(
        title=" ".join(body.styled.get("title", [])) or title,
        authors=tuple(name.strip() for name in authors if name.strip()),
        published=next(iter(body.styled.get("date", [])), ""),
        publisher=extended.get("Company", ""),
        language=core.get("language", ""),
    )


def properties(package: Package, part: str) -> dict[str, str]:
    """The texts of a properties part by element name. Raises ReadError if it is damaged."""
    found: dict[str, str] = {}
    current = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal current
        current = local(tag)

    def text(piece: str) -> None:
        if current and len(found.get(current, "")) < 2000:
            found[current] = found.get(current, "") + piece

    def end(tag: str) -> None:
        nonlocal current
        current = ""

    if part:
        package.parse(part, start, end, text)
    return {key: " ".join(value.split()) for key, value in found.items()}
