"""One report of a corpus, before it is read."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from cite_audit.frozen_record import frozen_record


class InputKind(StrEnum):
    """Where the bytes of a report are."""

    FILE = "file"
    PAGE = "page"  # an address of the web
    REMOTE = "remote"  # an address that fsspec opens
    RECORD = "record"  # a response in a WARC file


@frozen_record
class CorpusInput:
    """One report of a corpus: its name, where its bytes are, and what a manifest says of it."""

    path: str
    kind: InputKind = InputKind.FILE
    container: str = ""
    member: str = ""
    offset: int = 0
    stamp: str = ""  # changes when its bytes may have changed
    title: str = ""
    published: date | None = None
