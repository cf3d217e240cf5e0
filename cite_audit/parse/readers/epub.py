"""EPUB: its chapters, in the order of the spine, read as one XHTML page."""

from __future__ import annotations

import re

from cite_audit.errors import ReadError
from cite_audit.parse.readers.base import Document, Masthead
from cite_audit.parse.readers.encoding import decode
from cite_audit.parse.readers.html import write_page
from cite_audit.parse.readers.package import Package, local, locals_of, resolve

NAME = "epub"
SUFFIXES: tuple[str, ...] = (".epub",)
CHAPTERS = frozenset({"application/xhtml+xml", "text/html", "application/xml", "text/xml"})
IDENTITY = re.compile(r"""(\s(?:xml:)?id\s*=\s*|\sname\s*=\s*)(["'])([^"'<>]+)\2""")
LINK = re.compile(r"""(\shref\s*=\s*)(["'])([^"'<>#]*)#([^"'<>]*)\2""")
PROLOGUE = re.compile(r"\s*(?:<\?xml[^>]*\?>)?\s*(?:<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>)?", re.IGNORECASE)


def matches(head: bytes) -> bool:
    """Whether the first entry names this format, as OCF demands."""
    return head.startswith(b"PK") and b"application/epub+zip" in head[:128]


def read(data: bytes, path: str) -> Document:
    """The book's text. Raises ReadError."""
    package = Package(data, path)
    masthead, chapters = contents(package)
    if not chapters:
        raise ReadError(path, "the file is damaged: its spine names no chapter")
    refuse_protected(package, chapters)
    draft, _ = write_page(joined(package, chapters), xml=True)
    return draft.finish(NAME, masthead)


def contents(package: Package) -> tuple[Masthead, list[str]]:
    """What the package document declares: the masthead, and the chapters in their order."""
    opf = ""

    def container(tag: str, attributes: dict[str, str]) -> None:
        nonlocal opf
        if local(tag) == "rootfile":
            opf = opf or attributes.get("full-path", "")

    package.parse("META-INF/container.xml", container)
    if opf not in package:
        raise ReadError(package.path, "the file is damaged: it has no package document")
    scan = _Opf()
    package.parse(opf, scan.start, scan.end, scan.text)
    listed = (resolve(opf, scan.items[name]) for name in scan.spine if name in scan.items)
    said = {key: [" ".join(value.split()) for value in values] for key, values in scan.said.items()}
    masthead = Masthead(
        title=next(iter(said.get("title", [])), ""),
        authors=tuple(name for name in said.get("creator", []) if name),
        published=next(iter(said.get("date", [])), ""),
        publisher=next(iter(said.get("publisher", [])), ""),
        language=next(iter(said.get("language", [])), ""),
    )
    return masthead, [name for name in dict.fromkeys(listed) if name in package]


class _Opf:
    """Collects the metadata, the manifest's chapters by id, and the spine."""

    def __init__(self) -> None:
        self.items: dict[str, str] = {}
        self.spine: list[str] = []
        self.said: dict[str, list[str]] = {}
        self.current = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name, values = local(tag), locals_of(attributes)
        self.current = ""
        if (
            name == "item"
            and values.get("media-type") in CHAPTERS
            and "nav" not in values.get("properties", "").split()
        ):
            self.items[values.get("id", "")] = values.get("href", "")
        elif name == "itemref":
            self.spine.append(values.get("idref", ""))
        elif name in ("title", "creator", "date", "publisher", "language"):
            self.current = name
            self.said.setdefault(name, []).append("")

    def end(self, tag: str) -> None:
        self.current = ""

    def text(self, text: str) -> None:
        if self.current and len(self.said[self.current][-1]) < 1000:
            self.said[self.current][-1] += text


def refuse_protected(package: Package, chapters: list[str]) -> None:
    """Raises ReadError if a chapter is encrypted; obfuscated fonts do no harm."""
    encrypted: set[str] = set()

    def start(tag: str, attributes: dict[str, str]) -> None:
        if local(tag) == "CipherReference":
            encrypted.add(resolve("", attributes.get("URI", "")))

    package.parse("META-INF/encryption.xml", start)
    if encrypted.intersection(chapters):
        raise ReadError(package.path, "this is protected by digital rights management; its text cannot be read")


def joined(package: Package, chapters: list[str]) -> str:
    """The chapters as one page; ids carry the chapter's number, so that a note of one is not a note of another."""
    numbers = {name: number for number, name in enumerate(chapters)}
    pieces: list[str] = []
    for name, number in numbers.items():
        source, _ = decode(package.read(name))

        def renamed(match: re.Match[str], number: int = number) -> str:
            return f"{match[1]}{match[2]}{match[3]}.{number}{match[2]}"

        def relinked(match: re.Match[str], name: str = name, number: int = number) -> str:
            if "://" in match[3]:
                return match[0]
            target = numbers.get(resolve(name, match[3]), -1) if match[3] else number
            return f"{match[1]}{match[2]}#{match[4]}.{target}{match[2]}"

        body = source[prologue.end() :] if (prologue := PROLOGUE.match(source)) else source
        pieces.append(LINK.sub(relinked, IDENTITY.sub(renamed, body)))
    return "\n".join(pieces)
