"""Refusals: a status that is no success, without a bot wall."""

from __future__ import annotations

from dataclasses import replace

from cite_audit.model import Reason
from cite_audit.resolve.judge.assessment import Assessment, Want, make_assessment
from cite_audit.resolve.judge.look import Evidence, Look
from cite_audit.resolve.judge.signs.signatures import SignatureTable, find_signatures
from cite_audit.resolve.judge.signs.status_table import assess_status, find_geo_fence

NAME = "refusal"


def detect(look: Look, evidence: Evidence) -> Assessment | None:
    """What the table says of the status, unless the page or the headers say more."""
    if look.is_success:
        return None
    assessment = assess_status(look.status)
    signature = next(iter(find_signatures(SignatureTable.GATES, look)), None)
    if signature and (signature.reason != Reason.PAYWALL or look.status != 404):
        return make_assessment(
            Reason(signature.reason), signature.says, *assessment.observations, detail=signature.rule
        )
    if look.status == 403 and (suffix := find_geo_fence(look.probe.url)):
        observation = f"a bare refusal by a host under {suffix}; such hosts often answer only inside their country"
        return make_assessment(
            Reason.GEO_BLOCKED, observation, detail="geo-or-blocked", wants=(Want.BROWSER,), confidence=0.6
        )
    if look.status == 401 and look.probe.header("www-authenticate"):
        observation = "the server asks for a name and a password (401)"
        return make_assessment(Reason.LOGIN_REQUIRED, observation, detail="http-auth")
    if look.status == 429 and look.probe.header("retry-after"):
        return replace(assessment, wants=())
    return assessment
