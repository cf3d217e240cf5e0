"""The measures of link rot: notes with a link that is lost, or alive and in no archive."""

from __future__ import annotations

from collections.abc import Mapping

from cite_audit.model import Archived, Health, Verdict
from cite_audit.report.counts import format_count
from cite_audit.report.grading.claims import Claim
from cite_audit.report.grading.measures import Measure, MeasureResult, measure_share

MIN_CHECKED_SHARE = 0.5  # the share of links that must have been checked for a measure of links to run


def measure_links(claims: tuple[Claim, ...], verdicts: Mapping[str, Verdict]) -> dict[str, MeasureResult]:
    """The measures of link rot: a note counts when one of its links is lost, or alive without a good memento."""
    urls = {entry.url for claim in claims for entry in claim.citations}
    known_verdicts = [verdicts[url] for url in urls if url in verdicts]
    live_verdicts = [entry for entry in known_verdicts if entry.health in (Health.ALIVE, Health.BROKEN)]
    archive_verdicts = [
        entry for entry in known_verdicts if entry.archived not in (Archived.UNKNOWN, Archived.UNCHECKED)
    ]
    lost_urls = {
        verdict.url
        for verdict in live_verdicts
        if verdict.health is Health.BROKEN and verdict.archived is Archived.NOT_ARCHIVED
    }
    unarchived_urls = {
        verdict.url
        for verdict in live_verdicts
        if verdict.health is Health.ALIVE and verdict.archived in (Archived.NOT_ARCHIVED, Archived.ARCHIVED_BAD)
    }
    live_gap = _explain_not_run(len(live_verdicts), len(urls), "could be checked live")
    archive_gap = _explain_not_run(len(archive_verdicts), len(urls), "could be looked up in an archive")

    def measure_notes_citing(counted_urls: set[str], reason: str) -> MeasureResult:
        if reason:
            return MeasureResult(0.0, not_run_reason=reason)
        return measure_share(claims, lambda claim: any(citation.url in counted_urls for citation in claim.citations))

    return {
        Measure.DEAD_UNRECOVERABLE: measure_notes_citing(lost_urls, live_gap or archive_gap),
        Measure.UNARCHIVED: measure_notes_citing(unarchived_urls, archive_gap),
    }


def _explain_not_run(known_count: int, total: int, achievement: str) -> str:
    if total and known_count >= MIN_CHECKED_SHARE * total:
        return ""
    return (
        f"{known_count} of {format_count(total, 'link')} {achievement}"
        if known_count
        else f"no link {achievement.replace('could be', 'was')}"
    )
