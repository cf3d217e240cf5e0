"""Repairs the standard streams before anything is read or written."""

from __future__ import annotations

import io
import os
import stat
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))
UNREAD_PATIENCE = 2.0  # seconds that a message waits for somebody who reads stderr
_PIECE = 512  # bytes: a pipe that is ready takes as many without a wait (PIPE_BUF, POSIX.1-2024 <limits.h>)


def repair_std_streams() -> None:
    """Open closed streams on the null device, buffer stdout, and let it escape what its encoding lacks.

    A closed one (`>&-`) would give its number to the next file or socket that is opened. Unbuffered
    (PYTHONUNBUFFERED), Python's own stdout drops what a full disk did not take.
    """
    for number, (name, mode) in enumerate(STREAMS):
        try:
            os.fstat(number)
        except OSError:
            null = os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
            if null != number:
                os.dup2(null, number)
                os.close(null)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
    if isinstance(raw := getattr(sys.stdout, "buffer", None), io.RawIOBase):
        sys.stdout = io.TextIOWrapper(io.BufferedWriter(raw), sys.stdout.encoding, line_buffering=True)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    if _is_pipe(2) and isinstance(sys.stderr, io.TextIOWrapper):
        raw = _MessagePipe(2, "w", closefd=False)
        sys.stderr = io.TextIOWrapper(
            io.BufferedWriter(raw), sys.stderr.encoding, "backslashreplace", line_buffering=True
        )


def _is_pipe(descriptor: int) -> bool:
    """Whether writing to it may wait for a reader. Windows has no way to ask whether it would."""
    mode = os.fstat(descriptor).st_mode
    return sys.platform != "win32" and (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode))


class _MessagePipe(io.FileIO):
    """A pipe for messages. Once it was full for UNREAD_PATIENCE they are dropped, and hold no run past its deadline."""

    is_unread = False

    def write(self, content: ReadableBuffer) -> int:
        """Write all of `content`, or drop what nobody takes. Raises OSError."""
        unwritten = memoryview(content).cast("B")
        size = len(unwritten)
        while unwritten and self._is_ready():
            unwritten = unwritten[super().write(unwritten[:_PIECE]) or 0 :]
        return size

    def _is_ready(self) -> bool:
        import select

        poll = select.poll()
        poll.register(self.fileno(), select.POLLOUT)
        self.is_unread = not poll.poll(0 if self.is_unread else UNREAD_PATIENCE * 1000)
        return not self.is_unread
