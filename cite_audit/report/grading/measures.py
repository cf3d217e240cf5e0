"""What is measured: shares of notes, each with the notes it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import KW_ONLY, dataclass
from enum import StrEnum

from cite_audit.model import Archived, Health, Report, SourceGroup, Verdict
from cite_audit.report.grading.claims import Claim, find_unsourced_numbers
from cite_audit.report.grading.roles import STATE_GROUPS, CitationRole
from cite_audit.report.render.labels import format_count
from cite_audit.report.sources.groups import SourceRole


class Measure(StrEnum):
    """A measure that can take points of a grade."""

    STATE_MEDIA_ONLY = "state_media_only_unattributed"
    SOCIAL_ONLY = "social_only"
    SINGLE_PUBLISHER = "single_publisher"
    SELF_ONLY = "self_only"
    CONCENTRATION = "concentration"
    DANGLING = "dangling"
    DEAD_UNRECOVERABLE = "dead_unrecoverable"
    UNARCHIVED = "unarchived"


class UnscoredMeasure(StrEnum):
    """A measure that is shown and takes no points."""

    OFFICIAL_ONLY = "official_only"
    STATE_MEDIA_ATTRIBUTED = "state_media_only_attributed"
    STATE_MEDIA_UNSURE = "state_media_only_unsure"
    AGGREGATOR_ONLY = "aggregator_only"
    UNKNOWN = "unknown"
    SELF = "self"
    EFFECTIVE_PUBLISHERS = "effective_publishers"


# the measures that need a network → what the grade leaves out without it
NETWORK_MEASURES: dict[str, str] = {
    Measure.DEAD_UNRECOVERABLE: "dead links",
    Measure.UNARCHIVED: "missing archived copies",
}
MIN_CHECKED_SHARE = 0.5  # the share of links that must have been checked for a measure of links to run


@dataclass(frozen=True, slots=True)
class MeasureResult:
    """A share (0–1) and the notes that make it up, out of how many; `not_run_reason` says why there is no value."""

    value: float
    notes: tuple[int, ...] = ()
    total: int = 0
    _: KW_ONLY
    not_run_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeBasis:
    """Everything a grade is made of: the claims, the role of every citation in them, and the measures."""

    claims: tuple[Claim, ...]
    roles: Mapping[tuple[int, int, str], CitationRole]  # section, note, address → role
    measures: Mapping[str, MeasureResult]
    unscored: Mapping[str, MeasureResult]  # shown, takes no points

    def role_of(self, claim: Claim, url: str) -> CitationRole:
        return self.roles[claim.section, claim.note, url]


def measure_share(claims: tuple[Claim, ...], holds: Callable[[Claim], bool]) -> MeasureResult:
    """The part of the notes, weighted by their markers, of which something holds."""
    if not claims:
        return MeasureResult(0.0)
    matching_claims = [claim for claim in claims if holds(claim)]
    total = sum(claim.weight for claim in claims)
    notes = tuple(sorted({claim.note for claim in matching_claims}))
    return MeasureResult(
        sum(claim.weight for claim in matching_claims) / total, notes, len({claim.note for claim in claims})
    )


def measure_concentration(claims: Iterable[Claim]) -> tuple[MeasureResult, float]:
    """The unbiased Herfindahl index Σn(n−1)/N(N−1) over publishers other than the report's own, and 1/index
    (how many equally cited publishers would give it; never more than there are).

    `n` counts the distinct notes that cite a publisher, so that a repeated link adds nothing.
    """
    own_publishers = {
        citation.source.publisher
        for claim in claims
        for citation in claim.citations
        if citation.source.group == SourceGroup.SELF
    }
    claims_by_publisher: dict[str, set[int]] = {}
    for position, claim in enumerate(claims):
        for publisher in claim.publishers - own_publishers:
            claims_by_publisher.setdefault(publisher, set()).add(position)
    counts = Counter({publisher: len(notes) for publisher, notes in claims_by_publisher.items()})
    total = sum(counts.values())
    if total < 2:
        return MeasureResult(0.0), float(len(counts))
    index = sum(n * (n - 1) for n in counts.values()) / (total * (total - 1))
    top_publisher = min(counts, key=lambda publisher: (-counts[publisher], publisher))
    notes = tuple(sorted({claim.note for claim in claims if top_publisher in claim.publishers})) if index else ()
    return MeasureResult(index, notes, len({claim.note for claim in claims})), (
        min(1 / index, float(len(counts))) if index else float(len(counts))
    )


def measure_sources(
    claims: tuple[Claim, ...], roles: Mapping[tuple[int, int, str], CitationRole]
) -> dict[str, MeasureResult]:
    """The measures that the sources alone give."""

    def is_state_only(claim: Claim) -> bool:
        return claim.groups <= STATE_GROUPS

    def is_unattributed(claim: Claim) -> bool:
        return is_state_only(claim) and not any(
            roles[claim.section, claim.note, citation.url].is_attributed for citation in claim.citations
        )

    return {
        Measure.STATE_MEDIA_ONLY: measure_share(claims, is_unattributed),
        Measure.SOCIAL_ONLY: measure_share(claims, lambda claim: claim.groups == {SourceGroup.TELEGRAM_SOCIAL}),
        Measure.SINGLE_PUBLISHER: measure_share(claims, lambda claim: len(claim.publishers) == 1),
        Measure.SELF_ONLY: measure_share(claims, lambda claim: claim.groups == {SourceGroup.SELF}),
        Measure.CONCENTRATION: measure_concentration(claims)[0],
    }


def measure_notes(report: Report) -> MeasureResult:
    """The part of the report's numbers that lead to no source: markers without a note, notes without a source."""
    unsourced, total = find_unsourced_numbers(report)
    return MeasureResult(len(unsourced) / total if total else 0.0, unsourced, total)


def measure_links(claims: tuple[Claim, ...], verdicts: Mapping[str, Verdict]) -> dict[str, MeasureResult]:
    """The measures of link rot: a note counts when one of its links is lost, or alive without a good memento."""
    urls = {entry.url for claim in claims for entry in claim.citations}
    known_verdicts = [verdicts[url] for url in urls if url in verdicts]
    live_verdicts = [entry for entry in known_verdicts if entry.health in (Health.ALIVE, Health.BROKEN)]
    archive_verdicts = [
        entry for entry in known_verdicts if entry.archived not in (Archived.UNKNOWN, Archived.UNCHECKED)
    ]
    lost_urls = {
        verdict.url
        for verdict in live_verdicts
        if verdict.health is Health.BROKEN and verdict.archived is Archived.NOT_ARCHIVED
    }
    unarchived_urls = {
        verdict.url
        for verdict in live_verdicts
        if verdict.health is Health.ALIVE and verdict.archived in (Archived.NOT_ARCHIVED, Archived.ARCHIVED_BAD)
    }
    live_gap = _explain_not_run(len(live_verdicts), len(urls), "could be checked live")
    archive_gap = _explain_not_run(len(archive_verdicts), len(urls), "could be looked up in an archive")

    def measure_notes_citing(counted_urls: set[str], reason: str) -> MeasureResult:
        if reason:
            return MeasureResult(0.0, not_run_reason=reason)
        return measure_share(claims, lambda claim: any(citation.url in counted_urls for citation in claim.citations))

    return {
        Measure.DEAD_UNRECOVERABLE: measure_notes_citing(lost_urls, live_gap or archive_gap),
        Measure.UNARCHIVED: measure_notes_citing(unarchived_urls, archive_gap),
    }


def _explain_not_run(known_count: int, total: int, achievement: str) -> str:
    if total and known_count >= MIN_CHECKED_SHARE * total:
        return ""
    return (
        f"{known_count} of {format_count(total, 'link')} {achievement}"
        if known_count
        else f"no link {achievement.replace('could be', 'was')}"
    )


def measure_unscored(
    claims: tuple[Claim, ...], roles: Mapping[tuple[int, int, str], CitationRole]
) -> dict[str, MeasureResult]:
    """Measures that are shown and take no points."""

    def is_state_only(claim: Claim, *, unsure: bool) -> bool:
        citation_roles = [roles[claim.section, claim.note, citation.url] for citation in claim.citations]
        is_unsure = any(role.name == SourceRole.NEEDS_REVIEW for role in citation_roles)
        is_attributed = any(role.is_attributed for role in citation_roles)
        return claim.groups <= STATE_GROUPS and (is_unsure if unsure else is_attributed and not is_unsure)

    def measure_citations(group: SourceGroup) -> MeasureResult:
        count = sum(citation.source.group == group for claim in claims for citation in claim.citations)
        return MeasureResult(
            count / total, tuple(sorted({claim.note for claim in claims if group in claim.groups})), len(claims)
        )

    total = sum(len(claim.citations) for claim in claims) or 1
    return {
        UnscoredMeasure.OFFICIAL_ONLY: measure_share(claims, lambda claim: claim.groups == {SourceGroup.OFFICIAL}),
        UnscoredMeasure.STATE_MEDIA_ATTRIBUTED: measure_share(claims, lambda claim: is_state_only(claim, unsure=False)),
        UnscoredMeasure.STATE_MEDIA_UNSURE: measure_share(claims, lambda claim: is_state_only(claim, unsure=True)),
        UnscoredMeasure.AGGREGATOR_ONLY: measure_share(claims, lambda claim: claim.groups == {SourceGroup.AGGREGATOR}),
        UnscoredMeasure.UNKNOWN: measure_citations(SourceGroup.UNKNOWN),
        UnscoredMeasure.SELF: measure_citations(SourceGroup.SELF),
        UnscoredMeasure.EFFECTIVE_PUBLISHERS: MeasureResult(measure_concentration(claims)[1]),
    }
