"""Makes remote text harmless: no control characters, no escape sequences, no tricks with direction.

Titles, addresses and evidence come from pages anyone may have written. Every renderer passes them through here
before it escapes them for its own format.
"""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

from cite_audit.lazy_pattern import compile_lazily

# ESC sequences whole (CSI, OSC with either end, two-character ones), so that their letters do not stay behind
_ESCAPES = compile_lazily(
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)?|\x1b[ -/]*[0-~]?"
)
# C0, DEL, C1; direction controls; zero-width and other invisible characters; surrogates; tags
_HIDDEN = compile_lazily(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_HIDDEN_OR_SPACE = compile_lazily(rf"{_HIDDEN.pattern}|\s")


def sanitize_text(text: str) -> str:
    """`text` without anything a terminal or a browser would act upon or hide; its spaces and line ends stay."""
    if text.isascii() and text.isprintable():
        return text
    return _HIDDEN.sub("", _ESCAPES.sub("", text))


def sanitize_line(text: str) -> str:
    """Sanitized text on one line, with single spaces."""
    return " ".join(sanitize_text(text).split())


def encode_hidden(url: str) -> str:
    """An address in which what `sanitize_text` would drop, and white space, is percent-encoded as UTF-8."""
    return _HIDDEN_OR_SPACE.sub(lambda match: quote(match[0], safe="", errors="ignore"), url)


def display_width(text: str) -> int:
    """How many terminal columns a cleaned text takes."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(bool(unicodedata.combining(c)) for c in text)
