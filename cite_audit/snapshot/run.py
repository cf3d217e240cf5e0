"""A whole `snapshot`: look up what is missing, plan, capture on disk and in the Wayback Machine, bundle."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from datetime import UTC, datetime
from importlib.util import find_spec

from cite_audit.errors import ArchiveError, StoreError, UsageError
from cite_audit.installation import format_install_command
from cite_audit.model import CitedLink
from cite_audit.resolve.archive.archive_client import ArchiveClient
from cite_audit.resolve.archive.drivers import find_mementos, open_archives
from cite_audit.resolve.archive.rate_limiter import RateLimiter, rate_class_at
from cite_audit.resolve.check.base import ArchiveAnswer
from cite_audit.resolve.http.cookies import read_cookie_file
from cite_audit.snapshot import save_page_now
from cite_audit.snapshot.capture_extras import SnapshotContext, SnapshotOptions, prepare_extras
from cite_audit.snapshot.journal import Journal
from cite_audit.snapshot.local_capture import LocalCapture
from cite_audit.snapshot.local_run import FolderRun, add_known_places
from cite_audit.snapshot.model import Capture, CaptureRequest, Outcome, SnapshotResult, SnapshotTarget
from cite_audit.snapshot.plan import CaptureCriteria, CapturePlan, describe_plan, plan_captures
from cite_audit.snapshot.screenshot import find_browser
from cite_audit.snapshot.wayback_save import WaybackSaver

SNAPSHOT_TARGETS = tuple(SnapshotTarget)


def check_options(options: SnapshotOptions) -> None:
    """Raise UsageError for problems that show before the first request."""
    unknown_targets = [name for name in options.targets if name not in SNAPSHOT_TARGETS]
    if unknown_targets or not options.targets:
        raise UsageError(f"--to {','.join(unknown_targets)}: known are {', '.join(SNAPSHOT_TARGETS)}")
    if SnapshotTarget.LOCAL in options.targets and not (find_spec("warcio") and find_spec("surt")):
        raise UsageError(f"captures on disk need the extra “archive”: {format_install_command('archive')}")
    if options.within is not None and not options.only_missing:
        raise UsageError("--within needs --missing: it says which copies in archives count")
    if SnapshotTarget.LOCAL in options.targets and options.with_screenshots:
        find_browser()
    if options.cookie_path is not None:
        read_cookie_file(options.cookie_path, datetime.now(UTC))


async def run_snapshot(
    requests: Sequence[CaptureRequest],
    options: SnapshotOptions,
    context: SnapshotContext,
    result: SnapshotResult | None = None,
) -> SnapshotResult:
    """Capture the pages requested. Raises UsageError; everything else becomes an outcome or a remark.

    `result` is filled as the run goes, so that it holds what is done when the run is cancelled.
    """
    check_options(options)
    result = result or SnapshotResult(requests=requests)
    with ExitStack() as stack:
        journal = stack.enter_context(Journal(options.journal_path, writing=not options.dry_run))
        folder_run = FolderRun(options.directory, journal, result)
        if not options.dry_run and SnapshotTarget.LOCAL in options.targets:
            stack.enter_context(folder_run)
            folder_run.look_over()
            stack.callback(folder_run.list_bundles)  # at the end, also of a run that is ended early
        if not options.dry_run:
            journal.cite((capture_request.uri_r, capture_request.places) for capture_request in requests)
        result.requests = add_known_places(requests, journal)
        answers = await _look_up_archives(requests, options, context) if options.only_missing else None
        plans = _make_plans(requests, options, context, journal, folder_run, answers)
        result.plan_lines = [
            describe_plan(
                capture_plan,
                has_keys=context.keys is not None,
                newer_than=options.newer_than,
                within=options.within,
            )
            for capture_plan in plans
        ]
        is_used_up = await _is_quota_used_up(options, context, result)
        for capture_plan in plans:
            result.captures += capture_plan.settled_captures
            if capture_plan.archive == SnapshotTarget.WAYBACK and is_used_up:
                result.captures += _make_unknown_captures(
                    capture_plan, capture_plan.requests, context, "quota", "today's captures are used up"
                )
            elif not options.dry_run:
                await _execute_plan(capture_plan, options, context, journal, folder_run, result)
        folder_run.choose_leads()
    return result


def _make_plans(
    requests: Sequence[CaptureRequest],
    options: SnapshotOptions,
    context: SnapshotContext,
    journal: Journal,
    folder_run: FolderRun,
    answers: Mapping[str, ArchiveAnswer] | None,
) -> list[CapturePlan]:
    """The archives' answers decide on captures in the Wayback Machine, the journal on those on disk."""
    criteria = CaptureCriteria(
        context.current_time(),
        options.newer_than,
        options.retry_failed,
        within=options.within,
        is_readable=folder_run.is_readable,
    )
    is_local_only = options.targets == (SnapshotTarget.LOCAL,)
    return [
        plan_captures(
            name, requests, journal, criteria, answers if name == SnapshotTarget.WAYBACK or is_local_only else None
        )
        for name in SNAPSHOT_TARGETS
        if name in options.targets
    ]


async def _look_up_archives(
    requests: Sequence[CaptureRequest], options: SnapshotOptions, context: SnapshotContext
) -> dict[str, ArchiveAnswer]:
    """What the archives have: near the citation's date, or near today when only young copies count."""
    today = context.current_time().date()
    lookups = [
        CitedLink(capture_request.uri_r, today if options.newer_than is not None else capture_request.near)
        for capture_request in requests
    ]
    archives = open_archives(
        context.settings.archiving, context.client, context.shelf, context.current_time(), clock=context.clock
    )
    context.observer.start_phase("archive", len(lookups))
    answers = {}
    async for answer in find_mementos(lookups, archives):
        answers[answer.url] = answer
        context.observer.advance_phase("archive", answer.url)
    context.observer.finish_phase("archive")
    return answers


async def _is_quota_used_up(options: SnapshotOptions, context: SnapshotContext, result: SnapshotResult) -> bool:
    """Report how many captures of the day are used, and whether none is left."""
    keys = context.keys
    if keys is None or SnapshotTarget.WAYBACK not in options.targets:
        return False
    base = context.settings.archiving.wayback.rstrip("/")
    rate_class = rate_class_at("save-status", base.partition("://")[2])
    try:
        quota_request = save_page_now.build_quota_request(base, keys, context.clock.time())
        quota = save_page_now.read_quota(
            await _make_archive_client(context).fetch_answer(rate_class, quota_request, retries=0)
        )
    except ArchiveError as error:
        result.remarks.append(f"the day's quota is not known: {error}")
        return False
    used_today, daily_limit = quota.get("daily_captures"), quota.get("daily_captures_limit")
    if used_today is None or daily_limit is None:
        return False
    result.plan_lines.append(f"wayback: {used_today} of {daily_limit} captures used today")
    return used_today >= daily_limit


def _make_unknown_captures(
    capture_plan: CapturePlan, requests: Sequence[CaptureRequest], context: SnapshotContext, code: str, message: str
) -> list[Capture]:
    now = context.current_time()
    return [
        Capture(capture_request.uri_r, capture_plan.archive, Outcome.UNKNOWN, now, code=code, message=message)
        for capture_request in requests
    ]


async def _execute_plan(
    capture_plan: CapturePlan,
    options: SnapshotOptions,
    context: SnapshotContext,
    journal: Journal,
    folder_run: FolderRun,
    result: SnapshotResult,
) -> None:
    context.observer.start_phase(capture_plan.archive, len(capture_plan.requests))
    try:
        if capture_plan.archive == SnapshotTarget.LOCAL:
            await _capture_to_disk(capture_plan, options, context, journal, folder_run, result)
        else:
            await _capture_to_wayback(capture_plan, options, context, journal, result)
    except (StoreError, asyncio.CancelledError) as error:
        is_ended = isinstance(error, asyncio.CancelledError)
        code, message = ("interrupted", "the run ended before") if is_ended else ("disk", str(error))
        finished = {(saved_capture.archive, saved_capture.uri_r) for saved_capture in result.captures}
        unfinished = [one for one in capture_plan.requests if (capture_plan.archive, one.uri_r) not in finished]
        result.captures += _make_unknown_captures(capture_plan, unfinished, context, code, message)
        if is_ended:
            raise
        result.shortfalls.append(message)
    finally:
        context.observer.finish_phase(capture_plan.archive)


async def _capture_to_disk(
    capture_plan: CapturePlan,
    options: SnapshotOptions,
    context: SnapshotContext,
    journal: Journal,
    folder_run: FolderRun,
    result: SnapshotResult,
) -> None:
    async with AsyncExitStack() as stack:
        extras = await prepare_extras(options, context, stack, result)
        local_capture = LocalCapture(context.client, folder_run.folder, journal, context.current_time, extras)
        try:
            async for saved_capture in local_capture.save(capture_plan.requests):
                result.captures.append(saved_capture)
                context.observer.advance_phase(capture_plan.archive, saved_capture.uri_r)
        finally:
            local_capture.close()
            folder_run.bundle_files(local_capture.files)
    if options.with_screenshots:
        await folder_run.take_pictures()


async def _capture_to_wayback(
    capture_plan: CapturePlan,
    options: SnapshotOptions,
    context: SnapshotContext,
    journal: Journal,
    result: SnapshotResult,
) -> None:
    locally_captured = {
        saved_capture.uri_r
        for saved_capture in result.captures
        if saved_capture.archive == SnapshotTarget.LOCAL and saved_capture.outcome is Outcome.VERIFIED
    }
    recent_seconds = options.newer_than.total_seconds() if options.newer_than else 3600.0
    saver = WaybackSaver(
        context.settings.archiving.wayback,
        _make_archive_client(context),
        context.clock,
        journal,
        context.keys,
        recent_seconds=recent_seconds,
        screenshot=options.with_screenshots,
        is_alive=locally_captured.__contains__,
    )
    async for saved_capture in saver.save([capture_request.uri_r for capture_request in capture_plan.requests]):
        result.captures.append(saved_capture)
        context.observer.advance_phase(capture_plan.archive, saved_capture.uri_r)


def _make_archive_client(context: SnapshotContext) -> ArchiveClient:
    import random

    budget = context.settings.archiving.budget
    deadline = None if budget is None else context.clock.time() + budget
    return ArchiveClient(
        context.client, RateLimiter(context.shelf, context.clock, deadline), context.clock, random.random
    )
