"""What one look shows: a provisional reason, how sure it is, and which look would make it surer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from cite_audit.model import Health, Probe, Reason, Verdict, VerdictState
from cite_audit.resolve.judge.tables import read_table


@dataclass(frozen=True, slots=True)
class Assessment:
    """`wants`: the look that would help next: browser, swap, sibling, refresh, memento or none (empty).

    `health` None means the health that the table gives the reason; `confidence` 0 the table's. `target` is the address
    of a wanted look that the page itself names.
    """

    reason: Reason
    observations: tuple[str, ...]
    detail: str = ""
    wants: str = ""
    health: Health | None = None
    confidence: float = 0.0
    moved_to: str = ""
    target: str = ""
    state: VerdictState | None = None

    @property
    def effective_health(self) -> Health:
        return self.health or Health(find_reason_row(self.reason)["health"])

    @property
    def is_alive(self) -> bool:
        return self.effective_health is Health.ALIVE

    @property
    def is_broken(self) -> bool:
        return self.effective_health is Health.BROKEN

    def with_observations(self, *observations: str) -> Assessment:
        return replace(self, observations=(*self.observations, *observations))


@lru_cache(maxsize=64)
def find_reason_row(reason: str) -> dict[str, str]:
    """The row of the table reason → health."""
    return next(row for row in read_table("reasons") if row["reason"] == reason)


def make_verdict(url: str, assessment: Assessment, probe: Probe | None = None, attempts: int = 0) -> Verdict:
    """A view as the final word on a link."""
    row = find_reason_row(assessment.reason)
    return Verdict(
        url,
        assessment.effective_health,
        assessment.reason,
        confidence=assessment.confidence or float(row["confidence"]),
        evidence=assessment.observations,
        probe=probe,
        state=assessment.state or VerdictState(row["state"]),
        detail=assessment.detail,
        moved_to=assessment.moved_to,
        checked_at=probe.asked_at if probe else None,
        attempts=attempts,
    )
