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
from cite_audit.snapshot.timestamp_token import read_token

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
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    query = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256).build()
    reply = await fetcher.fetch(
        Request(authority, "POST", (("content-type", QUERY_TYPE),), query.as_bytes(), max_body=1 << 20, timeout=30.0)
    )
    if reply.status != 200:
        reason = reply.failure.kind.value if reply.failure else f"status {reply.status}"
        raise ArchiveError(f"the timestamp authority gave no token: {reason}")
    try:
        token_info = read_token(reply.body)
    except ValueError as error:
        raise ArchiveError("the timestamp authority answered with something else than a token") from error
    is_ours = token_info.imprint == hashlib.sha256(content).digest() and token_info.nonce == query.nonce
    if not is_ours or not token_info.is_granted:
        raise ArchiveError("the timestamp authority's token is not of this manifest")
    return reply.body, token_info.stamped_at
