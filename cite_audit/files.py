"""Writing of files, and reading of small ones of others: the only module that opens one for writing.

A folder under audit belongs to strangers: a link in it may lead anywhere, a file in it may carry any mode. So the last
part of a path is never followed out of its own folder, a file is created exclusively or replaced atomically, and the
bits of a mode that a stranger could have set (execution, set-id) are not taken over.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Iterable, Iterator
from io import BufferedReader
from pathlib import Path
from typing import IO

MAX_SMALL_FILE = 16 * 1024 * 1024  # bytes of a configuration, a baseline, a file of cookies; the bound of foreign JSON
PRIVATE_FILE = 0o600  # the store, captures, journals: what a user reads may not be everybody's to know
PRIVATE_FOLDER = 0o700
BACKUP_MARK = ".before-cite-audit"  # in the name of a backup: draft.before-cite-audit.docx
REVIEW_MARK = " (reviewed"  # in the name of a reviewed copy: draft (reviewed).docx, draft (reviewed 2).docx
_TEMPORARY_MARK = ".cite-audit-"  # in the name of a temporary folder
_COPY_CHUNK = 1 << 20
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)  # not on Windows


def resolve_target(path: str | Path) -> Path:
    """The file that is written when `path` is: a link to another place in its own folder is resolved.

    Raises OSError (ELOOP) for a link that leads out of its folder, or to something hidden: `.git` has hooks, `.venv`
    programs, and they keep their execution bits.
    """
    place = Path(path)
    if not os.path.islink(place):
        return place
    folder, target = Path(os.path.realpath(place.parent)), Path(os.path.realpath(place))
    if not target.is_relative_to(folder) or os.path.islink(target):
        raise OSError(errno.ELOOP, "it is a link that leads out of its folder; name the file it leads to", str(path))
    if any(part.startswith(".") for part in target.relative_to(folder).parts):
        raise OSError(errno.ELOOP, "it is a link to what is hidden; name the file it leads to", str(path))
    return target


def check_inside(path: Path, root: Path) -> Path:
    """`path`, if its folder lies in `root` when all links are followed. Raises OSError (ELOOP) where it does not."""
    resolve_target(root)
    if not Path(os.path.realpath(path.parent)).is_relative_to(os.path.realpath(root)):
        raise OSError(errno.ELOOP, f"{path.parent.name} is a link that leads out of {root}", str(path))
    return path


def write_file(
    path: str | Path, content: bytes, *, mode: int | None = None, mode_source: str | Path = "", exclusive: bool = False
) -> None:
    """Write a file: readers see the old content or all of the new, a power cut included.

    `mode` of the file; without it an existing file keeps its own, and a new one gets the read and write bits of
    `mode_source` (its owner may always write), or what the umask leaves. `exclusive`: raise FileExistsError where
    anything has the name, a dangling link included. Raises OSError; nothing is left behind then.
    """
    target = Path(path) if exclusive else resolve_target(path)
    if not exclusive and target.exists() and not target.is_file():
        raise OSError(errno.EINVAL, "it is a directory" if target.is_dir() else "it is no regular file", str(path))
    chosen_mode = _choose_mode(target, mode, mode_source)
    descriptor, name = _make_neighbour(target)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(name, chosen_mode)
        replace_file(Path(name), target, exclusive=exclusive)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def replace_file(source: Path, target: Path, *, exclusive: bool = False) -> None:
    """Move a finished file to its name, content first, so that a power cut leaves the old file or the whole new one.

    Raises OSError.
    """
    _sync(source)
    if exclusive:
        _link_exclusively(source, target)
    else:
        os.replace(source, target)
    with contextlib.suppress(OSError):  # some file systems have no such thing
        _sync(target.parent)


def rename_file(source: Path, target: Path) -> None:
    """Move a finished file to its name; a power cut may undo or halve that until `sync_files`. Raises OSError."""
    os.replace(source, target)


def sync_files(paths: Iterable[Path]) -> None:
    """Have files, and the folders that name them, on the disk: at once for many, which takes as long as for one.

    Raises OSError.
    """
    folders = set()
    for path in paths:
        _sync(path)
        folders.add(path.parent)
    for folder in folders:
        with contextlib.suppress(OSError):  # some file systems have no such thing
            _sync(folder)


def _make_neighbour(target: Path) -> tuple[int, str]:
    """A new file beside a file: its descriptor and its name."""
    import tempfile  # 2 ms that commands which only read need not spend

    return tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:64]}.")


def copy_file(source: Path, target: Path) -> None:
    """Copy a file, whole or not at all; the copy has the mode that a new file gets. Raises OSError."""
    descriptor, name = _make_neighbour(target)
    try:
        with os.fdopen(descriptor, "wb") as copy, source.open("rb") as stream:
            shutil.copyfileobj(stream, copy, _COPY_CHUNK)
        os.chmod(name, _choose_mode(target, None, ""))
        replace_file(Path(name), target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def move_folder(source: Path, target: Path) -> None:
    """Give a finished folder its name, which nothing may have. Raises FileExistsError and other OSErrors."""
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, "it stands already", str(target))
    os.rename(source, target)
    with contextlib.suppress(OSError):  # some file systems have no such thing
        _sync(target.parent)


def open_for_update(path: Path, *, append: bool = False, exclusive: bool = False) -> IO[bytes]:
    """A private file open for reading and writing, unbuffered; created where there is none.

    `exclusive`: raise FileExistsError where anything has the name, a dangling link included.

    Raises OSError, also for a link and for what is no regular file.
    """
    flags = os.O_RDWR | os.O_CREAT | _NO_FOLLOW | getattr(os, "O_BINARY", 0) | (os.O_APPEND if append else 0)
    flags |= os.O_EXCL if exclusive else 0
    try:
        descriptor = os.open(path, flags, PRIVATE_FILE)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise OSError(errno.ELOOP, "it is a link, and links are not written through", str(path)) from error
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    return os.fdopen(descriptor, "a+b" if append else "r+b", buffering=0)


def lock_file(descriptor: int) -> bool:
    """Hold an open file or folder for this process; False while another holds it, True where there are no locks."""
    with contextlib.suppress(ImportError):
        import fcntl

        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            return error.errno not in (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES)
    return True


@contextlib.contextmanager
def hold_folder(path: Path) -> Iterator[bool]:
    """Hold a folder, made where it is missing, while it is written to; False while another process holds it.

    Raises OSError.
    """
    make_private_folder(path)
    if not hasattr(os, "O_DIRECTORY"):  # Windows opens no folders
        yield True
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield lock_file(descriptor)
    finally:
        os.close(descriptor)


def make_private_folder(path: Path) -> Path:
    """Make a folder and those above it, readable by their owner alone; one that exists stays as it is.

    Raises OSError.
    """
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        with contextlib.suppress(FileExistsError):
            folder.mkdir(PRIVATE_FOLDER)
    if not path.is_dir():
        raise OSError(errno.ENOTDIR, "it is no folder", str(path))
    return path


@contextlib.contextmanager
def temporary_folder(parent: Path, purpose: str) -> Iterator[Path]:
    """A private folder in `parent` for unfinished files; what a killed run left of this purpose is removed first.

    One process at a time may use a purpose in a folder. Raises OSError.
    """
    prefix = f"{_TEMPORARY_MARK}{purpose}-"
    for leftover in parent.glob(f"{prefix}*"):
        shutil.rmtree(leftover, ignore_errors=True)  # refuses links
    import tempfile

    folder = Path(tempfile.mkdtemp(dir=parent, prefix=prefix))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _choose_mode(target: Path, mode: int | None, mode_source: str | Path) -> int:
    if mode is not None:
        return mode
    with contextlib.suppress(OSError):
        return stat.S_IMODE(os.lstat(target).st_mode) & 0o777
    if mode_source:
        return stat.S_IMODE(os.stat(mode_source).st_mode) & 0o666 | stat.S_IWUSR
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _link_exclusively(source: Path, target: Path) -> None:
    """Move a file to a name that nothing has, dangling links included."""
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):  # a file system without hard links
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_FOLLOW, PRIVATE_FILE))
        os.replace(source, target)
    else:
        os.unlink(source)


def _sync(path: Path) -> None:
    is_folder = path.is_dir()
    descriptor = os.open(path, os.O_RDONLY if is_folder else os.O_RDWR)  # Windows syncs what is open for writing
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_at_once(path: str, flags: int) -> int:
    """A file descriptor that was not waited for, and whose reads wait as usual."""
    descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # not on Windows
    if hasattr(os, "O_NONBLOCK"):
        os.set_blocking(descriptor, True)
    return descriptor


def open_regular(path: str | Path) -> BufferedReader:
    """A regular file open for reading. Raises OSError, also for a device and a pipe, which nothing waits for."""
    file = open(path, "rb", opener=open_at_once)  # noqa: SIM115  the caller closes it
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    return file


def read_bounded(file: IO[bytes], limit: int) -> bytes:
    """All bytes of a file, or its first `limit` + 1. A plain `read` sets the memory for so many aside at once."""
    size = 0
    with contextlib.suppress(OSError):
        size = os.fstat(file.fileno()).st_size
    pieces = [file.read(min(limit, size) + 1)]
    free = limit + 1 - len(pieces[0])
    while free > 0 and (piece := file.read(min(free, _COPY_CHUNK))):  # a pipe, or a file that grows
        pieces.append(piece)
        free -= len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def read_small_file(path: str | Path, limit: int = MAX_SMALL_FILE) -> bytes:
    """The bytes of a file. Raises OSError, with EFBIG for more than `limit` of them.

    A named pipe that nobody writes to is empty instead of holding the run; one with a writer (`<(…)`) is read.
    """
    with open(path, "rb", opener=open_at_once) as file:
        content = read_bounded(file, limit)
    if len(content) > limit:
        raise OSError(errno.EFBIG, f"more than {limit:,} bytes", str(path))
    return content
