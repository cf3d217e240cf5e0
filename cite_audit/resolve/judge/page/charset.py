"""Bytes of a page to text, as a browser would decode them; wrong declarations are detected."""

from __future__ import annotations

import codecs
import re

from cite_audit.resolve.judge.page.markup import strip_markup

_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Encodings of the cited web, for pages whose declaration is missing or wrong.
_CANDIDATES = [
    "cp1251",
    "koi8_r",
    "cp866",
    "cp1250",
    "cp1252",
    "cp1257",
    "cp1254",
    "cp1256",
    "gb18030",
    "big5",
    "iso8859_2",
]
_SAMPLE_SIZE = 8192
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_CYRILLIC_CAPITAL = re.compile(r"[А-Я]")
_ACCENTED_LATIN = re.compile(r"[\xc0-\xff]")
_LATIN = re.compile(r"[A-Za-z]")
_CASE_FLIP = re.compile(r"[a-zа-яёіў][A-ZА-ЯЁІЎ]|[─-▟]|[\x80-\x9f�]")


def decode_page(body: bytes, content_type: str = "") -> tuple[str, str]:
    """The text of a page and the encoding it was read in; never raises.

    Order: byte-order mark, valid UTF-8, the `meta` then the header declaration where the result reads like
    writing, then the detector. UTF-8 before declarations, since eight-bit Cyrillic or Latin text is hardly ever valid
    UTF-8, and servers declare their default for every file.
    """
    for bom, bom_encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(bom_encoding, "replace"), bom_encoding
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(body), "utf-8"
    except UnicodeDecodeError:
        pass
    for declared_encoding in _declared_encodings(body, content_type):
        text = body.decode(declared_encoding, "replace")
        if _reads_well(text):
            return text, declared_encoding
    detected_encoding = _detect_encoding(body)
    return body.decode(detected_encoding, "replace"), detected_encoding


def _declared_encodings(body: bytes, content_type: str) -> list[str]:
    names = [match[1].decode("ascii", "ignore") for match in [_META_CHARSET.search(body[:4096])] if match]
    names += [match[1] for match in [_HEADER_CHARSET.search(content_type)] if match]
    encodings = []
    for name in names:
        try:
            encodings.append(codecs.lookup(name).name)
        except LookupError:
            continue
    return ["cp1252" if name in ("iso8859-1", "ascii") else name for name in encodings]


def _reads_well(text: str) -> bool:
    """No box drawing, control characters or capitals inside words; and not Cyrillic read as accented Latin."""
    first_non_ascii = _NON_ASCII.search(text)
    if not first_non_ascii:
        return True
    sample = re.sub(r"<[^>]*(?:>|\Z)", " ", text[first_non_ascii.start() : first_non_ascii.start() + _SAMPLE_SIZE])
    non_ascii_count = len(_NON_ASCII.findall(sample)) or 1
    if len(_CASE_FLIP.findall(sample)) > 0.08 * non_ascii_count:
        return False
    if len(_CYRILLIC_CAPITAL.findall(sample)) > 0.6 * non_ascii_count:
        return False  # koi8-r read as windows-1251, or the other way round, changes the case
    return len(_ACCENTED_LATIN.findall(sample)) < 0.6 * max(len(_LATIN.findall(sample)), 1)


def _detect_encoding(body: bytes) -> str:
    from charset_normalizer import from_bytes  # 20 ms to import: only for undeclared eight-bit pages

    sample = strip_markup(body)[:_SAMPLE_SIZE]
    best = from_bytes(sample, cp_isolation=_CANDIDATES, enable_fallback=False).best()
    return best.encoding if best is not None else "cp1252"
