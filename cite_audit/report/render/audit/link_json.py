"""JSON of a link: its verdict, its mementos and the source that it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from cite_audit.model import Memento, NewHome, Source, Verdict


def format_timestamp(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None


def encode_link(
    verdict: Verdict,
    source: Source | None,
    cited_date: date | None,
    source_encoder: Callable[[Source], object] | None = None,
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
        "checked_at": format_timestamp(verdict.checked_at or (probe.asked_at if probe else None)),
        "from_cache": verdict.from_cache,
        "attempts": verdict.attempts,
        "evidence": list(verdict.evidence),
        "source": (source_encoder or encode_source)(source) if source else None,
        "archived": verdict.archived.value,
        "archive_evidence": list(verdict.archive_evidence),
        "mementos": [encode_memento(each, cited_date) for each in verdict.mementos],
        "suggestions": [_encode_new_home(home) for home in verdict.suggestions],
    }


def _encode_new_home(home: NewHome) -> dict[str, Any]:
    return {
        "url": home.url,
        "found_by": home.found_by,
        "title": home.title,
        "likeness": home.likeness,
        "evidence": list(home.evidence),
    }


def encode_source(source: Source) -> dict[str, Any]:
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
        "known": source.is_known,
        "neutral": source.neutral or None,
        "side": source.side or None,
        "rating": source.rating or None,
    }


def encode_memento(memento: Memento, cited_date: date | None) -> dict[str, Any]:
    return {
        "archive": memento.archive,
        "uri": memento.uri_m,
        "captured_at": format_timestamp(memento.captured_at),
        "status": memento.status,
        "good": memento.is_good,
        "quality": list(memento.quality),
        "distance_days": abs((memento.captured_at.date() - cited_date).days) if cited_date else None,
    }
