"""The `Link` header and `application/link-format` TimeMaps (RFC 8288, RFC 6690, RFC 7089 §2.2 and §5). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from cite_audit.frozen_record import frozen_record

_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[\w*-]+\s*(?:=\s*(?:\"[^\"]*\"|[^\s;,\"]+))?)*)")
_PARAMETER = re.compile(r";\s*([\w*-]+)\s*(?:=\s*(?:\"([^\"]*)\"|([^\s;,\"]+)))?")


@frozen_record
class LinkRelation:
    """One link: where to, its relation types, and the time of the memento it leads to."""

    uri: str
    rel: frozenset[str]
    memento_time: datetime | None = None


def parse_relations(text: str) -> Iterator[LinkRelation]:
    """Every link of a header's value or of a TimeMap, in order; unreadable parts are skipped."""
    for match in _LINK.finditer(text):
        parameters = {name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(match[2])}
        rel = frozenset(parameters.get("rel", "").lower().split())
        yield LinkRelation(match[1].strip(), rel, parse_http_date(parameters.get("datetime", "")))


def memento_relations(links: Iterator[LinkRelation] | tuple[LinkRelation, ...]) -> list[LinkRelation]:
    """Those that lead to a memento and say when it was captured."""
    return [link for link in links if "memento" in link.rel and link.memento_time is not None]


def parse_http_date(text: str) -> datetime | None:
    """An HTTP date as UTC; None for anything else. A time of 0 (1970) comes from a broken clock: None."""
    try:
        when = parsedate_to_datetime(text)
        when = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
    return when if when.year > 1990 else None
