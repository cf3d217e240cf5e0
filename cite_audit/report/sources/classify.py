"""From an address to its source: the rows that match, merged field by field, and the group they give."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from cite_audit.errors import UsageError
from cite_audit.model import Source
from cite_audit.report.sources import countries
from cite_audit.report.sources.groups import PLATFORMS, ROLES, TAXONOMIES, group_of
from cite_audit.report.sources.match import Match, match
from cite_audit.report.sources.registry import Registry, Row, load
from cite_audit.urls import registrable

NOBODY = Row("")
UNLISTED = "not in the registry"


def classify(
    url: str,
    on: date | None = None,
    publisher: str = "",
    *,
    taxonomy: str = "smm",
    overlays: Sequence[str] = (),
) -> Source:
    """Who an address belongs to, as of a day (the report's; without one, as of the latest row).

    `publisher` is the report's own: a host, or an id or a name of the registry. `overlays` are paths of tables whose
    rows win over ours field by field. Raises UsageError for an unknown taxonomy, ConfigError for a table
    it cannot read.
    """
    if taxonomy not in TAXONOMIES:
        raise UsageError(f"unknown taxonomy “{taxonomy}”; known are {', '.join(TAXONOMIES)}")
    registry = load(tuple(overlays))
    day = on.isoformat() if on else ""
    return source_of(match(url, day, registry), registry, publisher=publisher, taxonomy=taxonomy, on=day)


def registry_version(overlays: Sequence[str] = ()) -> str:
    """The number of rows and a digest of our tables, and a digest of the user's: `3120-5f0c2a91+77aa0b12`."""
    return load(tuple(overlays)).version


def listed(source: Source) -> bool:
    """Whether some row speaks of a source."""
    return not source.basis.startswith(UNLISTED)


def source_of(found: Match, registry: Registry, *, publisher: str, taxonomy: str, on: str) -> Source:
    """The source that a match amounts to."""
    rows, who = found.rows, found.account
    named, ruled, seated, medium, name = _merged(rows)
    channel = who.name if who else ""
    control = ruled.control
    if channel and not medium:
        medium, control = _platform_medium(who.home if who else "", registry), control or "platform"
    country = seated.country or ("" if channel or rows else countries.of_host(found.host))
    body = _body(found, named)
    confidence = (ruled if ruled.key else named).confidence or ("medium" if control or medium else "low")
    group = group_of(
        medium, control, registry.blocs.get(seated.origin or country, "other" if country or seated.origin else ""),
        ruled.typology, confidence, taxonomy,
    )  # fmt: skip
    if publisher and _is_own(found.host, body, publisher, on, registry):
        group = "self"
    return Source(
        id=named.id or _key_of(found),
        name=name or channel or found.host,
        group=group,
        control=control or "unknown",
        country=country,
        origin=seated.origin,
        medium=medium or "unknown",
        publisher=body,
        channel=channel or None,
        via=found.via,
        role=ROLES[group],
        confidence=confidence,
        basis=_basis(found, ruled if ruled.key else named, country),
    )


def _merged(rows: Sequence[Row]) -> tuple[Row, Row, Row, str, str]:
    """The rows that name, that tell the control and that tell the country; medium and name: the first to say each."""
    named = ruled = seated = NOBODY
    medium = name = ""
    for row in reversed(rows):
        if row.id:
            named = row
        if row.control:
            ruled = row
        if row.country or row.origin:
            seated = row
        medium = row.medium or medium
        name = row.name or name
    return named, ruled, seated, medium, name


def _key_of(found: Match) -> str:
    if found.account and found.account.name:
        return found.account.keys[0]
    return found.host


def _body(found: Match, named: Row) -> str:
    """The one voice a source counts as: publisher, else id, else the account or the registrable domain."""
    if named.id:
        return named.publisher or named.id
    if found.account and found.account.name:
        return found.account.keys[0]
    return registrable(found.host) if found.host else ""


def _is_own(host: str, body: str, publisher: str, on: str, registry: Registry) -> bool:
    name = publisher.removeprefix("www.").casefold()
    return host == name or host.endswith(f".{name}") or body == _publisher_id(name, on, registry)


@lru_cache(maxsize=256)
def _publisher_id(publisher: str, on: str, registry: Registry) -> str:
    if "." not in publisher:
        if any(table.site(publisher) for table in registry.tables):
            return publisher
        named = (row for row in registry.rows() if row.id and row.name.casefold() == publisher)
        return next((row.publisher or row.id for row in named), publisher)
    found = match(publisher, on, registry)
    return _body(found, next((row for row in found.rows if row.id), NOBODY))


def _platform_medium(home: str, registry: Registry) -> str:
    for table in registry.tables:
        if periods := table.get(home):
            return periods[-1].medium
    return "blog_platform" if home in PLATFORMS else "unknown"


def _basis(found: Match, row: Row, country: str) -> str:
    if row.key:
        when = f" ({row.period})" if row.period else ""
        return f"{row.place}{when}: {row.basis or f'{row.key} is {row.control or row.medium}'}"
    if found.account:
        return f"{UNLISTED}: an account on {found.account.home}"
    if country:
        return f"{UNLISTED}; the country is guessed from .{found.host.rpartition('.')[2]}"
    return UNLISTED
