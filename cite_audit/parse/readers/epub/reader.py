"""EPUB: its chapters, in the order of the spine, read as one XHTML page."""

from __future__ import annotations

import re

from cite_audit.errors import ReadError
from cite_audit.parse.readers.base import Document, Metadata
from cite_audit.parse.readers.encoding import decode_markup
from cite_audit.parse.readers.html.reader import write_html_page
from cite_audit.parse.readers.text_size import refuse_long_text
from cite_audit.parse.readers.zip_package import ZipPackage, local_attributes, local_name, resolve_part_name

CHAPTER_TYPES = frozenset({"application/xhtml+xml", "text/html", "application/xml", "text/xml"})
ID_ATTRIBUTE = re.compile(r"""(\s(?:xml:)?id\s*=\s*|\sname\s*=\s*)(["'])([^"'<>]+)\2""")
HREF_ATTRIBUTE = re.compile(r"""(\shref\s*=\s*)(["'])([^"'<>#]*)#([^"'<>]*)\2""")
PROLOGUE = re.compile(r"\s*(?:<\?xml[^>]*\?>)?\s*(?:<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>)?", re.IGNORECASE)


def read_epub(data: bytes, path: str) -> Document:
    """The book's text. Raises ReadError."""
    package = ZipPackage(data, path)
    metadata, chapters = read_package_document(package)
    if not chapters:
        raise ReadError(path, "the file is damaged: its spine names no chapter")
    refuse_drm(package, chapters)
    book = join_chapters(package, chapters)
    refuse_long_text(book.encode("utf-8", "replace"), path)
    builder, _ = write_html_page(book, xml=True)
    return builder.build_document("epub", metadata)


def read_package_document(package: ZipPackage) -> tuple[Metadata, list[str]]:
    """The metadata and the chapters, in their order, that the package document declares."""
    opf_path = ""

    def find_rootfile(tag: str, attributes: dict[str, str]) -> None:
        nonlocal opf_path
        if local_name(tag) == "rootfile":
            opf_path = opf_path or attributes.get("full-path", "")

    package.parse_part("META-INF/container.xml", find_rootfile)
    if opf_path not in package:
        raise ReadError(package.path, "the file is damaged: it has no package document")
    package_document = _PackageDocument()
    package.parse_part(
        opf_path, package_document.start_element, package_document.end_element, package_document.character_data
    )
    spine_parts = (
        resolve_part_name(opf_path, package_document.manifest[name])
        for name in package_document.spine
        if name in package_document.manifest
    )
    dublin_core = {
        key: [" ".join(value.split()) for value in values] for key, values in package_document.dublin_core.items()
    }
    metadata = Metadata(
        title=next(iter(dublin_core.get("title", [])), ""),
        authors=tuple(name for name in dublin_core.get("creator", []) if name),
        published=next(iter(dublin_core.get("date", [])), ""),
        publisher=next(iter(dublin_core.get("publisher", [])), ""),
        language=next(iter(dublin_core.get("language", [])), ""),
    )
    return metadata, [name for name in dict.fromkeys(spine_parts) if name in package]


class _PackageDocument:
    """Collects the metadata, the manifest's chapters by id, and the spine."""

    def __init__(self) -> None:
        self.manifest: dict[str, str] = {}
        self.spine: list[str] = []
        self.dublin_core: dict[str, list[str]] = {}
        self.current_element = ""

    def start_element(self, tag: str, attributes: dict[str, str]) -> None:
        name, values = local_name(tag), local_attributes(attributes)
        self.current_element = ""
        if (
            name == "item"
            and values.get("media-type") in CHAPTER_TYPES
            and "nav" not in values.get("properties", "").split()
        ):
            self.manifest[values.get("id", "")] = values.get("href", "")
        elif name == "itemref":
            self.spine.append(values.get("idref", ""))
        elif name in ("title", "creator", "date", "publisher", "language"):
            self.current_element = name
            self.dublin_core.setdefault(name, []).append("")

    def end_element(self, tag: str) -> None:
        self.current_element = ""

    def character_data(self, text: str) -> None:
        if self.current_element and len(self.dublin_core[self.current_element][-1]) < 1000:
            self.dublin_core[self.current_element][-1] += text


def refuse_drm(package: ZipPackage, chapters: list[str]) -> None:
    """Raises ReadError if a chapter is encrypted; obfuscated fonts do no harm."""
    encrypted: set[str] = set()

    def start_element(tag: str, attributes: dict[str, str]) -> None:
        if local_name(tag) == "CipherReference":
            encrypted.add(resolve_part_name("", attributes.get("URI", "")))

    package.parse_part("META-INF/encryption.xml", start_element)
    if encrypted.intersection(chapters):
        raise ReadError(package.path, "this is protected by digital rights management; its text cannot be read")


def join_chapters(package: ZipPackage, chapters: list[str]) -> str:
    """The chapters as one page; ids carry the chapter's number, so that a note of one is not a note of another."""
    numbers = {name: number for number, name in enumerate(chapters)}
    pieces: list[str] = []
    for name, number in numbers.items():
        source, _ = decode_markup(package.read_part(name))

        def renumber_id(match: re.Match[str], number: int = number) -> str:
            return f"{match[1]}{match[2]}{match[3]}.{number}{match[2]}"

        def renumber_link(match: re.Match[str], name: str = name, number: int = number) -> str:
            if "://" in match[3]:
                return match[0]
            target = numbers.get(resolve_part_name(name, match[3]), -1) if match[3] else number
            return f"{match[1]}{match[2]}#{match[4]}.{target}{match[2]}"

        body = source[prologue.end() :] if (prologue := PROLOGUE.match(source)) else source
        pieces.append(HREF_ATTRIBUTE.sub(renumber_link, ID_ATTRIBUTE.sub(renumber_id, body)))
    return "\n".join(pieces)
