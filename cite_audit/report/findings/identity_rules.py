"""Advice on whether a source is a real one, and the one that its note names (CA5xx): evidence, never a judgement."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from cite_audit.lazy_pattern import compile_lazily
from cite_audit.model import (
    Applicability,
    Citation,
    CitedWork,
    Finding,
    Fix,
    Health,
    NewHome,
    OtherWork,
    Reason,
    Report,
    Verdict,
)
from cite_audit.report.findings.link_rules import join_evidence
from cite_audit.report.findings.rules import FindingRule, build_citation_finding, build_finding, format_sentence
from cite_audit.report.findings.subject import RuleSubject
from cite_audit.urls import url_host
from cite_audit.urls.identifier_check import find_false_isbns, find_impossibility, find_impossible_date
from cite_audit.urls.stated_time import find_stated_time

LATE_DAYS = 2  # a report may be mended so long after its date, and time zones differ
MAX_LATE_SHARE = 0.25  # of a report's links with a day: if more are later than it is, its own date was misread
MIN_DATED_LINKS = 4
FAR_FROM_PRINTED = 31  # days between the date that a note prints of a post and the one that its number carries
REGISTRIES = {
    "doi.org": "the DOI registry",
    "dx.doi.org": "the DOI registry",
    "hdl.handle.net": "the handle registry",
    "arxiv.org": "arXiv",
    "pubmed.ncbi.nlm.nih.gov": "PubMed",
}
_TELEGRAM_POST = compile_lazily(r"^https?://(?:www\.)?(?:t|telegram)\.(?:me|dog)/(?:s/)?([A-Za-z]\w+)/(\d+)", re.I)


def find_never_seen(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    """One finding for each citation of a dead page that no archive ever saw, with the nearest that were."""
    for citation, verdict in subject.checked_citations:
        if verdict.never_seen:
            fixes = tuple(Fix(Applicability.UNSAFE, home.url, _describe_near(home)) for home in verdict.suggestions)
            yield build_citation_finding(rule.code, citation, join_evidence(verdict.never_seen.evidence), fixes)


def _describe_near(home: NewHome) -> str:
    return f"an archived address near it ({home.likeness:.2f}); compare before use"


def find_other_works(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    """One finding for each citation whose note names another work than its page, copy or registry shows."""
    for citation in subject.readable_citations:
        verdict = subject.verdicts.get(citation.link.url)
        for other in verdict.other_works if verdict else ():
            if other.cited == citation.work:
                yield build_citation_finding(rule.code, citation, _describe_other_work(other))


def _describe_other_work(other: OtherWork) -> str:
    if other.differs == "title":
        return f"The note says “{other.cited.title}”, {other.seen_in} is “{other.shown}”."
    return f"The note says that it is by {', '.join(other.cited.authors)}, {other.seen_in} names {other.shown}."


def find_impossible_identifiers(rule: FindingRule, subject: RuleSubject) -> Iterator[Finding]:
    """One finding for each citation whose address cannot be, and for each printed ISBN whose check digit is wrong."""
    last_day = _find_last_day(subject.report)
    for citation in subject.readable_citations:
        if problem := _find_problem(citation, subject.verdicts.get(citation.link.url), last_day, subject.today):
            yield build_citation_finding(rule.code, citation, format_sentence(problem))
    for note in subject.report.notes:
        for isbn in find_false_isbns(note.text) if note.locations else ():
            details = f"The check digit of ISBN {isbn} does not fit its other digits."
            yield build_finding(rule.code, note.locations[0], details, note=note.number)


def _find_last_day(report: Report) -> date | None:
    """The last day on which the report can have been written; None where its date is not known or was misread."""
    days = [day for day in (report.published, *(note.accessed for note in report.notes)) if day]
    if not days or not report.published:
        return None
    last_day = max(days) + timedelta(LATE_DAYS)
    stated = [time.day for citation in report.citations if (time := find_stated_time(citation.link.url))]
    late = sum(day > last_day for day in stated)
    is_misread = len(stated) >= MIN_DATED_LINKS and late > MAX_LATE_SHARE * len(stated)
    return None if is_misread else last_day


def _find_problem(citation: Citation, verdict: Verdict | None, last_day: date | None, today: date) -> str:
    url = citation.link.url
    health = verdict.health if verdict else Health.UNCHECKED
    problem = find_impossibility(url, today) if health is not Health.ALIVE else ""
    problem = problem or (find_impossible_date(url) if health is Health.BROKEN else "")
    return (
        problem
        or _compare_days(url, citation.work, last_day, is_broken=health is Health.BROKEN)
        or (_find_unregistered(url, verdict) if verdict else "")
    )


def _compare_days(url: str, work: CitedWork, last_day: date | None, *, is_broken: bool) -> str:
    """What the day that an address tells has against the report's and the note's own.

    A date in the address of a page that is there tells of the report's date rather than of the page.
    """
    stated = find_stated_time(url)
    if stated is None or not (is_broken or stated.is_number):
        return ""
    if last_day and stated.day > last_day:
        return f"by {stated.basis} it is of {stated.day.isoformat()}, later than the report and its looks at sources"
    printed = _read_day(work.published)
    if printed and stated.is_exact and abs((stated.day - printed).days) > FAR_FROM_PRINTED:
        return f"the note dates it {printed.isoformat()}, {stated.basis} {stated.day.isoformat()}"
    return ""


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _find_unregistered(url: str, verdict: Verdict) -> str:
    if verdict.health is not Health.BROKEN or verdict.reason not in (Reason.NOT_FOUND, Reason.GONE):
        return ""
    if name := REGISTRIES.get(url_host(url).removeprefix("www.")):
        return f"{name} says that it does not know it"
    match = _TELEGRAM_POST.match(url)
    if match and verdict.last_post and int(match[2][:15]) > verdict.last_post:
        return f"the channel's last post was number {verdict.last_post} when its page was seen"
    return ""
