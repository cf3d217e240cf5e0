"""Reports in collections of captures: the responses of WARC files, alone or in a WACZ package."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from cite_audit.corpus.corpus_input import CorpusInput, InputKind
from cite_audit.errors import ReadError, UsageError
from cite_audit.installation import format_install_command

REPORT_TYPES = ("text/html", "application/xhtml+xml", "application/pdf", "text/plain", "text/markdown")
MAX_REPORT_BYTES = 64 << 20


def list_records(path: str) -> Iterator[CorpusInput]:
    """The responses 200 of a collection that may be reports, one for each address (the last one).

    Raises UsageError for a file that cannot be read, or without the extra `archive`.
    """
    found: dict[str, CorpusInput] = {}
    try:
        for member in _list_members(path):
            with _open_member(path, member) as stream:
                for address, offset, digest in _iterate_reports(stream):
                    name = f"{path}!{address}"
                    found[name] = CorpusInput(name, InputKind.RECORD, path, member, offset, digest)
    except ImportError as error:
        raise UsageError(
            f"collections of captures need the extra archive: {format_install_command('archive')}"
        ) from error
    except Exception as error:  # warcio and zipfile have many
        raise UsageError(f"{path}: cannot be read as a collection ({error})") from error
    yield from found.values()


def read_record(entry: CorpusInput) -> bytes:
    """The bytes of a report in a collection. Raises ReadError."""
    from warcio.archiveiterator import ArchiveIterator

    try:
        with _open_member(entry.container, entry.member) as stream:
            stream.seek(entry.offset)
            record = next(iter(ArchiveIterator(stream)))
            content: bytes = record.content_stream().read(MAX_REPORT_BYTES)
    except Exception as error:
        raise ReadError(entry.path, f"cannot be read from its collection: {error}") from error
    return content


def _list_members(path: str) -> list[str]:
    if not path.lower().endswith(".wacz"):
        return [""]
    with zipfile.ZipFile(path) as package:
        return sorted(name for name in package.namelist() if name.endswith((".warc", ".warc.gz")))


@contextmanager
def _open_member(path: str, member: str) -> Iterator[IO[bytes]]:
    if not member:
        with open(path, "rb") as file:
            yield file
        return
    with zipfile.ZipFile(path) as package, package.open(member) as inner:
        yield inner


def _iterate_reports(stream: IO[bytes]) -> Iterator[tuple[str, int, str]]:
    """Address, offset and payload digest of each response that may be a report."""
    from warcio.archiveiterator import ArchiveIterator

    records: Any = ArchiveIterator(stream)
    for record in records:
        head = record.http_headers
        if record.rec_type != "response" or head is None or head.get_statuscode() != "200":
            continue
        if (head.get_header("Content-Type") or "").partition(";")[0].strip().lower() in REPORT_TYPES:
            headers = record.rec_headers
            yield (
                headers.get_header("WARC-Target-URI"),
                records.get_record_offset(),
                headers.get_header("WARC-Payload-Digest") or "",
            )
