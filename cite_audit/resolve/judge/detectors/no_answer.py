"""No answer: the exchange failed before a page came."""

from __future__ import annotations

from cite_audit.resolve.judge.assessment import Assessment
from cite_audit.resolve.judge.detectors.gate import find_gate
from cite_audit.resolve.judge.look import Evidence, Look
from cite_audit.resolve.judge.signs.status_table import assess_failure

NAME = "no answer"


def detect(look: Look, evidence: Evidence) -> Assessment | None:
    """What the table says of the failure, unless a redirect before it led to a login or to a block page."""
    if look.has_answer:
        return None
    return (find_gate(look) if look.probe.hops else None) or assess_failure(look.probe)
