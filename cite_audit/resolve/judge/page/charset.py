"""Bytes of a page to text, as a browser would decode them; wrong declarations are detected."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from string import ascii_letters

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
# And Cyrillic: a word has several letters, and most of these are its ten commonest, in no other encoding or script.
_CYRILLIC_ENCODINGS, _COMMON_CYRILLIC, _MIN_COMMON_CYRILLIC = ("cp1251", "koi8_r", "cp866"), "оеаинтсрвл", 0.5
_NON_ASCII_RUN = compile_lazily(rb"[\x80-\xff]+")
_MIN_RUN, _MIN_LETTERS = 3, 200  # letters, on average and in all
_MIN_RUNS = 5  # words with such letters that tell anything
# Codecs of Python that are no character sets of pages: they raise on many a body, or stand for something else.
_NO_CHARSETS = frozenset({"idna", "punycode", "mbcs", "oem", "utf-7", "unicode_escape", "raw_unicode_escape"})
_SAMPLE_SIZE = 8192
_MAX_READ = 400_000  # characters in which a text is looked for, after scripts and styles
_UNDECLARED_UTF8_ERRORS, _UTF8_ERRORS = 0.1, 1.0  # share of bad bytes to good letters beyond ASCII
_NON_ASCII = compile_lazily(r"[^\x00-\x7f]")
_CODE_OR_TAG = compile_lazily(r"(?s)<(script|style)\b(?:.*?</\1|.*\Z)|<[^>]*(?:>|\Z)", re.I)
_CYRILLIC_CAPITAL = compile_lazily(r"[А-Я]")
_MIN_CAPITALS = 40  # letters; a shorter text may be a heading in capitals
_ACCENTED_LATIN, _PLAIN_LATIN = bytes(range(0xC0, 0x100)), ascii_letters.encode()  # in Latin-1
# What is rare comes first: to look at each small letter would take ten times as long.
_MISREADING = compile_lazily(r"[А-ЯЁІЎ─-▟\x80-\x9f�](?:(?<![А-ЯЁІЎ])|(?<=[а-яёіў].))")


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
    except UnicodeDecodeError as error:
        declared_encodings = _declared_encodings(body, content_type)
        if _is_mostly_utf8(body, error.start, is_declared="utf-8" in declared_encodings):
            return body.decode("utf-8", "replace"), "utf-8"
    else:
        seven_bit = _find_hidden_encoding(body, content_type)
        return (body.decode(seven_bit, "replace"), seven_bit) if seven_bit else (text, "utf-8")
    for declared_encoding in declared_encodings:
        if declared_encoding != "utf-8" and not _is_refuted(text := body.decode(declared_encoding, "replace")):
            return text, declared_encoding
    detected_encoding = _detect_encoding(body)
    return body.decode(detected_encoding, "replace"), detected_encoding


def _is_mostly_utf8(body: bytes, first_error: int, *, is_declared: bool) -> bool:
    """Whether bad bytes are few beside the letters beyond ASCII, as where a text was cut within a letter.

    A part is enough where all that may follow, letters of two bytes, would be too few.
    """
    max_share = _UTF8_ERRORS if is_declared else _UNDECLARED_UTF8_ERRORS
    sizes = [size for size in (len(body) // 16, len(body) // 4, len(body) // 2) if size > 2 * first_error]
    for size in (*sizes, len(body)):
        text = body[:size].decode("utf-8", "replace")
        error_count = text.count("�")
        letter_count = _count_non_ascii(text) - error_count
        rest = len(body) - size
        if error_count - bool(rest) > max_share * (letter_count + rest // 2):
            return False
    return True


def _count_non_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


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
    sample = _sample_non_ascii(text[:_MAX_READ])
    non_ascii_count = _count_non_ascii(sample)
    if not sample:
        return False
    if len(_MISREADING.findall(sample)) > max(1.0, 0.08 * non_ascii_count):
        return True
    if len(_CYRILLIC_CAPITAL.findall(sample)) > max(_MIN_CAPITALS, 0.6 * non_ascii_count):
        return True  # koi8-r read as windows-1251, or the other way round, changes the case
    latin = sample.encode("latin-1", "ignore")
    accented, plain = (len(latin) - len(latin.translate(None, letters)) for letters in (_ACCENTED_LATIN, _PLAIN_LATIN))
    return accented >= 0.6 * max(plain, 1)


def _sample_non_ascii(text: str) -> str:
    """A text from its first character beyond ASCII on, without scripts and markup; so many characters as are enough."""
    pieces: list[str] = []
    length = start = 0
    for match in _CODE_OR_TAG.finditer(text):
        piece, start = text[start : match.start()], match.end()
        if pieces or not piece.isascii():
            pieces.append(piece)
            length += len(piece) + 1
            if length > len(pieces[0]) + _SAMPLE_SIZE:
                break
    else:
        pieces.append(text[start:])
    plain_text = " ".join(pieces)
    first = _NON_ASCII.search(plain_text)
    return plain_text[first.start() : first.start() + _SAMPLE_SIZE] if first else ""


def _detect_encoding(body: bytes) -> str:
    sample = strip_markup(body, _SAMPLE_SIZE)
    if sample.isascii() and (first := _NON_ASCII_RUN.search(body)):  # a menu in English, or one letter in a long text
        sample = strip_markup(body[body.rfind(b">", 0, first.start()) + 1 :], _SAMPLE_SIZE)
        if len(_NON_ASCII_RUN.findall(sample)) < _MIN_RUNS:
            return "cp1252"
    if cyrillic_encoding := _find_cyrillic_encoding(sample):
        return cyrillic_encoding
    for encoding, script, min_share in _PROVEN_BY_SCRIPT:
        text = sample.decode(encoding, "replace")
        non_ascii_count = _count_non_ascii(text)
        if text.count("�") > 0.02 * non_ascii_count or len(script.findall(text)) <= min_share * non_ascii_count:
            continue
        if encoding == "cp949" and len(_COMMON_SYLLABLE.findall(text)) < _MIN_COMMON_SYLLABLES * non_ascii_count:
            continue
        return encoding
    from charset_normalizer import from_bytes  # 20 ms to import: only for undeclared eight-bit pages

    best = from_bytes(sample, cp_isolation=_CANDIDATES, enable_fallback=False).best()
    return best.encoding if best is not None else "cp1252"


def _find_cyrillic_encoding(sample: bytes) -> str:
    runs = _NON_ASCII_RUN.findall(sample)
    letter_count = sum(map(len, runs))
    if letter_count < max(_MIN_LETTERS, _MIN_RUN * len(runs)):
        return ""
    for encoding in _CYRILLIC_ENCODINGS:
        text = sample.decode(encoding, "replace")
        if sum(map(text.count, _COMMON_CYRILLIC)) >= _MIN_COMMON_CYRILLIC * letter_count:
            return encoding
    return ""
