"""Writes documents: files atomically and never over an input of the run, stdout in UTF-8."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path

from cite_audit.errors import OutputError, UsageError
from cite_audit.files import open_at_once, resolve_target, write_file

__all__ = [
    "WRITE_FAILURE_ERRNOS",
    "check_writable",
    "describe_write_failure",
    "destination_key",
    "discard_stdout",
    "is_stream",
    "refuse_overwriting",
    "stdout_takes_unicode",
    "write_atomically",
    "write_document",
]

WRITE_FAILURE_ERRNOS = (
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EIO,
)  # the output could not be written, though the command line was right
MAX_SYMLINKS = 40  # symbolic links followed in a row, as in the kernel


def write_document(text: str, path: str = "") -> None:
    """One document to a file, written whole, or to stdout: as UTF-8, whatever the locale.

    A terminal of another encoding got a text in ASCII. Raises UsageError for a file that cannot be written, and
    OutputError where the disk is full.
    """
    if path:
        write_atomically(path, text)
        return
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(text)
        return
    from cite_audit.cli.stop_signals import end_at_first_signal

    try:
        with end_at_first_signal():
            sys.stdout.flush()
            buffer.write(_encode_text(text))
            buffer.flush()
    except BrokenPipeError:  # the reader closed the pipe (`| head`); the exit code still counts
        discard_stdout()
    except OSError as error:
        if error.errno not in WRITE_FAILURE_ERRNOS:
            raise
        discard_stdout()
        raise OutputError(f"the output could not be written: {error.strerror}") from error


def _encode_text(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")  # a lone surrogate, from a file name that is no UTF-8


def discard_stdout() -> None:
    """Write nothing more to stdout, and drop what is still in its buffer."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def stdout_takes_unicode() -> bool:
    """Whether stdout takes characters beyond ASCII."""
    return str(getattr(sys.stdout, "encoding", "") or "utf-8").lower().replace("-", "").startswith("utf")


def write_atomically(path: str, content: str | bytes, *, mode: int | None = None) -> None:
    """Write a file as `write_file` does, or to the device or pipe that a path names.

    Raises UsageError where it cannot be written, OutputError where the disk is full; nothing is left behind then.
    """
    data = _encode_text(content) if isinstance(content, str) else content
    descriptor = _descriptor_number(path)
    try:
        if descriptor is not None:
            _write_to_descriptor(descriptor, data)
        elif is_stream(path):
            _write_to_stream(resolve_target(path), data)
        else:
            write_file(path, data, mode=mode)
    except BrokenPipeError:  # the reader closed the pipe, as on stdout
        return
    except OSError as error:
        raise describe_write_failure(path, error) from error


def describe_write_failure(path: str, error: OSError) -> UsageError | OutputError:
    """The error to raise for a file that could not be written: OutputError where the disk is full."""
    kind = OutputError if error.errno in WRITE_FAILURE_ERRNOS else UsageError
    return kind(f"{path}: cannot be written ({error.strerror})")


def _write_to_stream(path: Path, data: bytes) -> None:
    """Write to a device or a pipe, which somebody else made. Raises OSError for a pipe that nobody reads: no wait."""
    try:
        with open(path, "wb", opener=open_at_once) as stream:
            stream.write(data)
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise OSError(errno.ENXIO, "nothing reads this named pipe, or it is a socket", str(path)) from error
        raise


def _write_to_descriptor(descriptor: int, data: bytes) -> None:
    """Write at the position of an open descriptor: what a file holds already (`>> log`) stays."""
    sys.stdout.flush()
    with open(descriptor, "wb", closefd=False) as stream:
        stream.write(data)


def check_writable(path: str) -> None:
    """Raises UsageError for a file that cannot be written, before the run starts."""
    descriptor = _descriptor_number(path)
    if (
        not path
        or _is_open_for_writing(descriptor)
        or (descriptor is None and is_stream(path) and os.access(path, os.W_OK))
    ):
        return
    folder = Path(path).absolute().parent
    if descriptor is not None or not os.access(folder, os.W_OK) or os.path.isdir(path):
        why = "it is a folder" if os.path.isdir(path) else "no such folder" if not folder.exists() else "not allowed"
        raise UsageError(f"{path}: cannot be written ({'not open' if descriptor is not None else why})")
    try:
        resolve_target(path)
    except OSError as error:
        raise describe_write_failure(path, error) from error


def is_stream(path: str) -> bool:
    """Whether `path` is a device or a pipe (/dev/stdout, the shell's `>(…)`): written to, never replaced.

    A path to an open descriptor counts as one, whatever file it writes to.
    """
    if _descriptor_number(path) is not None:
        return True
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)


def destination_key(path: str) -> object:
    """The identity of the place that `path` (empty: stdout) writes to: equal for two documents in one place.

    Those on one device do not, unless they share its name: it keeps nothing, or shows one after the other.
    """
    descriptor = _descriptor_number(path) if path else 1
    try:
        status = os.stat(path) if descriptor is None else os.fstat(descriptor)
    except OSError:
        return os.path.realpath(path)
    if stat.S_ISCHR(status.st_mode):
        return os.path.realpath(path) if descriptor is None else descriptor
    return status.st_dev, status.st_ino


def _descriptor_number(path: str) -> int | None:
    """The number of our own open file that a path names (/dev/stdout, /dev/fd/1, /proc/self/fd/1, a link to these)."""
    folders = {"/dev/fd", *map(os.path.realpath, ("/dev/fd", "/proc/self/fd", "/proc/thread-self/fd"))}
    for _ in range(MAX_SYMLINKS):
        folder, name = os.path.split(path)
        if name.isascii() and name.isdecimal() and os.path.realpath(folder) in folders:
            return int(name)
        try:
            path = os.path.join(folder, os.readlink(path))
        except (OSError, ValueError):
            return None
    return None


def _is_open_for_writing(descriptor: int | None) -> bool:
    if descriptor is None:
        return False
    import fcntl  # not on Windows, which has no such paths

    try:
        return fcntl.fcntl(descriptor, fcntl.F_GETFL) & os.O_ACCMODE != os.O_RDONLY
    except (OSError, OverflowError):
        return False


def refuse_overwriting(output_files: Iterable[str], input_files: Iterable[str]) -> None:
    """Raises UsageError where a file to be written is one that is read, by whatever name.

    `input_files` are only looked at where an output file exists already.
    """
    existing = {identity: path for path in output_files if (identity := _file_identity(path))}
    for path in input_files if existing else ():
        if out := existing.get(_file_identity(path) or (0, 0)):
            alias_text = "" if out == path else f" as {path}"
            raise UsageError(f"{out}: will not be written over, because it is read here{alias_text}; name another file")


def _file_identity(path: str) -> tuple[int, int] | None:
    """Which regular file a path leads to; None for anything else."""
    try:
        status = os.stat(path) if path else None
    except (OSError, ValueError):
        return None
    return (status.st_dev, status.st_ino) if status and stat.S_ISREG(status.st_mode) else None
