"""Verdicts as rows of the tables, and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from cite_audit.model import Archived, Health, Verdict
from cite_audit.store.serialization import decode_verdict, encode_verdict


def pack_verdict(verdict: Verdict) -> bytes:
    """A verdict with its mementos, for the later stages."""
    from msgspec.json import encode

    document, _ = encode_verdict(verdict, ())
    archive = {
        "archived": verdict.archived.value,
        "evidence": verdict.archive_evidence,
        "mementos": verdict.mementos,
        "cached": verdict.from_cache,
    }
    rest: bytes = encode(archive, enc_hook=str)
    return len(document).to_bytes(4, "big") + document + rest


def unpack_verdict(url: str, packed: bytes) -> Verdict:
    """The verdict that `pack_verdict` was given."""
    from msgspec import convert

    from cite_audit.model import Memento

    size = int.from_bytes(packed[:4], "big")
    verdict = decode_verdict(url, packed[4 : 4 + size])
    archive = json.loads(packed[4 + size :])
    return replace(
        verdict,
        archived=Archived(archive["archived"]),
        archive_evidence=tuple(archive["evidence"]),
        mementos=convert(archive["mementos"], tuple[Memento, ...]),
        from_cache=archive["cached"],
    )


def build_link_row(row: Mapping[str, Any], verdict: Verdict) -> dict[str, Any]:
    """The row of a link: what is known of its citations, and the verdict."""
    best = verdict.mementos[0] if verdict.mementos and verdict.archived is Archived.ARCHIVED else None
    return {
        **row,
        "health": verdict.health.value,
        "reason": verdict.reason.value,
        "detail": verdict.detail,
        "state": verdict.state.value,
        "checked_at": find_check_time(verdict),
        "status": verdict.probe.status if verdict.probe else None,
        "moved_to": verdict.moved_to,
        "archived": verdict.archived.value,
        "memento": best.uri_m if best else None,
        "memento_at": best.captured_at if best else None,
        "distance_days": count_days(best.captured_at, row["near"]) if best else None,
        "verdict": pack_verdict(verdict),
    }


def build_probe_row(verdict: Verdict, run: str) -> dict[str, Any]:
    """The row of a look at the live web."""
    probe = verdict.probe
    return {
        "url": verdict.url,
        "run": run,
        "checked_at": find_check_time(verdict),
        "health": verdict.health.value,
        "reason": verdict.reason.value,
        "status": probe.status if probe else None,
        "failure": probe.failure.kind.value if probe and probe.failure else None,
        "final_url": (probe.final_url or probe.url) if probe else None,
        "hops": len(probe.hops) if probe else 0,
        "elapsed": probe.elapsed if probe else None,
        "attempts": verdict.attempts,
        "evidence": list(verdict.evidence),
    }


def build_memento_rows(verdict: Verdict, near: date | None) -> Iterator[dict[str, Any]]:
    """The rows of the mementos that a look-up found, best first."""
    for memento in verdict.mementos:
        yield {
            "url": verdict.url,
            "archive": memento.archive,
            "uri": memento.uri_m,
            "captured_at": memento.captured_at,
            "status": memento.status,
            "good": memento.is_good,
            "quality": list(memento.quality),
            "distance_days": count_days(memento.captured_at, near),
        }


def find_check_time(verdict: Verdict) -> datetime | None:
    """When a link was looked at; None for one that was not."""
    if verdict.health in (Health.UNCHECKED, Health.SKIPPED):
        return None
    return verdict.checked_at or (verdict.probe.asked_at if verdict.probe else None)


def count_days(captured_at: datetime, near: date | None) -> int | None:
    """Days between a capture and the day it should be near."""
    return abs((captured_at.date() - near).days) if near else None
