"""How often each source is cited, what the registry holds, and what is wrong with tables: counted, not shown. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cite_audit.config.settings import Grading
from cite_audit.frozen_record import frozen_record
from cite_audit.model import Report, Source, SourceGroup
from cite_audit.report.sources.classify import build_source
from cite_audit.report.sources.match import match_address
from cite_audit.report.sources.registry import load_registry, normalize_key
from cite_audit.report.sources.registry_check import TableProblem
from cite_audit.urls import registrable_domain, unwrap_url, url_host


@dataclass(slots=True)
class SourceTally:
    """How often a source is cited, and where."""

    source: Source
    key: str  # what a row of the registry for it would stand under
    citations: int = 0
    notes: dict[str, set[int]] = field(default_factory=dict)

    @property
    def places(self) -> str:
        return "; ".join(f"{path} notes {', '.join(map(str, sorted(numbers)))}" for path, numbers in self.notes.items())

    @property
    def label(self) -> str:
        return self.source.id if self.source.listed else self.key


@frozen_record
class SourceList:
    """The sources of some reports, most cited first; `unlisted`: only what the registry does not know."""

    tallies: Sequence[SourceTally]
    unlisted: bool = False


@frozen_record
class RegistryCounts:
    """How many keys the registry has, and how many of them by group and by country."""

    version: str
    keys: int
    groups: Counter[str]
    countries: Counter[str]


@frozen_record
class TableCheck:
    """What is wrong with tables of sources: file and problem; line 0: with the file as a whole. `rows`: rows read."""

    problems: Sequence[tuple[str, TableProblem]]
    rows: int


def tally_sources(reports: Iterable[tuple[Report, Mapping[str, Source]]], *, unlisted: bool = False) -> SourceList:
    """The sources of reports, given the source of each link."""
    tallies: dict[str, SourceTally] = {}
    for report, link_sources in reports:
        for citation in report.citations:
            source = link_sources[citation.link.url]
            if unlisted and source.group != SourceGroup.UNKNOWN and source.listed:
                continue
            key = _registry_key(citation.link.url, source)
            tally = tallies.setdefault(source.id if source.listed else key, SourceTally(source, key))
            tally.citations += 1
            if citation.note is not None:
                tally.notes.setdefault(report.path, set()).add(citation.note)
    return SourceList(sorted(tallies.values(), key=lambda entry: (-entry.citations, entry.source.id)), unlisted)


def _registry_key(url: str, source: Source) -> str:
    if source.channel:
        return source.id if "." in source.id else normalize_key(url)
    inner = unwrap_url(url)
    return registrable_domain(url_host(inner.url if inner else url))


def count_registry(grading: Grading) -> RegistryCounts:
    """What the registry holds, the user's own tables included."""
    registry = load_registry(grading.overlays)
    keys = {row.key for row in registry.iterate_rows() if not row.key.startswith(".")}
    groups: Counter[str] = Counter()
    countries: Counter[str] = Counter()
    for key in sorted(keys):
        source = build_source(
            match_address(key, "", registry), registry, publisher="", taxonomy=grading.taxonomy, on=""
        )
        groups[source.group] += 1
        countries[source.origin or source.country or "–"] += 1
    return RegistryCounts(registry.version, len(keys), groups, countries)
