"""Verdicts and probes as JSON texts and back; never pickled: the file is as trusted as its directory. Pure."""

from __future__ import annotations

import json
import zlib
from datetime import datetime
from typing import Any

from cite_audit.model import (
    Archived,
    Failure,
    FailureKind,
    Health,
    Hop,
    Probe,
    Reason,
    Verdict,
)

KEPT_BODY = 128 * 1024  # bytes of a page kept for judging again
_INFLATED = 1024 * 1024


def verdict_text(verdict: Verdict) -> str:
    """What a later run needs of a verdict; mementos are the archives' own to remember."""
    record: dict[str, Any] = {
        "health": verdict.health.value,
        "reason": verdict.reason.value,
        "confidence": verdict.confidence,
        "evidence": verdict.evidence,
        "state": verdict.state,
        "attempts": verdict.attempts,
    }
    if verdict.detail:
        record["detail"] = verdict.detail
    if verdict.moved_to:
        record["moved_to"] = verdict.moved_to
    if verdict.checked_at:
        record["checked_at"] = verdict.checked_at.isoformat()
    if verdict.probe:
        record["probe"] = _probe_record(verdict.probe)
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def verdict_from(url: str, text: str) -> Verdict:
    """A verdict as it was kept. Raises ValueError or KeyError for a text that is none."""
    record = json.loads(text)
    return Verdict(
        url,
        Health(record["health"]),
        Reason(record["reason"]),
        float(record["confidence"]),
        tuple(str(line) for line in record["evidence"]),
        _probe_from(record["probe"], b"") if "probe" in record else None,
        (),
        Archived.UNCHECKED,
        str(record["state"]),
        str(record.get("detail", "")),
        str(record.get("moved_to", "")),
        _moment(record.get("checked_at")),
        True,
        int(record["attempts"]),
    )


def probe_text(probe: Probe) -> str:
    return json.dumps(_probe_record(probe), ensure_ascii=False, separators=(",", ":"))


def packed(body: bytes) -> bytes | None:
    return zlib.compress(body[:KEPT_BODY], 1) if body else None


def probe_from(text: str, body: bytes | None) -> Probe:
    """A probe as it was kept. Raises ValueError or KeyError for a text that is none."""
    return _probe_from(json.loads(text), zlib.decompressobj().decompress(body, _INFLATED) if body else b"")


def _probe_record(probe: Probe) -> dict[str, Any]:
    record: dict[str, Any] = {"url": probe.url, "asked_at": probe.asked_at.isoformat(), "profile": probe.profile}
    optional: dict[str, Any] = {
        "status": probe.status,
        "final_url": probe.final_url,
        "hops": [(hop.url, hop.status, hop.location) for hop in probe.hops],
        "failure": (probe.failure.kind.value, probe.failure.detail) if probe.failure else None,
        "headers": probe.headers,
        "truncated": probe.truncated or len(probe.body) > KEPT_BODY,
        "elapsed": probe.elapsed,
        "attempts": probe.attempts,
        "flags": probe.flags,
    }
    return record | {name: value for name, value in optional.items() if value}


def _probe_from(record: dict[str, Any], body: bytes) -> Probe:
    failure = record.get("failure")
    return Probe(
        str(record["url"]),
        datetime.fromisoformat(record["asked_at"]),
        record.get("status"),
        str(record.get("final_url", "")),
        tuple(Hop(str(url), int(status), str(location)) for url, status, location in record.get("hops", ())),
        Failure(FailureKind(failure[0]), str(failure[1])) if failure else None,
        tuple((str(name), str(value)) for name, value in record.get("headers", ())),
        body,
        bool(record.get("truncated")),
        float(record.get("elapsed", 0.0)),
        str(record["profile"]),
        int(record.get("attempts", 0)),
        tuple(str(flag) for flag in record.get("flags", ())),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
