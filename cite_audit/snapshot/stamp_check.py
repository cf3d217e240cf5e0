"""Whether an RFC 3161 token is of the file it stands beside.

The authority's own certificate is not checked here: `openssl ts -verify` does that, with a root from a place you trust.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from cite_audit.files import open_regular, read_small_file
from cite_audit.snapshot.bundle_check import Fault
from cite_audit.snapshot.model import StoredFile
from cite_audit.snapshot.timestamp_token import read_token


def find_token_fault(path: Path) -> Fault | None:
    """Why `FILE.tsr` is no token of FILE; None when it is. Raises OSError."""
    with open_regular(path.with_suffix("")) as file:
        digest = hashlib.file_digest(file, "sha256").digest()
    try:
        imprint = read_token(read_small_file(path)).imprint
    except ValueError:
        return Fault(problem="it is no RFC 3161 token that can be read")
    return (
        None if imprint == digest else Fault(problem=f"the token is of another file than {path.with_suffix('').name}")
    )


def find_list_faults(content: str, files: Mapping[str, StoredFile]) -> list[Fault]:
    """What a list of digests, as `sha256sum` writes it, says otherwise than the journal."""
    faults = []
    for line in content.splitlines():
        digest, _, path = line.partition("  ")
        if path not in files or files[path].sha256 != digest:
            faults.append(Fault(problem=f"the stamped digest of {path} is not the one in the journal"))
    return faults
