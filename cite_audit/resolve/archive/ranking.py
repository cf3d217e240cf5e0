"""Ranks captures by how well they document a citation: a table of windows, then distance, then kind. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from cite_audit.frozen_record import frozen_record

# (rank, from days, to days) relative to the target date. A capture from the days before publication shows what
# the author saw; one from soon after may already have been changed; one from years before may lack the text.
WINDOWS = (
    (0, -30.0, 1.0),
    (1, -90.0, -30.0),
    (2, 1.0, 90.0),
    (3, -math.inf, -90.0),
    (4, 90.0, math.inf),
)
DRIFT_RISK = 90.0  # days after the target date, from which a capture may show another text


@frozen_record
class Candidate:
    """A capture named by an index or a Link header. `status` as archived; None where not given (revisits too)."""

    uri_m: str
    captured_at: datetime
    uri_r: str = ""
    status: int | None = None
    mimetype: str = ""
    digest: str = ""


def target_instant(near: date | None, now: datetime) -> datetime:
    """The instant a memento should be near, never in the future: noon of a date; a date with a time names its own."""
    if near is None:
        return now
    when = near if isinstance(near, datetime) else datetime.combine(near, time(12), UTC)
    return min(when, now)


def days_from_target(captured_at: datetime, near: datetime) -> float:
    """Days from the target to the capture; negative before it."""
    return (captured_at - near) / timedelta(days=1)


def window_rank(captured_at: datetime, near: datetime) -> int:
    """The rank of the window a capture falls in; 0 is best."""
    distance = days_from_target(captured_at, near)
    return next((rank for rank, start, end in WINDOWS if start <= distance <= end), len(WINDOWS))


def rank_candidates(candidates: Iterable[Candidate], near: datetime, expected: str = "") -> list[Candidate]:
    """Best first: window, distance on a log scale, status, content type, agreeing digests, then exact distance.

    `expected`: the content type the link promises, or how it begins (application/pdf); empty for any.
    """
    by_time = sorted(candidates, key=lambda candidate: candidate.captured_at)
    stable = _repeated_digests(by_time)
    return sorted(by_time, key=lambda candidate: _ranking_cost(candidate, near, expected, candidate.digest in stable))


def _ranking_cost(candidate: Candidate, near: datetime, expected: str, stable: bool) -> tuple[float, ...]:
    distance = abs(days_from_target(candidate.captured_at, near))
    return (
        window_rank(candidate.captured_at, near),
        round(math.log2(1 + distance)),
        _status_cost(candidate.status),
        0 if not candidate.mimetype or candidate.mimetype.startswith((expected, "warc/revisit")) else 1,
        0 if stable else 1,
        distance,
    )


def _status_cost(status: int | None) -> int:
    if status is None:
        return 1
    return 0 if 200 <= status < 300 else 2 if 300 <= status < 400 else 3


def _repeated_digests(candidates: list[Candidate]) -> set[str]:
    """Digests that two captures in a row share: the page did not change between them."""
    return {a.digest for a, b in pairwise(candidates) if a.digest and a.digest == b.digest}


def describe_distance(captured_at: datetime, near: datetime) -> str:
    """`3 days before`, `on the day of`, `2 years after` the target date."""
    count = (captured_at.date() - near.date()).days
    if count == 0:
        return "on the day of"
    side = "before" if count < 0 else "after"
    count = abs(count)
    if count >= 730:
        return f"{count // 365} years {side}"
    return f"{count} day{'s' if count > 1 else ''} {side}"
