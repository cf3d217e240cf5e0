"""What the bytes of an answer are: HTML, other text, or packed in a coding that was not undone."""

from __future__ import annotations

import re

from cite_audit.lazy_pattern import compile_lazily

_HTML_TAG = compile_lazily(
    rb"<(?:!doctype\s+html|html|head|body|title|div|p|meta|script|h1|frameset|table|a|iframe)\b", re.I
)
_DECODED_CODINGS = {"gzip", "x-gzip", "deflate", "identity"}  # content codings that the client undoes, two at most


# First bytes of the files that reports cite: the signatures of the WHATWG MIME Sniffing Standard, and those of Office.
_SIGNATURES = (
    b"\xff\xd8\xff",
    b"\x89PNG",
    b"GIF8",
    b"RIFF",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"\0\0\1\0",
    b"\0\0\2\0",
    b"\0\0\0",  # ftyp boxes (AVIF, HEIC), JPEG 2000
    b"\xff\x4f\xff\x51",
    b"PK",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf",
    b"AT&TFORM",
    b"%!PS",
)
_PDF_START = 1024  # bytes in which readers look for a PDF's mark
_SIGNED_TYPE = compile_lazily(
    r"image/(?!svg)|application/(?:pdf|x-pdf|zip|x-zip-compressed|gzip|x-gzip|x-7z-compressed|x-rar-compressed|vnd\.rar"
    r"|epub\+zip|rtf|msword|vnd\.ms-|vnd\.openxmlformats-|vnd\.oasis\.)"
)
_STREAM_TYPE = compile_lazily(r"(?:video|audio)/")  # playlists of them are texts, but no web page is one
_OFFICE_TYPE = compile_lazily(
    r"application/(?:msword|vnd\.ms-)"
)  # also sent as tables in HTML or XML, which Office opens
_OFFICE_TEXT = compile_lazily(rb"<table|<workbook|urn:schemas-microsoft-com|<\?mso-application|mime-version:", re.I)


def sniff_type(content_type: str, body: bytes) -> str:
    """The media type of a body, in lower case: as declared, unless a text stands under the type of another file."""
    declared_type = content_type.partition(";")[0].strip()
    if _STREAM_TYPE.match(declared_type) and _HTML_TAG.match(body.lstrip()[:64]):
        return "text/html"
    if not body or not _SIGNED_TYPE.match(declared_type) or has_signature(declared_type, body):
        return content_type
    if any(byte < 9 or 13 < byte < 27 for byte in body[:1000]):
        return content_type
    if _HTML_TAG.search(body[:1024]):
        return "text/html"
    return "application/json" if body.lstrip()[:1] in (b"{", b"[") else "text/plain"


def has_signature(media_type: str, body: bytes) -> bool:
    """Whether a body begins as files of its type do; any file's beginning will do, but a PDF's needs its own."""
    if media_type.endswith("pdf"):
        return b"%PDF-" in body[:_PDF_START]
    return body.startswith(_SIGNATURES) or b"%PDF-" in body[:_PDF_START]


def is_signed_type(media_type: str, body: bytes) -> bool:
    """Whether files of a type begin with a signature, and a text like this body under that type is not the file."""
    if _STREAM_TYPE.match(media_type):
        return sniff_type(media_type, body) != media_type
    if _OFFICE_TYPE.match(media_type):  # Office opens plain tables, too
        return sniff_type(media_type, body) == "text/html" and not _OFFICE_TEXT.search(body)
    return _SIGNED_TYPE.match(media_type) is not None


def find_unknown_coding(coding: str, body: bytes) -> str:
    """The content coding that was not undone and lies over a body; empty for a body that is plain all the same."""
    if not coding:
        return ""
    codings = [coding_name for part in coding.lower().split(",") if (coding_name := part.strip())]
    if len(codings) <= 2 and all(coding_name in _DECODED_CODINGS for coding_name in codings):
        return ""
    beginning = body[:1000]
    return coding[:40] if sum(byte < 9 or 13 < byte < 32 for byte in beginning) * 50 > len(beginning) else ""


def is_html_body(content_type: str, body: bytes) -> bool:
    """Whether a body is HTML: as declared, or by its first tags where the declaration says nothing."""
    media_type = content_type.partition(";")[0].strip()
    if media_type in ("text/html", "application/xhtml+xml"):
        return b"%PDF-" not in body[:32]
    if media_type in ("", "text/plain", "application/octet-stream", "unknown/unknown"):
        return bool(_HTML_TAG.search(body[:1024]))
    return False


def is_text_body(content_type: str, body: bytes) -> bool:
    """Whether a body is a text of another kind."""
    media_type = content_type.partition(";")[0].strip()
    if media_type.startswith("text/") or media_type.endswith(("json", "xml")):
        return True
    return media_type == "" and b"\0" not in body[:1024] and not body.startswith(b"%PDF-")
