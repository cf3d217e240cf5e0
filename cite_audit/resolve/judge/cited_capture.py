"""A link that is the address of a capture: judged by what the capture shows, as any copy is. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import Reason, VerdictState
from cite_audit.resolve.judge.assessment import Assessment, make_assessment
from cite_audit.resolve.judge.capture import CaptureContent, CaptureGrade, assess_capture, is_same_page
from cite_audit.resolve.judge.capture_faults import describe_faults, reason_of_fault
from cite_audit.resolve.judge.look import Look

BAD_CONFIDENCE = 0.8
SUSPECT_CONFIDENCE = 0.5
_SAME_CAPTURE = timedelta(days=1)  # a difference that needs no word
_PLAYBACK_URL = compile_lazily(r"/web/(?P<stamp>\d{1,14})(?:[a-z]{2}_)?/(?P<url>.+)$", re.I)


def assess_cited_capture(look: Look, adapter: str) -> Assessment:
    """What the look at a capture's playback address shows; `adapter` names the archive."""
    stamp, cited_url = _split_playback(look.probe.url)
    final_url = _split_playback(look.page.url)[1]
    assessment = assess_capture(
        CaptureContent(
            cited_url=cited_url,
            final_url=final_url,
            status=look.status,
            headers=look.probe.headers,
            body=look.probe.body,
            redirected=not is_same_page(cited_url, final_url),
            is_cut=not look.is_complete,
        )
    )
    date_observations = _describe_date(look, stamp)
    if assessment.grade is CaptureGrade.GOOD:
        observations = ("the capture is there", *date_observations)
        return make_assessment(Reason.OK, *observations, detail=adapter, state=VerdictState.CONFIRMED)
    is_suspect = assessment.grade is CaptureGrade.SUSPECT
    fault_sentence = describe_faults(assessment.faults, is_suspect=is_suspect)
    observations = (f"the capture is there, but {fault_sentence}", *date_observations)
    word = assessment.faults[0]
    return make_assessment(
        Reason.OK if is_suspect else reason_of_fault(word),
        *observations,
        detail=f"{adapter}:capture-of-{word}",
        confidence=SUSPECT_CONFIDENCE if is_suspect else BAD_CONFIDENCE,
    )


def _split_playback(url: str) -> tuple[str, str]:
    """The stamp and the original of a playback address, whose original may have lost a slash or its scheme."""
    match = _PLAYBACK_URL.search(url)
    if match is None:
        return "", url
    original = re.sub(r"^(https?):/{1,2}", r"\1://", match["url"], flags=re.I)
    return match["stamp"], original if "://" in original[:8] else f"http://{original}"


def _describe_date(look: Look, stamp: str) -> list[str]:
    """The day of the capture that was shown, and the day that the address names where that is another one."""
    try:
        shown_at = parsedate_to_datetime(look.probe.header("memento-datetime")).astimezone(UTC)
    except (ValueError, TypeError):
        return []
    sentence = f"the capture shown is of {shown_at:%Y-%m-%d}"
    try:
        named_at = datetime.strptime(stamp[:8], "%Y%m%d").replace(tzinfo=UTC)
    except ValueError:
        return [sentence]
    is_other = abs(shown_at - named_at) > _SAME_CAPTURE and len(stamp) >= len("20240101")
    return [f"{sentence}; its address names {named_at:%Y-%m-%d}" if is_other else sentence]
