"""Why an address is called what it is called: the rows, their places, and the rule of the group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from cite_audit.model import Source
from cite_audit.report.sources import countries
from cite_audit.report.sources.classify import classify, source_of
from cite_audit.report.sources.groups import GROUPS, NEWS, PLATFORMS, RESEARCH
from cite_audit.report.sources.match import Match, match
from cite_audit.report.sources.registry import Registry, Row, choose, load


@dataclass(frozen=True, slots=True)
class Explanation:
    """`facts`: what is said of the source, each with the row it comes from (None: no row) and a reason in words.

    `periods`: what the registry says of other times, each with the group it would give.
    """

    url: str
    inner: str
    source: Source
    facts: tuple[tuple[str, str, Row | None, str], ...]
    rows: tuple[Row, ...]
    periods: tuple[tuple[Row, str], ...] = ()


def explain(
    url: str, on: date | None = None, publisher: str = "", *, taxonomy: str = "smm", overlays: Sequence[str] = ()
) -> Explanation:
    """Why `classify` says what it says of an address, with the same arguments."""
    source = classify(url, on, publisher, taxonomy=taxonomy, overlays=overlays)
    registry = load(tuple(overlays))
    day = on.isoformat() if on else ""
    found = match(url, day, registry)
    rows = tuple(dict.fromkeys(found.rows))
    facts = (
        ("source", f"{source.id} ({source.name})", _giving(rows, "id", source.id), ""),
        ("group", source.group, None, f"{GROUPS[source.group]}: {_group_reason(source, registry)}"),
        (
            "control",
            source.control,
            _giving(rows, "control", source.control),
            "that of the platform" if found.account else "",
        ),
        (
            "medium",
            source.medium,
            _giving(rows, "medium", source.medium),
            "that of the platform" if found.account else "",
        ),
        ("country", source.country or "not known", _giving(rows, "country", source.country), _guess(found, source)),
        ("origin", source.origin, _giving(rows, "origin", source.origin), ""),
        ("counts as", source.publisher, None, "one voice, when the diversity of publishers is measured"),
        ("way", _way(found), None, ""),
        ("channel", source.channel or "", None, "" if source.channel else _no_channel(found)),
    )
    told = tuple(fact for fact in facts if fact[1] or fact[3])
    return Explanation(url, found.url, source, told, rows, tuple(_periods(found, rows, registry, taxonomy)))


def _giving(rows: Sequence[Row], column: str, value: str) -> Row | None:
    return next((row for row in rows if value and getattr(row, column) == value), None)


def _group_reason(source: Source, registry: Registry) -> str:
    bloc = registry.blocs.get(source.origin or source.country, "other") if source.origin or source.country else ""
    if source.group == "self":
        return "named as the publisher"
    if source.group in ("official", "state_media", "covert"):
        return f"because of its control, {source.control}"
    if source.medium in PLATFORMS:
        return f"because its medium is {source.medium}, and no state, front or newsroom is known behind it"
    if source.medium in NEWS and source.group != "unknown":
        where = f" in the bloc {bloc}" if source.group in ("western_outlet", "independent_regional") else ""
        return f"a {source.medium} that is {source.control}{where}"
    if source.medium in RESEARCH or source.group in ("aggregator", "reference"):
        return f"because its medium is {source.medium}"
    return "no row says enough: " + (
        f"a {source.medium}, control {source.control}" if source.medium != "unknown" else "no medium"
    )


def _guess(found: Match, source: Source) -> str:
    if source.country and not found.rows and countries.of_host(found.host):
        return f"a guess from the ending .{found.host.rpartition('.')[2]}"
    return ""


def _way(found: Match) -> str:
    return f"{found.via}: the address leads to {found.url}" if found.via and not found.account else found.via


def _no_channel(found: Match) -> str:
    return "the address does not tell whose account it is" if found.account else ""


def _periods(found: Match, rows: Sequence[Row], registry: Registry, taxonomy: str) -> Iterator[tuple[Row, str]]:
    """The other periods of the most specific key that has several."""
    for table in registry.tables:
        for row in rows:
            periods = table.get(row.key) or []
            if len(periods) > 1 and row in periods:
                for other in periods:
                    day = other.valid_from or "0000"
                    then = Match(found.url, found.host, found.via, found.account, (choose(periods, day), *rows))
                    yield other, source_of(then, registry, publisher="", taxonomy=taxonomy, on=day).group
                return
