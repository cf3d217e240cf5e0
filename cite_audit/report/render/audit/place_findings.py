"""The findings of a link, for those who show them beside each of its citations."""

from __future__ import annotations

from collections.abc import Iterable

from cite_audit.model import Finding

MAX_SHOWN = 50  # findings beside one citation that say different things

FindingsByPlace = dict[tuple[int | None, str], list[Finding]]  # note and address as cited → findings


def group_by_place(findings: Iterable[Finding]) -> FindingsByPlace:
    """The findings of each note and address, in their order."""
    by_place: FindingsByPlace = {}
    for finding in findings:
        by_place.setdefault((finding.note, finding.url), []).append(finding)
    return by_place


def keep_distinct(findings: FindingsByPlace) -> FindingsByPlace:
    """Of each place the findings that differ, MAX_SHOWN at most.

    A note that gives one address n times has each finding n times, which n citations would show n times n times.
    """
    kept: FindingsByPlace = {}
    for place, place_findings in findings.items():
        distinct: dict[tuple[str, ...], Finding] = {}
        for finding in place_findings:
            distinct.setdefault((finding.rule, finding.message, finding.state), finding)
        kept[place] = list(distinct.values())[:MAX_SHOWN]
    return kept
