"""Where the bytes of a WARC lie: a file of its own, or a member of a WACZ."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO

from cite_audit.frozen_record import frozen_record


@frozen_record
class WarcPlace:
    """The bytes of a WARC in a file."""

    path: Path
    start: int
    size: int


def locate_member(bundle: Path, name: str) -> WarcPlace:
    """Where a stored member's bytes begin in a ZIP file. Raises OSError, BadZipFile, KeyError, ValueError."""
    with zipfile.ZipFile(bundle) as package:
        member = package.getinfo(name)
    if member.compress_type != zipfile.ZIP_STORED:
        raise ValueError(f"{name} is compressed")
    with bundle.open("rb") as stream:
        stream.seek(member.header_offset)
        name_size, extra_size = struct.unpack("<26x2H", stream.read(30))  # APPNOTE.TXT §4.3.7
    return WarcPlace(bundle, member.header_offset + 30 + name_size + extra_size, member.file_size)


@dataclass(frozen=True)
class WarcSource:
    """A WARC file, or one inside a WACZ (`member`), also a compressed one."""

    path: Path
    member: str = ""

    @property
    def address(self) -> str:
        return self.path.absolute().as_uri()

    @cached_property
    def _start(self) -> int | None:
        """Where the WARC begins in the file; None where it is compressed."""
        try:
            return locate_member(self.path, self.member).start if self.member else 0
        except ValueError:
            return None

    @contextmanager
    def open_whole(self) -> Iterator[IO[bytes]]:
        """The WARC from its beginning to its end. Raises OSError, BadZipFile, KeyError."""
        if not self.member:
            with self.path.open("rb") as stream:
                yield stream
            return
        with zipfile.ZipFile(self.path) as bundle, bundle.open(self.member) as member:
            yield member

    @contextmanager
    def open_at(self, offset: int) -> Iterator[IO[bytes]]:
        """The WARC from an offset on; its end may not be seen. Raises OSError, BadZipFile, KeyError."""
        if self._start is not None:
            with self.path.open("rb") as stream:
                stream.seek(self._start + offset)
                yield stream
            return
        with self.open_whole() as stream:
            stream.seek(offset)
            yield stream
