"""From an address to its source: the rows that match, merged field by field, and the group they give."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from cite_audit.errors import UsageError
from cite_audit.model import Source, SourceGroup
from cite_audit.report.sources import countries
from cite_audit.report.sources.groups import (
    OTHER_BLOC,
    PLATFORMS,
    ROLES,
    TAXONOMIES,
    RowConfidence,
    SourceControl,
    SourceMedium,
    choose_group,
)
from cite_audit.report.sources.match import RegistryMatch, match_address, match_site
from cite_audit.report.sources.neutrality import (
    ACCOUNTLESS,
    NEUTRAL_MEDIA,
    PARTISAN_CONTROLS,
    OutletNetwork,
    find_network,
    find_neutral_key,
    has_own_kind,
)
from cite_audit.report.sources.registry import Registry, RegistryRow, load_registry
from cite_audit.urls import registrable_domain, unwrap_fully

EMPTY_ROW = RegistryRow("")
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
    registry = load_registry(tuple(overlays))
    day = on.isoformat() if on else ""
    _, host, path, _, via = unwrap_fully(url)
    host = host.removeprefix("www.")
    source = None if has_own_kind(host, path) else _build_site_source(host, via, registry, publisher, taxonomy, day)
    return source or build_source(
        match_address(url, day, registry), registry, publisher=publisher, taxonomy=taxonomy, on=day
    )


@lru_cache(maxsize=4096)
def _build_site_source(
    host: str, via: str, registry: Registry, publisher: str, taxonomy: str, on: str
) -> Source | None:
    """The source of every page of a host; None where its pages may have several."""
    site = match_site(host, via, on, registry)
    return build_source(site, registry, publisher=publisher, taxonomy=taxonomy, on=on) if site else None


def registry_version(overlays: Sequence[str] = ()) -> str:
    """The number of rows and a digest of our tables, and a digest of the user's: `3120-5f0c2a91+77aa0b12`."""
    return load_registry(tuple(overlays)).version


def build_source(
    registry_match: RegistryMatch, registry: Registry, *, publisher: str, taxonomy: str, on: str
) -> Source:
    """The source that a match gives."""
    rows, account = registry_match.rows, registry_match.account
    naming_row, control_row, country_row, medium, name = _merge_rows(rows)
    channel = account.name if account else ""
    control = control_row.control
    if account and channel and not medium:
        medium, control = _find_platform_medium(account.home, registry), control or SourceControl.PLATFORM
    country = country_row.country or ("" if channel or rows else countries.guess_country(registry_match.host))
    publisher_id = _resolve_publisher(registry_match, naming_row)
    basis_row = control_row if control_row.key else naming_row
    confidence = basis_row.confidence or (RowConfidence.MEDIUM if control or medium else RowConfidence.LOW)
    group = choose_group(
        medium=medium,
        control=control,
        bloc=_find_bloc(registry, country_row.origin or country),
        typology=control_row.typology,
        confidence=confidence,
        taxonomy=taxonomy,
    )
    network = None if account else find_network(registry_match.host)
    is_own = bool(publisher) and _is_own_publisher(registry_match.host, publisher_id, publisher, on, registry)
    return Source(
        id=naming_row.id or _source_key(registry_match),
        name=name or channel or registry_match.host,
        group=SourceGroup.SELF if is_own else group,
        control=control or SourceControl.UNKNOWN,
        country=country,
        origin=country_row.origin,
        medium=medium or SourceMedium.UNKNOWN,
        publisher=publisher_id,
        channel=channel or None,
        via=registry_match.via,
        role=ROLES[SourceGroup.SELF if is_own else group],
        confidence=confidence,
        basis=_describe_basis(registry_match, basis_row, country),
        listed=bool(basis_row.key),
        neutral="" if is_own else _find_neutral_kind(registry_match, medium, control),
        side=_find_side(network, control, country_row.origin or country),
        rating=_find_rating(rows, network),
    )


def _find_neutral_kind(registry_match: RegistryMatch, medium: str, control: str) -> str:
    """A page on a platform whose author the address does not show tells no publisher, whatever the platform is.

    A row that is more specific than the neutral site's own key (a newsroom's folder on a file host) names a publisher.
    """
    if registry_match.account:
        return "" if registry_match.account.name else ACCOUNTLESS
    key, kind = find_neutral_key(registry_match.host, registry_match.path)
    if kind and all(len(row.key) <= len(key) for row in registry_match.rows):
        return kind
    return NEUTRAL_MEDIA.get(medium) or (ACCOUNTLESS if control == SourceControl.PLATFORM else "")


def _find_side(network: OutletNetwork | None, control: str, country: str) -> str:
    """The voice that a source shares with others: a network of `networks.csv`, or a country's partisan media."""
    if network and network.name:
        return network.name
    return country if country and control in PARTISAN_CONTROLS else ""


def _find_rating(rows: Sequence[RegistryRow], network: OutletNetwork | None) -> str:
    """What a user's table says of reliability, else what `networks.csv` does."""
    for row in rows:
        if row.reliability or row.credibility:
            return f"{row.reliability}{row.credibility}"
    return network.rating if network else ""


def _merge_rows(rows: Sequence[RegistryRow]) -> tuple[RegistryRow, RegistryRow, RegistryRow, str, str]:
    """The rows that name, that tell the control and that tell the country; medium and name: the first to say each."""
    naming_row = control_row = country_row = EMPTY_ROW
    medium = name = ""
    for row in reversed(rows):
        if row.id:
            naming_row = row
        if row.control:
            control_row = row
        if row.country or row.origin:
            country_row = row
        medium = row.medium or medium
        name = row.name or name
    return naming_row, control_row, country_row, medium, name


def _find_bloc(registry: Registry, country: str) -> str:
    return registry.blocs.get(country, OTHER_BLOC if country else "")


def _source_key(registry_match: RegistryMatch) -> str:
    if registry_match.account and registry_match.account.name:
        return registry_match.account.keys[0]
    return registry_match.host


def _resolve_publisher(registry_match: RegistryMatch, naming_row: RegistryRow) -> str:
    """The one voice a source counts as: publisher, else id, else the account or the registrable domain."""
    if naming_row.id:
        return naming_row.publisher or naming_row.id
    if registry_match.account and registry_match.account.name:
        return registry_match.account.keys[0]
    return registrable_domain(registry_match.host) if registry_match.host else ""


def _is_own_publisher(host: str, publisher_id: str, publisher: str, on: str, registry: Registry) -> bool:
    name = publisher.removeprefix("www.").casefold()
    return host == name or host.endswith(f".{name}") or publisher_id == _find_publisher_id(name, on, registry)


@lru_cache(maxsize=256)
def _find_publisher_id(publisher: str, on: str, registry: Registry) -> str:
    if "." not in publisher:
        if any(table.site_key(publisher) for table in registry.tables):
            return publisher
        matching_rows = (row for row in registry.iterate_rows() if row.id and row.name.casefold() == publisher)
        return next((row.publisher or row.id for row in matching_rows), publisher)
    registry_match = match_address(publisher, on, registry)
    return _resolve_publisher(registry_match, next((row for row in registry_match.rows if row.id), EMPTY_ROW))


def _find_platform_medium(home: str, registry: Registry) -> str:
    for table in registry.tables:
        if periods := table.get_rows(home):
            return periods[-1].medium
    return SourceMedium.BLOG_PLATFORM if home in PLATFORMS else SourceMedium.UNKNOWN


def _describe_basis(registry_match: RegistryMatch, row: RegistryRow, country: str) -> str:
    if row.key:
        period_text = f" ({row.period_text})" if row.period_text else ""
        return f"{row.file_and_line}{period_text}: {row.basis or f'{row.key} is {row.control or row.medium}'}"
    if registry_match.account:
        return f"{UNLISTED}: an account on {registry_match.account.home}"
    if country:
        return f"{UNLISTED}; the country is guessed from .{registry_match.host.rpartition('.')[2]}"
    return UNLISTED
