"""Mail (.eml) and web archives of browsers (.mhtml): the HTML part is the report, or the plain text."""

from __future__ import annotations

import email
import email.policy
import re
from contextlib import suppress
from dataclasses import replace
from email.header import decode_header, make_header
from email.message import Message

from cite_audit.errors import ReadError
from cite_audit.parse.readers import html, text
from cite_audit.parse.readers.base import Document, Metadata
from cite_audit.parse.readers.link_targets import site_host

MAX_PARTS = 500


def read_mail(data: bytes, path: str) -> Document:
    """The body of a message. Offsets are of the decoded part, not of the file. Raises ReadError."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.compat32)
    except RecursionError:  # the parser of the standard library descends into each part
        raise ReadError(path, "its parts are nested too deeply") from None
    best_part: tuple[int, bytes, str] | None = None
    for count, part in enumerate(message.walk()):
        if count > MAX_PARTS:
            break
        kind = part.get_content_type()
        rank = {"text/html": 0, "application/xhtml+xml": 0, "text/plain": 1}.get(kind, 9)
        if rank == 9 or part.is_multipart() or part.get_filename() or (best_part is not None and best_part[0] <= rank):
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and payload.strip():
            best_part = (rank, encode_as_utf8(payload, part), kind)
    if best_part is None:
        raise ReadError(path, "there is no text in this message")
    document = html.read(best_part[1], path) if best_part[0] == 0 else text.read(best_part[1], path)
    return replace(document, format="mail", metadata=read_mail_metadata(message, document.metadata))


def encode_as_utf8(payload: bytes, part: Message) -> bytes:
    """The part in UTF-8 with a byte order mark, if its headers name another encoding that fits."""
    charset = part.get_content_charset() or ""
    try:
        return b"\xef\xbb\xbf" + payload.decode(charset).encode("utf-8") if charset else payload
    except (LookupError, ValueError):
        return payload


def read_mail_metadata(message: Message, page_metadata: Metadata) -> Metadata:
    """The page's own front matter, with the message's subject and date where it has none."""
    sender = re.sub(r"\s*<[^>]*>\s*$", "", read_mail_header(message, "From")).strip('" ')
    is_mail = "From" in message and "Subject" in message and "Snapshot-Content-Location" not in message
    return replace(
        page_metadata,
        title=page_metadata.title or read_mail_header(message, "Subject"),
        authors=page_metadata.authors or ((sender,) if is_mail and sender and "@" not in sender else ()),
        published=page_metadata.published or (read_mail_header(message, "Date") if is_mail else ""),
        publisher=site_host(read_mail_header(message, "Snapshot-Content-Location")) or page_metadata.publisher,
    )


def read_mail_header(message: Message, name: str) -> str:
    """A header, its encoded words decoded (RFC 2047)."""
    value = str(message.get(name, ""))[:2000]
    with suppress(LookupError, ValueError):
        value = str(make_header(decode_header(value)))
    return " ".join(value.split())[:500]
