"""Mail (.eml) and web archives of browsers (.mhtml): the HTML part is the report, or the plain text.

Offsets and lines are of the decoded part, so no line number leads to a place in the file.
"""

from __future__ import annotations

import re

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.parse.readers.base import Document, FormatFacts

__all__ = ["FORMAT", "matches", "read"]

FORMAT = FormatFacts(name="mail", suffixes=(".eml", ".mht", ".mhtml"), is_textual=True)

HEADER_BLOCK = compile_lazily(rb"(?:[A-Za-z][A-Za-z0-9-]{1,60}:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,200}\r?\n")
MAIL_HEADER = compile_lazily(
    rb"^(?:mime-version|content-type|received|message-id|snapshot-content-location):", re.IGNORECASE | re.MULTILINE
)


def matches(head: bytes) -> bool:
    """Whether a block of mail headers stands first, one of them a header that only mail has."""
    block = head.split(b"\n\n", 1)[0].split(b"\r\n\r\n", 1)[0] + b"\n\n"
    return HEADER_BLOCK.match(block) is not None and MAIL_HEADER.search(block) is not None


def read(data: bytes, path: str) -> Document:
    """The body of a message. Offsets are of the decoded part, not of the file. Raises ReadError."""
    from cite_audit.parse.readers.mail.reader import read_mail

    return read_mail(data, path)
