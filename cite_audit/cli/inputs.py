"""What the command line gives besides files: standard input."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def taken(reports: Sequence[str], stdin_name: str) -> tuple[list[str], dict[str, bytes]]:
    """The paths to read, with `-` under the name it is to have, and the bytes read from standard input."""
    if "-" not in reports:
        return list(reports), {}
    name = stdin_name or "-"
    return [name if path == "-" else path for path in reports], {name: sys.stdin.buffer.read()}
