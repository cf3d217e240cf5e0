"""Collects what a report is graded by: claims, roles, measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from cite_audit.model import OriginChain, Report, Source, Verdict
from cite_audit.report.grading import measures
from cite_audit.report.grading.attribution import names_anybody
from cite_audit.report.grading.claims import Claim, collect_claims
from cite_audit.report.grading.languages import detect_usual_language
from cite_audit.report.grading.link_measures import measure_links
from cite_audit.report.grading.measures import GradeBasis, Measure, UnscoredMeasure
from cite_audit.report.grading.ratings import collect_ratings
from cite_audit.report.grading.roles import CitationRole, assign_role, attribute_claim
from cite_audit.report.grading.source_age import measure_ages, measure_median_age
from cite_audit.report.grading.source_language import collect_languages

if TYPE_CHECKING:
    from cite_audit.report.grading.origins import PageOrigin


def collect_basis(
    report: Report,
    verdicts: Mapping[str, Verdict],
    sources: Mapping[str, Source],
    *,
    military_claims: bool = False,
    overrides: Mapping[str, str] | None = None,
) -> GradeBasis:
    """What a report rests on. `sources` by URL as cited; a link without one is left out."""
    origins = _find_page_origins(verdicts, sources)
    claims = collect_claims(report, sources, {url: origin.voice for url, origin in origins.items()})
    claims = _attribute_claims(report, claims, military_claims)
    roles: dict[tuple[int, int, str], CitationRole] = {}
    for claim in claims:
        for citation in claim.citations:
            assert claim.attribution is not None
            roles[claim.section, claim.note, citation.url] = assign_role(
                claim, citation.source, citation.url, claim.attribution, overrides or {}
            )
    results = measures.measure_sources(claims, roles)
    results[Measure.DANGLING] = measures.measure_notes(report)
    results |= measure_links(claims, verdicts)
    ages = measure_ages(claims, report.published)
    unscored = measures.measure_unscored(claims, roles)
    unscored[UnscoredMeasure.MEDIAN_SOURCE_AGE] = measure_median_age(ages)
    return GradeBasis(
        claims=claims,
        roles=roles,
        measures=results,
        unscored=unscored,
        ratings=collect_ratings(claims),
        chains=_collect_page_chains(claims, origins),
        ages=ages,
        languages=collect_languages(claims, verdicts),
    )


def _find_page_origins(verdicts: Mapping[str, Verdict], sources: Mapping[str, Source]) -> dict[str, PageOrigin]:
    """The origins of pages, where a run has read any."""
    if not any(verdict.probe is not None and verdict.probe.body for verdict in verdicts.values()):
        return {}
    from cite_audit.report.grading.origins import find_origins  # what grades without a network need not load

    return find_origins(verdicts, sources)


def _collect_page_chains(claims: tuple[Claim, ...], origins: Mapping[str, PageOrigin]) -> tuple[OriginChain, ...]:
    if not origins:
        return ()
    from cite_audit.report.grading.origins import collect_chains

    return collect_chains(claims, origins)


def _attribute_claims(report: Report, claims: tuple[Claim, ...], military_claims: bool) -> tuple[Claim, ...]:
    """Claims with the attribution of their sentences, each read in its own language, else in the report's."""
    sentences = list(dict.fromkeys(marker.sentence for marker in report.markers if marker.sentence))
    language = detect_usual_language(sentences, report.language)
    somebody_named = any(names_anybody(sentence, language) for sentence in sentences)
    return tuple(
        replace(claim, attribution=attribute_claim(claim, military_claims, language, somebody_named=somebody_named))
        for claim in claims
    )
