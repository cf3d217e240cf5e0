"""The items of a Zotero RDF file, by expat."""

from __future__ import annotations

from collections.abc import Callable

from cite_audit.errors import ReadError
from cite_audit.model import CitedWork
from cite_audit.parse.readers.base import Document
from cite_audit.parse.readers.encoding import decode_markup
from cite_audit.parse.readers.line_index import NEWLINE, line_starts
from cite_audit.parse.readers.link_list import EntryAddress, LinkListBuilder, ListEntry, choose_addresses
from cite_audit.parse.readers.zip_package import local_attributes, local_name, open_xml_parser, run_xml_parser

FORMAT_NAME = "zotero-rdf"
NO_ITEMS = frozenset(("Attachment", "Memo", "Collection", "Journal", "Series"))
FIELDS = {
    "title": "title",
    "date": "published",
    "dateSubmitted": "accessed",
    "surname": "surname",
    "givenName": "given",
}
MAX_FIELD_LENGTH = 2000


def read_zotero(data: bytes, path: str) -> Document:
    """Each item as a note. Raises ReadError."""
    source, encoding = decode_markup(data)
    items = _Items(source)
    parser = open_xml_parser(items.start_element, items.end_element, items.character_data)
    parser.buffer_text = False
    items.place = lambda: (parser.CurrentLineNumber, parser.CurrentColumnNumber)
    run_xml_parser(parser, source.encode("utf-8", "replace"), path, "the export")
    if not items.entries:
        raise ReadError(path, "there is no item in this Zotero RDF")
    builder = LinkListBuilder()
    for entry in items.entries:
        builder.add_entry(entry)
    return builder.build_document(FORMAT_NAME, source, encoding)


class _Items:
    """Collects the children of the root that are works; parts of another work (its journal) say nothing of this one."""

    def __init__(self, source: str) -> None:
        self.starts = line_starts(source, NEWLINE)
        self.place: Callable[[], tuple[int, int]] = lambda: (1, 0)
        self.path: list[str] = []
        self.entries: list[ListEntry] = []
        self.said: dict[str, list[str]] = {}
        self.start, self.address_offset = 0, 0

    def offset(self) -> int:
        line, column = self.place()
        return (self.starts[line - 1] if line <= len(self.starts) else 0) + column

    def start_element(self, tag: str, attributes: dict[str, str]) -> None:
        self.path.append(local_name(tag))
        if len(self.path) == 2:
            self.start = self.address_offset = self.offset()
            about = local_attributes(attributes).get("about", "")
            self.said = {"about": [about]} if about.startswith(("http://", "https://")) else {}
        elif self.field():
            self.said.setdefault(self.field(), []).append("")

    def field(self) -> str:
        """What the element that is open says of the item; empty where it says nothing."""
        name = self.path[-1]
        if "isPartOf" in self.path or len(self.path) < 3:
            return ""
        if name == "value" and "URI" in self.path:
            return "url"
        if name == "identifier" and len(self.path) == 3:
            return "identifier"
        if name in ("surname", "givenName") and "authors" in self.path:
            return FIELDS[name]
        return FIELDS.get(name, "") if len(self.path) == 3 and name in ("title", "date", "dateSubmitted") else ""

    def character_data(self, text: str) -> None:
        field = self.field()
        if field and self.said.get(field) and len(self.said[field][-1]) < MAX_FIELD_LENGTH:
            if field == "url" and not self.said[field][-1]:
                self.address_offset = self.offset()
            self.said[field][-1] += text

    def end_element(self, tag: str) -> None:
        if len(self.path) == 2 and self.path[-1] not in NO_ITEMS:
            self.add_item()
        self.path.pop()

    def add_item(self) -> None:
        said = {field: [" ".join(value.split()) for value in values] for field, values in self.said.items()}
        urls = [url for url in said.get("url", []) if url] or said.get("about", [])
        addresses = tuple(EntryAddress(url, self.address_offset, url) for url in urls[:1])
        dois = (value[4:] for value in said.get("identifier", []) if value.upper().startswith("DOI "))
        names = zip(said.get("given", []), said.get("surname", []), strict=False)
        work = CitedWork(
            next(iter(said.get("title", [])), ""),
            tuple(f"{given} {family}".strip() for given, family in names),
            next(iter(said.get("published", [])), ""),
        )
        chosen = choose_addresses(addresses, {"doi": next(dois, "")}, self.start)
        if chosen or work.title:
            accessed = next(iter(said.get("accessed", [])), "")[:10]
            self.entries.append(ListEntry(self.start, work, chosen, accessed))
