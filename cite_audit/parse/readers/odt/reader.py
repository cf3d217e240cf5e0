"""ODT: text with footnotes and endnotes; comments and tracked deletions are not the report."""

from __future__ import annotations

from cite_audit.errors import ReadError
from cite_audit.parse.readers.base import Document, Metadata
from cite_audit.parse.readers.document_builder import DocumentBuilder
from cite_audit.parse.readers.docx.reader import GENERIC_TITLES
from cite_audit.parse.readers.odt.styles import read_odt_styles
from cite_audit.parse.readers.odt.text import OdtText
from cite_audit.parse.readers.zip_package import ZipPackage, local_name


def read_odt(data: bytes, path: str) -> Document:
    """The body, then the footnotes, then the endnotes. Raises ReadError."""
    package = ZipPackage(data, path)
    refuse_encrypted_parts(package)
    if "content.xml" not in package:
        raise ReadError(path, "the file is damaged: it has no content.xml")
    body = OdtText(DocumentBuilder(), read_odt_styles(package))
    package.parse_part("content.xml", body.start_element, body.end_element, body.character_data)
    return body.append_notes().build_document("odt", read_odt_metadata(package, body))


def refuse_encrypted_parts(package: ZipPackage) -> None:
    """Raises ReadError if the manifest says that the parts are encrypted."""

    def start_element(tag: str, attributes: dict[str, str]) -> None:
        if local_name(tag) == "encryption-data":
            raise ReadError(package.path, "this is protected by a password; save a copy without one")

    package.parse_part("META-INF/manifest.xml", start_element)


def read_odt_metadata(package: ZipPackage, body: OdtText) -> Metadata:
    """From the paragraphs styled as title, author and date, then from meta.xml, whose dates are the file's."""
    texts: dict[str, list[str]] = {}
    current_element = ""

    def start_element(tag: str, attributes: dict[str, str]) -> None:
        nonlocal current_element
        current_element = local_name(tag)
        texts.setdefault(current_element, []).append("")

    def character_data(piece: str) -> None:
        if current_element and len(texts[current_element][-1]) < 2000:
            texts[current_element][-1] += piece

    def end_element(tag: str) -> None:
        nonlocal current_element
        current_element = ""

    package.parse_part("meta.xml", start_element, end_element, character_data)
    first_texts = {key: " ".join(values[0].split()) for key, values in texts.items()}
    title = "" if first_texts.get("title", "").lower().startswith(GENERIC_TITLES) else first_texts.get("title", "")
    authors = body.styled_texts.get("author") or (
        first_texts.get("initial-creator") or first_texts.get("creator", "")
    ).split(";")
    return Metadata(
        title=" ".join(body.styled_texts.get("title", [])) or title,
        authors=tuple(name.strip() for name in authors if name.strip()),
        published=next(iter(body.styled_texts.get("date", [])), ""),
        language=first_texts.get("language", ""),
        is_of_file=not body.styled_texts.get("author"),
    )
