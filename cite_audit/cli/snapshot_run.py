"""The command line's side of capturing: from flags to options, from a result to an exit code."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import typer

from cite_audit.cli.exit_codes import ExitCode, describe_unread, find_start_problem, gravest_exit_code
from cite_audit.cli.output import OutputTarget, write_documents
from cite_audit.cli.output_files import refuse_overwriting
from cite_audit.cli.signals import cancel_on_stop, run_interruptibly
from cite_audit.config.keys import name_variable
from cite_audit.config.settings import Settings
from cite_audit.errors import ArchiveError, StoreError, UsageError
from cite_audit.progress import Observer
from cite_audit.report.render import Subject, render
from cite_audit.report.render.snapshot.manifest import summarize_run
from cite_audit.report.render.snapshot.robust_links import select_linkable
from cite_audit.snapshot.capture_extras import SnapshotContext, SnapshotOptions
from cite_audit.snapshot.model import GOOD_OUTCOMES, Outcome, SnapshotResult
from cite_audit.snapshot.plan import collect_capture_requests
from cite_audit.snapshot.run import check_options
from cite_audit.snapshot.site import publish_captures
from cite_audit.urls import canonical_key


def build_capture_options(
    flags: Mapping[str, Any], newer_than: float | None, within: float | None, outputs: Sequence[str]
) -> SnapshotOptions:
    """What the flags ask for; `newer_than` and `within` in seconds.

    Raises UsageError, also for an output over the journal.
    """
    if flags["base_url"] and not re.match(r"https?://[^/\s]", flags["base_url"]):
        raise UsageError(f"--base-url {flags['base_url']}: is no address of the web (https://…)")
    directory = Path(flags["directory"])
    capture_options = SnapshotOptions(
        targets=tuple(part.strip() for part in flags["to"].split(",") if part.strip()),
        directory=directory,
        journal_path=Path(flags["journal"]) if flags["journal"] else directory / "captures.journal",
        only_missing=flags["missing"] or (newer_than is not None and "wayback" in flags["to"]),
        newer_than=None if newer_than is None else timedelta(seconds=newer_than),
        dry_run=flags["dry_run"],
        with_requisites=flags["requisites"],
        with_screenshots=flags["screenshot"],
        with_browser=flags["browser"],
        with_media=flags["media"],
        cookie_path=Path(flags["cookies"]) if flags["cookies"] else None,
        retry_failed=flags["again"],
        within=None if within is None else timedelta(seconds=within),
        is_archive_named=bool(flags.get("wayback")) or name_variable("archiving.wayback") in os.environ,
    )
    refuse_overwriting(outputs, [str(capture_options.journal_path)])
    check_options(capture_options)
    return capture_options


LINKED_FORMATS = frozenset({"links", "links-markdown", "csl", "bibtex", "ris"})  # they list copies by their address


@dataclass(slots=True)
class CaptureRun:
    """What came of a call: of the capturing, of reading the reports (`unread`: why that failed), of the timestamp."""

    result: SnapshotResult
    read_problem: str = ""
    stamp_problem: str = ""


def capture_reports(
    reports: Sequence[str],
    capture_options: SnapshotOptions,
    settings: Settings,
    observer: Observer,
    *,
    timestamp: str = "",
) -> CaptureRun:
    """Read the reports and capture what they cite. Raises UsageError when they cite nothing."""
    from cite_audit.pipeline import read_reports

    reading = read_reports(reports, settings, observer)
    requests = collect_capture_requests(reading.reports)
    allow_empty = settings.policy.allow_empty
    if not requests and (why := find_start_problem(reading.reports, reading.unread, allow_empty=allow_empty)):
        raise UsageError(why)
    result = SnapshotResult(requests=requests, reports=reading.reports)
    run = CaptureRun(result, describe_unread(reading.unread, allow_empty=allow_empty))
    run_interruptibly(lambda stop: _capture_links(run, capture_options, settings, observer, timestamp, stop))
    return run


async def _capture_links(
    run: CaptureRun,
    capture_options: SnapshotOptions,
    settings: Settings,
    observer: Observer,
    authority: str,
    stop: asyncio.Event,
) -> None:
    from cite_audit.resolve.archive import SystemClock
    from cite_audit.resolve.http.client import Client
    from cite_audit.snapshot.credentials import find_keys, keep_back
    from cite_audit.snapshot.run import run_snapshot
    from cite_audit.snapshot.timestamp import require_timestamp_library
    from cite_audit.store import open_store

    if authority:
        require_timestamp_library()
    store = open_store(settings.store)
    try:
        async with Client(settings.network) as client:
            own = find_keys(os.environ)
            base, routes = settings.archiving.wayback, settings.network.connect_to
            is_named = capture_options.is_archive_named
            why = keep_back(base, routes, client.proxy, is_named=is_named) if own else ""
            context = SnapshotContext(
                settings, client, store.key_value_store("archive"), SystemClock(), None if why else own, observer
            )
            capturing = run_snapshot(run.result.requests, capture_options, context, run.result)
            run.result.interrupted = not await cancel_on_stop(capturing, stop)
            run.result.remarks += [why] if why and "wayback" in capture_options.targets else []
            if authority and not (capture_options.dry_run or run.result.interrupted):
                await _stamp_manifest(run, capture_options, client, authority)
    finally:
        store.close()


async def _stamp_manifest(run: CaptureRun, capture_options: SnapshotOptions, client: Any, authority: str) -> None:
    from cite_audit.snapshot.manifest_stamp import stamp_manifest

    content = render("csv", replace(run.result, reports=()), subject=Subject.SNAPSHOT).encode()
    directory, journal_path = capture_options.directory, capture_options.journal_path
    try:
        remark = await stamp_manifest(directory, journal_path, content, datetime.now(UTC), authority, client)
    except (ArchiveError, UsageError, StoreError) as error:
        run.stamp_problem = str(error)
    else:
        run.result.remarks.append(remark)


def finish_capture_run(
    run: CaptureRun, outputs: Sequence[OutputTarget], capture_options: SnapshotOptions, base_url: str, *, quiet: int
) -> NoReturn:
    """Write the documents and leave with the code that the outcomes mean.

    `base_url`: where the archive site of the captures on disk is, or will be.
    """
    result = run.result
    result.captures = publish_captures(result.captures, base_url) if base_url else result.captures
    result.remarks += _find_unlinked_copies(result, outputs)
    result.remarks += [why for why in (run.read_problem, run.stamp_problem) if why]
    visible = [out for out in sorted(outputs, key=lambda target: not target.path) if out.path or quiet < 2]
    write_documents((partial(render, out.format, result, subject=Subject.SNAPSHOT), out.path) for out in visible)
    if not quiet and not any(out.format == "text" and not out.path for out in outputs):
        for line in summarize_run(result):
            typer.echo(f"cite-audit: {line}", err=True)
    raise typer.Exit(capture_exit_code(run, dry_run=capture_options.dry_run))


def _find_unlinked_copies(result: SnapshotResult, outputs: Sequence[OutputTarget]) -> list[str]:
    """Why links to copies are few: those on disk have no address on the web."""
    linked_formats = sorted({out.format for out in outputs} & LINKED_FORMATS)
    good_copies = [capture for capture in result.captures if capture.outcome in GOOD_OUTCOMES]
    missing_count = len({capture.uri_r for capture in good_copies}) - len(select_linkable(good_copies))
    if not (linked_formats and missing_count):
        return []
    why = "their copies are on disk; --base-url says where the site of `captures site` is"
    return [f"{', '.join(linked_formats)}: without {missing_count} pages: {why}"]


def capture_exit_code(run: CaptureRun, *, dry_run: bool = False) -> ExitCode:
    """2 a report was not read, 3 some captures are not known or not done yet, or not stamped, 1 some will not be.

    3 also when the folder lacks something, or a page with an older copy could not be captured now. A page with a good
    copy in any archive is no failure. In a dry run, whether everything could be looked up.
    """
    captures = run.result.captures
    good_pages = {canonical_key(capture.uri_r) for capture in captures if capture.outcome in GOOD_OUTCOMES}
    unfinished = {Outcome.UNKNOWN} if dry_run else {Outcome.UNKNOWN, Outcome.PENDING, Outcome.UNVERIFIED}
    is_unfinished = any(
        capture.outcome in unfinished or (capture.outcome is Outcome.KEPT and capture.code) for capture in captures
    )
    failed = set() if dry_run else {Outcome.BAD, Outcome.REFUSED, Outcome.FAILED}
    is_failed = any(
        capture.outcome in failed and canonical_key(capture.uri_r) not in good_pages for capture in captures
    )
    return gravest_exit_code(
        code
        for code, holds in (
            (ExitCode.USAGE, run.read_problem),
            (ExitCode.INTERRUPTED, run.result.interrupted),
            (ExitCode.INCOMPLETE, run.stamp_problem or run.result.shortfalls or is_unfinished),
            (ExitCode.FINDINGS, is_failed),
        )
        if holds
    )
