"""The seams of the resolver: how one exchange is asked for, and what the judge may ask next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol

from cite_audit.model import Archived, Failure, Memento, Probe


@dataclass(frozen=True, slots=True)
class Request:
    """One exchange, no redirects followed. Times in seconds; `max_body` in bytes after decoding."""

    url: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    content: bytes = b""
    max_body: int = 512 * 1024
    timeout: float = 20.0  # total, from name look-up to the last byte read


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: `status` 0 and a `failure` when no answer came; both when it broke off in the body."""

    url: str
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)
    truncated: bool = False
    failure: Failure | None = None
    elapsed: float = 0.0
    flags: tuple[str, ...] = ()

    def header(self, name: str) -> str:
        """The first header of that (lower-case) name, or the empty string."""
        for key, value in self.headers:
            if key == name:
                return value
        return ""


class Fetcher(Protocol):
    """The guarded, bounded way out: every byte this program asks of a network goes through one."""

    async def fetch(self, request: Request) -> Reply:
        """One exchange. Never raises for what the network did; cancellation passes through."""
        ...


class KeyValueStore(Protocol):
    """A keyed part of the store, shared by all processes of the machine; values are JSON texts."""

    def get(self, key: str) -> str | None: ...

    def put(self, key: str, value: str, keep: float | None = None) -> None:
        """Keep `value` for `keep` seconds, or for ever."""
        ...

    def update(self, key: str, change: Callable[[str | None], str]) -> str:
        """Replace a value in one transaction and return the new one."""
        ...


@dataclass(frozen=True, slots=True)
class LookRequest:
    """A look the judge wants next.

    `kind`: page (the link itself), swap (scheme or www changed), sibling (a random path beside it), host-sibling (a
    random path of the host), home, platform (an endpoint that tells the truth), memento. `shared`: one answer serves
    every link that asks for the same `url`, so the checker keeps it for the run.
    """

    kind: str
    url: str
    profile: str = "plain"  # plain or browser
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything known of one link so far, in the order it was seen. `now` and `random` come from the caller."""

    url: str
    now: datetime
    looks: tuple[tuple[LookRequest, Probe], ...] = ()
    near: date | None = None
    quotes: tuple[str, ...] = ()
    memento: Memento | None = None
    token: str = "x7k2q9"  # noqa: S105  random letters for sibling paths, chosen once a run
    platforms: bool = True
    without_platforms: tuple[str, ...] = ()

    def with_look(self, request: LookRequest, probe: Probe) -> Evidence:
        return replace(self, looks=(*self.looks, (request, probe)))

    def latest_look(self, kind: str, profile: str | None = None) -> Probe | None:
        """The latest look of a kind, or None."""
        for request, probe in reversed(self.looks):
            if request.kind == kind and (profile is None or request.profile == profile):
                return probe
        return None


@dataclass(frozen=True, slots=True)
class ArchiveAnswer:
    """What the archives say of one link, best memento first; `evidence` are sentences for a person."""

    url: str
    outcome: Archived
    mementos: tuple[Memento, ...] = ()
    evidence: tuple[str, ...] = ()
    from_cache: bool = False
