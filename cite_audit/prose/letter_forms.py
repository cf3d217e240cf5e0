"""Characters as they are compared: small, without accents, digits and Arabic letters of one kind."""

from __future__ import annotations

import csv
import unicodedata
from functools import lru_cache

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.package_data import find_package_folder

_WIDTHLESS = compile_lazily(
    "[\u00ad\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_PAIRS = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ی": "ي", "ې": "ي", "ک": "ك",
    "ة": "ه", "ۀ": "ه", "ؤ": "و",
    "ё": "е", "Ё": "е", "’": "'", "‘": "'", "ʼ": "'", "׳": "'", "`": "'", "´": "'", "٫": ".", "٬": ",",
    "ß": "s", "æ": "a", "Æ": "a", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ı": "i",
    "İ": "i", "œ": "o", "Œ": "o",
}  # fmt: skip
_RANGES = ((0x41, 0x5B), (0xC0, 0x250), (0x370, 0x400), (0x400, 0x530), (0x1E00, 0x2000), (0xFF01, 0xFF5F))
_DIGIT_BLOCKS = (0x660, 0x6F0, 0x966, 0x9E6)


@lru_cache(maxsize=1)
def _character_table() -> dict[int, str]:
    table = {}
    for first, last in _RANGES:
        for code in range(first, last):
            character = chr(code)
            if not 0x400 <= code < 0x530:
                character = unicodedata.normalize("NFKD", character)[0]
            lower = character.lower()[0]
            if lower != chr(code):
                table[code] = lower
    for block in _DIGIT_BLOCKS:
        table |= {block + digit: str(digit) for digit in range(10)}
    return table | {ord(ours): theirs for ours, theirs in _PAIRS.items()}


def strip_widthless(text: str) -> str:
    """The text without characters that take no room: vowel points, soft hyphens, direction marks."""
    return _WIDTHLESS.sub("", text)


def fold_characters(text: str) -> str:
    """The text as it is compared, character for character: places in it are places in the text."""
    return text.translate(_character_table())


def read_rows(package: str, table: str) -> list[dict[str, str]]:
    """The rows of a CSV table in the folder `data` of a package; lines that begin with `#` say where it is from."""
    text = (find_package_folder(package) / "data" / f"{table}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
