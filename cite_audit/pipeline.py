"""The order of the house: parse → resolve → report.

`arun()` does a whole audit. `read()` and `assess()` are its two offline halves, for `links`, `grade` and tests:
reports go in, an `Audit` comes out, and nothing here knows a terminal or the network.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cite_audit.config import Settings
from cite_audit.errors import EmptyError, ReadError, UsageError
from cite_audit.model import Audit, Finding, Health, Reason, Report, Source, Unread, Verdict, Wanted
from cite_audit.parse import read_report
from cite_audit.parse.accessed import accessed_on
from cite_audit.parse.readers import suffixes
from cite_audit.progress import Observer, Silent

if TYPE_CHECKING:
    import asyncio

ADDRESS = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of the files: the reports, and the ones that could not be read."""

    reports: tuple[Report, ...]
    unread: tuple[Unread, ...] = ()


def run(
    paths: Sequence[str],
    settings: Settings,
    observer: Observer | None = None,
    *,
    now: datetime,
    given: Mapping[str, bytes] | None = None,
) -> Audit:
    """`arun()` for callers without an event loop."""
    from cite_audit import loops  # asyncio: 25 ms that the offline commands need not spend

    return loops.run(arun(paths, settings, observer or Silent(), now=now, given=given))


async def arun(
    paths: Sequence[str],
    settings: Settings,
    observer: Observer,
    *,
    now: datetime,
    given: Mapping[str, bytes] | None = None,
    stop: asyncio.Event | None = None,
) -> Audit:
    """Audit the reports at `paths` (files, directories, addresses of pages) and return everything found.

    `given` holds the bytes of paths that are not files, such as standard input. `stop`, when set, ends the
    checking early: what is known by then is returned. A report that cannot be read becomes an `Unread` in the
    audit; the others go on. Raises UsageError for an empty name.
    """
    from cite_audit.resolve import resolve

    fetched, unread = await _fetched(paths, settings)
    reading = read(paths, settings, observer, given={**(given or {}), **fetched}, unread=unread)
    resolution = await resolve(wanted(reading.reports), settings, observer, now, stop=stop)
    audit = assess(reading, resolution.verdicts, settings, now=now)
    return replace(
        audit,
        incomplete=resolution.incomplete,
        offline=resolution.offline,
        interrupted=stop is not None and stop.is_set(),
        remarks=resolution.remarks,
    )


async def _fetched(paths: Sequence[str], settings: Settings) -> tuple[dict[str, bytes], list[Unread]]:
    """The bytes of those paths that are addresses of pages, and those that could not be had."""
    addresses = [path for path in paths if path.startswith(ADDRESS)]
    pages: dict[str, bytes] = {}
    unread: list[Unread] = []
    if not addresses:
        return pages, unread
    from cite_audit.resolve.live.client import Client
    from cite_audit.resolve.live.report_page import fetch_report

    async with Client(settings.network) as client:
        for address in addresses:
            try:
                if settings.offline:
                    raise ReadError(address, "it is not fetched with --offline")
                pages[address] = await fetch_report(client, address)
            except ReadError as error:
                unread.append(Unread(error.path, error.problem))
    return pages, unread


def read(
    paths: Sequence[str],
    settings: Settings,
    observer: Observer | None = None,
    *,
    given: Mapping[str, bytes] | None = None,
    unread: Sequence[Unread] = (),
) -> Reading:
    """Parse every report that `paths` name; `given` as in `arun()`. A folder without any counts as unread.

    `unread` are those already known to be unreadable.
    """
    observer, given = observer or Silent(), given or {}
    files = list(expand(paths))
    reports: list[Report] = []
    problems = {problem.path: problem for problem in (*unread, *_empty_folders(paths))}
    observer.start("read", len(files))
    for path in files:
        if path in problems:
            continue
        if path.startswith(ADDRESS) and path not in given:
            problems[path] = Unread(path, "is an address; only audit and baseline update fetch pages")
            continue
        try:
            reports.append(read_report(path, given.get(path), publisher=settings.grading.publisher))
        except ReadError as error:
            problems[error.path] = Unread(error.path, error.problem, isinstance(error, EmptyError))
        observer.step("read", path)
    observer.finish("read")
    return Reading(tuple(reports), tuple(problems.values()))


def _empty_folders(paths: Sequence[str]) -> list[Unread]:
    return [
        Unread(path, f"no reports in this folder (looked for {', '.join(sorted(suffixes()))})", empty=True)
        for path in paths
        if os.path.isdir(path) and next(iter(expand([path])), None) is None
    ]


def expand(paths: Iterable[str]) -> Iterable[str]:
    """Files as they are, directories as the reports below them (sorted, hidden ones left out), each file once.

    It keeps the first of its names. Raises UsageError for an empty name.
    """
    seen: set[str] = set()
    for path in paths:
        if not path:  # Path("") would be the current directory, with all that is below it
            raise UsageError("the name of a report is empty")
        found = [path]
        if os.path.isdir(path):
            known = suffixes()  # loads every reader
            below = (file for file in Path(path).rglob("*") if file.suffix.lower() in known and file.is_file())
            found = [str(f) for f in sorted(below) if not any(p.startswith(".") for p in f.relative_to(path).parts)]
        for file in found:
            place = file if file.startswith(ADDRESS) else os.path.realpath(file)
            if place not in seen:
                seen.add(place)
                yield file


def wanted(reports: Iterable[Report]) -> list[Wanted]:
    """Each distinct link once, with the sentences that cite it and the earliest day it was cited on.

    That day is the one on which the note's author looked at the page, else the report's date.
    """
    found: dict[str, Wanted] = {}
    for report in reports:
        sentences: dict[tuple[int, int | None], tuple[str, ...]] = {}
        for marker in report.markers:
            if marker.sentence:
                behind = marker.section, marker.number
                sentences[behind] = (*sentences.get(behind, ()), marker.sentence)
        accessed: dict[tuple[int, int | None], date | None] = {
            (note.section, note.number): accessed_on(note.text) for note in report.notes
        }
        for citation in report.citations:
            url, place = citation.link.url, (citation.section, citation.note)
            before = found.get(url) or Wanted(url)
            days = (before.near, accessed.get(place) or report.published)
            quotes = dict.fromkeys((*before.quotes, *sentences.get(place, ())))
            near = min((day for day in days if day), default=None)
            found[url] = Wanted(url, near, tuple(quotes), report.language)
    return list(found.values())


def unasked(links: Iterable[Wanted]) -> dict[str, Verdict]:
    """A verdict for each link that says it was not asked about."""
    return {link.url: Verdict(link.url, Health.UNCHECKED, Reason.OFFLINE, evidence=("not asked",)) for link in links}


def assess(
    reading: Reading,
    verdicts: Mapping[str, Verdict],
    settings: Settings,
    *,
    now: datetime,
    graded: bool = True,
) -> Audit:
    """Classify, grade and advise: the reporter's half, pure."""
    from cite_audit.report.findings import find
    from cite_audit.report.grade import grade

    sources: dict[str, Source] = {}
    findings: dict[str, tuple[Finding, ...]] = {}
    grades = {}
    for report in reading.reports:
        own = classified(report, settings)
        sources |= own
        if graded:
            grades[report.path] = grade(report, verdicts, own, settings.grading)
            findings[report.path] = find(report, verdicts, own, grades[report.path], now, settings=settings.grading)
    return Audit(
        reports=reading.reports,
        verdicts=verdicts,
        sources=sources,
        findings=findings,
        grades=grades,
        generated_at=now,
        offline=settings.offline,
        unread=reading.unread,
    )


def classified(report: Report, settings: Settings) -> dict[str, Source]:
    """Who each link of one report belongs to, on the report's date and in view of its own publisher."""
    from cite_audit.report.sources import classify

    ours = settings.grading
    return {
        url: classify(url, report.published, report.publisher, taxonomy=ours.taxonomy, overlays=ours.overlays)
        for url in dict.fromkeys(citation.link.url for citation in report.citations)
    }
