"""Zip packages (DOCX, ODT, EPUB) and the XML in them, read within bounds and without entities."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import PurePosixPath
from urllib.parse import unquote
from xml.parsers import expat

from cite_audit.errors import ReadError

MOST_BYTES = 200_000_000  # unpacked, all parts together
MOST_RATIO = 200  # unpacked to packed; DEFLATE itself ends at 1,032
SMALL = 4_000_000  # unpacked bytes below which the ratio does not matter: short runs of one character pack well
MOST_ENTRIES = 5_000
CHUNK = 65_536
DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    ValueError,
    OverflowError,
    IndexError,
    OSError,
    RuntimeError,
    ImportError,
)


class Package:
    """A zip file whose directory has been judged; parts are counted again while they are read."""

    def __init__(self, data: bytes, path: str) -> None:
        self.path = path
        self.left = MOST_BYTES
        try:
            self.zip = zipfile.ZipFile(BytesIO(data))
            entries = self.zip.infolist()
        except DAMAGES as error:
            raise ReadError(path, f"the file is damaged: {describe(error)}") from error
        unpacked = sum(entry.file_size for entry in entries)
        if len(entries) > MOST_ENTRIES:
            raise ReadError(path, f"refused: the package holds {len(entries):,} parts, more than {MOST_ENTRIES:,}")
        if unpacked > MOST_BYTES:
            raise ReadError(path, f"refused: it would unpack to {unpacked:,} bytes, more than {MOST_BYTES:,}")
        if unpacked > max(SMALL, MOST_RATIO * len(data)):
            raise ReadError(path, f"refused: it would unpack to more than {MOST_RATIO} times its size")
        self.names = {entry.filename: entry for entry in entries}

    def __contains__(self, name: str) -> bool:
        return name in self.names

    def read(self, name: str) -> bytes:
        """The bytes of one part; empty where there is none. Raises ReadError if damaged, protected or too large."""
        entry = self.names.get(name)
        if entry is None:
            return b""
        if entry.flag_bits & 1:
            raise ReadError(self.path, "this is protected by a password; save a copy without one")
        pieces: list[bytes] = []
        size = 0
        try:
            with self.zip.open(entry) as part:
                while piece := part.read(CHUNK):
                    size += len(piece)
                    if size > min(entry.file_size, self.left):
                        raise ReadError(self.path, f"refused: {name} unpacks to more than the package says")
                    pieces.append(piece)
        except DAMAGES as error:
            raise ReadError(self.path, f"the file is damaged: {name}: {describe(error)}") from error
        self.left -= size
        return b"".join(pieces)

    def parse(self, name: str, start: Start, end: End | None = None, text: Chars | None = None) -> None:
        """Send the XML of one part to these callbacks. Raises ReadError if it is damaged or declares a DOCTYPE."""
        data = self.read(name)
        if data:
            parse_xml(data, self.path, name, start, end, text)


Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Chars = Callable[[str], None]


class _DoctypeError(Exception):
    pass


def parse_xml(data: bytes, path: str, name: str, start: Start, end: End | None, text: Chars | None) -> None:
    """Parse XML; names come as `namespace local`. OOXML and ODF allow no DOCTYPE, so none is read (ECMA-376-2 §8.1)."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.buffer_size = CHUNK

    def refuse(*_: object) -> None:
        raise _DoctypeError

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except _DoctypeError:
        raise ReadError(path, f"refused: {name} declares a DOCTYPE, which this format does not allow") from None
    except expat.ExpatError as error:
        raise ReadError(path, f"the file is damaged: {name}: {error}") from error
    except (LookupError, ValueError) as error:  # an encoding that is none
        raise ReadError(path, f"the file is damaged: {name}: {describe(error)}") from error


def local(name: str) -> str:
    """The name without its namespace."""
    return name.rpartition(" ")[2]


def locals_of(attributes: dict[str, str]) -> dict[str, str]:
    """Attributes by their local names."""
    return {local(key): value for key, value in attributes.items()}


def resolve(base: str, target: str) -> str:
    """The part that `target`, as written in the part `base`, names."""
    target = unquote(target.partition("#")[0])
    joined = PurePosixPath(target.lstrip("/")) if target.startswith("/") else PurePosixPath(base).parent / target
    parts: list[str] = []
    for part in joined.parts:
        if part == "..":
            del parts[-1:]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def describe(error: Exception) -> str:
    """What a foreign error says, on one line."""
    return " ".join(f"{error}".split())[:200] or type(error).__name__
