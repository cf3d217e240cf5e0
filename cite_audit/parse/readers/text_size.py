"""How long a report's text may be, so that no report takes more than 400 MB of memory (decision 0420).

A read text takes up to 25 times its size: text, tree, links. What is big by its pictures is read all the same.
"""

from __future__ import annotations

import re

from cite_audit.errors import ReadError
from cite_audit.lazy_pattern import compile_lazily

MAX_TEXT_BYTES = 12_000_000  # about two million words
MAX_WITH_PICTURES = 40_000_000  # bytes of a text with embedded pictures, and of the XML that a package unpacks to
MAX_TAGS = 500_000  # opened in HTML: each takes up to 650 bytes
# Pictures and typefaces within a text: data URLs (RFC 2397), and parts of mail in lines of base64 (RFC 2045 §6.8).
_TAG = compile_lazily(rb"<[A-Za-z]")
_EMBEDDED = compile_lazily(rb";base64,[A-Za-z0-9+/=]{1000,}|^(?:[A-Za-z0-9+/]{60,76}\r?\n){20,}", re.MULTILINE)


def refuse_long_text(data: bytes, path: str, limit: int = MAX_TEXT_BYTES, max_tags: int = MAX_TAGS) -> None:
    """Raises ReadError for a text of more than `limit` bytes, pictures within it not counted, or of too many tags."""
    if len(data) > limit:
        pictures = (match.end() - match.start() for match in _EMBEDDED.finditer(data))
        length = len(data) - (sum(pictures) if len(data) <= MAX_WITH_PICTURES else 0)
        if length > limit:
            raise ReadError(path, f"refused: {length:,} bytes of text are more than {limit:,}; split it")
    if data.count(b"<") > max_tags and (tags := sum(1 for _ in _TAG.finditer(data))) > max_tags:
        raise ReadError(path, f"refused: {tags:,} tags are more than {max_tags:,}; split it")
