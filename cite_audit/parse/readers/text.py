"""Plain text: the decoded input is the text, so offsets are the file's own."""

from __future__ import annotations

import codecs
import re

from cite_audit.errors import ReadError
from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse.readers.base import Document, Editor, FormatFacts
from cite_audit.parse.readers.encoding import decode_leniently
from cite_audit.parse.readers.fetcher_header import read_fetcher_header
from cite_audit.parse.readers.line_index import line_starts

FORMAT = FormatFacts(
    name="text",
    suffixes=(".txt", ".text", ".log"),
    is_textual=True,
    has_comments=True,
    has_lines=True,
    editor=Editor.TEXT,
)

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL_BYTE = compile_lazily(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")
_NON_BLANK_BYTE = compile_lazily(
    rb"[^ \t\r\n\x00\xef\xbb\xbf]"
)  # a byte that is more than white space or a byte order mark
_SAMPLE_BYTES = 65536
_HOST_AND_PATH = compile_lazily(r"[\w-]+(?:\.[\w-]+)+/\S")


def matches(head: bytes) -> bool:
    """Never by content: text is the fallback for what no other reader claims."""
    return False


def read(data: bytes, path: str) -> Document:
    """The file as text; the encoding is found by byte order mark, by UTF-8's own rules, else guessed."""
    text, encoding = decode_text(data, path)
    if "\r" in text and "\n" not in text:  # an old Mac's line ends
        text = text.replace("\r", "\n")
    metadata, header_end = read_fetcher_header(text)
    boilerplate = ((0, header_end),) if header_end else ()
    return Document(
        text, FORMAT.name, boilerplate=boilerplate, input_lines=line_starts(text), metadata=metadata, encoding=encoding
    )


def is_address_list(text: str) -> bool:
    """Whether a text is a plain list of addresses: one a line, most of them with a scheme or a path.

    There a host alone is an address too; a list of names alone may as well be one of machines or files.
    """
    lines = [
        line.split("#")[0].strip() for line in text[:_SAMPLE_BYTES].splitlines() if line.strip()[:1] not in ("", "#")
    ]
    full = sum(1 for line in lines if "://" in line or _HOST_AND_PATH.match(line))
    return full > 1 and full * 2 >= len(lines) and all(line and len(line.split()) == 1 for line in lines)


def decode_text(data: bytes, path: str) -> tuple[str, str]:
    """The text of a file and the encoding it was in. Raises ReadError for an empty or a binary file."""
    if _NON_BLANK_BYTE.search(data) is None:
        raise ReadError(path, "is empty")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _decode_as(data, encoding, path), encoding
    if encoding := _detect_unmarked_utf16(data[:_SAMPLE_BYTES]):
        return _decode_as(data, encoding, path), encoding
    if _is_binary(data[:_SAMPLE_BYTES]):
        raise ReadError(path, "is not text and no reader knows its format")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        return _guess_legacy_encoding(data, error, path)


def _guess_legacy_encoding(data: bytes, error: UnicodeDecodeError, path: str) -> tuple[str, str]:
    """UTF-8 with a few broken bytes stays UTF-8; otherwise the most likely legacy encoding."""
    head = data[:_SAMPLE_BYTES]
    lenient = data.decode("utf-8", "replace")
    broken_count = lenient.count("\ufffd")
    intact_count = len(lenient) - broken_count
    if broken_count * 200 < sum(1 for _ in re.finditer(r"[^\x00-\x7f]", lenient[:_SAMPLE_BYTES])) or (
        broken_count <= 2 and intact_count > 4000
    ):
        return decode_leniently(data, "utf-8"), "utf-8"
    from charset_normalizer import from_bytes  # 40 ms: only for files that are not UTF-8

    sample = data[max(0, error.start - 2000) : error.start + 30000] if error.start > _SAMPLE_BYTES else head
    best_match = from_bytes(
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
    encoding = best_match.encoding if best_match else "cp1252"
    return decode_leniently(data, encoding), encoding


def _decode_as(data: bytes, encoding: str, path: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if len(data) - error.end < 4:  # a cut-off last character
            return data.decode(encoding, "ignore")
        raise ReadError(path, f"is damaged: it says it is {encoding} and is not, at byte {error.start}") from None


def _detect_unmarked_utf16(head: bytes) -> str:
    """UTF-16 without a byte order mark has zero bytes in every other place."""
    even, odd = head[0:4096:2], head[1:4096:2]
    if len(odd) < 4:
        return ""
    if odd.count(0) * 10 > len(odd) * 6 and even.count(0) * 20 < len(even):
        return "utf-16-le"
    if even.count(0) * 10 > len(even) * 6 and odd.count(0) * 20 < len(odd):
        return "utf-16-be"
    return ""


def _is_binary(head: bytes) -> bool:
    return b"\x00" in head or len(_CONTROL_BYTE.findall(head[:4096])) * 50 > min(len(head), 4096)
