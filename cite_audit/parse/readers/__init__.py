"""The formats a report may come in: one module each, chosen by what the bytes are, then by the file's name."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import cast

from cite_audit.errors import ReadError
from cite_audit.parse.readers.base import Editor, FormatFacts, Reader
from cite_audit.parse.readers.refusals import refuse_unread_kind, refuse_unreadable
from cite_audit.parse.readers.text_size import refuse_long_text

__all__ = ["READERS", "choose_reader", "collect_suffixes", "find_format", "open_reader", "refuse_structured"]

HEAD_BYTES = 4096

# Format → its module; asked in this order.
READERS: dict[str, str] = {
    "pdf": "cite_audit.parse.readers.pdf",
    "epub": "cite_audit.parse.readers.epub",
    "odt": "cite_audit.parse.readers.odt",
    "zipped-page": "cite_audit.parse.readers.zipped_page",
    "docx": "cite_audit.parse.readers.docx",
    "mail": "cite_audit.parse.readers.mail",
    "jats": "cite_audit.parse.readers.jats",
    "html": "cite_audit.parse.readers.html",
    "latex": "cite_audit.parse.readers.latex",
    "bibtex": "cite_audit.parse.readers.bibtex",
    "rst": "cite_audit.parse.readers.rst",
    "csl-json": "cite_audit.parse.readers.csl",
    "ris": "cite_audit.parse.readers.ris",
    "zotero-rdf": "cite_audit.parse.readers.zotero",
    "markdown": "cite_audit.parse.readers.markdown",
    "table": "cite_audit.parse.readers.link_table",
    "text": "cite_audit.parse.readers.text",
}
FALLBACK = "text"  # reads what no other reader claims

WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


def choose_reader(data: bytes, path: str) -> Reader:
    """The reader for these bytes: by content, then by the suffix of `path`.

    Raises ReadError if no reader can help, or the text is too long for one.
    """
    reader = _match_reader(data, path)
    if reader.FORMAT.is_textual:
        refuse_long_text(data, path)
    return reader


def _match_reader(data: bytes, path: str) -> Reader:
    refuse_unreadable(data, path)
    head = data[:HEAD_BYTES]
    for reader in map(open_reader, READERS):
        if reader.matches(head):
            return reader
    if b"\x00" in head and not head.startswith(WIDE_BOMS):
        refuse_unread_kind(b"", path)
        raise ReadError(path, "this is binary, of no format that is read here, or damaged at its start")
    refuse_unread_kind(head, path)
    return choose_reader_by_suffix(path)


def choose_reader_by_suffix(path: str) -> Reader:
    """The reader for a text called `path`. Raises ReadError where the name promises a format that is no text."""
    for reader in map(open_reader, READERS):
        if path.lower().endswith(reader.FORMAT.suffixes):
            if not reader.FORMAT.is_textual:
                name = reader.FORMAT.name.upper()
                raise ReadError(path, f"this is damaged, or no {name}: its first bytes are not that format's")
            return reader
    return open_reader(FALLBACK)


def refuse_structured(data: bytes, path: str) -> None:
    """Raises ReadError for what may not be rewritten as running text: formats with rules of their own."""
    facts = choose_reader(data, path).FORMAT
    if facts.editor not in (Editor.TEXT, Editor.MARKDOWN, Editor.HTML):
        raise ReadError(path, f"{facts.name} files are not rewritten: their own rules of writing would be broken")


def find_format(name: str) -> FormatFacts:
    """The facts of a format that a document or a report names."""
    return open_reader(name).FORMAT


@cache
def open_reader(name: str) -> Reader:
    """The reader module called `name`, imported when first asked for."""
    return cast(Reader, import_module(READERS[name]))


def collect_suffixes() -> frozenset[str]:
    """What the names of reports end with, for finding them in a directory; lists of links are read when named."""
    formats = map(find_format, READERS)
    return frozenset(suffix for facts in formats if not facts.is_named_only for suffix in facts.suffixes)
