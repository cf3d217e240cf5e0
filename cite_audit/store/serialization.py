"""Verdicts and looks to JSON texts and back, never pickled: the file is as trusted as its directory. Pure."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from cite_audit.foreign_json import parse_foreign_time
from cite_audit.model import (
    Archived,
    CitedWork,
    Failure,
    FailureKind,
    Health,
    Hop,
    OtherWork,
    Probe,
    Reason,
    RuleObservation,
    Verdict,
    VerdictState,
)

MAX_BODY_BYTES = 128 * 1024  # bytes of a page kept for judging again
Looks = Sequence[tuple[str, Probe]]  # the kind of request, and the look
_encode_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_read_json = json.JSONDecoder().raw_decode
_HEALTH = {member.value: member for member in Health}
_REASONS = {member.value: member for member in Reason}
_STATES = {member.value: member for member in VerdictState}


def encode_verdict(verdict: Verdict, looks: Looks) -> tuple[bytes, bytes | None]:
    """A verdict with the heads of its looks as one JSON text, and the looks' pages packed; None without any.

    Mementos are the archives' own to remember.
    """
    record: dict[str, Any] = {
        "health": verdict.health.value,
        "reason": verdict.reason.value,
        "confidence": verdict.confidence,
        "evidence": verdict.evidence,
        "state": verdict.state,
        "attempts": verdict.attempts,
    }
    rules = [line.rule if isinstance(line, RuleObservation) else "" for line in verdict.evidence]
    if any(rules):
        record["rules"] = rules
    if verdict.detail:
        record["detail"] = verdict.detail
    if verdict.moved_to:
        record["moved_to"] = verdict.moved_to
    if verdict.other_works:
        record["other_works"] = [asdict(other) for other in verdict.other_works]
    if verdict.suspected_trade:
        record["suspected_trade"] = verdict.suspected_trade
    if verdict.checked_at:
        record["checked_at"] = verdict.checked_at.isoformat()
    if looks:
        record["looks"] = [(kind, _encode_probe(probe), min(len(probe.body), MAX_BODY_BYTES)) for kind, probe in looks]
    if verdict.probe:
        record["probe"] = _probe_reference(verdict.probe, looks)
    bodies = b"".join(probe.body[:MAX_BODY_BYTES] for _, probe in looks)
    return _encode_json(record).encode("utf-8", "surrogatepass"), zlib.compress(bodies, 1) if bodies else None


def _probe_reference(probe: Probe, looks: Looks) -> int | dict[str, Any]:
    """The index of the look that the verdict rests on; the look itself where it is none of them."""
    for number, (_, look) in enumerate(looks):
        if (look.asked_at, look.url, look.profile) == (probe.asked_at, probe.url, probe.profile):
            return number
    return _encode_probe(probe)


def decode_verdict(url: str, text: bytes) -> Verdict:
    """A stored verdict, without the page. For any other text, whatever exception its shape leads to."""
    record, _ = _read_json(str(text, "utf-8", "surrogatepass"))
    probe = record.get("probe")
    if isinstance(probe, int):
        probe = record["looks"][probe][1]
    return Verdict(
        url,
        _HEALTH[record["health"]],
        _REASONS[record["reason"]],
        confidence=float(record["confidence"]),
        evidence=_decode_evidence(record["evidence"], record.get("rules")),
        probe=_decode_probe(probe, b"") if probe else None,
        mementos=(),
        archived=Archived.UNCHECKED,
        state=_STATES[record["state"]],
        detail=str(record.get("detail", "")),
        moved_to=str(record.get("moved_to", "")),
        checked_at=parse_foreign_time(record["checked_at"]) if "checked_at" in record else None,
        from_cache=True,
        attempts=int(record["attempts"]),
        other_works=tuple(map(_decode_other_work, record.get("other_works", ()))),
        suspected_trade=str(record.get("suspected_trade", "")),
    )


def _decode_other_work(record: dict[str, Any]) -> OtherWork:
    cited = record["cited"]
    work = CitedWork(str(cited["title"]), tuple(map(str, cited["authors"])), str(cited["published"]))
    return OtherWork(
        cited=work, differs=str(record["differs"]), shown=str(record["shown"]), seen_in=str(record["seen_in"])
    )


def _decode_evidence(lines: Sequence[object], rules: Sequence[object] | None) -> tuple[str, ...]:
    sentences = tuple(map(str, lines))
    if not rules:
        return sentences
    return tuple(
        [
            RuleObservation(sentence.removesuffix(f" ({rule})"), str(rule)) if rule else sentence
            for sentence, rule in zip(sentences, rules, strict=True)
        ]
    )


def decode_looks(text: bytes, pages: bytes | None) -> tuple[tuple[str, Probe], ...] | None:
    """The stored looks; None where their pages have been evicted. Raises as `decode_verdict`."""
    heads = json.loads(text).get("looks", ())
    total = sum(size for _, _, size in heads)
    bodies = zlib.decompressobj().decompress(pages, total) if pages else b""
    if len(bodies) < total:
        return None
    looks, offset = [], 0
    for kind, head, size in heads:
        looks.append((str(kind), _decode_probe(head, bodies[offset : offset + size])))
        offset += size
    return tuple(looks)


def _encode_probe(probe: Probe) -> dict[str, Any]:
    record: dict[str, Any] = {"url": probe.url, "asked_at": probe.asked_at.isoformat(), "profile": probe.profile}
    optional: dict[str, Any] = {
        "status": probe.status,
        "final_url": probe.final_url,
        "hops": [(hop.url, hop.status, hop.location) for hop in probe.hops],
        "failure": (probe.failure.kind.value, probe.failure.detail) if probe.failure else None,
        "headers": probe.headers,
        "truncated": probe.truncated or len(probe.body) > MAX_BODY_BYTES,
        "elapsed": probe.elapsed,
        "attempts": probe.attempts,
        "flags": probe.flags,
    }
    return record | {name: value for name, value in optional.items() if value}


def _decode_probe(record: dict[str, Any], body: bytes) -> Probe:
    find = record.get
    failure = find("failure")
    return Probe(
        str(record["url"]),
        parse_foreign_time(record["asked_at"]),
        status=int(record["status"]) if "status" in record else None,
        final_url=str(find("final_url", "")),
        hops=tuple([Hop(str(url), int(status), str(location)) for url, status, location in find("hops", ())]),
        failure=Failure(FailureKind(failure[0]), str(failure[1])) if failure else None,
        headers=tuple([(str(name), str(value)) for name, value in find("headers", ())]),
        body=body,
        truncated=bool(find("truncated")),
        elapsed=float(find("elapsed", 0.0)),
        profile=str(record["profile"]),
        attempts=int(find("attempts", 0)),
        flags=tuple(map(str, find("flags", ()))),
    )
