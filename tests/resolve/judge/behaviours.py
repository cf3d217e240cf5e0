"""Which rows stand for which behaviour of the project's shared list (`behaviours.csv`), or which other tests do."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cite_audit.model import Health, Reason, Verdict
from cite_audit.resolve.judge.assessment import find_reason_row

_TABLE = Path(__file__).with_name("behaviours.csv")


@dataclass(frozen=True, slots=True)
class Behaviour:
    """`reason` and `broken` as the list has them; `elsewhere`: test files, below tests/resolve, that show it too."""

    id: str
    reason: Reason
    broken: bool
    rows: tuple[str, ...]
    elsewhere: str

    def agrees(self, verdict: Verdict) -> bool:
        return verdict.reason is self.reason and (verdict.health is Health.BROKEN) is self.broken

    @property
    def live(self) -> bool:
        return not self.broken and find_reason_row(self.reason)["health"] == "alive"


@lru_cache(maxsize=1)
def behaviours() -> tuple[Behaviour, ...]:
    """The table, in its order."""
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Behaviour(r["id"], Reason(r["reason"]), bool(r["broken"]), tuple(r["rows"].split()), r["elsewhere"])
            for r in csv.DictReader(lines)
        )
