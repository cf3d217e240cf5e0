"""Decides which pages are captured. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY
from datetime import UTC, date, datetime, time, timedelta

from cite_audit.frozen_record import frozen_record
from cite_audit.model import Archived, CitedLink, CitedWork, Report
from cite_audit.parse.access_date import find_access_date
from cite_audit.resolve.archive.archive_urls import answer_if_memento
from cite_audit.resolve.archive.rate_limiter import RATES
from cite_audit.resolve.check.base import ArchiveAnswer
from cite_audit.snapshot import spn_errors
from cite_audit.snapshot.best_copy import find_best_copy
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.model import Capture, CaptureRequest, CitationPlace, Outcome, SnapshotTarget
from cite_audit.urls import Wrapping, canonical_key, unwrap_url

DAILY_CAPTURES = 30_000  # of an account, as the documentation of Save Page Now 2 says
ANONYMOUS_DAILY_CAPTURES = 200  # of an address without keys, as users report
DAILY_RETRY_DELAY = timedelta(hours=20)  # after which a page that had its captures of the day may be tried again


@frozen_record
class CapturePlan:
    """For one archive: the pages to capture, and the result of those that need none."""

    archive: str
    requests: tuple[CaptureRequest, ...]
    settled_captures: tuple[Capture, ...] = ()

    def count_outcome(self, outcome: Outcome) -> int:
        """How many pages are settled with an outcome."""
        return sum(1 for capture in self.settled_captures if capture.outcome is outcome)


@frozen_record
class CaptureCriteria:
    """What counts as captured. `newer_than`: None accepts any age; `retry_failed`: try also what failed for good.

    `within`: how far from the day of citation a copy may lie; a page whose day is not known accepts any.
    `is_readable`: whether a copy of the journal can still be read.
    """

    now: datetime
    newer_than: timedelta | None = None
    retry_failed: bool = False
    _: KW_ONLY
    within: timedelta | None = None
    is_readable: Callable[[Capture], bool] = lambda capture: True

    def accepts(self, captured_at: datetime | None, near: date | None) -> bool:
        """Whether a copy of that time is young enough, and near enough to the citation."""
        if not self.is_recent(captured_at) or captured_at is None:
            return False
        if self.within is None or near is None:
            return True
        return abs(captured_at - datetime.combine(near, time(12), UTC)) <= self.within + timedelta(hours=12)

    def is_recent(self, captured_at: datetime | None) -> bool:
        """Whether a copy of that time is young enough."""
        return captured_at is not None and (self.newer_than is None or self.now - captured_at <= self.newer_than)


def plan_captures(
    archive: str,
    requests: Sequence[CaptureRequest],
    journal: Journal,
    criteria: CaptureCriteria,
    answers: Mapping[str, ArchiveAnswer] | None = None,
) -> CapturePlan:
    """The pages to capture in `archive`, given its journal and, with `--missing`, what the archives answered."""
    pending_requests: list[CaptureRequest] = []
    settled_captures: list[Capture] = []
    for capture_request in requests:
        settled_capture = _settle_from_journal(
            journal.get(archive, capture_request.uri_r),
            journal.copies(archive, capture_request.uri_r),
            criteria,
            capture_request.near,
        )
        if settled_capture is None and answers is not None:
            settled_capture = _settle_from_archives(
                archive, capture_request, answers.get(capture_request.uri_r), criteria
            )
        if settled_capture is None:
            pending_requests.append(capture_request)
        else:
            settled_captures.append(settled_capture)
    return CapturePlan(archive, tuple(pending_requests), tuple(settled_captures))


def _settle_from_journal(
    entry: Capture | None, copies: Sequence[Capture], criteria: CaptureCriteria, near: date | None
) -> Capture | None:
    """What settles a page: a failure that trying does not change, or a verified copy that counts and can be read."""
    if entry is None or entry.outcome in (Outcome.PENDING, Outcome.SUBMITTING, Outcome.UNVERIFIED):
        return None
    if _is_final_failure(entry, criteria):
        return entry
    accepted_copies = [copy for copy in copies if criteria.accepts(copy.captured_at, near)]
    while best_copy := find_best_copy(accepted_copies, near):
        if criteria.is_readable(best_copy):
            return best_copy
        accepted_copies.remove(best_copy)
    return None


def _is_final_failure(entry: Capture, criteria: CaptureCriteria) -> bool:
    if entry.outcome not in (Outcome.REFUSED, Outcome.FAILED, Outcome.BAD) or criteria.retry_failed:
        return False
    retry_class = spn_errors.CLASS_BY_CODE.get(entry.code)
    if (
        retry_class is spn_errors.RetryClass.TOMORROW
        or entry.code == "archiver-blocked"
        or entry.outcome is Outcome.BAD
    ):
        return criteria.now - entry.at < DAILY_RETRY_DELAY
    return retry_class is spn_errors.RetryClass.PERMANENT and entry.archive == SnapshotTarget.WAYBACK


def _settle_from_archives(
    archive: str, capture_request: CaptureRequest, answer: ArchiveAnswer | None, criteria: CaptureCriteria
) -> Capture | None:
    if answer is None:
        return None
    good_memento = next((memento for memento in answer.mementos if memento.is_good), None)
    if (
        answer.outcome is Archived.ARCHIVED
        and good_memento
        and criteria.accepts(good_memento.captured_at, capture_request.near)
    ):
        return Capture(
            capture_request.uri_r,
            good_memento.archive,
            Outcome.KEPT,
            criteria.now,
            uri_m=good_memento.uri_m,
            captured_at=good_memento.captured_at,
            status=good_memento.status,
        )
    outcome = {Archived.EXCLUDED: Outcome.EXCLUDED, Archived.UNKNOWN: Outcome.UNKNOWN}.get(answer.outcome)
    if outcome is None:
        return None
    message = "; ".join(line.removeprefix(f"{archive}: ") for line in answer.evidence)
    return Capture(capture_request.uri_r, archive, outcome, criteria.now, message=message[:300])


def describe_plan(
    plan: CapturePlan, *, has_keys: bool, newer_than: timedelta | None = None, within: timedelta | None = None
) -> str:
    """One line: `212 pages: 160 captured within 90 days, 9 excluded by the archive, 43 to capture (about …)`."""
    total = len(plan.requests) + len(plan.settled_captures)
    age_clause = f" within {_format_span(newer_than)}" if newer_than is not None else ""
    age_clause += f" within {_format_span(within)} of the citation" if within is not None else ""
    captured_count = plan.count_outcome(Outcome.KEPT) + plan.count_outcome(Outcome.VERIFIED)
    labelled_counts = [
        (captured_count, f"captured{age_clause}"),
        (plan.count_outcome(Outcome.EXCLUDED), "excluded by the archive"),
        (plan.count_outcome(Outcome.UNKNOWN), "could not be looked up"),
        (
            plan.count_outcome(Outcome.REFUSED) + plan.count_outcome(Outcome.FAILED) + plan.count_outcome(Outcome.BAD),
            "given up on",
        ),
    ]
    phrases = [f"{count} {label}" for count, label in labelled_counts if count]
    phrases.append(f"{len(plan.requests)} to capture{_estimate_duration(plan, has_keys)}")
    return f"{plan.archive}: {total} page{'' if total == 1 else 's'}: {', '.join(phrases)}"


def _format_span(age: timedelta) -> str:
    """`90 days`, `12 hours`, `1.5 hours`: in the largest unit that leaves at least two, or the smallest."""
    units = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
    seconds = age.total_seconds()
    unit_size, unit_name = next((unit for unit in units if seconds >= 2 * unit[0]), units[-1])
    number = f"{seconds / unit_size:.1f}".removesuffix(".0")
    return f"{number} {unit_name}{'' if number == '1' else 's'}"


def _estimate_duration(plan: CapturePlan, has_keys: bool) -> str:
    if plan.archive != SnapshotTarget.WAYBACK or not plan.requests:
        return ""
    rate = RATES["save" if has_keys else "save-anonymous"]
    daily_limit = DAILY_CAPTURES if has_keys else ANONYMOUS_DAILY_CAPTURES
    account = "" if has_keys else ", anonymously"
    if (days := math.ceil(len(plan.requests) / daily_limit)) > 1:
        return f" (about {days} days at {daily_limit} a day{account})"
    minutes = math.ceil(len(plan.requests) / rate)
    estimate = f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"
    return f" (about {estimate} at {rate:g}/min{account})"


def collect_capture_requests(reports: Iterable[Report]) -> list[CaptureRequest]:
    """Each page that the reports cite once, in order of appearance; archive addresses need no capture.

    A request's day is the earliest on which it was cited: when the note's author looked at the page, else the
    report's date.
    """
    requests: dict[str, CaptureRequest] = {}
    for report in reports:
        access_dates = {(note.section, note.number): find_access_date(note.text) for note in report.notes}
        for citation in report.citations:
            url = citation.link.url
            if not _needs_capture(url):
                continue
            note_date = None if citation.note is None else access_dates.get((citation.section, citation.note))
            cited_on = note_date or report.published
            place = CitationPlace(report.path, citation.note, citation.link.raw, cited_on)
            earlier_request = requests.get(canonical_key(url)) or CaptureRequest(url)
            near = min((day for day in (earlier_request.near, cited_on) if day), default=None)
            places = tuple(dict.fromkeys((*earlier_request.places, place)))
            work = citation.work if earlier_request.work == CitedWork() else earlier_request.work
            requests[canonical_key(url)] = CaptureRequest(earlier_request.uri_r, near, places, work)
    return list(requests.values())


def _needs_capture(url: str) -> bool:
    """Whether a link is a web page and no archive's copy of one."""
    unwrapped = unwrap_url(url)
    is_archived = answer_if_memento(CitedLink(url)) or (unwrapped and unwrapped.via == Wrapping.ARCHIVE)
    return url.startswith(("http://", "https://")) and not is_archived
