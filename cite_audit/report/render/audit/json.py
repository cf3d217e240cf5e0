"""JSON, version 1: one document, as the schema in `report/schema` says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from cite_audit import __version__
from cite_audit.model import (
    Audit,
    Citation,
    Finding,
    Grade,
    Note,
    OriginChain,
    Report,
    Source,
    SourceRating,
)
from cite_audit.report.render.audit.json_facts import encode_facts
from cite_audit.report.render.audit.link_json import encode_link, encode_source, format_timestamp
from cite_audit.report.render.base import RenderOptions
from cite_audit.report.render.locations import describe_place
from cite_audit.report.render.media.json import SharedValue, dump_json
from cite_audit.urls import unwrap_url

SCHEMA_VERSION = "1.0"


def render(audit: Audit, options: RenderOptions) -> str:
    """The audit as one JSON document with a final newline."""
    shared_by_source: dict[Source, SharedValue] = {}

    def encode_shared(source: Source) -> SharedValue:
        shared = shared_by_source.get(source)  # once: a source is hashed by all its fields
        if shared is None:
            shared = shared_by_source[source] = SharedValue(encode_source(source))
        return shared

    frame = _encode_frame(audit, listing=options.listing)
    return dump_json(frame | {"links": _encode_links(audit, encode_shared), "counts": audit.counts}, indent=2)


def encode_audit(audit: Audit) -> dict[str, Any]:
    """The audit as plain dicts and lists."""
    return _encode_frame(audit) | {"links": dict(_encode_links(audit, encode_source)), "counts": audit.counts}


def _encode_frame(audit: Audit, *, listing: bool = False) -> dict[str, Any]:
    """All but the links, and the counts that come behind them."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "cite-audit", "version": __version__},
        "generated_at": format_timestamp(audit.generated_at),
        "incomplete": audit.incomplete,
        "offline": audit.offline,
        "remarks": list(audit.remarks),
        "unread": [{"path": unread.path, "problem": unread.problem} for unread in audit.unread],
        "reports": [encode_report(audit, one, listing=listing) for one in audit.reports],
    }


def _encode_links(audit: Audit, source_encoder: Callable[[Source], object]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The entries of `links` one by one: thousands need not be held at a time. `entry` gives that of a source."""
    dates = earliest_citation_dates(audit.reports)
    for url, verdict in audit.verdicts.items():
        yield url, encode_link(verdict, audit.sources.get(url), dates.get(url), source_encoder)


def earliest_citation_dates(reports: tuple[Report, ...]) -> Mapping[str, date]:
    """The earliest date on which a report cites each link: what its memento should be near."""
    dates: dict[str, date] = {}
    for report in reports:
        if report.published:
            for citation in report.citations:
                url = citation.link.url
                dates[url] = min(dates.get(url, report.published), report.published)
    return dates


def encode_report(audit: Audit, report: Report, *, listing: bool = False) -> dict[str, Any]:
    """One entry of `reports`. A listing holds every link of the report, by role; else the sources alone."""
    listed = report.citations
    if listing and report.uncited:
        listed = tuple(sorted((*listed, *report.uncited), key=lambda citation: citation.location.offset))
    graded = audit.grades.get(report.path)
    return {
        "path": report.path,
        "format": report.format,
        "sha256": report.sha256 or None,
        "title": report.title,
        "published": report.published.isoformat() if report.published else None,
        "authors": list(report.authors),
        "publisher": report.publisher,
        "markers": [marker.number for marker in report.markers],
        "missing_notes": list(report.missing_notes),
        "orphan_notes": list(report.orphan_notes),
        "notes": [encode_note(item) for item in report.notes],
        "citations": [encode_citation(report, item) for item in listed],
        "uncited": dict(Counter(citation.role.value for citation in report.uncited)),
        "indicators": [
            {"line": item.location.line, "raw": item.link.raw, "url": item.link.url} for item in report.indicators
        ],
        "grade": encode_grade(graded) if graded else None,
        "findings": [encode_finding(item) for item in audit.findings.get(report.path, ())],
    }


def encode_note(note: Note) -> dict[str, Any]:
    return {
        "number": note.number,
        "label": note.label,
        "section": note.section,
        "kind": note.kind,
        "lost_slots": note.lost_slots,
        "refers_to": note.refers_to,
        "line": note.locations[0].line if note.locations else None,
        "links": [link.url for link in note.links],
    }


def encode_citation(report: Report, citation: Citation) -> dict[str, Any]:
    location, link = citation.location, citation.link
    wrapped = unwrap_url(link.url)
    return {
        "note": citation.note,
        "role": citation.role,
        "section": citation.section,
        "line": location.line,
        "column": location.column,
        "page": location.page,
        "paragraph": location.paragraph,
        "place": describe_place(report, citation) or None if citation.note is None else None,
        "text": citation.text or None,
        "sentence": citation.sentence or None,
        "raw": link.raw,
        "url": link.url,
        "style": link.style,
        "repairs": [
            {"kind": repair.kind, "evidence": repair.evidence, "inserted": repair.inserted} for repair in link.repairs
        ],
        "suspects": [
            {"kind": suspect.kind, "suggest": suspect.suggested_url, "evidence": suspect.evidence}
            for suspect in link.suspects
        ],
        "alternatives": list(link.alternatives),
        "confidence": link.confidence,
        "locator": link.locator,
        "identifier": link.identifier,
        "wraps": {"url": wrapped.url, "via": wrapped.via} if wrapped else None,
        "facts": encode_facts(citation.page_facts),
    }


def encode_grade(grade: Grade) -> dict[str, Any]:
    return {
        "gradable": grade.gradable,
        "letter": grade.letter,
        "score": None if grade.score is None else round(grade.score, 1),
        "provisional": grade.provisional,
        "text": grade.text,
        "groups": {
            name: {"citations": share.citations, "share": round(share.share, 4)} for name, share in grade.groups.items()
        },
        "measures": {name: round(value, 4) for name, value in grade.measures.items()},
        "deductions": [
            {
                "measure": deduction.measure,
                "points": round(deduction.points, 1),
                "value": round(deduction.value, 4),
                "notes": list(deduction.notes),
                "text": deduction.text,
            }
            for deduction in grade.deductions
        ],
        "not_run": list(grade.not_run),
        "raise_it": list(grade.suggestions),
        "suggestions": list(grade.suggestions),
        "ratings": [_encode_rating(rating) for rating in grade.ratings],
        "chains": [_encode_chain(chain) for chain in grade.chains],
        "registry_version": grade.registry_version,
    }


def _encode_rating(rating: SourceRating) -> dict[str, Any]:
    return {
        "note": rating.note,
        "url": rating.url,
        "reliability": rating.reliability or None,
        "credibility": rating.credibility or None,
        "by": rating.by,
        "remark": rating.remark,
    }


def _encode_chain(chain: OriginChain) -> dict[str, Any]:
    return {
        "origin": chain.origin,
        "publishers": list(chain.publishers),
        "urls": list(chain.urls),
        "notes": list(chain.notes),
        "evidence": chain.evidence,
    }


def encode_finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "name": finding.name,
        "severity": finding.severity.value,
        "state": finding.state,
        "note": finding.note,
        "url": finding.url,
        "path": finding.location.path,
        "line": finding.location.line,
        "column": finding.location.column,
        "page": finding.location.page,
        "message": finding.message,
        "fixes": [
            {"applicability": fix.applicability, "replacement": fix.replacement, "title": fix.title}
            for fix in finding.fixes
        ],
    }
