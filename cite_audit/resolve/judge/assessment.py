"""What one look shows: a provisional reason, how sure it is, and which looks would make it surer."""

from __future__ import annotations

from dataclasses import KW_ONLY, replace
from enum import StrEnum
from functools import lru_cache
from typing import TypedDict, Unpack

from cite_audit.frozen_record import frozen_record
from cite_audit.model import Health, Probe, Reason, Verdict, VerdictState
from cite_audit.resolve.judge.tables import read_table


class Want(StrEnum):
    """A look that would make an assessment surer; the words of the column `next` in the tables."""

    BROWSER = "browser"  # the page in the other profile
    CONTROL = "control"  # an invented address beside the link
    FRONT = "front"  # the front page of the site
    VARIANT = "variant"  # another scheme, or `www` changed
    MISPRINT = "misprint"  # the address with misprints undone
    REFRESH = "refresh"  # the target of the page's `meta` refresh
    MEMENTO = "memento"  # the archived copy
    LONG = "long"  # the page again, with much more of its body


class FailureDetail(StrEnum):
    """The details of `failures.csv` that decide what comes next."""

    DOMAIN_GONE = "domain-gone"  # the name does not exist
    HOST_MISMATCH = "host-mismatch"  # the certificate is for another name


@frozen_record
class Assessment:
    """`wants`: looks that would help, best first.

    `health` None means the health that the table gives the reason; `confidence` 0 and `state` None the table's too.
    `target` is the address of a wanted look that the page itself names. `suspected_trade`: a live page about a trade of
    those who buy lapsed domains, to be compared with its archived copy.
    """

    reason: Reason
    observations: tuple[str, ...]
    _: KW_ONLY
    detail: str = ""
    wants: tuple[Want, ...] = ()
    health: Health | None = None
    confidence: float = 0.0
    moved_to: str = ""
    target: str = ""
    state: VerdictState | None = None
    suspected_trade: str = ""

    @property
    def effective_health(self) -> Health:
        return self.health or _health_of(self.reason)

    @property
    def is_alive(self) -> bool:
        return self.effective_health is Health.ALIVE

    @property
    def is_broken(self) -> bool:
        return self.effective_health is Health.BROKEN

    def with_observations(self, *observations: str) -> Assessment:
        return replace(self, observations=(*self.observations, *observations))


class AssessmentFacts(TypedDict, total=False):
    """The optional fields of an assessment."""

    detail: str
    wants: tuple[Want, ...]
    health: Health | None
    confidence: float
    moved_to: str
    target: str
    state: VerdictState | None
    suspected_trade: str


def make_assessment(reason: Reason, *observations: str, **facts: Unpack[AssessmentFacts]) -> Assessment:
    """An assessment from its observations; see `RuleObservation` for those with a rule of a table behind them."""
    return Assessment(reason, observations, **facts)


def parse_wants(words: str) -> tuple[Want, ...]:
    """The looks that a row of a table names in its column `next`."""
    return tuple(Want(word) for word in words.split())


@lru_cache(maxsize=64)
def find_reason_row(reason: str) -> dict[str, str]:
    """The row of the table reason → health."""
    return next(row for row in read_table("reasons") if row["reason"] == reason)


@lru_cache(maxsize=64)
def _health_of(reason: str) -> Health:
    return Health(find_reason_row(reason)["health"])


def make_verdict(url: str, assessment: Assessment, probe: Probe | None = None, attempts: int = 0) -> Verdict:
    """An assessment as the verdict on a link."""
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
        suspected_trade=assessment.suspected_trade,
    )
