"""Grades as JSON, version 1."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cite_audit.model import Audit, Health, Reason, Verdict
from cite_audit.report.grading.claims import Claim
from cite_audit.report.render.audit.json import encode_audit
from cite_audit.report.render.audit.link_json import encode_source
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.grade.grade_table import GradedReport, GradeSet
from cite_audit.report.render.media.json import dump_json


def render(shown: GradeSet, options: RenderOptions) -> str:
    """The json-v1 document of an audit that asked nothing, with every note's sources and roles under `rests_on`."""
    encoded_audit = encode_audit(_build_offline_audit(shown.reports, shown.now))
    for entry, graded in zip(encoded_audit["reports"], shown.reports, strict=True):
        entry["rests_on"] = [_encode_claim(graded, claim) for claim in graded.basis.claims]
    return dump_json(encoded_audit, indent=2)


def _build_offline_audit(reports: Sequence[GradedReport], now: datetime) -> Audit:
    sources = {url: source for graded in reports for url, source in graded.sources.items()}
    return Audit(
        reports=tuple(graded.report for graded in reports),
        verdicts={url: Verdict(url, Health.UNCHECKED, Reason.OFFLINE, evidence=("not asked",)) for url in sources},
        sources=sources,
        findings={},
        grades={graded.report.path: graded.grade for graded in reports},
        generated_at=now,
        offline=True,
    )


def _encode_claim(graded: GradedReport, claim: Claim) -> dict[str, Any]:
    return {
        "note": claim.note,
        "section": claim.section,
        "weight": claim.weight,
        "groups": sorted(claim.groups),
        "publishers": sorted(claim.publishers),
        "voices": sorted(claim.voices),
        "attributed_to": claim.attribution.attributed_to if claim.attribution else None,
        "sources": [
            {
                "url": citation.url,
                **encode_source(citation.source),
                "role": role.name,
                "rule": role.rule,
                "sentence": role.sentence,
                "footage": dict(role.facts or {}),
                "age_days": (graded.basis.ages or {}).get(citation.url),
                "language": (graded.basis.languages or {}).get(citation.url),
            }
            for citation in claim.citations
            for role in (graded.basis.role_of(claim, citation.url),)
        ],
    }
