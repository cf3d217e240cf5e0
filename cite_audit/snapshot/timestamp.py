"""An RFC 3161 timestamp over a manifest: proof that it, and the digests in it, existed at a time.

Needs the extra `timestamp`. The token is only as good as its authority: check it with `openssl ts -verify` against the
authority's own certificate, from a place you trust, not against one that came with the token.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from importlib.util import find_spec

from cite_audit.errors import ArchiveError, UsageError
from cite_audit.installation import format_install_command
from cite_audit.resolve.check.base import Fetcher, Request

QUERY_TYPE = "application/timestamp-query"  # RFC 3161 §3.4


def has_timestamp_library() -> bool:
    """Whether the library for it is installed."""
    return find_spec("rfc3161_client") is not None


def require_timestamp_library() -> None:
    """Raise UsageError when it is not."""
    if not has_timestamp_library():
        raise UsageError(f"--timestamp needs the extra “timestamp”: {format_install_command('timestamp')}")


async def request_timestamp(content: bytes, authority: str, fetcher: Fetcher) -> tuple[bytes, datetime]:
    """The token over `content` and the time it tells. Raises ArchiveError for an invalid token."""
    from rfc3161_client import HashAlgorithm, PKIStatus, TimestampRequestBuilder, decode_timestamp_response

    query = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256).build()
    reply = await fetcher.fetch(
        Request(authority, "POST", (("content-type", QUERY_TYPE),), query.as_bytes(), max_body=1 << 20, timeout=30.0)
    )
    if reply.status != 200:
        reason = reply.failure.kind.value if reply.failure else f"status {reply.status}"
        raise ArchiveError(f"the timestamp authority gave no token: {reason}")
    try:
        answer = decode_timestamp_response(reply.body)
        is_granted = answer.status in (PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS)
        token_info = answer.tst_info
    except ValueError as error:
        raise ArchiveError("the timestamp authority answered with something else than a token") from error
    if (
        not is_granted
        or token_info.message_imprint.message != hashlib.sha256(content).digest()
        or token_info.nonce != query.nonce
    ):
        raise ArchiveError("the timestamp authority's token is not of this manifest")
    return reply.body, token_info.gen_time
