"""Mail (.eml) and web archives of browsers (.mhtml): the HTML part is the report, or the plain text."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from email.header import decode_header, make_header
from email.message import Message

from cite_audit.errors import ReadError
from cite_audit.parse.readers import html, text
from cite_audit.parse.readers.base import Document, Metadata
from cite_audit.parse.readers.link_targets import site_host
from cite_audit.parse.readers.text_size import refuse_long_text

MAX_PARTS = 500
MAX_DEPTH = 50  # parts inside one another
MAX_PARSE_STEPS = 30_000_000  # lines times boundaries: the parser compares each line with every open one
MAX_COVER_LENGTH = 2000  # characters of a message that only covers the report attached to it
ATTACHED_FORMATS = ("docx", "odt", "pdf", "epub", "markdown", "latex", "rst", "html")
NESTED_MESSAGE = "its parts are nested too deeply"
BOUNDARY = re.compile(rb"boundary", re.IGNORECASE)


def read_mail(data: bytes, path: str) -> Document:
    """The body of a message. Offsets are of the decoded part, not of the file. Raises ReadError."""
    if len(BOUNDARY.findall(data)) * (data.count(b"\n") + data.count(b"\r")) > MAX_PARSE_STEPS:
        raise ReadError(path, NESTED_MESSAGE)
    try:
        message = email.message_from_bytes(data, policy=email.policy.compat32)
    except RecursionError:  # the parser of the standard library descends into each part
        raise ReadError(path, NESTED_MESSAGE) from None
    best_part: tuple[int, bytes, str] | None = None
    for part in iter_parts(message, path):
        kind = part.get_content_type()
        rank = {"text/html": 0, "application/xhtml+xml": 0, "text/plain": 1}.get(kind, 9)
        if rank == 9 or part.is_multipart() or part.get_filename() or (best_part is not None and best_part[0] <= rank):
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and payload.strip():
            best_part = (rank, encode_as_utf8(payload, part), kind)
    if best_part is None:
        attached = read_attached_report(message, path)
        if attached is None:
            raise ReadError(path, "there is no text in this message")
        return replace(attached, format="mail", metadata=read_mail_metadata(message, attached.metadata))
    refuse_long_text(best_part[1], path)
    document = html.read(best_part[1], path) if best_part[0] == 0 else text.read(best_part[1], path)
    if len(document.text) <= MAX_COVER_LENGTH and not document.notes:
        document = read_attached_report(message, path) or document
    return replace(document, format="mail", metadata=read_mail_metadata(message, document.metadata))


def read_attached_report(message: Message, path: str) -> Document | None:
    """The first attached file that is a report with notes, where the message only covers it; else None."""
    from cite_audit.parse.readers import choose_reader

    for part in iter_parts(message, path):
        name = part.get_filename()
        payload = part.get_payload(decode=True) if name and not part.is_multipart() else None
        if not isinstance(payload, bytes) or not payload.strip():
            continue
        with suppress(ReadError):
            reader = choose_reader(payload, str(name))
            if reader.FORMAT.name in ATTACHED_FORMATS:
                return replace(reader.read(payload, path), offset_map=None)
    return None


def iter_parts(message: Message, path: str) -> Iterator[Message]:
    """A message and its parts in their order, MAX_PARTS at most. Raises ReadError where they are nested too deeply."""
    stack: list[tuple[int, Message]] = [(0, message)]
    for _ in range(MAX_PARTS):
        if not stack:
            return
        depth, part = stack.pop()
        if depth > MAX_DEPTH:
            raise ReadError(path, NESTED_MESSAGE)
        yield part
        payload = part.get_payload()
        inner_parts = payload if isinstance(payload, list) else []
        stack += [(depth + 1, inner) for inner in reversed(inner_parts) if isinstance(inner, Message)]


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
