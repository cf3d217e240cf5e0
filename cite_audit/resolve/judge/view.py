"""What one look shows: a provisional reason, how sure it is, and which look would make it surer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from cite_audit.model import Health, Probe, Reason, Verdict
from cite_audit.resolve.judge.tables import rows


@dataclass(frozen=True, slots=True)
class View:
    """`wants`: the look that would help next: browser, swap, sibling, refresh, memento or none (empty).

    `health` None means the health that the table gives the reason; `confidence` 0 the table's. `target` is the address
    of a wanted look that the page itself names.
    """

    reason: Reason
    says: tuple[str, ...]
    detail: str = ""
    wants: str = ""
    health: Health | None = None
    confidence: float = 0.0
    moved_to: str = ""
    target: str = ""
    state: str = ""

    @property
    def found_health(self) -> Health:
        return self.health or Health(reason_row(self.reason)["health"])

    @property
    def alive(self) -> bool:
        return self.found_health is Health.ALIVE

    @property
    def broken(self) -> bool:
        return self.found_health is Health.BROKEN

    def also(self, *says: str) -> View:
        return replace(self, says=(*self.says, *says))


@lru_cache(maxsize=64)
def reason_row(reason: str) -> dict[str, str]:
    """The row of the table reason → health."""
    return next(row for row in rows("reasons") if row["reason"] == reason)


def verdict(url: str, view: View, probe: Probe | None = None, attempts: int = 0) -> Verdict:
    """A view as the final word on a link."""
    row = reason_row(view.reason)
    return Verdict(
        url,
        view.found_health,
        view.reason,
        view.confidence or float(row["confidence"]),
        evidence=view.says,
        probe=probe,
        state=view.state or row["state"],
        detail=view.detail,
        moved_to=view.moved_to,
        checked_at=probe.asked_at if probe else None,
        attempts=attempts,
    )
