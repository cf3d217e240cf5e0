"""The judge: from what was seen of a link to what it means. Pure; tables in `data/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cite_audit.model import Verdict
    from cite_audit.resolve.judge.look import Evidence, LookRequest

__all__ = ["judge"]


def judge(evidence: Evidence) -> Verdict | LookRequest:
    """As `ladder.judge`, whose detectors are loaded with the first page: a run may find all its verdicts stored."""
    from cite_audit.resolve.judge import ladder

    return ladder.judge(evidence)
