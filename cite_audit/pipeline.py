"""The order of the house: parse → resolve → report, and then the policy.

`aaudit()` does a whole audit, `audit()` the same without an event loop: what they return is what the commands show.
`read_reports()` and `assess_reports()` are the offline halves, for `links`, `grade` and `history`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cite_audit.citation_facts import SentenceFacts
from cite_audit.cited_links import collect_links
from cite_audit.config.settings import Policy, Settings
from cite_audit.errors import CiteAuditError, EmptyError, ReadError, describe_own_fault
from cite_audit.frozen_record import frozen_record
from cite_audit.model import (
    Audit,
    CitedLink,
    Finding,
    Grade,
    Health,
    LinkRole,
    Reason,
    Report,
    Source,
    UnreadReport,
    Verdict,
)
from cite_audit.parse import read_report
from cite_audit.progress import Observer, SilentObserver
from cite_audit.report_paths import URL_PREFIXES, expand_paths, find_empty_folders

if TYPE_CHECKING:
    import asyncio

ReportPaths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]  # of files, directories, addresses of pages


@frozen_record
class ReportSet:
    """The reports of the files, and the files that could not be read."""

    reports: tuple[Report, ...]
    unread: tuple[UnreadReport, ...] = ()


def audit(
    paths: ReportPaths,
    settings: Settings | None = None,
    *,
    now: datetime | None = None,
    contents: Mapping[str, bytes] | None = None,
    observer: Observer | None = None,
) -> Audit:
    """`aaudit()` for callers without an event loop; where one is running (a notebook), it works in a thread."""
    from cite_audit import event_loop  # asyncio: 25 ms that the offline commands need not spend

    return event_loop.run_coroutine(aaudit(paths, settings, now=now, contents=contents, observer=observer))


async def aaudit(
    paths: ReportPaths,
    settings: Settings | None = None,
    *,
    now: datetime | None = None,
    contents: Mapping[str, bytes] | None = None,
    observer: Observer | None = None,
    stop: asyncio.Event | None = None,
) -> Audit:
    """Audit the reports at `paths` (of files, directories, pages on the web) under the policy of `settings`.

    Without `settings` those of the command hold: defaults, the configuration files that belong to the reports,
    `CITE_AUDIT_*` variables. `now` (aware; default: the clock) dates the audit and decides which ignores have expired.
    `contents` holds the bytes of paths that are not files, such as standard input. `stop`, when set, ends the
    checking early: what is known by then is returned. A report that cannot be read becomes an `UnreadReport`; the
    others go on. Raises UsageError for an empty name, a policy that makes no sense or a baseline that cannot be read,
    all before anything is asked; ConfigError for a configuration file.
    """
    from cite_audit.resolve import resolve

    names = [os.fspath(path) for path in ([paths] if isinstance(paths, str | os.PathLike) else paths)]
    settings = settings if settings is not None else _default_settings(names)
    now = now if now is not None else datetime.now(UTC)
    observer = observer or SilentObserver()
    apply_policy = prepare_policy(settings.policy)
    fetched, unread = await fetch_pages(names, settings)
    report_set = read_reports(names, settings, observer, contents={**(contents or {}), **fetched}, unread=unread)
    sentence_facts = SentenceFacts()
    if settings.facts and not settings.offline:
        report_set = replace(report_set, reports=sentence_facts.attach_facts(report_set.reports))
    resolution = await resolve(collect_links(report_set.reports), settings, observer, now, stop=stop)
    report_set = replace(report_set, reports=sentence_facts.answer_reports(report_set.reports, resolution))
    unsettled = replace(
        assess_reports(report_set, resolution.verdicts, settings, now=now),
        incomplete=resolution.incomplete,
        offline=resolution.offline,
        interrupted=stop is not None and stop.is_set(),
        remarks=(*resolution.remarks, *sentence_facts.remarks, *_list_missing_extras(settings)),
    )
    return apply_policy(unsettled)


def _default_settings(paths: Sequence[str]) -> Settings:
    from cite_audit.config.files import load_settings

    return load_settings(paths).settings


def _list_missing_extras(settings: Settings) -> list[str]:
    """A remark on each optional package that the settings ask for and that cannot be used."""
    if not settings.archiving.drift or settings.offline:
        return []
    from cite_audit.resolve.judge.drift import describe_missing_extractor

    return [remark for remark in [describe_missing_extractor()] if remark]


def prepare_policy(policy: Policy) -> Callable[[Audit], Audit]:
    """The function that gives an audit its severities, ignores (also those in the reports) and baseline.

    The policy is checked and the baseline read at once. Raises UsageError, so that a mistyped one costs no run.
    """
    from cite_audit.config.files import read_baseline_file
    from cite_audit.report.findings.policy import apply_policy, check_policy

    check_policy(policy)
    baseline, relative = read_baseline_file(policy.baseline)

    def settle(unsettled: Audit) -> Audit:
        today = unsettled.generated_at.date()
        return apply_policy(unsettled, policy, baseline=baseline, relative=relative, today=today)

    return settle


async def fetch_pages(paths: Sequence[str], settings: Settings) -> tuple[dict[str, bytes], list[UnreadReport]]:
    """The bytes of the paths that are addresses of pages, and the pages that could not be fetched."""
    addresses = [path for path in paths if path.startswith(URL_PREFIXES)]
    pages: dict[str, bytes] = {}
    unread: list[UnreadReport] = []
    if not addresses:
        return pages, unread
    from cite_audit.resolve.http.client import Client
    from cite_audit.resolve.http.report_page import fetch_report

    async with Client(settings.network) as client:
        for address in addresses:
            try:
                if settings.offline:
                    raise ReadError(address, "it is not fetched with --offline")
                pages[address] = await fetch_report(client, address)
            except ReadError as error:
                unread.append(UnreadReport(error.path, error.problem))
    return pages, unread


def read_reports(
    paths: Sequence[str],
    settings: Settings,
    observer: Observer | None = None,
    *,
    contents: Mapping[str, bytes] | None = None,
    unread: Sequence[UnreadReport] = (),
) -> ReportSet:
    """Parse every report that `paths` name; `contents` as in `aaudit()`. A folder without any counts as unread.

    `unread` are those already known to be unreadable.
    """
    observer, contents = observer or SilentObserver(), contents or {}
    files = list(expand_paths(paths))
    reports: list[Report] = []
    problems = {problem.path: problem for problem in (*unread, *find_empty_folders(paths))}
    observer.start_phase("read", len(files))
    for path in files:
        if path in problems:
            continue
        if path.startswith(URL_PREFIXES) and path not in contents:
            problems[path] = UnreadReport(path, "is an address; only audit, fix and baseline update fetch pages")
            continue
        try:
            report = read_report(path, contents.get(path), publisher=settings.grading.publisher)
            reports.append(_cite_indicators(report) if settings.indicators else report)
        except ReadError as error:
            problems[error.path] = UnreadReport(error.path, error.problem, isinstance(error, EmptyError))
        observer.advance_phase("read", path)
    observer.finish_phase("read")
    return ReportSet(tuple(reports), tuple(problems.values()))


def _cite_indicators(report: Report) -> Report:
    """The report with its indicators among its citations, for `--indicators`."""
    citations = sorted((*report.citations, *report.indicators), key=lambda citation: citation.location.offset)
    others = tuple(citation for citation in report.uncited if citation.role != LinkRole.INDICATOR)
    return replace(report, citations=tuple(citations), uncited=others)


def unchecked_verdicts(links: Iterable[CitedLink]) -> dict[str, Verdict]:
    """For each link the verdict `unchecked`."""
    return {link.url: Verdict(link.url, Health.UNCHECKED, Reason.OFFLINE, evidence=("not asked",)) for link in links}


def assess_reports(
    report_set: ReportSet,
    verdicts: Mapping[str, Verdict],
    settings: Settings,
    *,
    now: datetime,
    with_grades: bool = True,
) -> Audit:
    """Classify, grade and advise; findings are without the policy. Pure.

    A report on which that fails, by a fault of this program, counts as unread.
    """
    from cite_audit.report.findings.evaluation import evaluate_report
    from cite_audit.report.grading import grade_with_basis

    sources: dict[str, Source] = {}
    findings: dict[str, tuple[Finding, ...]] = {}
    grades: dict[str, Grade] = {}
    faulty: dict[str, UnreadReport] = {}
    for report in report_set.reports:
        try:
            report_sources = classify_links(report, settings, verdicts)
            if with_grades:
                grade, basis = grade_with_basis(report, verdicts, report_sources, settings.grading)
                findings[report.path] = evaluate_report(report, verdicts, report_sources, grade, now, basis=basis)
                grades[report.path] = grade
            sources |= report_sources
        except CiteAuditError:
            raise
        except Exception as error:
            faulty[report.path] = UnreadReport(report.path, f"cannot be assessed, {describe_own_fault(error)}")
    return Audit(
        reports=tuple(report for report in report_set.reports if report.path not in faulty),
        verdicts=verdicts,
        sources=sources,
        findings=findings,
        grades=grades,
        generated_at=now,
        offline=settings.offline,
        unread=(*report_set.unread, *faulty.values()),
    )


def classify_links(
    report: Report, settings: Settings, verdicts: Mapping[str, Verdict] | None = None
) -> dict[str, Source]:
    """The source of each link of one report, as of its date; a short link's is what `verdicts` show behind it."""
    from cite_audit.report.sources import classify
    from cite_audit.report.sources.wrapper_target import find_wrapper_target

    def classify_url(url: str) -> Source:
        return classify(url, report.published, report.publisher, taxonomy=ours.taxonomy, overlays=ours.overlays)

    ours = settings.grading
    sources = {}
    for url in dict.fromkeys(citation.link.url for citation in report.citations):
        source = classify_url(url)
        if source.neutral and verdicts and (target := find_wrapper_target(url, source.neutral, verdicts.get(url))):
            source = replace(classify_url(target), via=source.via or source.neutral)
        sources[url] = source
    return sources
