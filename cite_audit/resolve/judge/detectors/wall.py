"""Bot walls, whatever the status."""

from __future__ import annotations

from cite_audit.model import Reason
from cite_audit.resolve.judge.assessment import Assessment, Want, make_assessment
from cite_audit.resolve.judge.detectors.gate import find_gate
from cite_audit.resolve.judge.look import Evidence, Look
from cite_audit.resolve.judge.signs.signatures import SignaturePlace, SignatureTable, find_signatures

NAME = "wall"
_GENERIC_RULE = "generic"  # words of walls of no known vendor, which a login may have too


def detect(look: Look, evidence: Evidence) -> Assessment | None:
    """The wall whose signature the look shows, a known vendor's before a generic one."""
    signatures = find_signatures(SignatureTable.WALLS, look)
    if not signatures:
        return None
    signature = next((hit for hit in signatures if hit.rule != _GENERIC_RULE), signatures[0])
    place = signature.header if signature.place is SignaturePlace.HEADER else signature.place
    wall = make_assessment(Reason.BLOCKED, signature.observe(place), detail=signature.rule, wants=(Want.BROWSER,))
    return (find_gate(look) or wall) if signature.rule == _GENERIC_RULE else wall
