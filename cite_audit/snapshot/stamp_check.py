"""Whether an RFC 3161 token is of the file it stands beside.

The authority's own certificate is not checked here: `openssl ts -verify` does that, with a root from a place you trust.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from cite_audit.snapshot.bundle_check import Fault
from cite_audit.snapshot.model import StoredFile
from cite_audit.snapshot.timestamp_token import read_token


def find_token_fault(path: Path) -> Fault | None:
    """Why `FILE.tsr` is no token of FILE; None when it is. Raises OSError."""
    content = path.with_suffix("").read_bytes()
    try:
        imprint = read_token(path.read_bytes()).imprint
    except ValueError:
        return Fault(problem="it is no RFC 3161 token that can be read")
    is_same = imprint == hashlib.sha256(content).digest()
    return None if is_same else Fault(problem=f"the token is of another file than {path.with_suffix('').name}")


def find_list_faults(content: str, files: Mapping[str, StoredFile]) -> list[Fault]:
    """What a list of digests, as `sha256sum` writes it, says otherwise than the journal."""
    faults = []
    for line in content.splitlines():
        digest, _, path = line.partition("  ")
        if path not in files or files[path].sha256 != digest:
            faults.append(Fault(problem=f"the stamped digest of {path} is not the one in the journal"))
    return faults
