"""File descriptors: how many connections a process may hold, and how a shortage of them shows.

macOS allows 256 by default. A shortage is trouble of this machine: a request that meets it is retried, and never tells
anything about a link.
"""

from __future__ import annotations

import errno
import os

RESERVED = 32  # descriptors for files, the store, child processes and name look-ups
MIN_BUDGET = 8  # connections, however few descriptors there are
UNLIMITED = 65_536  # connections where the system names no limit
SHORTAGES = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
RETRY_PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)  # seconds before a connection is tried again


def connection_budget() -> int:
    """How many connections this process may open: RLIMIT_NOFILE without the descriptors in use and a reserve."""
    try:
        import resource
    except ImportError:  # Windows: sockets are no file descriptors
        return UNLIMITED
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit == resource.RLIM_INFINITY:
        return UNLIMITED
    return max(MIN_BUDGET, min(limit - _count_open() - RESERVED, UNLIMITED))


def is_shortage(error: BaseException) -> bool:
    """Whether an error means that this machine lacks descriptors, buffers or threads."""
    if isinstance(error, OSError):
        return error.errno in SHORTAGES
    return isinstance(error, RuntimeError) and "start new thread" in str(error)


def has_free_descriptor() -> bool:
    """Whether a file can be opened: the C library reports a look-up without a descriptor as an unknown name."""
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        return not is_shortage(error)
    return True


def _count_open() -> int:
    """The descriptors in use, as far as the system lists them."""
    try:
        return len(os.listdir("/dev/fd"))
    except OSError:
        return RESERVED
