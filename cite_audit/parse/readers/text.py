"""Plain text: the decoded input is the text, so offsets are the file's own."""

from __future__ import annotations

import codecs
import re

from cite_audit.errors import ReadError
from cite_audit.parse.readers.base import Document
from cite_audit.parse.readers.fetched import fetched
from cite_audit.parse.readers.lines import line_starts

NAME = "text"
SUFFIXES = (".txt", ".text", ".log", "")

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")
_SAYING = re.compile(rb"[^ \t\r\n\x00\xef\xbb\xbf]")  # a byte that is more than white space or a byte order mark
_SAMPLE = 65536


def matches(head: bytes) -> bool:
    """Whether the first bytes look like text in any encoding."""
    return any(head.startswith(bom) for bom, _ in _BOMS) or _utf16_without_mark(head) != "" or not _binary(head)


def read(data: bytes, path: str) -> Document:
    """The file as text; the encoding is told by its mark, by UTF-8's own rules, else guessed."""
    text, encoding = decode(data, path)
    if "\r" in text and "\n" not in text:  # an old Mac's line ends
        text = text.replace("\r", "\n")
    said, end = fetched(text)
    furniture = ((0, end),) if end else ()
    return Document(text, NAME, furniture=furniture, input_lines=line_starts(text), masthead=said, encoding=encoding)


def decode(data: bytes, path: str) -> tuple[str, str]:
    """The text of a file and the encoding it was in. Raises ReadError for an empty or a binary file."""
    if _SAYING.search(data) is None:
        raise ReadError(path, "is empty")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _as(data, encoding, path), encoding
    if encoding := _utf16_without_mark(data[:_SAMPLE]):
        return _as(data, encoding, path), encoding
    if _binary(data[:_SAMPLE]):
        raise ReadError(path, "is not text and no reader knows its format")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        return _guess(data, error, path)


def _guess(data: bytes, error: UnicodeDecodeError, path: str) -> tuple[str, str]:
    """UTF-8 with a few broken bytes stays UTF-8; otherwise the most likely legacy encoding."""
    head = data[:_SAMPLE]
    lenient = data.decode("utf-8", "replace")
    broken = lenient.count("\ufffd")
    whole = len(lenient) - broken
    if broken * 200 < sum(1 for _ in re.finditer(r"[^\x00-\x7f]", lenient[:_SAMPLE])) or (broken <= 2 and whole > 4000):
        return lenient, "utf-8"
    from charset_normalizer import from_bytes  # 40 ms: only for files that are not UTF-8

    sample = data[max(0, error.start - 2000) : error.start + 30000] if error.start > _SAMPLE else head
    best = from_bytes(
        sample,
        cp_isolation=[
            "cp1251",
            "koi8_r",
            "cp1252",
            "cp1250",
            "cp1256",
            "iso8859_5",
            "cp866",
            "latin_1",
            "mac_cyrillic",
        ],
    ).best()
    encoding = best.encoding if best else "cp1252"
    return data.decode(encoding, "replace"), encoding


def _as(data: bytes, encoding: str, path: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if len(data) - error.end < 4:  # a cut-off last character
            return data.decode(encoding, "ignore")
        raise ReadError(path, f"is damaged: it says it is {encoding} and is not, at byte {error.start}") from None


def _utf16_without_mark(head: bytes) -> str:
    """UTF-16 without its mark shows as zero bytes in every other place."""
    even, odd = head[0:4096:2], head[1:4096:2]
    if len(odd) < 4:
        return ""
    if odd.count(0) * 10 > len(odd) * 6 and even.count(0) * 20 < len(even):
        return "utf-16-le"
    if even.count(0) * 10 > len(even) * 6 and odd.count(0) * 20 < len(odd):
        return "utf-16-be"
    return ""


def _binary(head: bytes) -> bool:
    return b"\x00" in head or len(_BINARY.findall(head[:4096])) * 50 > min(len(head), 4096)
