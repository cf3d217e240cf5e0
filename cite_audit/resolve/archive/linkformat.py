"""The `Link` header and `application/link-format` TimeMaps (RFC 8288, RFC 6690, RFC 7089 §2.2 and §5). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[\w*-]+\s*(?:=\s*(?:\"[^\"]*\"|[^\s;,\"]+))?)*)")
_PARAMETER = re.compile(r";\s*([\w*-]+)\s*(?:=\s*(?:\"([^\"]*)\"|([^\s;,\"]+)))?")


@dataclass(frozen=True, slots=True)
class Relation:
    """One link: where to, its relation types, and the time of the memento it leads to."""

    uri: str
    rel: frozenset[str]
    when: datetime | None = None


def relations(text: str) -> Iterator[Relation]:
    """Every link of a header's value or of a TimeMap, in order; what cannot be read is passed over."""
    for match in _LINK.finditer(text):
        parameters = {name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(match[2])}
        rel = frozenset(parameters.get("rel", "").lower().split())
        yield Relation(match[1].strip(), rel, http_date(parameters.get("datetime", "")))


def mementos(links: Iterator[Relation] | tuple[Relation, ...]) -> list[Relation]:
    """Those that lead to a memento and say when it was captured."""
    return [link for link in links if "memento" in link.rel and link.when is not None]


def http_date(text: str) -> datetime | None:
    """An HTTP date as UTC; None for anything else. A time of 0 (1970) is what a broken clock writes: None."""
    try:
        when = parsedate_to_datetime(text)
        when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
    return when if when.year > 1990 else None
