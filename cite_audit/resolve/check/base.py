"""The seams of the resolver: one exchange over HTTP, the store's keyed parts, and what archives answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Protocol

from cite_audit.frozen_record import frozen_record
from cite_audit.model import Archived, Failure, Memento

MAX_BODY = 512 * 1024  # bytes of a page that are read
MAX_LONG_BODY = 4 << 20  # bytes of one that is read on, where a question is about what it does not hold


@frozen_record
class Request:
    """One exchange, no redirects followed. Times in seconds; `max_body` in bytes after decoding."""

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    content: bytes = b""
    max_body: int = MAX_BODY
    timeout: float = 20.0  # total, from name look-up to the last byte read
    body_timeout: float = 0.0  # total once the head of the answer has arrived, where that is longer


@frozen_record
class Reply:
    """The answer to a request: `status` 0 and a `failure` without one; both when the body broke off."""

    url: str
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)
    truncated: bool = False
    failure: Failure | None = None
    elapsed: float = 0.0
    flags: tuple[str, ...] = ()
    peer: str = ""  # the address that answered; empty behind a proxy
    protocols: tuple[str, ...] = ()  # as WARC-Protocol names them: http/1.1, h2, tls/1.3

    def header(self, name: str) -> str:
        """The first header of that (lower-case) name, or the empty string."""
        for key, value in self.headers:
            if key == name:
                return value
        return ""


class Fetcher(Protocol):
    """The guarded, bounded client: every request of this program to a network goes through one."""

    async def fetch(self, request: Request) -> Reply:
        """One exchange. Never raises for what the network did; cancellation passes through."""
        ...


class KeyValueStore(Protocol):
    """A keyed part of the store, shared by all processes of the machine; values are JSON texts."""

    def get(self, key: str) -> str | None: ...

    def put(self, key: str, value: str, keep: float | None = None) -> None:
        """Store `value` for `keep` seconds, or for ever."""
        ...

    def update(self, key: str, change: Callable[[str | None], str]) -> str:
        """Replace a value in one transaction and return the new one."""
        ...


@frozen_record
class ArchiveAnswer:
    """What the archives say of one link, best memento first; `evidence` are sentences for a person."""

    url: str
    outcome: Archived
    mementos: tuple[Memento, ...] = ()
    evidence: tuple[str, ...] = ()
    from_cache: bool = False
