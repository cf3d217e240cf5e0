"""Parked domains: pages of domains that are for sale, or that a registrar shows."""

from __future__ import annotations

from cite_audit.model import Reason
from cite_audit.resolve.judge.assessment import Assessment, Want, make_assessment
from cite_audit.resolve.judge.look import Evidence, Look
from cite_audit.resolve.judge.signs.control_answer import ControlAnswer, compare_with_control
from cite_audit.resolve.judge.signs.signatures import Condition, Signature, SignatureTable, find_signatures

NAME = "parked"
_NEWS_RULES = ("for-sale", "registrar")  # signatures of words alone, which a news item may have
_SUFFICIENT_CONDITIONS = (Condition.TINY_ALONE, Condition.MOVED_ALONE)


def detect(look: Look, evidence: Evidence) -> Assessment | None:
    """Two different signatures, or one that no other page has; a single one where an invented address gets the same."""
    if look.is_success and not look.shows_text:
        return None
    signatures = find_signatures(SignatureTable.PARKED, look)
    if not signatures:
        return None
    observations = tuple(signature.observe() for signature in signatures)
    if _is_sufficient(signatures) and (
        not look.is_success or any(signature.rule not in _NEWS_RULES for signature in signatures)
    ):
        return make_assessment(Reason.PARKED, *observations, wants=(Want.BROWSER,))
    if not look.is_success:
        return None
    if _has_parked_control(look, evidence.control):
        proof = "an invented address gets the same page"
        return make_assessment(Reason.PARKED, *observations, proof, wants=(Want.BROWSER,))
    if evidence.control is None:
        return make_assessment(Reason.PARKED, *observations, wants=(Want.CONTROL,), confidence=0.5)
    return None


def _has_parked_control(look: Look, control: Look | None) -> bool:
    """Whether an invented address gets the same page, or like it a page without words that bears a signature."""
    if compare_with_control(look, control) is ControlAnswer.SAME:
        return True
    if control is None or not control.is_success or look.page.main_text or control.page.main_text:
        return False
    return bool(find_signatures(SignatureTable.PARKED, control))


def _is_sufficient(signatures: list[Signature]) -> bool:
    return (
        any(signature.condition in _SUFFICIENT_CONDITIONS for signature in signatures)
        or len({signature.rule for signature in signatures}) >= 2
    )
