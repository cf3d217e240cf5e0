"""Bytes of a page to text, as a browser would read it, with wrong declarations seen through."""

from __future__ import annotations

import codecs
import re

_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Where a declaration is missing or wrong, these are what the cited web writes.
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
_SAMPLE = 8192
_HIGH = re.compile(r"[^\x00-\x7f]")
_CAPITAL = re.compile(r"[А-Я]")
_ACCENTED = re.compile(r"[\xc0-\xff]")
_LATIN = re.compile(r"[A-Za-z]")
_FLIP = re.compile(r"[a-zа-яёіў][A-ZА-ЯЁІЎ]|[─-▟]|[\x80-\x9f�]")


def decode(body: bytes, content_type: str = "") -> tuple[str, str]:
    """The text of a page and the encoding it was read in; never raises.

    Order: byte-order mark, valid UTF-8, the `meta` then the header declaration where what they give reads like
    writing, then the detector. UTF-8 before declarations, since eight-bit Cyrillic or Latin text is hardly ever valid
    UTF-8, and servers declare their default for every file.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace"), name
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(body), "utf-8"
    except UnicodeDecodeError:
        pass
    for declared in _declared(body, content_type):
        text = body.decode(declared, "replace")
        if _reads_well(text):
            return text, declared
    found = _detect(body)
    return body.decode(found, "replace"), found


def _declared(body: bytes, content_type: str) -> list[str]:
    names = [match[1].decode("ascii", "ignore") for match in [_META.search(body[:4096])] if match]
    names += [match[1] for match in [_HEADER.search(content_type)] if match]
    known = []
    for name in names:
        try:
            known.append(codecs.lookup(name).name)
        except LookupError:
            continue
    return ["cp1252" if name in ("iso8859-1", "ascii") else name for name in known]


def _reads_well(text: str) -> bool:
    """No box drawing, control characters or capitals inside words; and not Cyrillic read as accented Latin."""
    first = _HIGH.search(text)
    if not first:
        return True
    sample = re.sub(r"<[^>]*>", " ", text[first.start() : first.start() + _SAMPLE])
    high = len(_HIGH.findall(sample)) or 1
    if len(_FLIP.findall(sample)) > 0.08 * high:
        return False
    if len(_CAPITAL.findall(sample)) > 0.6 * high:
        return False  # koi8-r read as windows-1251, or the other way round, changes the case
    return len(_ACCENTED.findall(sample)) < 0.6 * max(len(_LATIN.findall(sample)), 1)


def _detect(body: bytes) -> str:
    from charset_normalizer import from_bytes  # 20 ms to import: only for undeclared eight-bit pages

    sample = re.sub(rb"(?s)<(script|style).*?</\1>|<[^>]*>", b" ", body)[:_SAMPLE]
    best = from_bytes(sample, cp_isolation=_CANDIDATES, enable_fallback=False).best()
    return best.encoding if best is not None else "cp1252"
