"""The formats a report may come in: one module each, chosen by what the bytes are, then by the file's name."""

from __future__ import annotations

import re
from importlib import import_module
from typing import cast

from cite_audit.errors import EmptyError, ReadError
from cite_audit.parse.readers.base import FormatFacts, Reader

__all__ = ["READERS", "choose_reader", "collect_suffixes", "find_format", "open_reader"]

HEAD_BYTES = 4096

# Format → its module; asked in this order.
READERS: dict[str, str] = {
    "pdf": "cite_audit.parse.readers.pdf",
    "epub": "cite_audit.parse.readers.epub",
    "odt": "cite_audit.parse.readers.odt",
    "docx": "cite_audit.parse.readers.docx",
    "mail": "cite_audit.parse.readers.mail",
    "html": "cite_audit.parse.readers.html",
    "latex": "cite_audit.parse.readers.latex",
    "bibtex": "cite_audit.parse.readers.bibtex",
    "markdown": "cite_audit.parse.readers.markdown",
    "table": "cite_audit.parse.readers.link_table",
    "text": "cite_audit.parse.readers.text",
}
FALLBACK = "text"  # reads what no other reader claims

# What cannot be read, known by its first bytes, and what its owner can do about it.
UNREADABLE: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "this is an old Word file (.doc); save it as .docx"),
    (b"{\\rtf", "this is a Rich Text file (.rtf); save it as .docx"),
    (b"\xffWPC", "this is a WordPerfect file; save it as .docx"),
    (b"\x89PNG\r\n", "this is a picture, there is no text in it to read"),
    (b"\xff\xd8\xff", "this is a picture, there is no text in it to read"),
    (b"GIF8", "this is a picture, there is no text in it to read"),
    (b"\x1f\x8b", "this is a gzip archive; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "this is a 7z archive; unpack it first"),
    (b"Rar!\x1a\x07", "this is a RAR archive; unpack it first"),
    (b"\xfd7zXZ\x00", "this is an xz archive; unpack it first"),
    (b"BZh91AY", "this is a bzip2 archive; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "this is a zstd archive; unpack it first"),
)
NON_BLANK_BYTE = re.compile(rb"[^ \t\r\n\x00\xef\xbb\xbf]")  # a byte that is more than white space or a byte order mark
WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] 1.3.2: a protected .docx is an OLE file
PROTECTED_MESSAGE = "this is protected by a password; save a copy without one"


def choose_reader(data: bytes, path: str) -> Reader:
    """The reader for these bytes: by content, then by the suffix of `path`. Raises ReadError if no reader can help."""
    refuse_unreadable(data, path)
    head = data[:HEAD_BYTES]
    for reader in map(open_reader, READERS):
        if reader.matches(head):
            return reader
    if b"\x00" in head and not head.startswith(WIDE_BOMS):
        raise ReadError(path, "this is binary, of no format that is read here, or damaged at its start")
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


def find_format(name: str) -> FormatFacts:
    """The facts of a format that a document or a report names."""
    return open_reader(name).FORMAT


def open_reader(name: str) -> Reader:
    """The reader module called `name`, imported when first asked for."""
    return cast(Reader, import_module(READERS[name]))


def refuse_unreadable(data: bytes, path: str) -> None:
    """Raises ReadError for an empty file and for formats that no reader reads."""
    if NON_BLANK_BYTE.search(data) is None:
        raise EmptyError(path, "the file is empty")
    for signature, problem in UNREADABLE:
        if data.startswith(signature):
            raise ReadError(path, PROTECTED_MESSAGE if ENCRYPTED_PACKAGE in data else problem)


def collect_suffixes() -> frozenset[str]:
    """What the names of reports end with, for finding them in a directory; lists of links are read when named."""
    formats = map(find_format, READERS)
    return frozenset(suffix for facts in formats if not facts.is_link_list for suffix in facts.suffixes)
