"""An atheris target: any bytes as an archive's answer, through everything that reads one; nothing but ArchiveError.

python -m fuzz.fuzz_archives [libFuzzer options] [corpus]
"""

from __future__ import annotations

from collections.abc import Callable

import atheris

with atheris.instrument_imports(include=["cite_audit.resolve.archive", "cite_audit.snapshot"]):
    from cite_audit.errors import ArchiveError
    from cite_audit.resolve.archive.availability import parse_hints
    from cite_audit.resolve.archive.cdx import parse_candidates
    from cite_audit.resolve.archive.link_format import memento_relations, parse_relations
    from cite_audit.resolve.archive.playback import read_playback
    from cite_audit.resolve.check.base import Reply
    from cite_audit.resolve.judge.capture import CaptureContent, assess_capture
    from cite_audit.snapshot.save_page_now import read_quota, read_save_answer, read_status_answers

from fuzz.harness import fuzz, split_input

URL = "https://archive.example/web/20200101000000id_/https://site.example/page"
HEADERS = ("memento-datetime", "location", "link", "content-location", "content-range", "content-type")


def _read_capture(data: bytes) -> object:
    return assess_capture(CaptureContent("https://site.example/page", "https://site.example/page", 200, body=data))


def _play(data: bytes) -> object:
    lines = data.decode("latin-1").split("\n")
    headers = tuple(zip(HEADERS, lines, strict=False))
    return read_playback(Reply(URL, status=200 + len(data) % 300, headers=headers, body=data))


READERS: tuple[Callable[[bytes], object], ...] = (
    lambda data: parse_hints(Reply(URL, status=200, body=data)),
    lambda data: parse_candidates("https://archive.example/web", 200, data),
    lambda data: read_save_answer(Reply(URL, status=200, body=data)),
    lambda data: read_status_answers(Reply(URL, status=200, body=data)),
    lambda data: read_quota(Reply(URL, status=200, body=data)),
    lambda data: memento_relations(parse_relations(data.decode("latin-1"))),
    _play,
    _read_capture,
)


def check(data: bytes) -> None:
    """Reads the bytes as the answer that the first of them chooses."""
    reader, data = split_input(data, len(READERS))
    try:
        str(READERS[reader](data)).encode()
    except (ArchiveError, ValueError) as error:
        if isinstance(error, ValueError) and READERS[reader] is not _play:  # an address: the player maps it
            raise


if __name__ == "__main__":
    fuzz(check)
