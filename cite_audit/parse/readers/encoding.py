"""Detects an encoding: by the byte order mark, then the declaration, then statistics of the bytes."""

from __future__ import annotations

import codecs
import re

DECLARED_CHARSET = re.compile(
    rb"""<meta[^>]{0,400}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.+-]{2,40})|^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_:.+-]{2,40})""",
    re.IGNORECASE,
)
BOMS: tuple[tuple[bytes, str], ...] = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# Labels that mean another encoding than they say (WHATWG Encoding Standard §4.2; a declared UTF-16 that was readable
# as ASCII cannot be UTF-16, HTML §13.2.3.3).
LABEL_ENCODINGS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
    "utf-7": "cp1252",  # never decoded because a document declares them
}
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")  # PEP 383
PRESCAN_BYTES = 4096
SAMPLE_BYTES = 65_536


def decode_markup(data: bytes, declared: str = "") -> tuple[str, str]:
    """The text, and the name of its encoding. Never fails: bytes that fit no encoding become replacement characters."""
    for bom, name in BOMS:
        if data.startswith(bom):
            return decode_leniently(data[len(bom) :], name), name
    match = DECLARED_CHARSET.search(data[:PRESCAN_BYTES])
    utf16_name = detect_utf16(data)
    for label in (utf16_name, declared, (match[1] or match[2]).decode("ascii") if match else "", "utf-8"):
        name = find_codec(label) if label != utf16_name else label
        try:
            if name:
                return data.decode(name), name
        except UnicodeDecodeError:
            continue
    name = guess_encoding(data)
    return decode_leniently(data, name), name


def replace_escaped(text: str) -> str:
    """The text with a replacement character for each byte that PEP 383 escaped."""
    return _ESCAPED_BYTE.sub("\ufffd", text)


def decode_leniently(data: bytes, encoding: str) -> str:
    """The text, with a replacement character for each byte that is no text, so that an editor can keep that byte."""
    try:
        return replace_escaped(data.decode(encoding, "surrogateescape"))
    except UnicodeDecodeError:  # a byte below 128, in UTF-16 and its like
        return data.decode(encoding, "replace")


def detect_utf16(data: bytes) -> str:
    """UTF-16 without a byte order mark, recognised by `<` or a letter beside a zero byte."""
    if len(data) >= 4 and data[1] == 0 == data[3] and data[0] and data[2]:
        return "utf-16-le"
    return "utf-16-be" if len(data) >= 4 and data[0] == 0 == data[2] and data[1] and data[3] else ""


def find_codec(label: str) -> str:
    """The codec that a label means; empty where there is none, or none for text."""
    try:
        codec = codecs.lookup(label.strip())
    except (LookupError, ValueError):
        return ""
    if not getattr(codec, "_is_text_encoding", True) or codec.name in ("idna", "punycode", "undefined", "mbcs", "oem"):
        return ""
    return "" if "escape" in codec.name else LABEL_ENCODINGS.get(codec.name, codec.name)


def guess_encoding(data: bytes) -> str:
    """The encoding that a sample looks like; windows-1252, which reads nearly everything, where it looks like none."""
    from charset_normalizer import from_bytes

    best_match = from_bytes(data[:SAMPLE_BYTES]).best()
    return find_codec(best_match.encoding) or "cp1252" if best_match is not None else "cp1252"
