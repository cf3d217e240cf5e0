"""Which capture documents a citation best: the windows at their edges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cite_audit.resolve.archive.ranking import window_rank

CITED = datetime(2024, 1, 15, 12, tzinfo=UTC)
MOMENT = 1 / 86_400  # a second, in days


@pytest.mark.parametrize(("days", "rank"), [
    (-30, 0), (-29.5, 0), (0, 0), (1, 0),
    (-30 - MOMENT, 1), (-90, 1),
    (1 + MOMENT, 2), (90, 2),
    (-90 - MOMENT, 3), (-5000, 3),
    (90 + MOMENT, 4), (5000, 4),
])  # fmt: skip
def test_a_window_holds_its_edges(days: float, rank: int) -> None:
    assert window_rank(CITED + timedelta(days=days), CITED) == rank
