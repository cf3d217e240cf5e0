"""Writes lists of links: each entry is a note that says what its owner keeps of the work, then its addresses."""

from __future__ import annotations

from dataclasses import dataclass

from cite_audit.model import CitedWork, LinkTable
from cite_audit.parse.readers.base import Document, Href, Metadata, NoteSpan
from cite_audit.parse.readers.document_builder import DocumentBuilder

MAX_FIELD_LENGTH = 2000  # characters of a title or a list of authors


@dataclass(frozen=True, slots=True)
class EntryAddress:
    """One address of an entry: what stands in the list, where, and what it leads to (empty: as it stands)."""

    text: str
    offset: int
    target: str = ""


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One row of a list of links: where it starts, the work, its addresses, and when its owner looked at it."""

    offset: int
    work: CitedWork
    addresses: tuple[EntryAddress, ...] = ()
    accessed: str = ""


class LinkListBuilder:
    """The entries so far, as notes numbered from 1."""

    def __init__(self) -> None:
        self.builder = DocumentBuilder()
        self.works: dict[int, CitedWork] = {}

    def add_entry(self, entry: ListEntry) -> None:
        """Write one entry as a paragraph: authors, title, date, day of access, addresses."""
        builder, number = self.builder, len(self.works) + 1
        builder.end_paragraph()
        self.works[number] = entry.work
        builder.write(f"{number}. ", entry.offset)
        start = builder.length
        accessed = f"accessed {entry.accessed}" if entry.accessed else ""
        for field in (", ".join(entry.work.authors), entry.work.title, entry.work.published, accessed):
            if words := " ".join(field[:MAX_FIELD_LENGTH].split()):
                builder.write(f"{words}. ", entry.offset)
        for address in entry.addresses:
            self._write_address(address)
        builder.notes.append(NoteSpan(start, builder.length, str(number), target=number))

    def _write_address(self, address: EntryAddress) -> None:
        builder = self.builder
        is_one_word = len(address.text.split()) == 1
        builder.write("<" if is_one_word else "", address.offset)
        start = builder.length
        builder.write(address.text, address.offset)
        if address.target:
            builder.hrefs.append(Href(start, builder.length, address.target))
        builder.write("> " if is_one_word else "\n", address.offset + len(address.text))

    def build_document(self, format_name: str, source: str, encoding: str, table: LinkTable | None = None) -> Document:
        """The document of all entries."""
        from dataclasses import replace

        document = self.builder.build_document(format_name, Metadata(), source, encoding)
        return replace(document, works=self.works, table=table)
