"""Whether an RFC 3161 token is of the file it stands beside.

The authority's own certificate is not checked here: `openssl ts -verify` does that, with a root from a place you trust.
"""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path


def find_token_fault(path: Path) -> str:
    """Why `FILE.tsr` is no token of FILE and of what FILE lists; empty when it is. Raises OSError.

    FILE may be a list as `sha256sum` writes it: what it lists is then checked as well, by paths from FILE's parent's
    parent.
    """
    content = path.with_suffix("").read_bytes()
    if find_spec("rfc3161_client") is None:
        return "not checked: the extra “timestamp” is not installed"
    from rfc3161_client import decode_timestamp_response

    try:
        imprint = decode_timestamp_response(path.read_bytes()).tst_info.message_imprint.message
    except ValueError:
        return "it is no RFC 3161 token that can be read"
    return "" if imprint == hashlib.sha256(content).digest() else "the token is of another file"
