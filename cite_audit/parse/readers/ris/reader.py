"""The records of a RIS file, by rispy."""

from __future__ import annotations

from typing import Any

from cite_audit.errors import ReadError
from cite_audit.installation import format_install_command
from cite_audit.model import CitedWork
from cite_audit.parse.readers.base import Document
from cite_audit.parse.readers.link_list import EntryAddress, LinkListBuilder, ListEntry, choose_addresses, order_name
from cite_audit.parse.readers.text import decode_text

FORMAT_NAME = "ris"
ADDRESS_FIELDS = ("urls", "url", "file_attachments1", "file_attachments2", "link", "full_text_url")
TITLE_FIELDS = ("title", "primary_title", "secondary_title", "short_title")
DATE_FIELDS = ("date", "publication_year", "year")


def read_ris(data: bytes, path: str) -> Document:
    """Each record as a note, mapped to where its address stands. Raises ReadError."""
    try:
        import rispy
    except ImportError:
        raise ReadError(path, f"reading RIS needs rispy: {format_install_command('formats')}") from None
    text, encoding = decode_text(data, path)
    try:
        records = rispy.loads(text.removeprefix("\ufeff"), skip_unknown_tags=True)
    except Exception as error:
        raise ReadError(path, f"this RIS cannot be read: {type(error).__name__}: {str(error)[:100]}") from None
    if not records:
        raise ReadError(path, "there is no record in this RIS file")
    builder = LinkListBuilder()
    position = 0
    for record in records:
        position = max(text.find("TY  -", position), position)
        entry = read_record(record, text, position)
        builder.add_entry(entry)
        position += 1
    return builder.build_document(FORMAT_NAME, text, encoding)


def read_record(record: dict[str, Any], text: str, start: int) -> ListEntry:
    """One record; a DOI counts where it has no address."""
    addresses = []
    for field in ADDRESS_FIELDS:
        value = record.get(field) or []
        for words in value if isinstance(value, list) else [value]:
            if "://" in str(words) or str(words).startswith("www."):
                url = str(words).strip()
                addresses.append(EntryAddress(url, max(text.find(url, start, start + 100_000), start), url))
    names = record.get("authors") or record.get("first_authors") or []
    work = CitedWork(
        first_of(record, TITLE_FIELDS),
        tuple(order_name(str(name)) for name in names if str(name).strip()),
        first_of(record, DATE_FIELDS).strip("/").replace("/", "-"),
    )
    accessed = first_of(record, ("access_date",)).strip("/").replace("/", "-")
    identifiers = {"doi": first_of(record, ("doi",))}
    return ListEntry(start, work, choose_addresses(tuple(addresses), identifiers, start), accessed)


def first_of(record: dict[str, Any], fields: tuple[str, ...]) -> str:
    """The first of these fields that says something."""
    values = (record.get(field) for field in fields)
    return next((str(value).strip() for value in values if isinstance(value, str) and value.strip()), "")
