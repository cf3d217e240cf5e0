"""ODT: text with footnotes and endnotes; comments and tracked deletions are not the report."""

from __future__ import annotations

from cite_audit.errors import ReadError
from cite_audit.parse.readers.base import Document, Masthead
from cite_audit.parse.readers.docx import GENERIC_TITLES
from cite_audit.parse.readers.draft import Draft
from cite_audit.parse.readers.odt_styles import styles_of
from cite_audit.parse.readers.odt_text import OdtText
from cite_audit.parse.readers.package import Package, local

NAME = "odt"
SUFFIXES: tuple[str, ...] = (".odt", ".ott")


def matches(head: bytes) -> bool:
    """Whether the first entry names this format, as OpenDocument asks."""
    return head.startswith(b"PK") and b"application/vnd.oasis.opendocument.text" in head[:128]


def read(data: bytes, path: str) -> Document:
    """The body, then the footnotes, then the endnotes. Raises ReadError."""
    package = Package(data, path)
    refuse_protected(package)
    if "content.xml" not in package:
        raise ReadError(path, "the file is damaged: it has no content.xml")
    text = OdtText(Draft(), styles_of(package))
    package.parse("content.xml", text.start, text.end, text.characters)
    return text.finish().finish(NAME, masthead_of(package, text))


def refuse_protected(package: Package) -> None:
    """Raises ReadError if the manifest says that the parts are encrypted."""

    def start(tag: str, attributes: dict[str, str]) -> None:
        if local(tag) == "encryption-data":
            raise ReadError(package.path, "this is protected by a password; save a copy without one")

    package.parse("META-INF/manifest.xml", start)


def masthead_of(package: Package, text: OdtText) -> Masthead:
    """From the paragraphs styled as title, author and date, then from meta.xml, whose dates are the file's."""
    said: dict[str, list[str]] = {}
    current = ""

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal current
        current = local(tag)
        said.setdefault(current, []).append("")

    def characters(piece: str) -> None:
        if current and len(said[current][-1]) < 2000:
            said[current][-1] += piece

    def end(tag: str) -> None:
        nonlocal current
        current = ""

    package.parse("meta.xml", start, end, characters)
    first = {key: " ".join(values[0].split()) for key, values in said.items()}
    title = "" if first.get("title", "").lower().startswith(GENERIC_TITLES) else first.get("title", "")
    authors = text.styled.get("author") or (first.get("initial-creator") or first.get("creator", "")).split(";")
    return Masthead(
        title=" ".join(text.styled.get("title", [])) or title,
        authors=tuple(name.strip() for name in authors if name.strip()),
        published=next(iter(text.styled.get("date", [])), ""),
        language=first.get("language", ""),
    )
