"""What the tables say of an answer without a page: a failure of the network, or a status."""

from __future__ import annotations

from dataclasses import replace

from cite_audit.model import FailureKind, Health, Probe, Reason
from cite_audit.resolve.judge.assessment import Assessment, make_assessment, parse_wants
from cite_audit.resolve.judge.tables import read_table
from cite_audit.urls import url_host


def assess_failure(probe: Probe) -> Assessment:
    """The assessment of a failure. The look has to have one."""
    assert probe.failure is not None
    row = next(row for row in read_table("failures") if row["kind"] == probe.failure.kind)
    observation = row["says"]
    if probe.failure.detail and probe.failure.detail not in observation:
        observation = f"{observation} ({probe.failure.detail})"
    assessment = make_assessment(
        Reason(row["reason"]), observation, detail=row["detail"], wants=parse_wants(row["next"])
    )
    if probe.failure.kind is FailureKind.UNSAFE_NAME:
        return replace(assessment, wants=(), health=Health.UNKNOWN, confidence=0.9)
    if probe.failure.kind is FailureKind.TLS_INCOMPLETE_CHAIN:
        return replace(assessment, wants=(), confidence=0.6)
    if assessment.reason in (Reason.TIMEOUT, Reason.REFUSED) and (suffix := find_geo_fence(probe.url)):
        return assessment.with_observations(f"hosts under {suffix} often answer only inside their country")
    return assessment


def assess_status(status: int) -> Assessment:
    """The assessment of a status; a status of no row counts as its class (4xx where there is none)."""
    rows_by_status = {row["status"]: row for row in read_table("statuses")}
    row = rows_by_status.get(str(status)) or rows_by_status.get(f"{status // 100}xx") or rows_by_status["4xx"]
    observation = row["says"] if str(status) in row["says"] else f"{row['says']} ({status})"
    return make_assessment(Reason(row["reason"]), observation, detail=row["detail"], wants=parse_wants(row["next"]))


def find_geo_fence(url: str) -> str:
    """The suffix of hosts that often answer only in their country which an address is under, or the empty string."""
    hostname = url_host(url)
    for row in read_table("fenced"):
        if hostname == row["suffix"] or hostname.endswith("." + row["suffix"]):
            return row["suffix"]
    return ""
