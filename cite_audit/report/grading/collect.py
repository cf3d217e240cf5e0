"""Collects what a report is graded by: claims, roles, measures."""

from __future__ import annotations

from collections.abc import Mapping

from cite_audit.model import Report, Source, Verdict
from cite_audit.report.grading import measures
from cite_audit.report.grading.claims import collect_claims
from cite_audit.report.grading.measures import GradeBasis, Measure
from cite_audit.report.grading.roles import CitationRole, assign_role, attribute_claim


def collect_basis(
    report: Report,
    verdicts: Mapping[str, Verdict],
    sources: Mapping[str, Source],
    *,
    military_claims: bool = False,
    overrides: Mapping[str, str] | None = None,
) -> GradeBasis:
    """What a report rests on. `sources` by URL as cited; a link without one is left out."""
    found = collect_claims(report, sources)
    roles: dict[tuple[int, int, str], CitationRole] = {}
    for claim in found:
        attribution = attribute_claim(claim, military_claims)
        for citation in claim.citations:
            roles[claim.section, claim.note, citation.url] = assign_role(
                claim, citation.source, citation.url, attribution, overrides or {}
            )
    results = measures.measure_sources(found, roles)
    results[Measure.DANGLING] = measures.measure_notes(report)
    results |= measures.measure_links(found, verdicts)
    return GradeBasis(claims=found, roles=roles, measures=results, unscored=measures.measure_unscored(found, roles))
