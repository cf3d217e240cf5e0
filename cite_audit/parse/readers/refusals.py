"""What is refused, by what its bytes are or by its name, with what its owner can do about it."""

from __future__ import annotations

import csv
import re
from functools import cache

from cite_audit.errors import EmptyError, ReadError
from cite_audit.lazy_pattern import compile_lazily
from cite_audit.package_data import find_package_folder

NON_BLANK_BYTE = compile_lazily(
    rb"[^ \t\r\n\x00\xef\xbb\xbf]"
)  # a byte that is more than white space or a byte order mark
OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Streams of an OLE file ([MS-CFB] 2.6.1: names in UTF-16), and the suffix of what holds them.
OLE_STREAMS = (
    ("EncryptedPackage", ""),
    ("__properties_version1.0", ".msg"),
    ("WordDocument", ".doc"),
    ("Workbook", ".xls"),
    ("Book", ".xls"),
    ("PowerPoint Document", ".ppt"),
)
PROTECTED_MESSAGE = "this is protected by a password; save a copy without one"
# First bytes, and the suffix of the row that tells what they are.
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", ".rtf"), (b"\xffWPC", ".wpd"), (b"\x89PNG\r\n", ".png"), (b"\xff\xd8\xff", ".jpg"), (b"GIF8", ".gif"),
    (b"II*\x00", ".tif"), (b"MM\x00*", ".tif"), (b"AT&TFORM", ".djvu"), (b"%!PS", ".ps"), (b"ITSF", ".chm"),
    (b"!BDN", ".pst"), (b"WARC/1", ".warc"), (b"SQLite format 3", ".sqlite"),
)  # fmt: skip
ARCHIVES: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "gzip"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"Rar!\x1a\x07", "RAR"), (b"\xfd7zXZ\x00", "xz"),
    (b"BZh91AY", "bzip2"), (b"\x28\xb5\x2f\xfd", "zstd"),
)  # fmt: skip
# What a text is, whatever its name says: a sign in its first 4 kB that only such files bear.
TEXT_SIGNS: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (
        compile_lazily(rb"\s*\{(?=.{0,4000}\"(?:nbformat|cells)\"\s*:)(?=.{0,4000}\"cell_type\"\s*:)", re.DOTALL),
        ".ipynb",
    ),
    (compile_lazily(rb"(?i:#\+(?:title|author|date|options|startup):)[^\n]*\n"), ".org"),
    (compile_lazily(rb"#(?:set (?:document|page|text|par)\(|import \"@preview/)"), ".typ"),
    (
        compile_lazily(rb"= \S[^\n]*\n(?=.{0,4000}(?:footnote:\[|\n:[\w-]+:[ \n]|https?://[^\s\[\]]+\[))", re.DOTALL),
        ".adoc",
    ),
    (compile_lazily(rb"bplist00(?=.{0,4000}Web(?:MainResource|Resource))", re.DOTALL), ".webarchive"),
    (compile_lazily(rb".{60}BOOKMOBI", re.DOTALL), ".mobi"),
)
XML_ROOT = compile_lazily(rb"(?>\s|<\?[^>]{0,500}\?>|<!--.{0,2000}?-->"
                      rb"|<!DOCTYPE[^>\[]{0,500}(?:\[[^\]]{0,2000}\])?[^>]{0,100}>)*+"
                      rb"<(?:[A-Za-z][\w.-]{0,40}:)?([A-Za-z][\w.-]{0,60})([^>]{0,2000})", re.DOTALL)  # fmt: skip
XML_KINDS = {
    b"FictionBook": ".fb2",
    b"TEI": ".tei",
    b"opml": ".opml",
    b"mediawiki": ".wiki",
    b"svg": ".svg",
    b"RDF": ".rdf",
}
BOM = b"\xef\xbb\xbf"


@cache
def unread_formats() -> dict[str, str]:
    """Suffix → what such a file is, and the way out, as one sentence."""
    table = (find_package_folder("cite_audit.parse") / "data" / "unread_formats.csv").read_text(encoding="utf-8")
    return {
        suffix: f"this is {row['what']}; {row['way_out']}"
        for row in csv.DictReader(table.splitlines())
        for suffix in row["suffixes"].split()
    }


def refuse_unreadable(data: bytes, path: str) -> None:
    """Raises ReadError for an empty file and for bytes of formats that no reader reads, whatever the name says."""
    if NON_BLANK_BYTE.search(data) is None:
        raise EmptyError(path, "the file is empty")
    if data.startswith(OLE_SIGNATURE):
        raise ReadError(path, describe_ole(data, path))
    for signature, suffix in SIGNATURES:
        if data.startswith(signature):
            raise ReadError(path, unread_formats()[suffix])
    for signature, name in ARCHIVES:
        if data.startswith(signature):
            raise ReadError(path, f"this is a {name} archive; unpack it first")
    head = data[:4096].removeprefix(BOM)
    for sign, suffix in TEXT_SIGNS:
        if sign.match(head):
            raise ReadError(path, unread_formats()[suffix])


def describe_ole(data: bytes, path: str) -> str:
    """What a compound file is: by the names of its streams, else by its own name."""
    for stream, suffix in OLE_STREAMS:
        if stream.encode("utf-16-le") in data:
            return unread_formats()[suffix] if suffix else PROTECTED_MESSAGE
    name = find_unread_suffix(path)
    return unread_formats()[name if name in (".xls", ".ppt", ".msg", ".wps") else ".doc"]


def refuse_unread_kind(head: bytes, path: str) -> None:
    """Raises ReadError for a text that no reader claims, and whose root or name is that of another format."""
    suffix = find_unread_suffix(path)
    head = head.removeprefix(BOM)
    if head.lstrip().startswith(b"<?xml") and (root := XML_ROOT.match(head)) is not None:
        if root[1].lower() == b"html" or path.lower().endswith((".html", ".htm", ".xhtml", ".xht")):
            return
        kind = ".docbook" if b"docbook.org" in root[2] else ".fodt" if b"opendocument" in root[2] else suffix or ".xml"
        suffix = XML_KINDS.get(root[1], kind)
    if suffix:
        raise ReadError(path, unread_formats()[suffix])


def find_unread_suffix(path: str) -> str:
    """The suffix of a path that is of a format that is not read; else empty."""
    dot = path.rfind(".")
    suffix = path[dot:].lower() if dot >= 0 else ""
    return suffix if suffix in unread_formats() else ""
