"""Why an address is called what it is called: the rows, their places, and the rule of the group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from cite_audit.frozen_record import frozen_record
from cite_audit.model import Source, SourceGroup
from cite_audit.report.sources import countries
from cite_audit.report.sources.classify import build_source, classify
from cite_audit.report.sources.groups import GROUPS, NEWS, OTHER_BLOC, PLATFORMS, RESEARCH, SourceMedium
from cite_audit.report.sources.match import RegistryMatch, match_address
from cite_audit.report.sources.registry import Registry, RegistryRow, choose_row, load_registry

SourceFact = tuple[str, str, RegistryRow | None, str]


@frozen_record(kw_only=True)
class SourceExplanation:
    """`facts`: what the registry says of the source, each with its row (None: no row) and a reason in words.

    `periods`: what the registry says of other times, each with the group it would give.
    """

    url: str
    inner: str
    source: Source
    facts: tuple[SourceFact, ...]
    rows: tuple[RegistryRow, ...]
    periods: tuple[tuple[RegistryRow, str], ...] = ()
    on: date | None = None


def explain_source(
    url: str, on: date | None = None, publisher: str = "", *, taxonomy: str = "smm", overlays: Sequence[str] = ()
) -> SourceExplanation:
    """Why `classify` says what it says of an address, with the same arguments."""
    source = classify(url, on, publisher, taxonomy=taxonomy, overlays=overlays)
    registry = load_registry(tuple(overlays))
    day = on.isoformat() if on else ""
    registry_match = match_address(url, day, registry)
    rows = tuple(dict.fromkeys(registry_match.rows))
    facts = _list_facts(source, registry_match, rows, registry)
    return SourceExplanation(
        url=url,
        inner=registry_match.url,
        source=source,
        facts=tuple(fact for fact in facts if fact[1] or fact[3]),
        rows=rows,
        periods=tuple(_list_other_periods(registry_match, rows, registry, taxonomy)),
        on=on,
    )


def _list_facts(
    source: Source, registry_match: RegistryMatch, rows: Sequence[RegistryRow], registry: Registry
) -> tuple[SourceFact, ...]:
    platform_reason = "that of the platform" if registry_match.account else ""
    return (
        ("source", f"{source.id} ({source.name})", _find_giving_row(rows, "id", source.id), ""),
        ("group", source.group, None, f"{GROUPS[source.group]}: {_explain_group(source, registry)}"),
        (
            "control",
            source.control,
            _find_giving_row(rows, "control", source.control),
            platform_reason,
        ),
        (
            "medium",
            source.medium,
            _find_giving_row(rows, "medium", source.medium),
            platform_reason,
        ),
        (
            "country",
            source.country or "not known",
            _find_giving_row(rows, "country", source.country),
            _explain_country_guess(registry_match, source),
        ),
        ("origin", source.origin, _find_giving_row(rows, "origin", source.origin), ""),
        ("counts as", *_describe_voice(source)),
        ("rating", source.rating, None, "an opinion; it changes no group and costs no points" if source.rating else ""),
        ("way", _describe_way(registry_match), None, ""),
        ("channel", source.channel or "", None, "" if source.channel else _explain_missing_channel(registry_match)),
    )


def _describe_voice(source: Source) -> tuple[str, None, str]:
    """What a source counts as when independent voices are counted, and why."""
    if source.neutral:
        return "nobody", None, f"a mere {source.neutral}: it tells no publisher, and adds none to a note"
    if source.side:
        reason = f"one voice with its side ({source.side}): partisan media of one country or network count once"
        return source.publisher, None, reason
    return source.publisher, None, "one voice, when the diversity of publishers is measured"


def _find_giving_row(rows: Sequence[RegistryRow], column: str, value: str) -> RegistryRow | None:
    return next((row for row in rows if value and getattr(row, column) == value), None)


def _explain_group(source: Source, registry: Registry) -> str:
    bloc = registry.blocs.get(source.origin or source.country, OTHER_BLOC) if source.origin or source.country else ""
    if source.group == SourceGroup.SELF:
        return "named as the publisher"
    if source.group in (SourceGroup.OFFICIAL, SourceGroup.STATE_MEDIA, SourceGroup.COVERT):
        return f"because of its control, {source.control}"
    if source.medium in PLATFORMS:
        return f"because its medium is {source.medium}, and no state, front or newsroom is known behind it"
    if source.medium in NEWS and source.group != SourceGroup.UNKNOWN:
        bloc_text = (
            f" in the bloc {bloc}"
            if source.group in (SourceGroup.WESTERN_OUTLET, SourceGroup.INDEPENDENT_REGIONAL)
            else ""
        )
        return f"a {source.medium} that is {source.control}{bloc_text}"
    if source.medium in RESEARCH or source.group in (SourceGroup.AGGREGATOR, SourceGroup.REFERENCE):
        return f"because its medium is {source.medium}"
    return "no row says enough: " + (
        f"a {source.medium}, control {source.control}" if source.medium != SourceMedium.UNKNOWN else "no medium"
    )


def _explain_country_guess(registry_match: RegistryMatch, source: Source) -> str:
    if source.country and not registry_match.rows and countries.guess_country(registry_match.host):
        return f"a guess from the ending .{registry_match.host.rpartition('.')[2]}"
    return ""


def _describe_way(registry_match: RegistryMatch) -> str:
    return (
        f"{registry_match.via}: the address leads to {registry_match.url}"
        if registry_match.via and not registry_match.account
        else registry_match.via
    )


def _explain_missing_channel(registry_match: RegistryMatch) -> str:
    return "the address does not tell whose account it is" if registry_match.account else ""


def _list_other_periods(
    registry_match: RegistryMatch, rows: Sequence[RegistryRow], registry: Registry, taxonomy: str
) -> Iterator[tuple[RegistryRow, str]]:
    """The other periods of the most specific key that has several."""
    for table in registry.tables:
        for row in rows:
            periods = table.get_rows(row.key) or []
            if len(periods) > 1 and row in periods:
                for period_row in periods:
                    day = period_row.valid_from or "0000"
                    period_match = RegistryMatch(
                        registry_match.url,
                        registry_match.host,
                        registry_match.via,
                        registry_match.account,
                        (choose_row(periods, day), *rows),
                    )
                    yield (
                        period_row,
                        build_source(period_match, registry, publisher="", taxonomy=taxonomy, on=day).group,
                    )
                return
