"""DOCX: text with real footnotes and endnotes, numbered apart; comments and tracked deletions are not the report."""

from __future__ import annotations

from cite_audit.errors import ReadError
from cite_audit.parse.readers.base import Document, Metadata, NoteSpan
from cite_audit.parse.readers.document_builder import DocumentBuilder
from cite_audit.parse.readers.docx.lists import read_docx_lists
from cite_audit.parse.readers.docx.parts import assign_note_labels, find_related_part, read_relationships
from cite_audit.parse.readers.docx.text import DocxText
from cite_audit.parse.readers.refusals import find_unread_suffix, unread_formats
from cite_audit.parse.readers.zip_package import ZipPackage, local_name

# A part that only packages of another program have, and the suffix of those.
OTHER_PACKAGES = {
    "xl/workbook.xml": ".xlsx",
    "ppt/presentation.xml": ".pptx",
    "Index/Document.iwa": ".pages",
    "Index.zip": ".pages",
    "index.xml": ".pages",
    "datapackage.json": ".wacz",
}
OTHER_MIMETYPES = {b"spreadsheet": ".ods", b"presentation": ".odp"}
# Titles that templates and programs leave behind.
GENERIC_TITLES = ("microsoft word", "untitled", "word document", "document1", "normal.dot", "powerpoint")


def read_docx(data: bytes, path: str) -> Document:
    """The body, then the footnotes, then the endnotes. Raises ReadError."""
    package = ZipPackage(data, path)
    part = find_document_part(package)
    labels = assign_note_labels(package, part, find_related_part(package, part, "settings"))
    builder = DocumentBuilder()
    lists = read_docx_lists(
        package, find_related_part(package, part, "numbering"), find_related_part(package, part, "styles")
    )
    body = DocxText(builder, lists, read_relationships(package, part), labels)
    package.parse_part(part, body.start_element, body.end_element, body.character_data)
    note_builders: dict[tuple[str, str], DocumentBuilder] = {}
    for kind in ("footnotes", "endnotes"):
        if notes_part := find_related_part(package, part, kind):

            def open_note_builder(family: str, identity: str) -> DocumentBuilder | None:
                return (
                    note_builders.setdefault((family, identity), DocumentBuilder())
                    if (family, identity) in labels
                    else None
                )

            note_text = DocxText(
                DocumentBuilder(), lists, read_relationships(package, notes_part), labels, open_note_builder
            )
            package.parse_part(notes_part, note_text.start_element, note_text.end_element, note_text.character_data)
    append_docx_notes(builder, labels, note_builders)
    return builder.build_document("docx", read_docx_metadata(package, body))


def find_document_part(package: ZipPackage) -> str:
    """The main part. Raises ReadError for packages of other programs."""
    part = find_related_part(package, "", "officeDocument")
    for name, suffix in OTHER_PACKAGES.items():
        if part == name or (not part and name in package):
            named = find_unread_suffix(package.path)
            suffix = named if suffix == ".pages" and named in (".numbers", ".key") else suffix
            raise ReadError(package.path, unread_formats()[suffix])
    part = part or "word/document.xml"
    if part in package:
        return part
    mimetype = package.read_part("mimetype")
    for word, suffix in OTHER_MIMETYPES.items():
        if word in mimetype:
            raise ReadError(package.path, unread_formats()[suffix])
    raise ReadError(package.path, "this is a zip archive, but no DOCX: it has no document part; unpack it first")


def append_docx_notes(
    builder: DocumentBuilder,
    labels: dict[tuple[str, str], str | None],
    note_builders: dict[tuple[str, str], DocumentBuilder],
) -> None:
    """Write the notes after the body, each behind its label, footnotes first."""
    for family in ("footnote", "endnote"):
        for (kind, identity), label in labels.items():
            if kind != family or (kind, identity) not in note_builders:
                continue
            printed_label = label or "*"
            builder.end_paragraph()
            builder.write(f"[{printed_label}] ")
            note = note_builders[kind, identity]
            start = builder.length
            text = note.full_text()
            indent = len(text) - len(text.lstrip())
            builder.append_builder(note)
            builder.notes.append(
                NoteSpan(start + indent, max(start + indent, start + len(text.rstrip())), printed_label, family)
            )


def read_docx_metadata(package: ZipPackage, body: DocxText) -> Metadata:
    """From the paragraphs styled as title, author and date, then from the file's properties.

    The dates in the properties are of the file (often of its template), not of the report: they are not taken.
    """
    core = read_properties(package, find_related_part(package, "", "core-properties"))
    extended = read_properties(package, find_related_part(package, "", "extended-properties"))
    title = core.get("title", "")
    if title.lower().startswith(GENERIC_TITLES):
        title = ""
    authors = body.styled_texts.get("author") or core.get("creator", "").split(";")
    return Metadata(
        title=" ".join(body.styled_texts.get("title", [])) or title,
        authors=tuple(name.strip() for name in authors if name.strip()),
        published=next(iter(body.styled_texts.get("date", [])), ""),
        publisher=extended.get("Company", ""),
        language=core.get("language", ""),
        is_of_file=not body.styled_texts.get("author"),
    )


def read_properties(package: ZipPackage, part: str) -> dict[str, str]:
    """The texts of a properties part by element name. Raises ReadError if it is damaged."""
    texts: dict[str, str] = {}
    current_element = ""

    def start_element(tag: str, attributes: dict[str, str]) -> None:
        nonlocal current_element
        current_element = local_name(tag)

    def character_data(piece: str) -> None:
        if current_element and len(texts.get(current_element, "")) < 2000:
            texts[current_element] = texts.get(current_element, "") + piece

    def end_element(tag: str) -> None:
        nonlocal current_element
        current_element = ""

    if part:
        package.parse_part(part, start_element, end_element, character_data)
    return {key: " ".join(value.split()) for key, value in texts.items()}
