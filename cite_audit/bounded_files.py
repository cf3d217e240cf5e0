"""Reading of small files that a stranger may have put there: without waiting and without end."""

from __future__ import annotations

import errno
import os
from pathlib import Path

MAX_SMALL_FILE = 16 * 1024 * 1024  # bytes of a configuration, a baseline, a file of cookies; the bound of foreign JSON


def _open_at_once(path: str, flags: int) -> int:
    """A file descriptor that was not waited for, and whose reads wait as usual."""
    descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # not on Windows
    if hasattr(os, "O_NONBLOCK"):
        os.set_blocking(descriptor, True)
    return descriptor


def read_small_file(path: str | Path, limit: int = MAX_SMALL_FILE) -> bytes:
    """The bytes of a file. Raises OSError, with EFBIG for more than `limit` of them.

    A named pipe that nobody writes to is empty instead of holding the run; one with a writer (`<(…)`) is read.
    """
    with open(path, "rb", opener=_open_at_once) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise OSError(errno.EFBIG, f"more than {limit:,} bytes", str(path))
    return content
