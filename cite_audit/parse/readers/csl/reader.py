"""The items of a CSL-JSON file (CSL 1.0.2, csl-data.json)."""

from __future__ import annotations

import json
from typing import Any

from cite_audit.errors import ReadError
from cite_audit.model import CitedWork
from cite_audit.parse.links.scan import scan_links
from cite_audit.parse.readers.base import Document
from cite_audit.parse.readers.link_list import EntryAddress, LinkListBuilder, ListEntry, choose_addresses
from cite_audit.parse.readers.text import decode_text

FORMAT_NAME = "csl-json"
MAX_NAMES = 50


def read_csl(data: bytes, path: str) -> Document:
    """Each item as a note, mapped to where its address stands. Raises ReadError."""
    text, encoding = decode_text(data, path)
    try:
        loaded = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        raise ReadError(path, "this JSON is damaged or nested too deeply") from None
    if isinstance(loaded, dict):
        loaded = loaded.get("items") or loaded.get("references")
    items = [item for item in loaded if isinstance(item, dict)] if isinstance(loaded, list) else []
    if not items:
        raise ReadError(path, "there is no reference in this CSL-JSON")
    builder = LinkListBuilder()
    position = 0
    for item in items:
        url = text_of(item.get("URL"))
        found = max((text.find(form, position) for form in (url, url.replace("/", "\\/")) if form), default=-1)
        position = found if found >= 0 else position
        builder.add_entry(read_item(item, url, position))
        position += len(url) if found >= 0 else 0
    return builder.build_document(FORMAT_NAME, text, encoding)


def read_item(item: dict[str, Any], url: str, offset: int) -> ListEntry:
    """One item; a DOI or a PMID counts where it has no address."""
    names = item.get("author") or item.get("editor") or []
    authors = [
        text_of(name.get("literal")) or f"{text_of(name.get('given'))} {text_of(name.get('family'))}".strip()
        for name in (names if isinstance(names, list) else [])[:MAX_NAMES]
        if isinstance(name, dict)
    ]
    work = CitedWork(text_of(item.get("title")), tuple(filter(None, authors)), read_date(item.get("issued")))
    noted = [link.url for link in scan_links(text_of(item.get("note"))) if link.whole and link.has_scheme]
    addresses = tuple(EntryAddress(address, offset, address) for address in (url, *noted) if address)
    identifiers = {"doi": text_of(item.get("DOI")), "pmid": text_of(item.get("PMID"))}
    return ListEntry(offset, work, choose_addresses(addresses, identifiers, offset), read_date(item.get("accessed")))


def read_date(value: object) -> str:
    """A date variable as ISO 8601, as far as it says."""
    if not isinstance(value, dict):
        return text_of(value)
    parts = value.get("date-parts")
    first = parts[0] if isinstance(parts, list) and parts else []
    numbers = [text_of(part) for part in first[:3]] if isinstance(first, list) else []
    return "-".join(part.zfill(2) for part in numbers if part) or text_of(value.get("literal") or value.get("raw"))


def text_of(value: object) -> str:
    """A string or a number as text; empty for all else."""
    return " ".join(str(value).split()) if isinstance(value, str | int) and not isinstance(value, bool) else ""
