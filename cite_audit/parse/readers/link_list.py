"""Writes lists of links: each entry is a note that says what its owner keeps of the work, then its addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cite_audit.frozen_record import frozen_record
from cite_audit.model import CitedWork, LinkTable
from cite_audit.parse.readers.base import Document, Href, Metadata, NoteSpan
from cite_audit.parse.readers.document_builder import DocumentBuilder

# Where an identifier leads to, by its kind.
REGISTRIES = {
    "doi": "https://doi.org/",
    "arxiv": "https://arxiv.org/abs/",
    "hdl": "https://hdl.handle.net/",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
}
MAX_FIELD_LENGTH = 2000  # characters of a title or a list of authors


@frozen_record
class EntryAddress:
    """One address of an entry: what stands in the list, where, and what it leads to (empty: as it stands)."""

    text: str
    offset: int
    target: str = ""


@frozen_record
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
        number = len(self.works) + 1
        self.works[number] = entry.work
        self.builder.end_paragraph()
        self.builder.write(f"{number}. ", entry.offset)
        start = self.builder.length
        write_entry(self.builder, entry)
        self.builder.notes.append(NoteSpan(start, self.builder.length, str(number), target=number))

    def build_document(self, format_name: str, source: str, encoding: str, table: LinkTable | None = None) -> Document:
        """The document of all entries."""
        document = self.builder.build_document(format_name, Metadata(), source, encoding)
        return replace(document, works=self.works, table=table)


def write_entry(builder: DocumentBuilder, entry: ListEntry, offset: int | None = None) -> None:
    """Write what an entry says, then its addresses; all of it at `offset`, where that is given."""
    accessed = f"accessed {entry.accessed}" if entry.accessed else ""
    for field in (", ".join(entry.work.authors), entry.work.title, entry.work.published, accessed):
        words = " ".join(field[:MAX_FIELD_LENGTH].split())
        if words and "://" not in words:  # an address in the place of a title is no second citation
            builder.write(f"{words}. ", entry.offset if offset is None else offset)
    for address in entry.addresses:
        place = address.offset if offset is None else offset
        is_one_word = len(address.text.split()) == 1
        builder.write("<" if is_one_word else "", place)
        start = builder.length
        builder.write(address.text, place)
        if address.target and not any(sign in address.target for sign in "[](){}"):
            builder.hrefs.append(Href(start, builder.length, address.target))
        builder.write("> " if is_one_word else "\n", place)


def choose_addresses(
    addresses: tuple[EntryAddress, ...], identifiers: Mapping[str, str], offset: int
) -> tuple[EntryAddress, ...]:
    """The addresses of an entry, each once; the registry's for its first identifier where it has none."""
    distinct = {address.text: address for address in reversed(addresses) if address.text.strip()}
    if distinct:
        return tuple(reversed(distinct.values()))
    for kind, identifier in identifiers.items():
        if kind in REGISTRIES and identifier.strip():
            words = identifier.strip()
            bare = (
                words if words.lower().startswith("http") else REGISTRIES[kind] + words.lower().removeprefix(f"{kind}:")
            )
            return (EntryAddress(bare, offset, bare),)
    return ()


def order_name(name: str) -> str:
    """`Diaz, Ruth` as it is printed: `Ruth Diaz`."""
    family, comma, given = name.strip().partition(",")
    return f"{given.strip()} {family.strip()}".strip() if comma else family
