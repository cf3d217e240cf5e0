"""Read a report for grading: claims, roles, measures."""

from __future__ import annotations

from collections.abc import Mapping

from cite_audit.model import Report, Source, Verdict
from cite_audit.report.grade import measures
from cite_audit.report.grade.claims import claims
from cite_audit.report.grade.measures import Reading
from cite_audit.report.grade.roles import Role, attributed, role_of


def read(
    report: Report,
    verdicts: Mapping[str, Verdict],
    sources: Mapping[str, Source],
    *,
    military_claims: bool = False,
    overrides: Mapping[str, str] | None = None,
) -> Reading:
    """What a report rests on. `sources` by URL as cited; a link without one is left out."""
    found = claims(report, sources)
    roles: dict[tuple[int, int, str], Role] = {}
    for claim in found:
        said = attributed(claim, military_claims)
        for each in claim.cited:
            roles[claim.section, claim.note, each.url] = role_of(claim, each.source, each.url, said, overrides or {})
    measured = measures.of_sources(found, roles)
    measured["dangling"] = measures.of_notes(report)
    measured |= measures.of_links(found, verdicts)
    return Reading(found, roles, measured, measures.shown(found, roles))
