"""What the bytes of an answer are: HTML, other text, or packed in a coding that was not undone."""

from __future__ import annotations

import re

_HTML_TAG = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|div|p|meta|script|h1|frameset|table|a|iframe)\b", re.I
)
_DECODED_CODINGS = {"gzip", "x-gzip", "deflate", "identity"}  # content codings that the client undoes, two at most


def find_unknown_coding(coding: str, body: bytes) -> str:
    """The content coding that was not undone and lies over a body; empty for a body that is plain all the same."""
    codings = [coding_name for part in coding.lower().split(",") if (coding_name := part.strip())]
    if len(codings) <= 2 and all(coding_name in _DECODED_CODINGS for coding_name in codings):
        return ""
    beginning = body[:1000]
    return coding[:40] if sum(byte < 9 or 13 < byte < 32 for byte in beginning) * 50 > len(beginning) else ""


def is_html_body(content_type: str, body: bytes) -> bool:
    """Whether a body is HTML: as declared, or by its first tags where the declaration says nothing."""
    media_type = content_type.partition(";")[0].strip()
    if media_type in ("text/html", "application/xhtml+xml"):
        return not body.startswith(b"%PDF-")
    if media_type in ("", "text/plain", "application/octet-stream", "unknown/unknown"):
        return bool(_HTML_TAG.search(body[:1024]))
    return False


def is_text_body(content_type: str, body: bytes) -> bool:
    """Whether a body is a text of another kind."""
    media_type = content_type.partition(";")[0].strip()
    if media_type.startswith("text/") or media_type.endswith(("json", "xml")):
        return True
    return media_type == "" and b"\0" not in body[:1024] and not body.startswith(b"%PDF-")
