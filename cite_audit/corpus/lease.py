"""Who drives a run, and who works on a group: one process each, also when an earlier one was killed.

The driver writes its token into the folder. A worker looks at it twice a second and ends early where it reads another
one, or none: that is how a deadline, an interrupt and a killed driver reach it. A lock on the group's file waits for
the worker before it.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from cite_audit.corpus.folder import CorpusFolder
from cite_audit.errors import UsageError
from cite_audit.files import write_file

POLL_SECONDS = 0.5


@contextlib.contextmanager
def drive_run(folder: CorpusFolder) -> Iterator[str]:
    """The token of this driver while it drives. Raises UsageError where another process of this machine does."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder.root / ".lock", mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise UsageError(f"{folder.root}: another run is at work on it") from None
    try:
        token = secrets.token_hex(8)
        write_file(folder.lease, token.encode())
        yield token
    finally:
        end_lease(folder)
        lock.release()


def end_lease(folder: CorpusFolder) -> None:
    """Ask all workers to end early; what they have seen is stored."""
    folder.lease.unlink(missing_ok=True)


def holds_lease(folder: CorpusFolder, token: str) -> bool:
    """Whether the driver with this token still drives."""
    try:
        return folder.lease.read_text("ascii") == token
    except OSError:
        return False


@contextlib.contextmanager
def lock_group(path: Path) -> Iterator[None]:
    """Wait for the worker that had the group before, if it is still there; the lock ends with its process."""
    from filelock import FileLock

    with FileLock(path, mode=0o600):
        yield


@contextlib.asynccontextmanager
async def stop_with_lease(folder: CorpusFolder, token: str) -> AsyncIterator[asyncio.Event]:
    """An event that is set once the driver with this token drives no longer."""
    stop = asyncio.Event()

    async def watch() -> None:
        while holds_lease(folder, token):  # noqa: ASYNC110
            await asyncio.sleep(POLL_SECONDS)  # another process changes it: no event tells
        stop.set()

    task = asyncio.ensure_future(watch())
    try:
        yield stop
    finally:
        task.cancel()
