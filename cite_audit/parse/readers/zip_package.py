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
from cite_audit.parse.readers.text_size import MAX_WITH_PICTURES

MAX_UNPACKED_BYTES = 200_000_000  # unpacked, all parts together
MAX_RATIO = 200  # unpacked to packed; DEFLATE itself ends at 1,032
RATIO_FREE_BYTES = (
    4_000_000  # unpacked bytes below which the ratio does not matter: short runs of one character pack well
)
MAX_ENTRIES = 5_000
CHUNK_BYTES = 65_536
DAMAGE_ERRORS = (
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


class ZipPackage:
    """A zip file whose directory was checked for bombs; parts are measured again while they are read.

    `max_text`: bytes of all parts that are read, which are those with text; one that is read again counts once.
    """

    def __init__(self, data: bytes, path: str, max_text: int = MAX_WITH_PICTURES) -> None:
        self.path = path
        self.max_text = max_text
        self._sizes: dict[str, int] = {}  # of the parts that were read
        try:
            self.archive = zipfile.ZipFile(BytesIO(data))
            entries = self.archive.infolist()
        except DAMAGE_ERRORS as error:
            raise ReadError(path, f"the file is damaged: {describe_damage(error)}") from error
        unpacked = sum(entry.file_size for entry in entries)
        if len(entries) > MAX_ENTRIES:
            raise ReadError(path, f"refused: the package holds {len(entries):,} parts, more than {MAX_ENTRIES:,}")
        if unpacked > MAX_UNPACKED_BYTES:
            raise ReadError(path, f"refused: it would unpack to {unpacked:,} bytes, more than {MAX_UNPACKED_BYTES:,}")
        if unpacked > max(RATIO_FREE_BYTES, MAX_RATIO * len(data)):
            raise ReadError(path, f"refused: it would unpack to more than {MAX_RATIO} times its size")
        self.entries = {entry.filename: entry for entry in entries}

    def __contains__(self, name: str) -> bool:
        return name in self.entries

    def read_part(self, name: str) -> bytes:
        """The bytes of one part; empty where there is none. Raises ReadError if damaged, protected or too large."""
        entry = self.entries.get(name)
        if entry is None:
            return b""
        if entry.flag_bits & 1:
            raise ReadError(self.path, "this is protected by a password; save a copy without one")
        pieces: list[bytes] = []
        size = 0
        others = sum(self._sizes.values()) - self._sizes.get(name, 0)
        try:
            with self.archive.open(entry) as part:
                while piece := part.read(CHUNK_BYTES):
                    size += len(piece)
                    if others + size > self.max_text:
                        raise ReadError(self.path, f"refused: its text unpacks to more than {self.max_text:,} bytes")
                    if size > entry.file_size:
                        raise ReadError(self.path, f"refused: {name} unpacks to more than the package says")
                    pieces.append(piece)
        except DAMAGE_ERRORS as error:
            raise ReadError(self.path, f"the file is damaged: {name}: {describe_damage(error)}") from error
        self._sizes[name] = size
        return b"".join(pieces)

    def parse_part(
        self, name: str, on_start: OnStart, on_end: OnEnd | None = None, on_text: OnText | None = None
    ) -> None:
        """Send the XML of one part to these callbacks. Raises ReadError if it is damaged or declares a DOCTYPE."""
        data = self.read_part(name)
        if data:
            parse_xml(data, self.path, name, on_start, on_end, on_text)


OnStart = Callable[[str, dict[str, str]], None]
OnEnd = Callable[[str], None]
OnText = Callable[[str], None]


class _DoctypeError(Exception):
    pass


def parse_xml(
    data: bytes, path: str, name: str, on_start: OnStart, on_end: OnEnd | None, on_text: OnText | None
) -> None:
    """Parse XML; names come as `namespace local`. OOXML and ODF allow no DOCTYPE, so none is read (ECMA-376-2 §8.1)."""
    run_xml_parser(open_xml_parser(on_start, on_end, on_text), data, path, name)


def open_xml_parser(
    on_start: OnStart, on_end: OnEnd | None, on_text: OnText | None, *, allow_doctype: bool = False
) -> expat.XMLParserType:
    """A parser that declares and loads no entity; `allow_doctype`: a DTD may be named, which is not read."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.buffer_size = CHUNK_BYTES

    def refuse_doctype(*_: object) -> None:
        raise _DoctypeError

    if not allow_doctype:
        parser.StartDoctypeDeclHandler = refuse_doctype
    parser.EntityDeclHandler = refuse_doctype
    parser.StartElementHandler = on_start
    if on_end is not None:
        parser.EndElementHandler = on_end
    if on_text is not None:
        parser.CharacterDataHandler = on_text
    return parser


def run_xml_parser(parser: expat.XMLParserType, data: bytes, path: str, name: str) -> None:
    """Parse all of it. Raises ReadError."""
    try:
        parser.Parse(data, True)
    except _DoctypeError:
        raise ReadError(
            path, f"refused: {name} declares a DOCTYPE or entities, which this format does not allow"
        ) from None
    except expat.ExpatError as error:
        raise ReadError(path, f"the file is damaged: {name}: {error}") from error
    except (LookupError, ValueError) as error:  # an encoding that is none
        raise ReadError(path, f"the file is damaged: {name}: {describe_damage(error)}") from error


def local_name(name: str) -> str:
    """The name without its namespace."""
    return name.rpartition(" ")[2]


def local_attributes(attributes: dict[str, str]) -> dict[str, str]:
    """Attributes by their local names."""
    return {local_name(key): value for key, value in attributes.items()}


def resolve_part_name(base: str, target: str) -> str:
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


def describe_damage(error: Exception) -> str:
    """The message of a library's error, on one line."""
    return " ".join(f"{error}".split())[:200] or type(error).__name__
