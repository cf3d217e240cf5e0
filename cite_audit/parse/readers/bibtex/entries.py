"""The entries of a BibTeX file, by bibtexparser: the printed work and what leads to it."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from cite_audit.errors import ReadError
from cite_audit.installation import format_install_command
from cite_audit.model import CitedWork
from cite_audit.parse.readers.latex.plain_text import print_latex
from cite_audit.parse.readers.latex.symbols import unescape_address
from cite_audit.parse.readers.line_index import line_starts
from cite_audit.parse.readers.link_list import EntryAddress, ListEntry, choose_addresses, order_name

if TYPE_CHECKING:
    from bibtexparser.model import Entry

NAME_SEPARATOR = re.compile(r"\s+and\s+")
ADDRESS = re.compile(r"\\(?:url|href|nolinkurl|path)\s*\{([^{}]+)\}|(h[tx]{2}ps?://[^\s{}]+)")
OWN_COPY = re.compile(r"archived\b[^\\]{0,40}$", re.IGNORECASE)  # “Archived at \url{…}”: the copy, not another source


def read_bibtex(text: str, path: str) -> dict[str, ListEntry]:
    """The entries by their keys, in their order. Raises ReadError where bibtexparser is not installed or fails."""
    try:
        from bibtexparser.entrypoint import parse_string
        from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry
    except ImportError:
        raise ReadError(path, f"reading BibTeX needs bibtexparser: {format_install_command('formats')}") from None
    logging.getLogger("bibtexparser").setLevel(
        logging.CRITICAL
    )  # what it says of damaged entries is not for a terminal
    try:
        library = parse_string(text)
    except Exception as error:
        raise ReadError(path, f"this BibTeX cannot be read: {type(error).__name__}") from error
    starts = line_starts(text)
    entries: dict[str, ListEntry] = {}
    for block in library.blocks:
        entry: object = block
        if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
            entry = block.ignore_error_block
        if isinstance(entry, Entry):
            key = entry.key if entry.key not in entries else f"{entry.key}\x00{len(entries)}"
            entries[key] = read_entry(entry, text, starts[min(entry.start_line or 0, len(starts) - 1)])
    if not entries:
        raise ReadError(path, "there is no entry in this BibTeX file")
    return entries


def split_addresses(value: str) -> list[str]:
    """The addresses of a field: one, whatever it holds, but for several with spaces between them."""
    words = value.split()
    if len(words) > 1 and all("://" in word for word in words):
        return words
    return [value.strip()] if words else []


def read_entry(entry: Entry, text: str, start: int) -> ListEntry:
    """One entry; a DOI or an eprint counts where it has no address."""
    values = {field.key.lower(): str(field.value) for field in reversed(entry.fields)}
    names = NAME_SEPARATOR.split(values.get("author") or values.get("editor") or "")
    work = CitedWork(
        print_latex(values.get("title", "")),
        tuple(order_name(print_latex(name)) for name in names if name.strip() and name.strip() != "others"),
        values.get("date") or values.get("year") or "",
    )
    addresses = [(unescape_address(url), url) for url in split_addresses(values.get("url", ""))]
    for field in ("howpublished", "note", "addendum"):
        value = values.get(field, "")
        addresses += [
            (unescape_address(match[1] or match[2]), match[0])
            for match in ADDRESS.finditer(value)
            if not OWN_COPY.search(value, max(0, match.start() - 60), match.start())
        ]
    prefix = values.get("archiveprefix") or values.get("eprinttype") or ""
    identifiers = {"doi": values.get("doi", ""), prefix.lower(): values.get("eprint", "")}
    placed = tuple(
        EntryAddress(address, max(text.find(printed, start, start + 20_000), start), address)
        for address, printed in addresses
    )
    return ListEntry(start, work, choose_addresses(placed, identifiers, start), values.get("urldate", ""))
