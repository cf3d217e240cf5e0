"""Reads a response head as browsers do, and marks departures from RFC 9112. Pure.

One lenient reader instead of a strict one and a second request: what a strict parser refuses (a space before the colon,
two different lengths, lone line feeds) is read, marked `lenient-parser`, and its connection is not used again.
"""

from __future__ import annotations

from urllib.parse import quote_from_bytes

from cite_audit.frozen_record import frozen_record
from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import FailureKind
from cite_audit.resolve.http.failures import ExchangeError

Fields = list[tuple[bytes, bytes]]
MAX_HEAD = 256 * 1024  # bytes
MAX_FIELDS = 512
MAX_INTERIM = 20  # 1xx answers before the final one

_STATUS_LINE = compile_lazily(rb"(?:HTTP/(\d)\.(\d)|ICY)[ \t]+(\d{3})(?:[ \t].*)?")
_EMPTY_LINE = compile_lazily(rb"\n\r?\n")
_TOKEN = compile_lazily(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# C0 and C1 controls, bidi and zero-width characters: they rewrite terminals and reorder text, and no field needs them.
UNPRINTABLE = compile_lazily("[\x00-\x08\x0a-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_ADDRESS_FIELDS = {b"location", b"content-location", b"link", b"refresh"}


@frozen_record
class ResponseHead:
    """Status and fields of a response, and how its body ends: `length`, chunked, or with the connection."""

    status: int
    fields: Fields
    length: int | None
    chunked: bool
    reusable: bool
    strict: bool


def find_head_end(buffer: bytearray, start: int = 0) -> int:
    """The offset behind the empty line that ends a head, or -1."""
    empty_line = _EMPTY_LINE.search(buffer, max(0, start - 2))
    return empty_line.end() if empty_line else -1


def is_http2_frame(raw: bytes | bytearray) -> bool:
    """Whether an answer begins with a frame of HTTP/2: SETTINGS or GOAWAY, RFC 9113 §4.1."""
    return len(raw) >= 9 and raw[0] == 0 and raw[3] in (4, 7) and not any(raw[4:9])


def read_head(raw: bytes) -> ResponseHead:
    """Parse a head. Raises ExchangeError(PROTOCOL) when it has no status line or too many fields."""
    lines = raw.replace(b"\r\n", b"\n").split(b"\n")
    match = _STATUS_LINE.fullmatch(lines[0])
    if not match:
        hint = 2 if is_http2_frame(raw) else 0
        raise ExchangeError(FailureKind.PROTOCOL, f"no HTTP answer: {lines[0][:60]!r}", hint)
    if len(lines) - 3 > MAX_FIELDS:
        raise ExchangeError(FailureKind.PROTOCOL, f"more than {MAX_FIELDS} header fields")
    fields, strict = _parse_fields(lines[1:])
    strict = strict and raw.count(b"\n") == raw.count(b"\r\n") and match[1] is not None
    status = int(match[3])
    version = (int(match[1]), int(match[2])) if match[1] else (1, 0)
    chunked, length, framed = _body_framing(status, fields)
    connection_options = b",".join(value.lower() for name, value in fields if name == b"connection")
    keeps_alive = b"close" not in connection_options and (version >= (1, 1) or b"keep-alive" in connection_options)
    return ResponseHead(status, fields, length, chunked, keeps_alive and strict and framed, strict and framed)


def _parse_fields(lines: list[bytes]) -> tuple[Fields, bool]:
    fields: Fields = []
    strict = True
    for line in lines:
        if not line:
            continue
        if line[0] in b" \t" and fields:  # obs-fold, RFC 9112 §5.2
            fields[-1] = (fields[-1][0], fields[-1][1] + b" " + line.strip())
            strict = False
            continue
        name, colon, value = line.partition(b":")
        if not colon or not _TOKEN.fullmatch(name):
            strict = False
            name = name.strip()
            if not colon or not name:
                continue
        fields.append((name.lower(), value.strip(b" \t\r")))
    return fields, strict


def _body_framing(status: int, fields: Fields) -> tuple[bool, int | None, bool]:
    """Whether chunked, the length if told, and whether the two agree (RFC 9112 §6.3)."""
    if status in (204, 304):
        return False, 0, not any(name == b"content-length" and value != b"0" for name, value in fields)
    codings = [value.lower() for name, value in fields if name == b"transfer-encoding"]
    lengths = {part.strip() for name, value in fields if name == b"content-length" for part in value.split(b",")}
    chunked = any(b"chunked" in value for value in codings)
    numbers = [int(text) for text in lengths if text.isdigit() and len(text) < 19]
    agree = len(lengths) <= 1 and len(numbers) == len(lengths) and not (codings and lengths) and len(codings) <= 1
    if chunked:
        return True, None, agree
    # Differing lengths: as much as comes, up to the larger; the connection is closed after it.
    return False, max(numbers) if numbers and not codings else None, agree and bool(numbers)


def field_text(name: bytes, value: bytes) -> str:
    """A field's value as text: UTF-8, else Latin-1, without what could steer a terminal.

    Addresses keep their bytes: those above 127 are percent-encoded, as browsers send them back (`/%ED%EE` for cp1251).
    So do cookies: one character a byte, whatever it is, since no cookie is shown.
    """
    if name == b"set-cookie":
        return value.decode("latin-1")
    if value.isascii():
        text = value.decode("ascii")
    elif name in _ADDRESS_FIELDS:
        text = quote_from_bytes(value, safe=bytes(range(33, 127)) + b" ")
    else:
        try:
            text = value.decode("utf-8")
        except UnicodeDecodeError:
            text = value.decode("latin-1")
    return text if text.isprintable() else UNPRINTABLE.sub("", text)
