"""The memento that a finding offers in place of a link, and how far from the report it was captured."""

from __future__ import annotations

from datetime import date

from cite_audit.model import Applicability, Fix, Health, Memento, Verdict, VerdictState

__all__ = ["FAR_DAYS", "best_memento", "describe_capture", "distance_in_days", "is_far", "suggest_memento"]

FAR_DAYS = 180  # days between a capture and the report; a longer distance is mentioned (CA204)
SAFE_FIX_CONFIDENCE = 0.9  # a verdict at least this sure may be replaced by a memento without a question


def best_memento(verdict: Verdict) -> Memento | None:
    """The memento the archives put first among the good ones, else the first of any."""
    return next(
        (memento for memento in verdict.mementos if memento.is_good), verdict.mementos[0] if verdict.mementos else None
    )


def distance_in_days(memento: Memento, day: date) -> int:
    """Days from `day` to the capture; negative when the capture is older."""
    return (memento.captured_at.date() - day).days


def is_far(memento: Memento, published: date) -> bool:
    """Whether more than FAR_DAYS lie between a capture and the report, on either side."""
    return abs(distance_in_days(memento, published)) > FAR_DAYS


def suggest_memento(verdict: Verdict, published: date | None) -> tuple[Fix, ...]:
    """The fix that puts a good memento in place of the link; safe for a certain verdict and a near capture."""
    memento = best_memento(verdict)
    if memento is None or not memento.is_good or memento.uri_m == verdict.url:
        return ()
    is_sure = (
        verdict.health is Health.BROKEN
        and verdict.confidence >= SAFE_FIX_CONFIDENCE
        and verdict.state == VerdictState.CONFIRMED
    )
    is_near = published is not None and not is_far(memento, published)
    applicability = Applicability.SAFE if is_sure and is_near else Applicability.UNSAFE
    return (Fix(applicability, memento.uri_m, describe_capture(memento, published)),)


def describe_capture(memento: Memento, published: date | None) -> str:
    """`captured 2021-06-14, 12 days after the report`."""
    text = f"captured {memento.captured_at:%Y-%m-%d}"
    if published is None:
        return text
    days = distance_in_days(memento, published)
    if days == 0:
        return f"{text}, on the day of the report"
    plural = "day" if abs(days) == 1 else "days"
    return f"{text}, {abs(days):,} {plural} {'after' if days > 0 else 'before'} the report"
