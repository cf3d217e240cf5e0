"""Bytes of a page to text, as a browser would decode them; wrong declarations are detected."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.resolve.judge.page.markup import strip_markup
from cite_audit.resolve.judge.tables import read_table

_META_CHARSET = compile_lazily(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
_XML_CHARSET = compile_lazily(rb"""^\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']\s*([\w.:-]+)""", re.I)
_HEADER_CHARSET = compile_lazily(r"charset\s*+=\s*+(?:[\"']\s*+)?([\w.:-]+)", re.I)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# Encodings of the cited web, for pages whose declaration is missing or wrong.
_CANDIDATES = [
    "cp1251",
    "koi8_r",
    "cp866",
    "cp1250",
    "cp1252",
    "cp1253",
    "cp1255",
    "cp1257",
    "cp1254",
    "cp1256",
    "gb18030",
    "big5",
    "iso8859_2",
]
# Encodings that a text itself proves: most of what is not ASCII is in their script.
_PROVEN_BY_SCRIPT = (
    ("euc_jp", compile_lazily(r"[ぁ-んァ-ヶ]"), 0.3),
    ("cp932", compile_lazily(r"[ぁ-んァ-ヶ]"), 0.3),
    ("cp949", compile_lazily(r"[가-힣]"), 0.6),
)
# Chinese read as Korean gives syllables too, but hardly ever those that every Korean sentence has.
_COMMON_SYLLABLE = compile_lazily(r"[이다는의에을를가은고지하한로]")
_MIN_COMMON_SYLLABLES = 0.12  # share of what is not ASCII
# Codecs of Python that are no character sets of pages: they raise on many a body, or stand for something else.
_NO_CHARSETS = frozenset({"idna", "punycode", "mbcs", "oem", "utf-7", "unicode_escape", "raw_unicode_escape"})
_SAMPLE_SIZE = 8192
_MAX_READ = 400_000  # characters in which a text is looked for, after scripts and styles
_UNDECLARED_UTF8_ERRORS, _UTF8_ERRORS = 0.1, 1.0  # share of bad bytes to good letters beyond ASCII
_NON_ASCII = compile_lazily(r"[^\x00-\x7f]")
_CODE_OR_TAG = compile_lazily(r"(?s)<(script|style)\b(?:.*?</\1|.*\Z)|<[^>]*(?:>|\Z)", re.I)
_CYRILLIC_CAPITAL = compile_lazily(r"[А-Я]")
_MIN_CAPITALS = 40  # letters; a shorter text may be a heading in capitals
_ACCENTED_LATIN = compile_lazily(r"[\xc0-\xff]")
_LATIN = compile_lazily(r"[A-Za-z]")
_MISREADING = compile_lazily(r"[а-яёіў][А-ЯЁІЎ]|[─-▟]|[\x80-\x9f�]")


def decode_page(body: bytes, content_type: str = "") -> tuple[str, str]:
    """The text of a page and the encoding it was read in; never raises.

    Order: byte-order mark, UTF-8 but for a bad byte here and there, the declarations in `meta`, XML prolog and header
    unless the bytes refute them, then the detector. UTF-8 before declarations, since eight-bit Cyrillic or Latin text
    is hardly ever UTF-8, and servers declare their default for every file.
    """
    for bom, bom_encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(bom_encoding, "replace"), bom_encoding
    try:
        text, _ = codecs.utf_8_decode(body, "strict", False)  # a letter cut at the end is left out
    except UnicodeDecodeError:
        declared_encodings = _declared_encodings(body, content_type)
        if _is_mostly_utf8(body, "utf-8" in declared_encodings):
            return body.decode("utf-8", "replace"), "utf-8"
    else:
        seven_bit = _find_hidden_encoding(body, content_type)
        return (body.decode(seven_bit, "replace"), seven_bit) if seven_bit else (text, "utf-8")
    for declared_encoding in declared_encodings:
        text = body.decode(declared_encoding, "replace")
        if declared_encoding != "utf-8" and not _is_refuted(text):
            return text, declared_encoding
    detected_encoding = _detect_encoding(body)
    return body.decode(detected_encoding, "replace"), detected_encoding


def _is_mostly_utf8(body: bytes, is_declared: bool) -> bool:
    """Whether bad bytes are few beside the letters beyond ASCII, as where a text was cut within a letter."""
    text = body.decode("utf-8", "replace")
    error_count = text.count("�")
    letter_count = len(text) - len(text.encode("ascii", "ignore")) - error_count
    return error_count <= letter_count * (_UTF8_ERRORS if is_declared else _UNDECLARED_UTF8_ERRORS)


def _find_hidden_encoding(body: bytes, content_type: str) -> str:
    """The declared encoding of bytes that are valid UTF-8 too: ISO-2022-JP's escapes, or two bytes a letter."""
    families = ("iso2022",) * (b"\x1b" in body) + ("utf-16",) * (b"\0" in body[:64])
    encodings = _declared_encodings(body, content_type) if families else []
    return next((name for name in encodings if name.startswith(families)), "")


def _declared_encodings(body: bytes, content_type: str) -> list[str]:
    """The codecs that the page and its header declare, each once, in that order."""
    matches = [_META_CHARSET.search(body[:4096]), _XML_CHARSET.search(body[:256])]
    labels = [match[1].decode("ascii", "ignore") for match in matches if match]
    labels += [match[1] for match in [_HEADER_CHARSET.search(content_type)] if match]
    return list(dict.fromkeys(filter(None, map(_find_codec, labels))))


@lru_cache(maxsize=64)
def _find_codec(label: str) -> str:
    """Python's codec for a label of the web; empty for an unknown one."""
    codec = _load_labels().get(label.lower())
    try:
        name = codec or codecs.lookup(label).name
        return name if name not in _NO_CHARSETS and isinstance(b"<a>".decode(name, "replace"), str) else ""
    except (LookupError, ValueError):  # the codec `undefined` raises UnicodeError
        return ""


@lru_cache(maxsize=1)
def _load_labels() -> dict[str, str]:
    return {row["label"]: row["codec"] for row in read_table("charsets")}


def _is_refuted(text: str) -> bool:
    """Whether a text shows that it was decoded wrongly.

    Signs: box drawing, control characters or Cyrillic capitals inside words, more than one and in numbers; and Cyrillic
    read as accented Latin. Scripts and markup are no text.
    """
    plain_text = _CODE_OR_TAG.sub(" ", text[:_MAX_READ])
    first_non_ascii = _NON_ASCII.search(plain_text)
    if not first_non_ascii:
        return False
    sample = plain_text[first_non_ascii.start() : first_non_ascii.start() + _SAMPLE_SIZE]
    non_ascii_count = len(_NON_ASCII.findall(sample))
    if len(_MISREADING.findall(sample)) > max(1.0, 0.08 * non_ascii_count):
        return True
    if len(_CYRILLIC_CAPITAL.findall(sample)) > max(_MIN_CAPITALS, 0.6 * non_ascii_count):
        return True  # koi8-r read as windows-1251, or the other way round, changes the case
    return len(_ACCENTED_LATIN.findall(sample)) >= 0.6 * max(len(_LATIN.findall(sample)), 1)


def _detect_encoding(body: bytes) -> str:
    from charset_normalizer import from_bytes  # 20 ms to import: only for undeclared eight-bit pages

    sample = strip_markup(body, _SAMPLE_SIZE)
    for encoding, script, min_share in _PROVEN_BY_SCRIPT:
        text = sample.decode(encoding, "replace")
        non_ascii_count = len(_NON_ASCII.findall(text))
        if text.count("�") > 0.02 * non_ascii_count or len(script.findall(text)) <= min_share * non_ascii_count:
            continue
        if encoding == "cp949" and len(_COMMON_SYLLABLE.findall(text)) < _MIN_COMMON_SYLLABLES * non_ascii_count:
            continue
        return encoding
    best = from_bytes(sample, cp_isolation=_CANDIDATES, enable_fallback=False).best()
    return best.encoding if best is not None else "cp1252"
