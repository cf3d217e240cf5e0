"""The detectors: what one look shows, one kind a module, in the order in which they are tried."""

from cite_audit.resolve.judge.assessment import Assessment
from cite_audit.resolve.judge.detectors import (
    catch_all,
    empty_page,
    false_type,
    front_page,
    gate,
    interstitial,
    live_page,
    no_answer,
    parked_domain,
    placeholder,
    refusal,
    script_shell,
    soft404,
    taken_over,
    unknown_coding,
    wall,
    wrong_page,
    wrong_status,
)
from cite_audit.resolve.judge.detectors.base import Detector
from cite_audit.resolve.judge.look import Evidence, Look

__all__ = ["DETECTORS", "assess_look"]

# A bot wall outranks the status; a page is a soft 404 only when no gate and no parking page explains it.
DETECTORS: tuple[Detector, ...] = (
    no_answer,
    wall,
    empty_page,
    unknown_coding,
    placeholder,
    gate,
    parked_domain,
    taken_over,
    soft404,
    script_shell,
    catch_all,
    interstitial,
    wrong_status,
    refusal,
    false_type,
    wrong_page,
    front_page,
    live_page,
)


def assess_look(look: Look, evidence: Evidence) -> Assessment:
    """What one look shows: the assessment of the first detector that has one."""
    for detector in DETECTORS:
        if (assessment := detector.detect(look, evidence)) is not None:
            return assessment
    raise AssertionError("the last detector takes every look")
