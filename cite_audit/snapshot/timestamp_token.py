"""Reads an RFC 3161 token as far as it says what was stamped, when, and in answer to which request.

Authorities write tokens in BER that is not DER, such as certificates in another order than DER sorts sets in, which
libraries for DER alone refuse. Nothing is verified here but that: `openssl ts -verify` checks the signature.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from cite_audit.frozen_record import frozen_record

INTEGER, OCTETS, TIME = 0x02, 0x04, 0x18  # X.690 §8, first octets of elements
CONSTRUCTED = 0x20
GRANTED = (0, 1)  # RFC 3161 §2.4.2: granted, granted with changes
MAX_DEPTH = 32
_TOKEN_TIME = re.compile(r"(\d{14})(?:[.,]\d+)?Z", re.A)


@frozen_record
class TokenInfo:
    """What a token says: the digest it stamps, the time (UTC), the number of the request; whether it was granted."""

    imprint: bytes
    stamped_at: datetime
    nonce: int | None
    is_granted: bool


@frozen_record
class _Element:
    tag: int
    content: bytes

    @property
    def parts(self) -> list[_Element]:
        if not self.tag & CONSTRUCTED:
            raise ValueError("an element without parts")
        return list(_iter_elements(self.content))

    @property
    def octets(self) -> bytes:
        """The content of a string, which may come in parts (X.690 §8.7.3)."""
        return b"".join(part.octets for part in self.parts) if self.tag & CONSTRUCTED else self.content


def read_token(content: bytes) -> TokenInfo:
    """Read a TimeStampResp (RFC 3161 §2.4.2). Raises ValueError for anything else."""
    try:
        answer, *_ = _iter_elements(content)
        status, token = answer.parts
        (signed_data,) = token.parts[1].parts
        encapsulated = signed_data.parts[2].parts
        (text,) = encapsulated[1].parts
        (info,) = _iter_elements(text.octets)
        return _read_info(info.parts, is_granted=int.from_bytes(status.parts[0].content) in GRANTED)
    except (IndexError, RecursionError) as error:
        raise ValueError("no RFC 3161 token") from error


def _read_info(fields: list[_Element], *, is_granted: bool) -> TokenInfo:
    """TSTInfo: version, policy, imprint, serial number, time; then, each optional, accuracy, ordering, nonce, name."""
    imprint, time = fields[2].parts[1], fields[4]
    told = _TOKEN_TIME.fullmatch(time.content.decode("ascii", "replace")) if time.tag == TIME else None
    if imprint.tag & ~CONSTRUCTED != OCTETS or told is None:
        raise ValueError("no RFC 3161 token")
    nonce = next((field.content for field in fields[5:] if field.tag == INTEGER), None)
    return TokenInfo(
        imprint=imprint.octets,
        stamped_at=datetime.strptime(told[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC),
        nonce=None if nonce is None else int.from_bytes(nonce, signed=True),
        is_granted=is_granted,
    )


def _iter_elements(content: bytes) -> Iterator[_Element]:
    position = 0
    while position < len(content):
        tag, start, end, position = _measure_element(content, position, 0)
        yield _Element(tag, content[start:end])


def _measure_element(content: bytes, position: int, depth: int) -> tuple[int, int, int, int]:
    """First octet of the element at a position; where its content begins and ends, and the element (X.690 §8.1)."""
    tag, size = content[position], content[position + 1]
    start = position + 2
    if tag & 0x1F == 0x1F or depth > MAX_DEPTH:
        raise ValueError("no RFC 3161 token")
    if size == 0x80:  # of indefinite length: up to two zero octets
        end = start
        while content[end : end + 2] != b"\0\0":
            end = _measure_element(content, end, depth + 1)[3]
        return tag, start, end, end + 2
    if size > 0x80:
        start += size & 0x7F
        size = int.from_bytes(content[position + 2 : start])
    if start + size > len(content):
        raise ValueError("an element that breaks off")
    return tag, start, start + size, start + size
