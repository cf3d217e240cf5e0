"""JSON, version 1: one document, as the schema in `report/schema` says."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from cite_audit import __version__
from cite_audit.model import Audit, Citation, Finding, Grade, Memento, Note, Report, Source, Verdict
from cite_audit.report.render.writing import Shared, indented, safe
from cite_audit.urls import unwrap

OPTIONS: tuple[str, ...] = ()
SCHEMA_VERSION = "1.0"


def render(audit: Audit) -> str:
    """The audit as one JSON document with a final newline."""
    known: dict[Source, Shared] = {}

    def shared(source: Source) -> Shared:
        if source not in known:
            known[source] = Shared(source_entry(source))
        return known[source]

    return dumps(_frame(audit) | {"links": _links(audit, shared), "counts": audit.counts}, indent=2) + "\n"


def dumps(value: object, indent: int | None = None) -> str:
    """JSON text that is safe to print: valid UTF-8, without control or direction characters."""
    if indent is not None:
        return indented(value, indent)
    return safe(json.dumps(value, ensure_ascii=False, allow_nan=False))


def document(audit: Audit) -> dict[str, Any]:
    """The audit as plain dicts and lists."""
    return _frame(audit) | {"links": dict(_links(audit, source_entry)), "counts": audit.counts}


def _frame(audit: Audit) -> dict[str, Any]:
    """All but the links, and the counts that come behind them."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "cite-audit", "version": __version__},
        "generated_at": timestamp(audit.generated_at),
        "incomplete": audit.incomplete,
        "offline": audit.offline,
        "remarks": list(audit.remarks),
        "unread": [{"path": unread.path, "problem": unread.problem} for unread in audit.unread],
        "reports": [report(audit, one) for one in audit.reports],
    }


def _links(audit: Audit, entry: Callable[[Source], object]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The entries of `links` one by one: thousands need not be held at a time. `entry` gives that of a source."""
    dates = cited_on(audit.reports)
    for url, verdict in audit.verdicts.items():
        yield url, link(verdict, audit.sources.get(url), dates.get(url), entry)


def timestamp(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None


def cited_on(reports: tuple[Report, ...]) -> Mapping[str, date]:
    """The earliest date on which a report cites each link: what its memento should be near."""
    dates: dict[str, date] = {}
    for one in reports:
        if one.published:
            for citation in one.citations:
                url = citation.link.url
                dates[url] = min(dates.get(url, one.published), one.published)
    return dates


def report(audit: Audit, one: Report) -> dict[str, Any]:
    """One entry of `reports`."""
    graded = audit.grades.get(one.path)
    return {
        "path": one.path,
        "format": one.format,
        "title": one.title,
        "published": one.published.isoformat() if one.published else None,
        "authors": list(one.authors),
        "publisher": one.publisher,
        "markers": [marker.number for marker in one.markers],
        "missing_notes": list(one.missing_notes),
        "orphan_notes": list(one.orphan_notes),
        "notes": [note(each) for each in one.notes],
        "citations": [citation(each) for each in one.citations],
        "grade": grade(graded) if graded else None,
        "findings": [finding(each) for each in audit.findings.get(one.path, ())],
    }


def note(one: Note) -> dict[str, Any]:
    return {
        "number": one.number,
        "label": one.label,
        "section": one.section,
        "kind": one.kind,
        "lost_slots": one.lost_slots,
        "refers_to": one.refers_to,
        "line": one.locations[0].line if one.locations else None,
        "links": [each.url for each in one.links],
    }


def citation(one: Citation) -> dict[str, Any]:
    where, printed = one.location, one.link
    wrapped = unwrap(printed.url)
    return {
        "note": one.note,
        "section": one.section,
        "line": where.line,
        "column": where.column,
        "page": where.page,
        "raw": printed.raw,
        "url": printed.url,
        "style": printed.style,
        "repairs": [{"kind": r.kind, "evidence": r.evidence, "inserted": r.inserted} for r in printed.repairs],
        "suspects": [{"kind": s.kind, "suggest": s.suggest, "evidence": s.evidence} for s in printed.suspects],
        "alternatives": list(printed.alternatives),
        "confidence": printed.confidence,
        "locator": printed.locator,
        "wraps": {"url": wrapped.url, "via": wrapped.via} if wrapped else None,
    }


def grade(one: Grade) -> dict[str, Any]:
    return {
        "gradable": one.gradable,
        "letter": one.letter,
        "score": None if one.score is None else round(one.score, 1),
        "provisional": one.provisional,
        "text": one.text,
        "groups": {name: {"citations": s.citations, "share": round(s.share, 4)} for name, s in one.groups.items()},
        "measures": {name: round(value, 4) for name, value in one.measures.items()},
        "deductions": [
            {
                "measure": d.measure,
                "points": round(d.points, 1),
                "value": round(d.value, 4),
                "notes": list(d.notes),
                "text": d.text,
            }
            for d in one.deductions
        ],
        "not_run": list(one.not_run),
        "raise_it": list(one.raise_it),
        "registry_version": one.registry_version,
    }


def finding(one: Finding) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "name": one.name,
        "severity": one.severity.value,
        "state": one.state,
        "note": one.note,
        "url": one.url,
        "path": one.location.path,
        "line": one.location.line,
        "column": one.location.column,
        "page": one.location.page,
        "message": one.message,
        "fixes": [
            {"applicability": f.applicability, "replacement": f.replacement, "title": f.title} for f in one.fixes
        ],
    }


def link(
    verdict: Verdict, source: Source | None, cited: date | None, entry: Callable[[Source], object] | None = None
) -> dict[str, Any]:
    """One entry of `links`; `entry` gives that of its source."""
    probe = verdict.probe
    return {
        "health": verdict.health.value,
        "reason": verdict.reason.value,
        "detail": verdict.detail,
        "state": verdict.state,
        "confidence": verdict.confidence,
        "status": probe.status if probe else None,
        "final_url": (probe.final_url or probe.url) if probe else None,
        "moved_to": verdict.moved_to or None,
        "checked_at": timestamp(verdict.checked_at or (probe.asked_at if probe else None)),
        "from_cache": verdict.from_cache,
        "attempts": verdict.attempts,
        "evidence": list(verdict.evidence),
        "source": (entry or source_entry)(source) if source else None,
        "archived": verdict.archived.value,
        "archive_evidence": list(verdict.archive_evidence),
        "mementos": [memento(each, cited) for each in verdict.mementos],
    }


def source_entry(source: Source) -> dict[str, Any]:
    return {
        "id": source.id,
        "name": source.name,
        "group": source.group,
        "control": source.control,
        "country": source.country,
        "medium": source.medium,
        "publisher": source.publisher,
        "channel": source.channel,
        "via": source.via,
        "role": source.role,
        "basis": source.basis,
    }


def memento(one: Memento, cited: date | None) -> dict[str, Any]:
    return {
        "archive": one.archive,
        "uri": one.uri_m,
        "captured_at": timestamp(one.captured_at),
        "status": one.status,
        "good": one.good,
        "quality": list(one.quality),
        "distance_days": abs((one.captured_at.date() - cited).days) if cited else None,
    }
