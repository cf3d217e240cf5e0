"""The seam of the detectors."""

from __future__ import annotations

from typing import Protocol

from cite_audit.resolve.judge.assessment import Assessment
from cite_audit.resolve.judge.look import Evidence, Look


class Detector(Protocol):
    """A module or package that detects one kind of answer; `NAME` stands in docs/how-verdicts-are-reached.md."""

    NAME: str

    def detect(self, look: Look, evidence: Evidence) -> Assessment | None:
        """What the look shows, or None where it is not of this kind."""
        ...
