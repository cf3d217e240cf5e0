"""What is measured: shares of notes, each with the notes it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import KW_ONLY
from enum import StrEnum

from cite_audit.frozen_record import frozen_record
from cite_audit.model import OriginChain, Report, SourceGroup, SourceRating
from cite_audit.report.grading.claims import Claim, find_unsourced_numbers
from cite_audit.report.grading.roles import ACCOUNT_GROUPS, LIFTING_ROLES, STATE_GROUPS, CitationRole
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
    SOCIAL_ATTRIBUTED = "social_only_attributed"
    AGGREGATOR_ONLY = "aggregator_only"
    UNKNOWN = "unknown"
    UNKNOWN_ONLY = "unknown_only"
    LANGUAGE_UNREAD = "language_unread"
    SINGLE_ORIGIN = "single_origin"
    SELF = "self"
    EFFECTIVE_PUBLISHERS = "effective_publishers"
    MEDIAN_SOURCE_AGE = "median_source_age_days"


# the measures that need a network → what the grade leaves out without it
NETWORK_MEASURES: dict[str, str] = {
    Measure.DEAD_UNRECOVERABLE: "dead links",
    Measure.UNARCHIVED: "missing archived copies",
}

Roles = Mapping[tuple[int, int, str], CitationRole]  # section, note, address → role


@frozen_record
class MeasureResult:
    """A share (0–1) and the notes that make it up, out of how many; `not_run_reason` says why there is no value."""

    value: float
    notes: tuple[int, ...] = ()
    total: int = 0
    _: KW_ONLY
    not_run_reason: str = ""


@frozen_record(kw_only=True)
class GradeBasis:
    """Everything a grade is made of: the claims, the role of every citation in them, and the measures."""

    claims: tuple[Claim, ...]
    roles: Roles
    measures: Mapping[str, MeasureResult]
    unscored: Mapping[str, MeasureResult]  # shown, takes no points
    ratings: tuple[SourceRating, ...] = ()
    chains: tuple[OriginChain, ...] = ()
    ages: Mapping[str, int] | None = None  # days between a source and the report, by URL as cited
    languages: Mapping[str, str] | None = None  # ISO 639-1, of the sources of which it is known, by URL as cited

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


def _roles_of(claim: Claim, roles: Roles) -> list[CitationRole]:
    return [roles[claim.section, claim.note, citation.url] for citation in claim.citations]


def is_state_only(claim: Claim) -> bool:
    """Whether all that is known of its sources is one state's voice: state media, fronts, and whoever is aligned."""
    known = claim.known_citations
    state_sides = {citation.source.side for citation in known if citation.source.group in STATE_GROUPS}
    return bool(state_sides) and all(
        citation.source.group in STATE_GROUPS or (citation.source.side and citation.source.side in state_sides)
        for citation in known
    )


def is_social_only(claim: Claim) -> bool:
    """Whether all that is known of its sources are accounts; an account in no list is not known."""
    return bool(claim.known_groups) and claim.known_groups <= ACCOUNT_GROUPS


def is_first_hand(claim: Claim, roles: Roles) -> bool:
    """Whether it gives a statement, and so needs no second publisher.

    An official site is the primary source of its acts and words. A sentence that says who says so claims no more than
    that it was said; fronts are no witnesses even of that. A role may say the same.
    """
    if claim.is_unread or any(
        citation.source.group == SourceGroup.OFFICIAL and not (citation.is_front_page and len(claim.citations) > 1)
        for citation in claim.known_citations
    ):
        return True
    if any(role.name in LIFTING_ROLES and role.was_set for role in _roles_of(claim, roles)):
        return True
    return claim.is_attributed and claim.known_groups != {SourceGroup.COVERT}


def measure_sources(claims: tuple[Claim, ...], roles: Roles) -> dict[str, MeasureResult]:
    """The measures that the sources alone give."""

    def is_unattributed(claim: Claim) -> bool:
        cited = {citation.url for citation in claim.known_citations or claim.citations}
        attributing = (roles[claim.section, claim.note, url].is_attributed for url in cited)
        return not claim.is_unread and not any(attributing)

    def is_single(claim: Claim) -> bool:
        return len(claim.voices) <= 1 and not is_first_hand(claim, roles)

    return {
        Measure.STATE_MEDIA_ONLY: measure_share(claims, lambda claim: is_state_only(claim) and is_unattributed(claim)),
        Measure.SOCIAL_ONLY: measure_share(claims, lambda claim: is_social_only(claim) and is_unattributed(claim)),
        Measure.SINGLE_PUBLISHER: measure_share(claims, is_single),
        Measure.SELF_ONLY: measure_share(claims, lambda claim: claim.known_groups == {SourceGroup.SELF}),
        Measure.CONCENTRATION: measure_concentration(claims, roles),
    }


def is_crowding(claim: Claim, roles: Roles) -> bool:
    """Whether it states a fact on one known voice, not the report's own; a second voice takes it out of the crowd."""
    return len(claim.voices) == 1 and claim.known_groups != {SourceGroup.SELF} and not is_first_hand(claim, roles)


def compute_concentration(counts: Iterable[int], total: int) -> float:
    """The Herfindahl index Σc(c−1)/N(N−1) over how many of `total` notes rest on each voice (0–1)."""
    return sum(count * (count - 1) for count in counts) / (total * (total - 1)) if total > 1 else 0.0


def measure_concentration(claims: tuple[Claim, ...], roles: Roles) -> MeasureResult:
    """How much the notes crowd on few voices; those on several voices and on statements count in the total alone."""
    notes_by_voice: dict[str, list[int]] = {}
    for claim in claims:
        if is_crowding(claim, roles):
            (voice,) = claim.voices
            notes_by_voice.setdefault(voice, []).append(claim.note)
    index = compute_concentration(map(len, notes_by_voice.values()), len(claims))
    if not index:
        return MeasureResult(0.0, total=len(claims))
    top_voice = min(notes_by_voice, key=lambda voice: (-len(notes_by_voice[voice]), voice))
    notes = tuple(sorted(set(notes_by_voice[top_voice])))
    return MeasureResult(index, notes, len({claim.note for claim in claims}))


def _count_voices(claims: Iterable[Claim]) -> Counter[str]:
    """How many notes rest on each voice but the report's own; a note on several counts for each by its part."""
    counts: Counter[str] = Counter()
    for claim in claims:
        outside = [citation for citation in claim.known_citations if citation.source.group != SourceGroup.SELF]
        voices = {citation.voice for citation in outside}
        for voice in voices:
            counts[voice] += 1 / len(voices)  # type: ignore[assignment]
    return counts


def count_effective_publishers(claims: Iterable[Claim]) -> float:
    """How many equally cited voices would be as varied as these (1/Herfindahl); never more than there are."""
    counts = _count_voices(claims)
    total = sum(counts.values())
    index = sum((count / total) ** 2 for count in counts.values()) if total else 0.0
    return min(1 / index, float(len(counts))) if index else 0.0


def measure_notes(report: Report) -> MeasureResult:
    """The part of the report's numbers that lead to no source: markers without a note, notes without a source."""
    unsourced, total = find_unsourced_numbers(report)
    return MeasureResult(len(unsourced) / total if total else 0.0, unsourced, total)


def measure_unscored(claims: tuple[Claim, ...], roles: Roles) -> dict[str, MeasureResult]:
    """Measures that are shown and take no points."""

    def is_judged(claim: Claim, *, unsure: bool) -> bool:
        claim_roles = _roles_of(claim, roles)
        is_unsure = any(role.name == SourceRole.NEEDS_REVIEW for role in claim_roles)
        return is_unsure if unsure else any(role.is_attributed for role in claim_roles) and not is_unsure

    def is_all(group: SourceGroup) -> Callable[[Claim], bool]:
        return lambda claim: claim.groups == {group}

    share = UnscoredMeasure
    return {
        share.OFFICIAL_ONLY: measure_share(claims, lambda claim: claim.known_groups == {SourceGroup.OFFICIAL}),
        share.STATE_MEDIA_ATTRIBUTED: measure_share(claims, lambda c: is_state_only(c) and is_judged(c, unsure=False)),
        share.STATE_MEDIA_UNSURE: measure_share(claims, lambda c: is_state_only(c) and is_judged(c, unsure=True)),
        share.SOCIAL_ATTRIBUTED: measure_share(claims, lambda c: is_social_only(c) and is_judged(c, unsure=False)),
        share.AGGREGATOR_ONLY: measure_share(claims, is_all(SourceGroup.AGGREGATOR)),
        share.UNKNOWN: _measure_unknown_citations(claims),
        share.UNKNOWN_ONLY: measure_share(claims, lambda claim: not claim.known_citations),
        share.LANGUAGE_UNREAD: measure_share(claims, lambda claim: claim.is_unread),
        share.SINGLE_ORIGIN: measure_share(claims, _has_single_origin),
        share.SELF: _measure_group(claims, SourceGroup.SELF),
        share.EFFECTIVE_PUBLISHERS: MeasureResult(count_effective_publishers(claims)),
    }


def _has_single_origin(claim: Claim) -> bool:
    origins = {citation.origin for citation in claim.known_citations}
    return len(claim.publishers) > 1 and len(origins) == 1 and origins != {""}


def _measure_unknown_citations(claims: tuple[Claim, ...]) -> MeasureResult:
    """The part of the citations that nothing is known of; a mere copy or map beside a known source is none of them."""
    counted = [
        (claim.note, citation.source.is_known)
        for claim in claims
        for citation in claim.citations
        if not (citation.source.neutral and claim.known_citations)
    ]
    unknown_notes = [note for note, is_known in counted if not is_known]
    return MeasureResult(len(unknown_notes) / (len(counted) or 1), tuple(sorted(set(unknown_notes))), len(claims))


def _measure_group(claims: tuple[Claim, ...], group: SourceGroup) -> MeasureResult:
    total = sum(len(claim.citations) for claim in claims) or 1
    count = sum(citation.source.group == group for claim in claims for citation in claim.citations)
    notes = tuple(sorted({claim.note for claim in claims if group in claim.groups}))
    return MeasureResult(count / total, notes, len(claims))
