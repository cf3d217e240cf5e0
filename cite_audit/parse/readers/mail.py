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
from cite_audit.parse.readers import html, open_reader
from cite_audit.parse.readers.base import Document, Masthead
from cite_audit.parse.readers.html_masthead import host_of

NAME = "mail"
SUFFIXES: tuple[str, ...] = (".eml", ".mht", ".mhtml")
OPENING = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]{1,60}:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,200}\r?\n")
TELLING = re.compile(
    rb"^(?:mime-version|content-type|received|message-id|snapshot-content-location):", re.IGNORECASE | re.MULTILINE
)
MOST_PARTS = 500


def matches(head: bytes) -> bool:
    """Whether a block of mail headers stands first, one of them a header that only mail has."""
    block = head.split(b"\n\n", 1)[0].split(b"\r\n\r\n", 1)[0] + b"\n\n"
    return OPENING.match(block) is not None and TELLING.search(block) is not None


def read(data: bytes, path: str) -> Document:
    """The body of a message. Offsets are of the decoded part, not of the file. Raises ReadError."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    best: tuple[int, bytes, str] | None = None
    for count, part in enumerate(message.walk()):
        if count > MOST_PARTS:
            break
        kind = part.get_content_type()
        rank = {"text/html": 0, "application/xhtml+xml": 0, "text/plain": 1}.get(kind, 9)
        if rank == 9 or part.is_multipart() or part.get_filename() or (best is not None and best[0] <= rank):
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and payload.strip():
            best = (rank, with_charset(payload, part), kind)
    if best is None:
        raise ReadError(path, "there is no text in this message")
    document = html.read(best[1], path) if best[0] == 0 else open_reader("text").read(best[1], path)
    return replace(document, format=NAME, masthead=masthead_of(message, document.masthead))


def with_charset(payload: bytes, part: Message) -> bytes:
    """The part in UTF-8 with a mark that says so, if its headers name another encoding that fits."""
    charset = part.get_content_charset() or ""
    try:
        return b"\xef\xbb\xbf" + payload.decode(charset).encode("utf-8") if charset else payload
    except (LookupError, ValueError):
        return payload


def masthead_of(message: Message, page: Masthead) -> Masthead:
    """The page's own masthead, with the message's subject and date where it has none."""
    sender = re.sub(r"\s*<[^>]*>\s*$", "", header(message, "From")).strip('" ')
    mail = "From" in message and "Subject" in message and "Snapshot-Content-Location" not in message
    return replace(
        page,
        title=page.title or header(message, "Subject"),
        authors=page.authors or ((sender,) if mail and sender and "@" not in sender else ()),
        published=page.published or (header(message, "Date") if mail else ""),
        publisher=host_of(header(message, "Snapshot-Content-Location")) or page.publisher,
    )


def header(message: Message, name: str) -> str:
    """A header, its encoded words decoded (RFC 2047)."""
    value = str(message.get(name, ""))[:2000]
    with suppress(LookupError, ValueError):
        value = str(make_header(decode_header(value)))
    return " ".join(value.split())[:500]
