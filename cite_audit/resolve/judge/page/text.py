"""Words and white space of texts that others wrote."""

from __future__ import annotations

import unicodedata

from cite_audit.lazy_pattern import compile_lazily

_CONTROL_CHARACTERS = compile_lazily("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_WIDTHLESS = compile_lazily("[\xad\u200b-\u200f\u2060-\u2064\ufeff]")  # characters that take no room
PLAIN_SHAPES = str.maketrans("‘’‚‛′ʼ“”„‟″«»‐‑‒–—―−", "''''''" + '"' * 7 + "-" * 7)
_CJK_FIRST_BYTES = range(0xE3, 0xEA)  # of U+3000 to U+9FFF in UTF-8
_CJK_PUNCTUATION = b"\xe3\x80"  # the first bytes of U+3000 to U+303F


def count_words(text: str) -> int:
    """How many words a text has; two Chinese or Japanese characters count as one."""
    return len(text.split()) + count_cjk_words(text)


def count_cjk_words(text: str) -> int:
    """How many words the Chinese and Japanese characters of a text count as, beside those between spaces."""
    if text.isascii():
        return 0
    encoded = text.encode("utf-8", "replace")
    return (sum(map(encoded.count, _CJK_FIRST_BYTES)) - encoded.count(_CJK_PUNCTUATION)) // 2


def collapse_spaces(text: str) -> str:
    return " ".join(text.split())


def sanitize_page_text(text: str) -> str:
    """A text fit for display: no control characters, no bidirectional overrides, single spaces."""
    return collapse_spaces(_CONTROL_CHARACTERS.sub(" ", _WIDTHLESS.sub("", text)))


def fold_text(text: str) -> str:
    """A text for comparison: without case, accents, soft hyphens and the shapes of quotation marks, dashes and blanks.

    So do browsers compare a text fragment with a page (ICU's primary strength).
    """
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", _WIDTHLESS.sub("", text).translate(PLAIN_SHAPES))
        text = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return collapse_spaces(text.casefold())
